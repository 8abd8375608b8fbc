//! Amounts, counts and periods in a session file.

use alloy_primitives::{Address, U256};
use serde::Serializer;
use smart_session_core::policy::fee;

use super::scalar::{Scalar, scalars};
use crate::session::address::parse_address;
use crate::unit::{ether, format_duration, parse_duration, parse_ether};

scalars!(Ether, FeeLimit, Count, Period, TokenText);

/// An amount of ether.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Ether(pub(super) U256);

impl Ether {
    pub(super) fn is_zero(&self) -> bool {
        self.0.is_zero()
    }
}

impl Default for Ether {
    fn default() -> Self {
        Self(U256::ZERO)
    }
}

impl Scalar for Ether {
    const WANTED: &'static str = "an amount of ether (\"0.01 ETH\")";

    fn read(text: &str) -> Result<Self, String> {
        parse_ether(text).map(Self).map_err(|error| error.to_string())
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{} ETH", ether(self.0)))
    }
}

/// What gas may cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FeeLimit {
    Counted(U256),
    Uncounted,
}

const UNCOUNTED: &str = "uncounted";

impl Scalar for FeeLimit {
    const WANTED: &'static str = "an amount of ether (\"0.01 ETH\") or \"uncounted\"";

    fn read(text: &str) -> Result<Self, String> {
        if text == UNCOUNTED {
            return Ok(Self::Uncounted);
        }
        let wei = parse_ether(text).map_err(|error| error.to_string())?;
        if wei == U256::from(fee::UNCOUNTED) {
            return Err(format!(
                "{text:?} would mean that fees are not counted: write \"{UNCOUNTED}\", or less"
            ));
        }
        Ok(Self::Counted(wei))
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Counted(wei) => Ether(*wei).write(serializer),
            Self::Uncounted => serializer.serialize_str(UNCOUNTED),
        }
    }
}

/// A number of calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Count {
    Counted(u32),
    Uncounted,
}

impl Scalar for Count {
    const WANTED: &'static str = "a number of calls below 2^32 - 1, or \"uncounted\"";

    fn read(text: &str) -> Result<Self, String> {
        match text {
            UNCOUNTED => Ok(Self::Uncounted),
            _ => Err(format!("{text:?} is not {}", Self::WANTED)),
        }
    }

    fn from_number(number: u64) -> Option<Self> {
        u32::try_from(number).ok().filter(|count| *count < u32::MAX).map(Self::Counted)
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Counted(count) => serializer.serialize_u32(*count),
            Self::Uncounted => serializer.serialize_str(UNCOUNTED),
        }
    }
}

/// How long a period of a budget is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Period(pub(super) u32);

impl Scalar for Period {
    const WANTED: &'static str = "a duration (\"1d 12h\")";

    fn read(text: &str) -> Result<Self, String> {
        let seconds = parse_duration(text).map_err(|error| error.to_string())?;
        u32::try_from(seconds).map(Self).map_err(|_| format!("{text:?} is too long"))
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&format_duration(self.0.into()))
    }
}

/// A budget's token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TokenText {
    Native,
    Erc20(Address),
}

impl Scalar for TokenText {
    const WANTED: &'static str = "a token (\"native\" or an address)";

    fn read(text: &str) -> Result<Self, String> {
        match text {
            "native" => Ok(Self::Native),
            _ => parse_address(text).map(Self::Erc20),
        }
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Native => serializer.serialize_str("native"),
            Self::Erc20(address) => serializer.collect_str(address),
        }
    }
}
