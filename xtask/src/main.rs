//! What is done with the repository, and is no test: `cargo xtask COMMAND`.
//!
//! ```text
//! demo [--json]                         plays the game session on the embedded chain
//! gas [--json | --bless | --accounts]   what operations cost
//! gas-plot [--check]                    docs/gas.svg and the table in README.md
//! module record FOLDER | commit         deployments/module.json
//! module tables [--check]               what the clients know of it
//! structure [CRATE]                     circles of modules, or a crate's modules drawn
//! vectors [--check]                     tests/vectors/sessions.json
//! ```
//!
//! `demo` and `gas` need what `scripts/setup` and `scripts/build-wasm` bring: `scripts/demo` and
//! `scripts/gas` run these first. The exit status is 0 if all is as it should be, 1 if not, 2 for
//! arguments that are not known.

#![warn(clippy::print_stdout)]

mod demo;
mod gas;
mod gas_plot;
mod keys;
mod module;
mod outcome;
mod print;
mod repository;
mod structure;
mod vectors;

use std::process::ExitCode;

use outcome::{UnknownArguments, print_usage, unknown};

const USAGE: &str = "usage: cargo xtask demo | gas | gas-plot | module | structure | vectors";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let (command, outcome) = match arguments.as_slice() {
        ["demo", rest @ ..] => ("demo", demo::run(rest)),
        ["gas", rest @ ..] => ("gas", gas::run(rest)),
        ["gas-plot", rest @ ..] => ("gas-plot", gas_plot::run(rest)),
        ["module", rest @ ..] => ("module", module::run(rest)),
        ["structure", rest @ ..] => ("structure", structure::run(rest)),
        ["vectors", rest @ ..] => ("vectors", vectors::run(rest)),
        ["--help" | "-h"] => ("xtask", print_usage(USAGE)),
        other => ("xtask", unknown(other, USAGE)),
    };
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{command}: {error}");
            ExitCode::from(if error.is::<UnknownArguments>() { 2 } else { 1 })
        }
    }
}
