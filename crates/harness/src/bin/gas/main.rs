//! What the module's operations cost, measured on the embedded chain.

mod accounts;
mod verification;

use std::process::ExitCode;

use harness::StageError;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let printed = match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["--accounts"] => accounts_and_limits(),
        other => {
            eprintln!("gas: unknown arguments {:?}", other.join(" "));
            eprintln!("usage: gas --accounts");
            return ExitCode::from(2);
        }
    };
    match printed {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("gas: {error}");
            ExitCode::FAILURE
        }
    }
}

fn accounts_and_limits() -> Result<(), StageError> {
    accounts::print()?;
    println!();
    verification::print()
}
