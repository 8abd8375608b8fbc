//! The story this product exists for, on the embedded chain.
//!
//! `demo` tells it, `demo --json` prints the same as one JSON document. The exit status is 0
//! only if every step went as expected.

mod beyond_bundlers;
mod report;
mod sponsored;
mod story;

use report::{Report, Style};
use stylus_devchain::ArbOs;

use crate::outcome::{Outcome, print_usage, unknown};
use crate::print::say;

const USAGE: &str = "usage: scripts/demo [--json | --chain | --web [--port N]]";

/// Tells the story under today's rules, and for its figures under those of chains that have not
/// upgraded. Returns whether every step went as expected, both times.
pub(crate) fn run(arguments: &[&str]) -> Outcome {
    let style = match arguments {
        [] => Style::Words,
        ["--json"] => Style::Json,
        ["--help" | "-h"] => {
            say!("Plays the game session on the embedded chain.\n");
            return print_usage(USAGE);
        }
        ["--version" | "-V"] => return print_usage(concat!("demo ", env!("CARGO_PKG_VERSION"))),
        other => return unknown(other, USAGE),
    };
    let arbos = ArbOs::default();
    let (mut report, mut before) = (Report::new(style), Report::new(Style::Silent));
    story::tell(&mut report, arbos)?;
    story::tell(&mut before, ArbOs::V51)?;
    report.set_beside(&before);
    report.close(arbos);
    Ok(report.all_as_expected() && before.all_as_expected())
}
