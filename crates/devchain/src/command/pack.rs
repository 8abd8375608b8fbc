//! `devchain pack`.

use std::process::ExitCode;

use lexopt::{Arg, Parser, ValueExt};

use super::argument::unknown;
use super::module_file::packed;
use super::stop::{Ended, fail};

const USAGE: &str = "\
usage: devchain pack IN OUT

Makes a compiler's module fit for deployment: custom sections and the data count are dropped, every
index gets its shortest form.
";

pub(super) fn run(arguments: &mut Parser) -> Ended {
    let mut files = Vec::new();
    while let Some(argument) = arguments.next()? {
        match argument {
            Arg::Value(file) if files.len() < 2 => files.push(file.string()?),
            other => return unknown(other, USAGE),
        }
    }
    let [input, output] = files.as_slice() else {
        return fail(format!("which files?\n{USAGE}"));
    };
    let module = packed(input)?;
    match std::fs::write(output, module) {
        Ok(()) => Ok(ExitCode::SUCCESS),
        Err(error) => fail(format!("{output} cannot be written: {error}")),
    }
}
