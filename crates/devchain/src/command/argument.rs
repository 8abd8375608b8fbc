//! What the arguments of commands have in common.

use std::fmt::Display;
use std::str::FromStr;

use lexopt::{Arg, Parser, ValueExt};
use stylus_devchain::ArbOs;

use super::stop::{Stop, fail};

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

/// The rules of a version.
pub(crate) fn arbos(version: u64) -> Result<ArbOs, Stop> {
    let known = [ArbOs::V51, ArbOs::V60, ArbOs::V61];
    let found = known.into_iter().find(|arbos| arbos.version == version);
    found.map_or_else(|| fail(format!("--arbos is 51, 60 or 61, not {version}")), Ok)
}
