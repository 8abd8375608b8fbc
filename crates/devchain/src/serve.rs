//! `devchain serve`.

use std::process::ExitCode;

use devchain::rpc::{Node, Server};
use devchain::{ArbOs, DevChain};

use super::USAGE;

/// The port of Arbitrum's dev nodes and of most others.
const PORT: u16 = 8545;

/// Serves a chain on 127.0.0.1 until a signal comes.
///
/// The clock runs with the system's; with `--timestamp` it stands still there until it is moved.
pub(crate) fn serve(arguments: &[String]) -> Result<ExitCode, String> {
    let (chain, port, runs) = parse(arguments)?;
    let accounts = chain.dev_accounts().to_vec();
    let node = Node::new(chain).with_running_clock(runs);
    let server = Server::start(node, port)
        .map_err(|error| format!("port {port} of 127.0.0.1 cannot be served: {error}"))?;
    println!("listening at {}", server.url());
    for account in accounts {
        println!("account {} key {}", account.address, account.private_key);
    }
    server.wait_for_signal().map_err(|error| error.to_string())?;
    Ok(ExitCode::SUCCESS)
}

fn parse(arguments: &[String]) -> Result<(DevChain, u16, bool), String> {
    let mut chain = DevChain::new();
    let (mut port, mut runs) = (PORT, true);
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        let mut number = || {
            let value = rest.next().and_then(|value| value.parse::<u64>().ok());
            value.ok_or_else(|| format!("{argument} needs a number"))
        };
        match argument.as_str() {
            "--port" => {
                port = number()?.try_into().map_err(|_| "--port is at most 65535".to_owned())?;
            }
            "--arbos" => chain = chain.with_arbos(arbos(number()?)?),
            "--chain-id" => chain = chain.with_chain_id(number()?),
            "--timestamp" => {
                chain = chain.with_timestamp(number()?);
                runs = false;
            }
            "--nitro-phantom-reads" => chain = chain.with_phantom_reads(true),
            "--no-code-size-limit" => chain = chain.with_code_size_limit(usize::MAX),
            other => return Err(format!("I don't know the argument {other}\n{USAGE}")),
        }
    }
    Ok((chain, port, runs))
}

fn arbos(version: u64) -> Result<ArbOs, String> {
    let known = [ArbOs::V51, ArbOs::V60, ArbOs::V61];
    known
        .into_iter()
        .find(|arbos| arbos.version == version)
        .ok_or_else(|| format!("--arbos is 51, 60 or 61, not {version}"))
}
