//! Who pays, and what accounts and delegates are, in a session file.

use serde::Serializer;
use smart_session_core::packed::{DelegateKind, Paymaster};

use super::scalar::{Scalar, scalars};
use crate::account::kind::AccountKind;
use crate::session::address::parse_address;

scalars!(PaymasterText, KindText, KeyText);

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
            _ => parse_address(text).map(|address| Self(Paymaster::One(address))),
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
