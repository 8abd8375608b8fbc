//! `devchain serve`.

use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;
use std::time::{SystemTime, UNIX_EPOCH};

use lexopt::{Arg, Parser};
use stylus_devchain::DevChain;
use stylus_devchain::rpc::{Access, Node, Server};

use super::argument::{arbos, unknown, value};
use super::stop::{Ended, Stop, fail};

/// The port of Arbitrum's dev nodes and of most others.
const PORT: u16 = 8545;

const USAGE: &str = "\
usage: devchain serve [OPTION...]

A node on 127.0.0.1, over HTTP and WebSocket, until it is interrupted.

  --port N                 8545 if not given; 0 takes any that is free
  --allow-origin ORIGIN    let pages of this origin use the node; may be given again
  --arbos N                rules: 51, 60 or 61
  --chain-id N             412346 if not given
  --timestamp N            begin at this time, in seconds since 1970, and let the clock stand still
                           until it is moved; without it the clock runs from the present
  --history N              keep the states of the last N blocks, 256 if not given
  --no-code-size-limit     contracts may be larger than 24,576 bytes
  --nitro-phantom-reads    show in traces two slots that Nitro reads for the first program
  --quiet                  no line for every block and transaction
  --verbose                such lines even where no terminal reads them
  --fork URL               begin with the state of the chain behind this address
  --fork-block N           its state at this block, the newest if not given
  --fork-cache FOLDER      keep what was fetched there, not in the user's cache folder
";

/// What the arguments ask for.
struct Wanted {
    chain: DevChain,
    port: u16,
    access: Access,
    /// Stands still at that time.
    time: Option<u64>,
    history: Option<u64>,
    quiet: bool,
    verbose: bool,
    fork: ForkWanted,
}

#[derive(Default)]
struct ForkWanted {
    url: Option<String>,
    block: Option<u64>,
    cache: Option<String>,
    arbos: Option<stylus_devchain::ArbOs>,
}

pub(super) fn run(arguments: &mut Parser) -> Ended {
    let wanted = parse(arguments)?;
    let port = wanted.port;
    let accounts = wanted.chain.dev_accounts().to_vec();
    let writes = !wanted.quiet && (wanted.verbose || io::stderr().is_terminal());
    let mut node = Node::new(wanted.chain).with_running_clock(wanted.time.is_none());
    if let Some(blocks) = wanted.history {
        node = node.with_history(blocks);
    }
    if writes {
        // Who reads the lines may be gone: the node goes on.
        node = node.with_log(|line| drop(writeln!(io::stderr(), "{line}")));
    }
    let server = Server::start_for(wanted.access, node, port)
        .or_else(|error| fail(format!("port {port} of 127.0.0.1 cannot be served: {error}")))?;
    // As with the lines of the log: the node goes on.
    let mut out = io::stdout();
    let _ = writeln!(out, "listening at {}", server.url());
    for account in accounts {
        let _ = writeln!(out, "account {} key {}", account.address, account.private_key);
    }
    server.wait_for_signal().or_else(fail)?;
    Ok(ExitCode::SUCCESS)
}

fn parse(arguments: &mut Parser) -> Result<Wanted, Stop> {
    let mut wanted = Wanted {
        chain: DevChain::new(),
        port: PORT,
        access: Access::local(),
        time: None,
        history: None,
        quiet: false,
        verbose: false,
        fork: ForkWanted::default(),
    };
    let (mut chain_id, mut phantom_reads, mut limit) = (None, false, None);
    while let Some(argument) = arguments.next()? {
        match argument {
            Arg::Long("port") => wanted.port = value(arguments, "--port", "a number up to 65535")?,
            Arg::Long("allow-origin") => {
                let origin: String = value(arguments, "--allow-origin", "an origin")?;
                wanted.access = wanted.access.allow_origin(&origin).or_else(fail)?;
            }
            Arg::Long("arbos") => {
                wanted.fork.arbos = Some(arbos(value(arguments, "--arbos", "a number")?)?);
            }
            Arg::Long("chain-id") => chain_id = Some(value(arguments, "--chain-id", "a number")?),
            Arg::Long("timestamp") => {
                wanted.time = Some(value(arguments, "--timestamp", "a number")?);
            }
            Arg::Long("history") => {
                wanted.history = Some(value(arguments, "--history", "a number of blocks")?);
            }
            Arg::Long("nitro-phantom-reads") => phantom_reads = true,
            Arg::Long("no-code-size-limit") => limit = Some(usize::MAX),
            Arg::Long("quiet") => wanted.quiet = true,
            Arg::Long("verbose") => wanted.verbose = true,
            Arg::Long("fork") => wanted.fork.url = Some(value(arguments, "--fork", "an address")?),
            Arg::Long("fork-block") => {
                wanted.fork.block = Some(value(arguments, "--fork-block", "a number")?);
            }
            Arg::Long("fork-cache") => {
                wanted.fork.cache = Some(value(arguments, "--fork-cache", "a folder")?);
            }
            other => return unknown(other, USAGE),
        }
    }
    let mut chain = begin(&wanted.fork, wanted.time)?;
    if let Some(id) = chain_id {
        chain = chain.with_chain_id(id);
    }
    if let Some(bytes) = limit {
        chain = chain.with_code_size_limit(bytes);
    }
    wanted.chain = chain.with_phantom_reads(phantom_reads);
    Ok(wanted)
}

/// The chain that a node begins with: a new one at that time or now, or a fork.
fn begin(fork: &ForkWanted, time: Option<u64>) -> Result<DevChain, Stop> {
    let Some(url) = &fork.url else {
        if fork.block.is_some() || fork.cache.is_some() {
            return fail("--fork-block and --fork-cache need --fork URL");
        }
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        let chain = DevChain::new().with_timestamp(time.unwrap_or(now));
        return Ok(fork.arbos.map_or(chain.clone(), |arbos| chain.with_arbos(arbos)));
    };
    let mut chain = forked(url, fork)?;
    if let Some(time) = time {
        let time = time.max(chain.timestamp());
        chain = chain.with_timestamp(time);
    }
    Ok(chain)
}

#[cfg(feature = "fork")]
fn forked(url: &str, wanted: &ForkWanted) -> Result<DevChain, Stop> {
    let mut fork = stylus_devchain::Fork::of(url);
    if let Some(block) = wanted.block {
        fork = fork.at_block(block);
    }
    if let Some(folder) = &wanted.cache {
        fork = fork.with_cache(folder);
    }
    if let Some(arbos) = wanted.arbos {
        fork = fork.with_arbos(arbos);
    }
    let forked = fork.open().or_else(fail)?;
    for warning in &forked.warnings {
        eprintln!("devchain: {warning}");
    }
    Ok(forked.chain)
}

#[cfg(not(feature = "fork"))]
fn forked(_: &str, _: &ForkWanted) -> Result<DevChain, Stop> {
    fail("this devchain was built without the feature fork")
}
