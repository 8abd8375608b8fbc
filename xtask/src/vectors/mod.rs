//! The vectors that every implementation of the format shares: `tests/vectors/sessions.json`.
//!
//! Sessions and what is hashed come from the core's encoder; the keys are fixed and signatures
//! deterministic (RFC 6979), so the same code gives the same bytes.

mod cases;
mod document;
mod signed;
mod writing;

use crate::outcome::{Outcome, print_usage, unknown};
use crate::repository::write_or_check;

const USAGE: &str = "usage: cargo xtask vectors [--check]";
const FILE: &str = "tests/vectors/sessions.json";

/// Writes the file, or says whether it is the one that the encoder writes.
pub(crate) fn run(arguments: &[&str]) -> Outcome {
    let check = match arguments {
        [] => false,
        ["--check"] => true,
        ["--help" | "-h"] => return print_usage(USAGE),
        other => return unknown(other, USAGE),
    };
    write_or_check(FILE, &writing::document()?, check, "cargo xtask vectors")
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_file_is_what_the_encoder_writes() {
        assert!(super::run(&["--check"]).unwrap(), "tests/vectors/sessions.json: see above");
    }
}
