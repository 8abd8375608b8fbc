//! The `devchain` command: packing and inspecting modules, replaying recordings, serving a chain.

#[cfg(feature = "rpc")]
mod serve;

use std::process::ExitCode;

use devchain::program;
use devchain::recording::Recording;
use devchain::replay::{Comparison, replay};

const USAGE: &str = "\
usage: devchain pack IN OUT
       devchain inspect FILE [--json] [--max-wasm N] [--max-compressed N] [--max-data N]
                             [--max-pages N]
       devchain replay FILE...
       devchain serve [--port N] [--arbos 51|60|61] [--chain-id N] [--timestamp N]
                      [--no-code-size-limit] [--nitro-phantom-reads]";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match run(&arguments) {
        Ok(code) => code,
        Err(message) => {
            eprintln!("devchain: {message}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[String]) -> Result<ExitCode, String> {
    match arguments {
        [command, input, output] if command == "pack" => pack(input, output),
        [command, rest @ ..] if command == "inspect" => inspect(rest),
        [command, files @ ..] if command == "replay" && !files.is_empty() => replay_all(files),
        #[cfg(feature = "rpc")]
        [command, rest @ ..] if command == "serve" => serve::serve(rest),
        _ => Err(format!("this is not a command of mine\n{USAGE}")),
    }
}

fn read(path: &str) -> Result<Vec<u8>, String> {
    std::fs::read(path).map_err(|error| format!("{path} cannot be read: {error}"))
}

fn pack(input: &str, output: &str) -> Result<ExitCode, String> {
    let packed = program::pack(&read(input)?).map_err(|error| format!("{input}: {error}"))?;
    std::fs::write(output, packed)
        .map_err(|error| format!("{output} cannot be written: {error}"))?;
    Ok(ExitCode::SUCCESS)
}

fn inspect(arguments: &[String]) -> Result<ExitCode, String> {
    let mut file = None;
    let mut as_json = false;
    let mut limits = Vec::new();
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        match argument.as_str() {
            "--json" => as_json = true,
            "--max-wasm" | "--max-compressed" | "--max-data" | "--max-pages" => {
                let limit = rest.next().and_then(|value| value.parse::<u64>().ok());
                let limit = limit.ok_or_else(|| format!("{argument} needs a number"))?;
                limits.push((argument.as_str(), limit));
            }
            path if file.is_none() && !path.starts_with("--") => file = Some(path),
            other => return Err(format!("I don't know the argument {other}\n{USAGE}")),
        }
    }
    let file = file.ok_or_else(|| format!("which file?\n{USAGE}"))?;
    let report = program::inspect(&read(file)?).map_err(|error| format!("{file}: {error}"))?;

    if as_json {
        let text = serde_json::to_string(&report).map_err(|error| error.to_string())?;
        println!("{text}");
    } else {
        println!("{report}");
    }
    let mut within = true;
    for (option, limit) in limits {
        let (what, got) = match option {
            "--max-wasm" => ("bytes of WASM", report.wasm_bytes),
            "--max-compressed" => ("bytes of compressed code", report.compressed_bytes),
            "--max-data" => ("bytes of data", report.data_bytes),
            _ => ("memory pages", u64::from(report.pages)),
        };
        if got > limit {
            eprintln!("devchain: {file} has {got} {what}, more than the {limit} allowed");
            within = false;
        }
    }
    Ok(if within { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn replay_all(files: &[String]) -> Result<ExitCode, String> {
    let (mut passed, mut failed, mut excepted) = (0_usize, 0_usize, 0_usize);
    for file in files {
        let recording: Recording = serde_json::from_slice(&read(file)?)
            .map_err(|error| format!("{file} is not a recording: {error}"))?;
        let (equal, others): (Vec<_>, Vec<_>) =
            replay(&recording).into_iter().partition(Comparison::is_equal);
        let (exceptions, differing): (Vec<_>, Vec<_>) =
            others.into_iter().partition(|comparison| comparison.exception.is_some());
        for comparison in &differing {
            println!("{comparison}");
        }
        passed = passed.saturating_add(equal.len());
        excepted = excepted.saturating_add(exceptions.len());
        failed = failed.saturating_add(differing.len());
    }
    println!("{passed} passed, {failed} failed, {excepted} known exceptions");
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
