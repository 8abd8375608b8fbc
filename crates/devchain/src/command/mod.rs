//! The commands, each in a file.

mod argument;
#[cfg(feature = "deploy")]
mod deploy;
mod inspect;
mod module_file;
mod pack;
mod replay;
mod run;
#[cfg(feature = "rpc")]
mod serve;
mod stop;

use lexopt::{Arg, Parser, ValueExt};

use argument::unknown;
use stop::{Ended, fail};

pub(crate) use stop::Stop;

const USAGE: &str = "\
usage: devchain COMMAND [OPTION...]       --help after a command tells more

  pack IN OUT         make a compiler's module fit for deployment
  inspect FILE        say what a module costs and needs
  run FILE [DATA...]  deploy a module on a new chain and call it
  replay FILE...      run recordings of a Nitro node again
  serve               a node on 127.0.0.1
  deploy FILE         deploy, activate and cache a module on a chain

  --help, --version
";

/// Runs the command that the arguments name.
pub(crate) fn run(arguments: &mut Parser) -> Ended {
    let name = match arguments.next()? {
        Some(Arg::Value(name)) => name.string()?,
        Some(Arg::Long("help") | Arg::Short('h')) => return Err(Stop::Told(USAGE.to_owned())),
        Some(Arg::Long("version") | Arg::Short('V')) => {
            return Err(Stop::Told(
                concat!("devchain ", env!("CARGO_PKG_VERSION"), "\n").to_owned(),
            ));
        }
        Some(other) => return unknown(other, USAGE),
        None => return fail(format!("which command?\n{USAGE}")),
    };
    match name.as_str() {
        "pack" => pack::run(arguments),
        "inspect" => inspect::run(arguments),
        "run" => run::run(arguments),
        "replay" => replay::run(arguments),
        #[cfg(feature = "rpc")]
        "serve" => serve::run(arguments),
        #[cfg(not(feature = "rpc"))]
        "serve" => fail("this devchain was built without the feature rpc, which serve needs"),
        #[cfg(feature = "deploy")]
        "deploy" => deploy::run(arguments),
        #[cfg(not(feature = "deploy"))]
        "deploy" => fail("this devchain was built without the feature deploy"),
        other => fail(format!("there is no command {other:?}\n{USAGE}")),
    }
}
