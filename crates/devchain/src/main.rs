//! The `devchain` command: packing and inspecting modules, replaying recordings, running programs,
//! serving a chain, deploying to one.

#![warn(clippy::print_stdout)]

mod command;

use std::io::{Write, stdout};
use std::process::ExitCode;

use command::Stop;

/// The status that shells give a command which a closed pipe has ended.
const CLOSED_PIPE: u8 = 141;

fn main() -> ExitCode {
    let mut arguments = lexopt::Parser::from_env();
    match command::run(&mut arguments) {
        Ok(code) => code,
        Err(Stop::Told(text)) => {
            // A reader that has gone away wants no more.
            let _ = write!(stdout(), "{text}");
            ExitCode::SUCCESS
        }
        Err(Stop::Unread) => ExitCode::from(CLOSED_PIPE),
        Err(Stop::Failed(reason)) => {
            eprintln!("devchain: {reason}");
            ExitCode::FAILURE
        }
    }
}
