//! Sessions as owned values, and how they are packed and unpacked. Off chain only.
//!
//! Ids and hashes come from alloy's EIP-712 here, and from [`crate::packed`] on chain: two
//! implementations that the tests hold against each other.

mod pack;
mod typed;
mod unpack;

use alloc::vec::Vec;

use alloy_primitives::aliases::U96;
use alloy_primitives::{Address, B256, U256};

pub use self::pack::{Disclosure, EncodeError};
pub use self::unpack::UnpackError;
use crate::packed::{DelegateKind, Paymaster};
use crate::window::ValidityWindow;

/// A temporary, limited permission slip for one account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// The account it is for.
    pub account: Address,
    /// The chains it holds on.
    pub chains: Vec<Chain>,
    /// Who may act.
    pub delegate: Address,
    /// What kind of key the delegate has.
    pub delegate_kind: DelegateKind,
    /// When.
    pub window: ValidityWindow,
    /// The total number of executions; 2^32 − 1 for any.
    pub max_calls: u32,
    /// Most wei of gas in total; 2^96 − 1 for any.
    pub fee_limit: U96,
    /// Who else may pay for gas.
    pub paymaster: Paymaster,
    /// What may be called. Empty: nothing.
    pub permissions: Vec<Permission>,
    /// Totals.
    pub budgets: Vec<Budget>,
    /// What may be signed through ERC-1271.
    pub signing: Vec<SigningScope>,
    /// Makes two equal sessions differ.
    pub salt: u64,
}

/// A chain that a session holds on, with the account's epoch there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chain {
    /// The chain.
    pub chain_id: U256,
    /// The account's epoch there: 0 until it revokes all sessions for the first time.
    pub epoch: u64,
}

/// One target and function that may be called, and the limits on such a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Permission {
    /// The contract, or the receiver of a plain transfer.
    pub target: Address,
    /// The function, or one of the two values of [`crate::policy::selector`].
    pub selector: [u8; 4],
    /// Most wei in one call.
    pub value_limit: U256,
    /// Bounds on words of the calldata; all must hold.
    pub rules: Vec<ArgumentRule>,
}

/// A bound on the calldata word at 4 + 32 · index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ArgumentRule {
    /// Which word.
    pub index: u8,
    /// The lowest value, unsigned.
    pub min: U256,
    /// The highest value, unsigned.
    pub max: U256,
}

/// A total over the session, or over each period of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// An ERC-20, or 0xee…ee for native value.
    pub token: Address,
    /// The most, in the token's smallest unit.
    pub amount: u128,
    /// Seconds, from the start of the session on; 0 for the whole session.
    pub period: u32,
}

/// A type of message that a session may sign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SigningScope {
    /// The app's EIP-712 domain separator.
    pub domain_separator: B256,
    /// The message's type hash.
    pub type_hash: B256,
    /// Bounds on the words of the message.
    pub rules: Vec<ArgumentRule>,
}
