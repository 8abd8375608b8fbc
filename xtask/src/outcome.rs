//! What a command comes to.

use std::error::Error;

use crate::print::say;

/// Whether all is as it should be, or why that cannot be said.
pub(crate) type Outcome = Result<bool, Box<dyn Error>>;

/// Arguments that a command does not have.
#[derive(Debug, thiserror::Error)]
#[error("unknown arguments {got:?}\n{usage}")]
pub(crate) struct UnknownArguments {
    got: String,
    usage: &'static str,
}

/// Refuses arguments.
pub(crate) fn unknown(got: &[&str], usage: &'static str) -> Outcome {
    Err(Box::new(UnknownArguments { got: got.join(" "), usage }))
}

/// Prints how a command is used.
#[expect(clippy::unnecessary_wraps, reason = "it is what a command comes to")]
pub(crate) fn print_usage(usage: &str) -> Outcome {
    say!("{usage}");
    Ok(true)
}
