//! The kinds of keys that delegates have.

use crate::Environment;
use crate::abi::ISmartSession as Abi;
use crate::refusal::{Refusal, Refused};

/// The kind of key that a delegate signs with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum DelegateKind {
    /// secp256k1, named by its Ethereum address.
    Secp256k1 = 0,
    /// P-256, named by the last 20 bytes of `keccak256(x ‖ y)`.
    P256 = 1,
    /// A WebAuthn credential with a P-256 key, named likewise.
    WebAuthn = 2,
}

impl DelegateKind {
    /// Returns the kind that a value of `delegateKind` stands for.
    pub const fn from_byte(byte: u8) -> Option<Self> {
        match byte {
            0 => Some(Self::Secp256k1),
            1 => Some(Self::P256),
            2 => Some(Self::WebAuthn),
            _ => None,
        }
    }

    /// Reads a `delegateKind`.
    #[inline]
    pub(super) fn read(environment: impl Environment, byte: u8) -> Result<Self, Refused> {
        Self::from_byte(byte).ok_or_else(|| {
            let mut refusal = Refusal::of::<Abi::UnknownDelegateKind>();
            refusal.number(byte.into()).tell(environment)
        })
    }

    /// Returns the value of `delegateKind`.
    pub const fn to_byte(self) -> u8 {
        match self {
            Self::Secp256k1 => 0,
            Self::P256 => 1,
            Self::WebAuthn => 2,
        }
    }
}
