//! `devchain replay`.

use std::io::{Write, stdout};
use std::process::ExitCode;

use lexopt::{Arg, Parser, ValueExt};
use stylus_devchain::recording::Recording;
use stylus_devchain::replay::{Comparison, replay};

use super::argument::unknown;
use super::module_file::read;
use super::stop::{Ended, fail};

const USAGE: &str = "\
usage: devchain replay FILE...

Runs recordings of a Nitro node again and compares status, output, logs, storage, balances, gas and
ink.
";

pub(super) fn run(arguments: &mut Parser) -> Ended {
    let mut files = Vec::new();
    while let Some(argument) = arguments.next()? {
        match argument {
            Arg::Value(file) => files.push(file.string()?),
            other => return unknown(other, USAGE),
        }
    }
    if files.is_empty() {
        return fail(format!("which files?\n{USAGE}"));
    }
    let (mut passed, mut failed, mut excepted) = (0_usize, 0_usize, 0_usize);
    for file in files {
        let recording: Recording = serde_json::from_slice(&read(&file)?)
            .or_else(|error| fail(format!("{file} is not a recording: {error}")))?;
        let (equal, others): (Vec<_>, Vec<_>) =
            replay(&recording).into_iter().partition(Comparison::is_equal);
        let (exceptions, differing): (Vec<_>, Vec<_>) =
            others.into_iter().partition(|comparison| comparison.exception.is_some());
        for comparison in &differing {
            writeln!(stdout(), "{comparison}")?;
        }
        passed = passed.saturating_add(equal.len());
        excepted = excepted.saturating_add(exceptions.len());
        failed = failed.saturating_add(differing.len());
    }
    writeln!(stdout(), "{passed} passed, {failed} failed, {excepted} known exceptions")?;
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
