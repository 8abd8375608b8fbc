//! The values in a session file: each is one JSON text or number, with its unit.

use core::fmt;

use alloy_primitives::{Address, U256};
use serde::Serializer;
use serde::de::{Error, Visitor};

use crate::session::address::parse_address;
use crate::session::word::parse_unsigned;
use crate::unit::{parse_time, rfc3339};

/// A value that is written as one text, and may be read from a number too.
pub(super) trait Scalar: Sized {
    /// What it is, with an example: for errors.
    const WANTED: &'static str;

    fn read(text: &str) -> Result<Self, String>;

    fn from_number(_number: u64) -> Option<Self> {
        None
    }

    fn from_negative(_number: i64) -> Option<Self> {
        None
    }

    fn from_flag(_flag: bool) -> Option<Self> {
        None
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error>;
}

pub(super) struct Reads<T>(core::marker::PhantomData<T>);

impl<T> Reads<T> {
    pub(super) const fn new() -> Self {
        Self(core::marker::PhantomData)
    }
}

impl<T: Scalar> Visitor<'_> for Reads<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(T::WANTED)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        T::read(text).map_err(E::custom)
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<T, E> {
        T::from_number(number)
            .ok_or_else(|| E::invalid_type(serde::de::Unexpected::Unsigned(number), &self))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<T, E> {
        T::from_negative(number)
            .ok_or_else(|| E::invalid_type(serde::de::Unexpected::Signed(number), &self))
    }

    fn visit_bool<E: Error>(self, flag: bool) -> Result<T, E> {
        T::from_flag(flag).ok_or_else(|| E::invalid_type(serde::de::Unexpected::Bool(flag), &self))
    }
}

macro_rules! scalars {
    ($($name:ident),*) => {$(
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_any($crate::session::file::scalar::Reads::<Self>::new())
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                $crate::session::file::scalar::Scalar::write(self, serializer)
            }
        }
    )*};
}

pub(super) use scalars;

scalars!(Account, Time, Number, Epoch);

/// An address, in lower case or with the right checksum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Account(pub(super) Address);

impl Scalar for Account {
    const WANTED: &'static str = "an address (0x and 40 hex digits)";

    fn read(text: &str) -> Result<Self, String> {
        parse_address(text).map(Self)
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

/// A moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Time(pub(super) u64);

impl Scalar for Time {
    const WANTED: &'static str = "a time (\"2026-01-01T00:00:00Z\" or unix seconds)";

    fn read(text: &str) -> Result<Self, String> {
        parse_time(text)
            .map(Self)
            .ok_or_else(|| format!("{text:?} is no {}", Self::WANTED.trim_start_matches("a ")))
    }

    fn from_number(number: u64) -> Option<Self> {
        Some(Self(number))
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match rfc3339(self.0) {
            Some(text) => serializer.serialize_str(&text),
            None => serializer.serialize_u64(self.0),
        }
    }
}

/// An unsigned number of up to 256 bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::session) struct Number(pub(in crate::session) U256);

impl Scalar for Number {
    const WANTED: &'static str = "a whole number (decimal or hex, up to 256 bits)";

    fn read(text: &str) -> Result<Self, String> {
        parse_unsigned(text).map(Self).ok_or_else(|| format!("{text:?} is not {}", Self::WANTED))
    }

    fn from_number(number: u64) -> Option<Self> {
        Some(Self(U256::from(number)))
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // Up to 2^53 every JSON reader keeps the number; addresses read best in hex.
        match (u64::try_from(self.0), self.0.bit_len()) {
            (Ok(small), ..=53) => serializer.serialize_u64(small),
            (_, ..=64) => serializer.collect_str(&self.0),
            (_, ..=160) => serializer.collect_str(&Address::from_word(self.0.into())),
            _ => serializer.collect_str(&format_args!("{:#066x}", self.0)),
        }
    }
}

/// An epoch: a hash, so it is written as text whatever its size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Epoch(pub(super) u64);

impl Scalar for Epoch {
    const WANTED: &'static str = "an epoch (a whole number below 2^64, as text or number)";

    fn read(text: &str) -> Result<Self, String> {
        parse_unsigned(text)
            .and_then(|number| u64::try_from(number).ok())
            .map(Self)
            .ok_or_else(|| format!("{text:?} is not {}", Self::WANTED))
    }

    fn from_number(number: u64) -> Option<Self> {
        Some(Self(number))
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}
