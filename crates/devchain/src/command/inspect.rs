//! `devchain inspect`.

use std::io::{Write, stdout};
use std::process::ExitCode;

use lexopt::{Arg, Parser, ValueExt};
use stylus_devchain::program;

use super::argument::{unknown, value};
use super::module_file::read;
use super::stop::{Ended, fail};

const USAGE: &str = "\
usage: devchain inspect FILE [OPTION...]

Says what a module costs and needs, under the newest ArbOS.

  --json               as JSON
  --max-wasm N         fail above so many bytes of WASM
  --max-compressed N   fail above so many bytes of compressed code
  --max-data N         fail above so many bytes of data
  --max-pages N        fail above so many memory pages
";

pub(super) fn run(arguments: &mut Parser) -> Ended {
    let (mut file, mut as_json, mut limits) = (None, false, Vec::new());
    while let Some(argument) = arguments.next()? {
        let (option, what) = match argument {
            Arg::Long("json") => {
                as_json = true;
                continue;
            }
            Arg::Value(path) if file.is_none() => {
                file = Some(path.string()?);
                continue;
            }
            Arg::Long("max-wasm") => ("--max-wasm", Limit::Wasm),
            Arg::Long("max-compressed") => ("--max-compressed", Limit::Compressed),
            Arg::Long("max-data") => ("--max-data", Limit::Data),
            Arg::Long("max-pages") => ("--max-pages", Limit::Pages),
            other => return unknown(other, USAGE),
        };
        limits.push((what, value::<u64>(arguments, option, "a number")?));
    }
    let Some(file) = file else { return fail(format!("which file?\n{USAGE}")) };
    let report =
        program::inspect(&read(&file)?).or_else(|error| fail(format!("{file}: {error}")))?;

    if as_json {
        let text = serde_json::to_string(&report).or_else(fail)?;
        writeln!(stdout(), "{text}")?;
    } else {
        writeln!(stdout(), "{report}")?;
    }
    let mut within = true;
    for (limit, most) in limits {
        let (what, got) = match limit {
            Limit::Wasm => ("bytes of WASM", report.wasm_bytes),
            Limit::Compressed => ("bytes of compressed code", report.compressed_bytes),
            Limit::Data => ("bytes of data", report.data_bytes),
            Limit::Pages => ("memory pages", u64::from(report.pages)),
        };
        if got > most {
            eprintln!("devchain: {file} has {got} {what}, more than the {most} allowed");
            within = false;
        }
    }
    Ok(if within { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

#[derive(Clone, Copy)]
enum Limit {
    Wasm,
    Compressed,
    Data,
    Pages,
}
