//! The story this product exists for, on the embedded chain.
//!
//! `demo` tells it, `demo --json` prints the same as one JSON document. The exit status is 0
//! only if every step went as expected.

mod beyond_bundlers;
mod report;
mod story;

use report::{Report, Style};

use crate::{Outcome, print_usage, unknown};

const USAGE: &str = "usage: scripts/demo [--json]";

/// Tells the story. Returns whether every step went as expected.
pub(crate) fn run(arguments: &[&str]) -> Outcome {
    let style = match arguments {
        [] => Style::Words,
        ["--json"] => Style::Json,
        ["--help" | "-h"] => {
            println!("Plays the game session on the embedded chain.\n");
            return print_usage(USAGE);
        }
        ["--version" | "-V"] => return print_usage(concat!("demo ", env!("CARGO_PKG_VERSION"))),
        other => return unknown(other, USAGE),
    };
    let mut report = Report::new(style);
    story::tell(&mut report)?;
    report.close();
    Ok(report.all_as_expected())
}
