//! The `devchain` command: packing and inspecting modules, replaying recordings, running programs,
//! serving a chain, deploying to one.

mod command;

use std::process::ExitCode;

use command::Stop;

fn main() -> ExitCode {
    let mut arguments = lexopt::Parser::from_env();
    match command::run(&mut arguments) {
        Ok(code) => code,
        Err(Stop::Told(text)) => {
            print!("{text}");
            ExitCode::SUCCESS
        }
        Err(Stop::Failed(reason)) => {
            eprintln!("devchain: {reason}");
            ExitCode::FAILURE
        }
    }
}
