//! What the owner's client says about an import.

use alloy_primitives::{Address, U256};
use smart_session_core::packed::Paymaster;

/// What an import leaves open, and the owner's client says. It only narrows.
///
/// Epoch and salt are never taken from what is imported: the epoch is the chain's, the salt new.
#[derive(Clone, Debug)]
pub struct ImportTerms {
    /// The account that the session is for.
    pub account: Address,
    /// The chain that it is for.
    pub chain_id: u64,
    /// The account's epoch there, as the module tells it.
    pub epoch: u64,
    /// The session module.
    pub module: Address,
    /// Most wei of gas in total, whoever pays.
    pub fee_limit: U256,
    /// Makes the session differ from an equal one.
    pub salt: u64,
    /// The first moment, in unix seconds; later than the source's only.
    pub valid_after: Option<u64>,
    /// The last moment, in unix seconds; earlier than the source's only.
    pub valid_until: Option<u64>,
    /// The most executions; fewer than the source's only.
    pub max_calls: Option<u32>,
    /// Who else must pay for gas, if the source allows it. Left out: the one payer that the source
    /// demands, or else nobody but the account.
    pub paymaster: Option<Paymaster>,
    /// Who may get native value, where the source names no receiver.
    pub receivers: Vec<Address>,
}
