//! The session, field by field as the owner reads it in the wallet.

use alloy_primitives::{Address, B256, U256, address};

/// `Session` of the EIP-712 types, with every field as wide as its type there or wider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// The account it is for.
    pub account: Address,
    /// The chains it holds on.
    pub chains: Vec<Chain>,
    /// Who may act.
    pub delegate: Address,
    /// 0 secp256k1, 1 P-256, 2 WebAuthn.
    pub delegate_kind: u8,
    /// First second.
    pub valid_after: u64,
    /// Last second.
    pub valid_until: u64,
    /// Most executions; 2^32 − 1 for any number.
    pub max_calls: u32,
    /// Most wei of gas; 2^96 − 1 for any.
    pub fee_limit: u128,
    /// Zero: none; 0xff…ff: any or none; else exactly this one.
    pub paymaster: Address,
    /// What may be called.
    pub permissions: Vec<Permission>,
    /// Totals.
    pub budgets: Vec<Budget>,
    /// What may be signed.
    pub signing: Vec<Scope>,
    /// Makes two equal sessions differ.
    pub salt: u64,
}

/// A chain, with the account's epoch there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chain {
    /// The chain.
    pub id: U256,
    /// The epoch.
    pub epoch: u64,
}

/// What may be called, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Permission {
    /// The one contract or receiver.
    pub target: Address,
    /// The one function, or [`ANY_CALLDATA`], or [`PLAIN_TRANSFER`].
    pub selector: [u8; 4],
    /// Most wei for each call.
    pub value_limit: U256,
    /// Bounds on words of the calldata.
    pub rules: Vec<Rule>,
}

/// A bound on one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Which word.
    pub index: u8,
    /// Least.
    pub min: U256,
    /// Most.
    pub max: U256,
}

/// A total.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// An ERC-20, or [`NATIVE`].
    pub token: Address,
    /// Most.
    pub amount: u128,
    /// Seconds; 0 for the whole session.
    pub period: u32,
}

/// A type of message that may be signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scope {
    /// The app's domain.
    pub domain_separator: B256,
    /// The message's type.
    pub type_hash: B256,
    /// Bounds on its words.
    pub rules: Vec<Rule>,
}

/// A selector that means any calldata of any length.
pub const ANY_CALLDATA: [u8; 4] = [0xff; 4];
/// A selector that means calldata of length 0.
pub const PLAIN_TRANSFER: [u8; 4] = [0; 4];
/// The token that means native value.
pub const NATIVE: Address = Address::repeat_byte(0xee);
/// The paymaster that means any or none.
pub const ANY_PAYMASTER: Address = Address::repeat_byte(0xff);
/// A `maxCalls` that counts nothing.
pub const UNCOUNTED_CALLS: u32 = 0xffff_ffff;
/// A `feeLimit` that counts nothing.
pub const UNCOUNTED_FEES: u128 = 0xffff_ffff_ffff_ffff_ffff_ffff;

/// The canonical EntryPoints 0.6, 0.7, 0.8 and 0.9.
pub const ENTRY_POINTS: [Address; 4] = [
    address!("5FF137D4b0FDCD49DcA30c7CF57E578a026d2789"),
    address!("0000000071727De22E5E9d8BAf0edAc6f37da032"),
    address!("4337084D9E255Ff0702461CF8895CE9E3b5Ff108"),
    address!("433709009B8330FDa32311DF1C2AFA402eD8D009"),
];

impl Session {
    /// Returns whether any budget is for a period.
    pub fn has_periods(&self) -> bool {
        self.budgets.iter().any(|budget| budget.period != 0)
    }
}
