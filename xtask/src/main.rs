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

mod demo;
mod gas;
mod gas_plot;
mod keys;
mod module;
mod structure;
mod vectors;

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

const USAGE: &str = "usage: cargo xtask demo | gas | gas-plot | module | structure | vectors";

/// Whether all is as it should be, or why that cannot be said.
type Outcome = Result<bool, Box<dyn Error>>;

/// Arguments that a command does not have.
#[derive(Debug, thiserror::Error)]
#[error("unknown arguments {got:?}\n{usage}")]
struct UnknownArguments {
    got: String,
    usage: &'static str,
}

/// Refuses arguments.
fn unknown(got: &[&str], usage: &'static str) -> Outcome {
    Err(Box::new(UnknownArguments { got: got.join(" "), usage }))
}

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

#[expect(clippy::unnecessary_wraps, reason = "it is what a command comes to")]
fn print_usage(usage: &str) -> Outcome {
    println!("{usage}");
    Ok(true)
}

/// Returns a file of the repository.
fn repository(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(file)
}

/// Writes a file that is made, or says whether it is the one that would be written.
fn write_or_check(file: &str, content: &str, check: bool, again: &str) -> Outcome {
    let path = repository(file);
    if !check {
        std::fs::write(&path, content).map_err(|error| format!("{file}: {error}"))?;
        return Ok(true);
    }
    // A file that is not there is another one, too.
    let is_same = std::fs::read_to_string(&path).is_ok_and(|found| found == content);
    if !is_same {
        eprintln!("{file} is not what is made now\n  do: {again}");
    }
    Ok(is_same)
}
