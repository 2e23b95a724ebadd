//! The commands, one file each.

mod assign;
mod batch;
mod city;
mod compare;
mod demo;
mod export;
mod fidelity;
mod fields;
mod import;
mod info;
mod papers;
mod run;
mod sumo;
mod sumo_outputs;
mod told;
mod traffic_map;
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
    Export(export::Export),
    Import(Box<import::Import>),
    Info(info::Info),
    Run(Box<run::Run>),
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
            Self::Export(command) => command.run(output),
            Self::Import(command) => command.run(output),
            Self::Info(command) => command.run(output),
            Self::Run(command) => command.run(output),
            Self::Verify(command) => command.run(output),
        }
    }
}
