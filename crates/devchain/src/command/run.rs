//! `devchain run`.

use std::io::{self, Write, stdout};
use std::process::ExitCode;

use alloy_primitives::{Bytes, U256};
use lexopt::{Arg, Parser, ValueExt};
use serde_json::{Value, json};
use stylus_devchain::{DevChain, Outcome, Status, Transaction};

use super::argument::{arbos, unknown, value};
use super::module_file::read;
use super::stop::{Ended, fail};

const USAGE: &str = "\
usage: devchain run FILE [DATA...] [OPTION...]

Deploys a module on a new chain in this process, activates and caches it, and calls it with each
DATA, call data in hex, one after the other. Fails if a call fails.

  --value WEI   sent with every call
  --gas N       gas limit of every call
  --arbos N     rules: 51, 60 or 61
  --json        as JSON, one line for each call
";

pub(super) fn run(arguments: &mut Parser) -> Ended {
    let (mut file, mut calls, mut as_json) = (None, Vec::new(), false);
    let (mut wei, mut gas) = (U256::ZERO, Transaction::DEFAULT_GAS_LIMIT);
    let mut chain = DevChain::new();
    while let Some(argument) = arguments.next()? {
        match argument {
            Arg::Long("value") => wei = value(arguments, "--value", "a number of wei")?,
            Arg::Long("gas") => gas = value(arguments, "--gas", "a number")?,
            Arg::Long("arbos") => {
                chain = chain.with_arbos(arbos(value(arguments, "--arbos", "a number")?)?);
            }
            Arg::Long("json") => as_json = true,
            Arg::Value(path) if file.is_none() => file = Some(path.string()?),
            Arg::Value(data) => {
                let data = data.string()?;
                let wrong = |error| fail(format!("{data:?} is no call data in hex: {error}"));
                calls.push(data.parse::<Bytes>().or_else(wrong)?);
            }
            other => return unknown(other, USAGE),
        }
    }
    let Some(file) = file else { return fail(format!("which file?\n{USAGE}")) };
    let wasm = read(&file)?;
    let program = chain.deploy_stylus(&wasm).or_else(|error| fail(format!("{file}: {error}")))?;
    if !as_json {
        writeln!(stdout(), "{file} runs at {program}")?;
    }
    let mut all_succeed = true;
    for data in calls {
        let from = chain.dev_accounts().first().map(|account| account.address).unwrap_or_default();
        let call =
            Transaction::new(from, program).with_data(data).with_value(wei).with_gas_limit(gas);
        let outcome = chain.transact(call).or_else(fail)?;
        all_succeed &= outcome.is_success();
        if as_json {
            writeln!(stdout(), "{}", shown(&outcome))?;
        } else {
            tell(&outcome)?;
        }
    }
    Ok(if all_succeed { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn status(outcome: &Outcome) -> String {
    match outcome.status {
        Status::Success => "success".to_owned(),
        Status::Revert => "reverted".to_owned(),
        Status::Halt(reason) => reason.to_string(),
    }
}

fn tell(outcome: &Outcome) -> io::Result<()> {
    writeln!(stdout(), "{}, {} gas, output {}", status(outcome), outcome.gas_used, outcome.output)?;
    for log in &outcome.logs {
        writeln!(stdout(), "  log {} {}", list(log.data.topics()), log.data.data)?;
    }
    let Some(report) = outcome.frames.first().and_then(|frame| frame.program.as_ref()) else {
        return Ok(());
    };
    writeln!(stdout(), "  {:28} {:>5} {:>12} gas", "start", "", report.start_gas)?;
    for (name, total) in &report.hostios {
        writeln!(stdout(), "  {name:28} {:>5} {:>12} ink", total.count, total.ink)?;
    }
    Ok(())
}

fn list(topics: &[alloy_primitives::B256]) -> String {
    topics.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
}

fn shown(outcome: &Outcome) -> Value {
    json!({
        "status": status(outcome),
        "gasUsed": outcome.gas_used,
        "output": outcome.output,
        "logs": outcome.logs,
    })
}
