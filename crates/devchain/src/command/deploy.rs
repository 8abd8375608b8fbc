//! `devchain deploy`.

use std::io::{Write, stdout};
use std::process::ExitCode;

use alloy_primitives::B256;
use lexopt::{Arg, Parser, ValueExt};
use stylus_devchain::deploy::Deployer;

use super::argument::{unknown, value};
use super::module_file::read;
use super::stop::{Ended, fail};

/// The environment variable that may hold the key.
const KEY: &str = "DEVCHAIN_KEY";

const USAGE: &str = "\
usage: devchain deploy FILE --rpc URL [OPTION...]

Makes a compiler's module fit for deployment, deploys, activates and caches it. If the module breaks
a rule of Stylus it says which, and nothing is sent.

  --rpc URL        the chain
  --key-file FILE  a secp256k1 key in hex that pays; else the environment's DEVCHAIN_KEY, else the
                   node's first account
  --no-cache       do not put it into the cache
  --json           as JSON
";

pub(super) fn run(arguments: &mut Parser) -> Ended {
    let (mut file, mut url, mut key_file) = (None, None, None);
    let (mut caches, mut as_json) = (true, false);
    while let Some(argument) = arguments.next()? {
        match argument {
            Arg::Long("rpc") => url = Some(value::<String>(arguments, "--rpc", "an address")?),
            Arg::Long("key-file") => {
                key_file = Some(value::<String>(arguments, "--key-file", "a file")?);
            }
            Arg::Long("no-cache") => caches = false,
            Arg::Long("json") => as_json = true,
            Arg::Value(path) if file.is_none() => file = Some(path.string()?),
            other => return unknown(other, USAGE),
        }
    }
    let Some(file) = file else { return fail(format!("which file?\n{USAGE}")) };
    let Some(url) = url else { return fail(format!("which chain? --rpc URL\n{USAGE}")) };
    let mut to = Deployer::to(&url).with_caching(caches);
    let key = match key_file {
        Some(path) => Some((String::from_utf8_lossy(&read(&path)?).trim().to_owned(), path)),
        None => std::env::var(KEY).ok().map(|key| (key, KEY.to_owned())),
    };
    if let Some((text, place)) = key {
        let wrong = |_| fail(format!("{place} holds no key of 32 bytes in hex"));
        to = to.with_key(text.parse::<B256>().or_else(wrong)?);
    }
    let wasm = read(&file)?;
    let deployed = to.deploy(&wasm).or_else(|error| fail(format!("{file}: {error}")))?;
    if as_json {
        writeln!(stdout(), "{}", deployed.to_json())?;
        return Ok(ExitCode::SUCCESS);
    }
    writeln!(stdout(), "address    {}", deployed.address)?;
    writeln!(stdout(), "code hash  {}", deployed.code_hash)?;
    match deployed.data_fee {
        Some(fee) => writeln!(stdout(), "activated  for a data fee of {fee} wei")?,
        None => writeln!(stdout(), "activated  already: the same code was activated before")?,
    }
    match deployed.cached {
        Ok(()) => writeln!(stdout(), "cached     yes")?,
        Err(reason) => writeln!(stdout(), "cached     no: {reason}")?,
    }
    Ok(ExitCode::SUCCESS)
}
