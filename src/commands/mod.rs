//! The commands, one file each.

mod assign;
mod batch;
mod city;
mod compare;
mod demo;
mod run;
mod verify;

use clap::Subcommand;

use crate::failure::Failure;
use crate::output::Output;

/// What gemello can be asked to do.
#[derive(Subcommand)]
pub(crate) enum Command {
    Assign(assign::Assign),
    Batch(batch::Batch),
    Compare(compare::Compare),
    Demo(demo::Demo),
    Run(run::Run),
    Verify(verify::Verify),
}

impl Command {
    /// Does it.
    pub(crate) fn run(self, output: &Output) -> Result<(), Failure> {
        match self {
            Self::Assign(command) => command.run(output),
            Self::Batch(command) => command.run(output),
            Self::Compare(command) => command.run(output),
            Self::Demo(command) => command.run(output),
            Self::Run(command) => command.run(output),
            Self::Verify(command) => command.run(output),
        }
    }
}
