//! The commands, one file each.

mod assign;

use clap::Subcommand;

use crate::failure::Failure;
use crate::output::Output;

/// What gemello can be asked to do.
#[derive(Subcommand)]
pub(crate) enum Command {
    Assign(assign::Assign),
}

impl Command {
    /// Does it.
    pub(crate) fn run(self, output: &Output) -> Result<(), Failure> {
        match self {
            Self::Assign(command) => command.run(output),
        }
    }
}
