//! The story this product exists for, on the embedded chain.
//!
//! `demo` tells it, `demo --json` prints the same as one JSON document. The exit status is 0
//! only if every step went as expected.

mod beyond_bundlers;
mod report;
mod story;

use std::process::ExitCode;

use report::{Report, Style};

fn main() -> ExitCode {
    let style = match std::env::args().skip(1).collect::<Vec<_>>().as_slice() {
        [] => Style::Words,
        [flag] if flag == "--json" => Style::Json,
        [flag] if flag == "--help" || flag == "-h" => {
            println!("Plays the game session on the embedded chain.\n\nusage: demo [--json]");
            return ExitCode::SUCCESS;
        }
        [flag] if flag == "--version" || flag == "-V" => {
            println!("demo {}", env!("CARGO_PKG_VERSION"));
            return ExitCode::SUCCESS;
        }
        other => {
            eprintln!("demo: unknown arguments {}", other.join(" "));
            eprintln!("usage: demo [--json]");
            return ExitCode::from(2);
        }
    };
    let mut report = Report::new(style);
    if let Err(error) = story::tell(&mut report) {
        eprintln!("demo: {error}");
        return ExitCode::FAILURE;
    }
    report.close();
    if report.all_as_expected() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
