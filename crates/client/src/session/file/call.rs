//! Functions and bounds of their arguments in a session file.

use alloy_primitives::{Address, U256, hex};
use serde::Serializer;
use smart_session_core::policy::selector::{ANY, PLAIN_TRANSFER};

use super::scalar::{Scalar, scalars};
use crate::refusal::Refusal;
use crate::session::function::FunctionSignature;

scalars!(CallText, Bound);

/// What may be called on a target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct CallText {
    pub(super) selector: [u8; 4],
    /// The function that the selector was made from.
    pub(super) function: Option<FunctionSignature>,
}

const PLAIN_TEXT: &str = "plain transfer";
const ANY_TEXT: &str = "any";

impl From<[u8; 4]> for CallText {
    fn from(selector: [u8; 4]) -> Self {
        Self { selector, function: None }
    }
}

impl Scalar for CallText {
    const WANTED: &'static str =
        "a call (\"move(uint8)\", a selector of 4 bytes, \"plain transfer\" or \"any\")";

    fn read(text: &str) -> Result<Self, String> {
        match text {
            PLAIN_TEXT => return Ok(PLAIN_TRANSFER.into()),
            ANY_TEXT => return Ok(ANY.into()),
            _ => {}
        }
        if text.starts_with("0x") || !text.contains('(') {
            let selector = hex::decode_to_array(text).ok().filter(|_| text.starts_with("0x"));
            return selector.map(Self::from).ok_or_else(|| {
                format!("{text:?} is no {}", Self::WANTED.trim_start_matches("a "))
            });
        }
        let function: FunctionSignature =
            text.parse().map_err(|refusal: Refusal| refusal.to_string())?;
        Ok(Self { selector: function.selector(), function: Some(function) })
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match (&self.function, self.selector) {
            (Some(function), _) => serializer.collect_str(function),
            (None, PLAIN_TRANSFER) => serializer.serialize_str(PLAIN_TEXT),
            (None, ANY) => serializer.serialize_str(ANY_TEXT),
            (None, selector) => serializer.serialize_str(&hex::encode_prefixed(selector)),
        }
    }
}

/// A bound of an argument rule: what it means depends on the argument's type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Bound {
    Text(String),
    Unsigned(u64),
    Negative(i64),
    Flag(bool),
}

impl Bound {
    /// Returns it as text, whatever JSON has it as.
    pub(super) fn text(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Unsigned(number) => number.to_string(),
            Self::Negative(number) => number.to_string(),
            Self::Flag(flag) => flag.to_string(),
        }
    }
}

impl From<U256> for Bound {
    fn from(word: U256) -> Self {
        match (u64::try_from(word), word.bit_len()) {
            (Ok(small), ..=53) => Self::Unsigned(small),
            (_, ..=64) => Self::Text(word.to_string()),
            (_, ..=160) => Self::Text(Address::from_word(word.into()).to_string()),
            _ => Self::Text(format!("{word:#066x}")),
        }
    }
}

impl Scalar for Bound {
    const WANTED: &'static str = "a value of the argument's type (a number, true, \"0x…\")";

    fn read(text: &str) -> Result<Self, String> {
        Ok(Self::Text(text.into()))
    }

    fn from_number(number: u64) -> Option<Self> {
        Some(Self::Unsigned(number))
    }

    fn from_negative(number: i64) -> Option<Self> {
        Some(Self::Negative(number))
    }

    fn from_flag(flag: bool) -> Option<Self> {
        Some(Self::Flag(flag))
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Text(text) => serializer.serialize_str(text),
            Self::Unsigned(number) => serializer.serialize_u64(*number),
            Self::Negative(number) => serializer.serialize_i64(*number),
            Self::Flag(flag) => serializer.serialize_bool(*flag),
        }
    }
}
