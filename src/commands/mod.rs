//! The commands, one file each.

use clap::Subcommand;

use crate::failure::Failure;
use crate::output::Output;

/// What gemello can be asked to do.
#[derive(Subcommand)]
pub(crate) enum Command {}

impl Command {
    /// Does it.
    pub(crate) fn run(self, _output: &Output) -> Result<(), Failure> {
        match self {}
    }
}
