//! The fields of a JSON object, read one by one: none is passed over.

use alloy_primitives::{Address, U256};
use serde_json::{Map, Value};

use super::no_equal;
use crate::refusal::Refusal;
use crate::session::address::parse_address;
use crate::session::word::parse_unsigned;

/// An object of a request, and where it is in it.
pub(super) struct Fields<'a> {
    place: String,
    rest: Vec<(&'a str, &'a Value)>,
}

impl<'a> Fields<'a> {
    /// Reads an object. Fields that are `null` count as left out.
    pub(super) fn of(place: impl Into<String>, value: &'a Value) -> Result<Self, Refusal> {
        let place = place.into();
        let object: &Map<String, Value> = value.as_object().ok_or_else(|| {
            no_equal(format!("{place} is no object"), "write it as ERC-7715 has it")
        })?;
        let fields = object.iter().map(|(name, value)| (name.as_str(), value));
        Ok(Self { place, rest: fields.filter(|(_, value)| !value.is_null()).collect() })
    }

    /// Takes a field out, if it is there.
    pub(super) fn take(&mut self, name: &str) -> Option<&'a Value> {
        let index = self.rest.iter().position(|(field, _)| *field == name)?;
        Some(self.rest.swap_remove(index).1)
    }

    /// Takes a field out that must be there.
    pub(super) fn need(&mut self, name: &str) -> Result<&'a Value, Refusal> {
        self.take(name).ok_or_else(|| {
            no_equal(format!("{} has no {name}", self.place), format!("give {name}"))
        })
    }

    /// Takes a number out, however it is written.
    pub(super) fn number(&mut self, name: &str) -> Result<Option<U256>, Refusal> {
        let Some(value) = self.take(name) else { return Ok(None) };
        let number = match value {
            Value::Number(number) => number.as_u64().map(U256::from),
            Value::String(text) => parse_unsigned(text),
            _ => None,
        };
        number.map(Some).ok_or_else(|| {
            no_equal(
                format!("{}.{name} is {value}, no whole number", self.place),
                "write it in decimal, or in hex with 0x",
            )
        })
    }

    /// Takes a number out that has at most 64 bits.
    pub(super) fn small<T: TryFrom<U256>>(&mut self, name: &str) -> Result<Option<T>, Refusal> {
        let Some(number) = self.number(name)? else { return Ok(None) };
        T::try_from(number).map(Some).map_err(|_| {
            no_equal(format!("{}.{name} is {number}, too large", self.place), "ask for less")
        })
    }

    /// Takes an address out.
    pub(super) fn address(&mut self, name: &str) -> Result<Option<Address>, Refusal> {
        let Some(value) = self.take(name) else { return Ok(None) };
        address(&format!("{}.{name}", self.place), value).map(Some)
    }

    /// Takes a text out that must be there.
    pub(super) fn text(&mut self, name: &str) -> Result<&'a str, Refusal> {
        let value = self.need(name)?;
        value.as_str().ok_or_else(|| {
            no_equal(format!("{}.{name} is {value}, no text", self.place), "write it in quotes")
        })
    }

    /// Refuses what was not taken: `whose` has no such field.
    pub(super) fn finish(self, whose: &str) -> Result<(), Refusal> {
        match self.rest.first() {
            None => Ok(()),
            Some((name, _)) => Err(no_equal(
                format!("{} has {name:?}, which {whose} does not have", self.place),
                "leave it out, or ask for what a session can say",
            )),
        }
    }
}

/// Reads an address at a place.
pub(super) fn address(place: &str, value: &Value) -> Result<Address, Refusal> {
    let read = value.as_str().map_or_else(|| Err(format!("{value} is no address")), parse_address);
    read.map_err(|reason| no_equal(format!("{place}: {reason}"), "copy the address again"))
}
