//! What the module's operations cost, measured on the embedded chain.

mod accounts;
mod rows;
mod verification;

use std::error::Error;
use std::process::ExitCode;

use rows::Form;

const USAGE: &str = "usage: gas [--json | --bless | --accounts]";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let printed = match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [] => rows::print(Form::Table),
        ["--json"] => rows::print(Form::Json),
        ["--bless"] => rows::bless(),
        ["--accounts"] => accounts_and_limits(),
        other => {
            eprintln!("gas: unknown arguments {:?}\n{USAGE}", other.join(" "));
            return ExitCode::from(2);
        }
    };
    match printed {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("gas: {error}");
            ExitCode::FAILURE
        }
    }
}

fn accounts_and_limits() -> Result<bool, Box<dyn Error>> {
    accounts::print()?;
    println!();
    verification::print()?;
    Ok(true)
}
