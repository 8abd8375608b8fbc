//! What is kept on chain, and where: one word for an account, one for each of its sessions.
//!
//! | slot | word, from the most significant byte, the rest zero |
//! |---|---|
//! | `keccak256(account ‖ keccak256("SmartSession.account"))` | flags u8 ‖ epoch u64 ‖ route length u8 ‖ route, up to 21 bytes |
//! | `S = keccak256(account ‖ sessionId)` | status u8 ‖ calls u32 ‖ fee u96 ‖ native u96 |
//!
//! Preimages are two words, the account first: associated storage (ERC-7562 STO-021).

use alloy_primitives::{Address, B256, b256};

use crate::word::{self, Constant, Word};
use crate::{Keccak256, eip712};

/// `keccak256("SmartSession.account")`.
const ACCOUNT: Constant =
    Constant::new(b256!("ba1b560f773c2a30ebcec27efb063bd9aa54192b50d639870437e226cce96885"));

/// Returns the slot of an account's word.
pub fn account_slot(keccak: &impl Keccak256, account: Address) -> B256 {
    session_slot(keccak, account, B256::new(ACCOUNT.word()))
}

/// Returns the slot of a session's word.
pub fn session_slot(keccak: &impl Keccak256, account: Address, session_id: B256) -> B256 {
    eip712::hash_words(keccak, &[word::from_address(account), session_id.0])
}

/// What is kept of an account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AccountState {
    /// As which module types it is installed.
    pub installed: ModuleTypes,
    /// Sessions that name another epoch are void.
    pub epoch: u64,
    /// Whose signatures enable sessions.
    pub route: Route,
}

impl AccountState {
    /// Reads the account's word.
    pub fn from_word(word: &Word) -> Self {
        let [flags, e0, e1, e2, e3, e4, e5, e6, e7, route_len, rest @ ..] = *word;
        let (route, _) = rest.split_first_chunk::<{ Route::MAX_LEN }>().unwrap_or((&[0; 21], &[]));
        Self {
            installed: ModuleTypes(flags),
            epoch: u64::from_be_bytes([e0, e1, e2, e3, e4, e5, e6, e7]),
            route: Route { len: route_len, bytes: *route },
        }
    }

    /// Returns the account's word.
    pub fn to_word(&self) -> Word {
        let mut word = word::ZERO;
        word[0] = self.installed.0;
        word[1..9].copy_from_slice(&self.epoch.to_be_bytes());
        word[9] = self.route.len;
        word[10..31].copy_from_slice(&self.route.bytes);
        word
    }
}

/// A set of ERC-7579 module types: validator (type 1) and executor (type 2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ModuleTypes(u8);

impl ModuleTypes {
    /// Neither.
    pub const NONE: Self = Self(0);
    /// Type 1.
    pub const VALIDATOR: Self = Self(1);
    /// Type 2.
    pub const EXECUTOR: Self = Self(2);
    /// Both.
    pub const BOTH: Self = Self(3);

    /// Returns the set that a byte stands for, `None` if it stands for no or an unknown type.
    pub const fn from_byte(byte: u8) -> Option<Self> {
        match byte {
            1..=3 => Some(Self(byte)),
            _ => None,
        }
    }

    /// Returns the byte that stands for it.
    pub const fn to_byte(self) -> u8 {
        self.0
    }

    /// Returns whether it has any of `others`.
    pub const fn has_any(self, others: Self) -> bool {
        self.0 & others.0 != 0
    }

    /// Returns it with all of `others`.
    #[must_use]
    pub const fn with(self, others: Self) -> Self {
        Self(self.0 | others.0)
    }

    /// Returns it without any of `others`.
    #[must_use]
    pub const fn without(self, others: Self) -> Self {
        Self(self.0 & !others.0)
    }
}

/// The bytes that an owner's signature must begin with: those that select one validator of the
/// account, so that a weaker one cannot authorise sessions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Route {
    len: u8,
    bytes: [u8; Self::MAX_LEN],
}

impl Route {
    /// Most bytes of a route.
    pub const MAX_LEN: usize = 21;
    const CLOSED: u8 = 0xff;

    /// Reads a route of so many bytes; length 255 closes enabling by signature.
    ///
    /// Returns `None` for a length between 22 and 254, or if `bytes` has another length.
    pub fn new(len: u8, bytes: &[u8]) -> Option<Self> {
        let expected = if len == Self::CLOSED { 0 } else { usize::from(len) };
        if expected > Self::MAX_LEN || bytes.len() != expected {
            return None;
        }
        let mut route = Self { len, bytes: [0; Self::MAX_LEN] };
        for (to, from) in route.bytes.iter_mut().zip(bytes) {
            *to = *from;
        }
        Some(route)
    }

    /// Returns whether no signature at all enables sessions.
    pub const fn is_closed(&self) -> bool {
        self.len == Self::CLOSED
    }

    /// Returns whether an owner's signature takes this route.
    pub fn is_taken_by(&self, signature: &[u8]) -> bool {
        let route = self.bytes.get(..usize::from(self.len));
        route.is_some_and(|route| signature.starts_with(route))
    }
}

/// What has become of a session. It only ever moves forward.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Status {
    /// Never seen, or only signed.
    #[default]
    Unknown = 0,
    /// In force.
    Enabled = 1,
    /// Ended for ever.
    Revoked = 2,
}

impl Status {
    /// Returns the byte that stands for it.
    pub const fn to_byte(self) -> u8 {
        match self {
            Self::Unknown => 0,
            Self::Enabled => 1,
            Self::Revoked => 2,
        }
    }
}

/// What is kept of a session.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SessionState {
    /// Whether it is in force.
    pub status: Status,
    /// Executions so far.
    pub calls: u32,
    /// Wei of gas so far, below 2^96.
    pub fee: u128,
    /// Native value so far under the whole-session budget, below 2^96.
    pub native: u128,
}

impl SessionState {
    /// Reads the session's word. A status that was never written reads as revoked.
    pub fn from_word(word: &Word) -> Self {
        let [status, c0, c1, c2, c3, rest @ ..] = *word;
        let (fee, rest) = rest.split_first_chunk::<12>().unwrap_or((&[0; 12], &[]));
        let native = rest.first_chunk::<12>().unwrap_or(&[0; 12]);
        Self {
            status: match status {
                0 => Status::Unknown,
                1 => Status::Enabled,
                _ => Status::Revoked,
            },
            calls: u32::from_be_bytes([c0, c1, c2, c3]),
            fee: word::number_u128(fee),
            native: word::number_u128(native),
        }
    }

    /// Returns the session's word.
    pub fn to_word(&self) -> Word {
        let mut word = word::ZERO;
        word[0] = self.status.to_byte();
        word[1..5].copy_from_slice(&self.calls.to_be_bytes());
        word[5..17].copy_from_slice(&self.fee.to_be_bytes()[4..]);
        word[17..29].copy_from_slice(&self.native.to_be_bytes()[4..]);
        word
    }
}
