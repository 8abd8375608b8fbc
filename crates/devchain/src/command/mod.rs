//! The commands, each in a file.

#[cfg(feature = "deploy")]
mod deploy;
mod inspect;
mod pack;
mod replay;
mod run;
#[cfg(feature = "rpc")]
mod serve;

use std::fmt::Display;
use std::process::ExitCode;
use std::str::FromStr;

use lexopt::{Arg, Parser, ValueExt};

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

/// Why a command ends early.
pub(crate) enum Stop {
    /// It was asked for this text.
    Told(String),
    /// It failed.
    Failed(String),
}

impl From<lexopt::Error> for Stop {
    fn from(error: lexopt::Error) -> Self {
        Self::Failed(error.to_string())
    }
}

/// What a command ends with.
pub(crate) type Ended = Result<ExitCode, Stop>;

/// Fails with a reason.
pub(crate) fn fail<T>(reason: impl Display) -> Result<T, Stop> {
    Err(Stop::Failed(reason.to_string()))
}

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

/// An argument that a command does not know, or a wish for help.
pub(crate) fn unknown<T>(argument: Arg<'_>, usage: &str) -> Result<T, Stop> {
    match argument {
        Arg::Long("help") | Arg::Short('h') => Err(Stop::Told(usage.to_owned())),
        Arg::Value(value) => fail(format!("there is no place for {}\n{usage}", value.display())),
        Arg::Long(name) => fail(format!("there is no option --{name}\n{usage}")),
        Arg::Short(name) => fail(format!("there is no option -{name}\n{usage}")),
    }
}

/// The value of an option, as a type.
pub(crate) fn value<T>(arguments: &mut Parser, option: &str, what: &str) -> Result<T, Stop>
where
    T: FromStr,
    T::Err: Display,
{
    let value = match arguments.value() {
        Ok(value) => value.string()?,
        Err(_) => return fail(format!("{option} needs {what}")),
    };
    value.parse().or_else(|error| fail(format!("{option} needs {what}, not {value:?}: {error}")))
}

/// Reads a file.
pub(crate) fn read(path: &str) -> Result<Vec<u8>, Stop> {
    std::fs::read(path).or_else(|error| fail(format!("{path} cannot be read: {error}")))
}

/// Reads a module and makes it fit for deployment.
pub(crate) fn packed(path: &str) -> Result<Vec<u8>, Stop> {
    stylus_devchain::program::pack(&read(path)?).or_else(|error| fail(format!("{path}: {error}")))
}

/// The rules of a version.
pub(crate) fn arbos(version: u64) -> Result<stylus_devchain::ArbOs, Stop> {
    use stylus_devchain::ArbOs;

    let known = [ArbOs::V51, ArbOs::V60, ArbOs::V61];
    let found = known.into_iter().find(|arbos| arbos.version == version);
    found.map_or_else(|| fail(format!("--arbos is 51, 60 or 61, not {version}")), Ok)
}
