//! The values in a session file: each is one JSON text or number, with its unit.

use core::fmt;
use core::str::FromStr;

use alloy_primitives::{Address, U256, hex};
use jiff::Timestamp;
use serde::de::{Deserialize, Deserializer, Error, Visitor};
use serde::{Serialize, Serializer};
use session_core::packed::{DelegateKind, Paymaster};
use session_core::policy::selector::{ANY, PLAIN_TRANSFER};

use crate::account::kind::AccountKind;
use crate::session::unit::{ether, format_duration, parse_duration, parse_ether};

/// A value that is written as one text, and may be read from a number too.
pub(super) trait Scalar: Sized {
    /// What it is, with an example: for errors.
    const WANTED: &'static str;

    fn read(text: &str) -> Result<Self, String>;

    fn from_number(_number: u64) -> Option<Self> {
        None
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error>;
}

struct Reads<T>(core::marker::PhantomData<T>);

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
}

macro_rules! scalars {
    ($($name:ident),*) => {$(
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_any(Reads::<Self>(core::marker::PhantomData))
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                self.write(serializer)
            }
        }
    )*};
}

scalars!(
    Account,
    Time,
    Ether,
    FeeLimit,
    Number,
    CallText,
    PaymasterText,
    Period,
    Count,
    TokenText,
    KindText,
    KeyText
);

/// An address, in lower case or with the right checksum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Account(pub(super) Address);

impl Scalar for Account {
    const WANTED: &'static str = "an address (0x and 40 hex digits)";

    fn read(text: &str) -> Result<Self, String> {
        read_address(text).map(Self)
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

fn read_address(text: &str) -> Result<Address, String> {
    let address = text
        .starts_with("0x")
        .then(|| Address::from_str(text).ok())
        .flatten()
        .ok_or_else(|| format!("{text:?} is no address (0x and 40 hex digits)"))?;
    let digits = text.get(2..).unwrap_or_default();
    let is_plain = digits == digits.to_ascii_lowercase() || digits == digits.to_ascii_uppercase();
    if is_plain || address.to_checksum(None) == text {
        Ok(address)
    } else {
        Err(format!("{text:?} has a wrong checksum: a digit is mistyped"))
    }
}

/// A moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Time(pub(super) u64);

impl Scalar for Time {
    const WANTED: &'static str = "a time (\"2026-01-01T00:00:00Z\" or unix seconds)";

    fn read(text: &str) -> Result<Self, String> {
        Timestamp::from_str(text)
            .ok()
            .filter(|time| time.subsec_nanosecond() == 0)
            .and_then(|time| u64::try_from(time.as_second()).ok())
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

/// Writes a moment as RFC 3339 in UTC, if the calendar reaches that far.
pub(super) fn rfc3339(seconds: u64) -> Option<String> {
    let time = Timestamp::from_second(i64::try_from(seconds).ok()?).ok()?;
    Some(time.to_string())
}

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
        parse_ether(text).map(Self::Counted).map_err(|error| error.to_string())
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

/// An unsigned number of up to 256 bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Number(pub(super) U256);

impl Scalar for Number {
    const WANTED: &'static str = "a whole number (decimal or hex, up to 256 bits)";

    fn read(text: &str) -> Result<Self, String> {
        let (digits, radix) = text.strip_prefix("0x").map_or((text, 10), |hex| (hex, 16));
        let is_number = !digits.is_empty() && digits.chars().all(|digit| digit.is_digit(radix));
        U256::from_str_radix(digits, radix.into())
            .ok()
            .filter(|_| is_number)
            .map(Self)
            .ok_or_else(|| format!("{text:?} is not {}", Self::WANTED))
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

/// What may be called on a target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct CallText {
    pub(super) selector: [u8; 4],
    /// The signature that the selector was made from.
    signature: Option<String>,
}

const PLAIN_TEXT: &str = "plain transfer";
const ANY_TEXT: &str = "any";

impl From<[u8; 4]> for CallText {
    fn from(selector: [u8; 4]) -> Self {
        Self { selector, signature: None }
    }
}

impl Scalar for CallText {
    const WANTED: &'static str =
        "a call (\"move(uint8)\", a selector of 4 bytes, \"plain transfer\" or \"any\")";

    fn read(text: &str) -> Result<Self, String> {
        let malformed = || format!("{text:?} is no {}", Self::WANTED.trim_start_matches("a "));
        match text {
            PLAIN_TEXT => return Ok(PLAIN_TRANSFER.into()),
            ANY_TEXT => return Ok(ANY.into()),
            _ => {}
        }
        if text.starts_with("0x") {
            return hex::decode_to_array(text).map(Self::from).map_err(|_| malformed());
        }
        let is_plain = |c: char| c.is_ascii_alphanumeric() || "_$(),[]".contains(c);
        let (name, arguments) = text.split_once('(').ok_or_else(malformed)?;
        if name.is_empty() || !arguments.ends_with(')') || !text.chars().all(is_plain) {
            return Err(malformed());
        }
        let aliased = arguments
            .split(|c: char| "(),[]".contains(c))
            .any(|part| ["uint", "int"].contains(&part));
        if aliased {
            return Err(format!("{text:?} has a uint or int without its size: write uint256"));
        }
        let [a, b, c, d, ..] = alloy_primitives::keccak256(text).0;
        Ok(Self { selector: [a, b, c, d], signature: Some(text.into()) })
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match (&self.signature, self.selector) {
            (Some(signature), _) => serializer.serialize_str(signature),
            (None, PLAIN_TRANSFER) => serializer.serialize_str(PLAIN_TEXT),
            (None, ANY) => serializer.serialize_str(ANY_TEXT),
            (None, selector) => serializer.serialize_str(&hex::encode_prefixed(selector)),
        }
    }
}

/// Who else may pay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct PaymasterText(pub(super) Paymaster);

impl Default for PaymasterText {
    fn default() -> Self {
        Self(Paymaster::None)
    }
}

impl Scalar for PaymasterText {
    const WANTED: &'static str = "a paymaster (\"none\", \"any\" or an address)";

    fn read(text: &str) -> Result<Self, String> {
        match text {
            "none" => Ok(Self(Paymaster::None)),
            "any" => Ok(Self(Paymaster::Any)),
            _ => read_address(text).map(|address| Self(Paymaster::One(address))),
        }
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Paymaster::None => serializer.serialize_str("none"),
            Paymaster::Any => serializer.serialize_str("any"),
            Paymaster::One(address) => serializer.collect_str(&address),
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
            _ => read_address(text).map(Self::Erc20),
        }
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Native => serializer.serialize_str("native"),
            Self::Erc20(address) => serializer.collect_str(address),
        }
    }
}

/// What an account is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct KindText(pub(super) AccountKind);

impl Scalar for KindText {
    const WANTED: &'static str = "a kind of account (openzeppelin, msa, safe7579, nexus or kernel)";

    fn read(text: &str) -> Result<Self, String> {
        AccountKind::from_name(text)
            .map(Self)
            .ok_or_else(|| format!("{text:?} is no {}", Self::WANTED.trim_start_matches("a ")))
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.name())
    }
}

/// What kind of key the delegate has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct KeyText(pub(super) DelegateKind);

const KEY_NAMES: [(&str, DelegateKind); 3] = [
    ("secp256k1", DelegateKind::Secp256k1),
    ("p256", DelegateKind::P256),
    ("webauthn", DelegateKind::WebAuthn),
];

impl Default for KeyText {
    fn default() -> Self {
        Self(DelegateKind::Secp256k1)
    }
}

impl KeyText {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde gives a reference")]
    pub(super) const fn is_default(&self) -> bool {
        matches!(self.0, DelegateKind::Secp256k1)
    }
}

impl Scalar for KeyText {
    const WANTED: &'static str = "a kind of key (secp256k1, p256 or webauthn)";

    fn read(text: &str) -> Result<Self, String> {
        KEY_NAMES
            .into_iter()
            .find(|(name, _)| *name == text)
            .map(|(_, kind)| Self(kind))
            .ok_or_else(|| format!("{text:?} is no {}", Self::WANTED.trim_start_matches("a ")))
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let name = KEY_NAMES.into_iter().find(|(_, kind)| *kind == self.0);
        serializer.serialize_str(name.map_or("secp256k1", |(name, _)| name))
    }
}
