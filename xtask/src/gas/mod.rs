//! What the module's operations cost, measured on the embedded chain.

mod accounts;
mod rows;
mod verification;

use rows::Form;

use crate::outcome::{Outcome, print_usage, unknown};
use crate::print::say;

const USAGE: &str = "usage: scripts/gas [--json | --bless | --accounts]";

/// Measures and prints. Returns whether no row is over its budget.
pub(crate) fn run(arguments: &[&str]) -> Outcome {
    match arguments {
        [] => rows::print(Form::Table),
        ["--json"] => rows::print(Form::Json),
        ["--bless"] => rows::bless(),
        ["--accounts"] => {
            accounts::print()?;
            say!("");
            verification::print()?;
            Ok(true)
        }
        ["--help" | "-h"] => print_usage(USAGE),
        other => unknown(other, USAGE),
    }
}
