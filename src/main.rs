//! Gemello's command line: one program for the demo, imports, runs, comparisons and checks.
//!
//! Results go to stdout, everything else to stderr. With `--json` the last line of stdout is one JSON object.
//! Exit codes: 0 done; 1 the work failed (full disk, altered run); 2 the input or the call was wrong.

mod commands;
mod failure;
mod output;

use std::process::ExitCode;

use clap::Parser;

use crate::failure::Failure;
use crate::output::Output;

/// Digital twin engine for cities: what a plan does to traffic, before it is built.
#[derive(Parser)]
#[command(name = "gemello", version, propagate_version = true, max_term_width = 100)]
struct Arguments {
    /// Threads that the whole program may use; results do not depend on it [default: all cores]
    #[arg(long, global = true, value_name = "N", allow_hyphen_values = true, value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
    /// Print one JSON object as the last line of stdout
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: commands::Command,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let output = Output::new(arguments.json);
    let done = bound_threads(arguments.threads).and_then(|()| arguments.command.run(&output));
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            output.error(&failure);
            failure.exit_code()
        }
    }
}

/// Gives every pool of the program the same number of threads.
fn bound_threads(threads: Option<u16>) -> Result<(), Failure> {
    let Some(threads) = threads else { return Ok(()) };
    data::bound_threads(threads);
    rayon::ThreadPoolBuilder::new().num_threads(usize::from(threads)).build_global().map_err(Failure::work)
}
