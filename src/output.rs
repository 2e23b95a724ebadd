//! Where a command's words go: results to stdout, everything else to stderr.

use std::io::Write;

use serde::Serialize;

use crate::failure::Failure;

/// The two streams, and whether results are wanted as JSON.
pub(crate) struct Output {
    json: bool,
}

impl Output {
    /// Output for people, or with `json` for machines.
    pub(crate) fn new(json: bool) -> Self {
        Self { json }
    }

    /// Whether results are wanted as JSON.
    pub(crate) fn is_json(&self) -> bool {
        self.json
    }

    /// Prints a result: `text` for people, or `value` as one line of JSON.
    pub(crate) fn result(&self, text: impl std::fmt::Display, value: &impl Serialize) -> Result<(), Failure> {
        let line = if self.json { serde_json::to_string(value).map_err(Failure::work)? } else { text.to_string() };
        let mut stdout = std::io::stdout().lock();
        match writeln!(stdout, "{line}").and_then(|()| stdout.flush()) {
            // Whoever reads along, such as `head`, has read enough.
            Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
            written => written.map_err(Failure::work),
        }
    }

    /// Tells people something that is not a result.
    pub(crate) fn note(&self, text: impl std::fmt::Display) {
        // Nothing is lost where stderr is closed: the notes are for people at a terminal.
        let _ = writeln!(std::io::stderr().lock(), "{text}");
    }

    /// Tells people what to know of a result. Of many that are alike the first are told; machines get all.
    pub(crate) fn warn(&self, warnings: &[String]) {
        const TOLD: usize = 20;
        for warning in warnings.iter().take(TOLD) {
            self.note(format_args!("warning: {warning}"));
        }
        if warnings.len() > TOLD {
            self.note(format_args!("warning: {} more like these; --json lists them", warnings.len() - TOLD));
        }
    }

    /// Tells why a command failed.
    pub(crate) fn error(&self, failure: &Failure) {
        self.note(format_args!("error: {failure}"));
    }
}
