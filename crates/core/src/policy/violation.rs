//! What a session does not allow.

use alloy_primitives::{Address, B256};

use crate::execution::ExecutionError;
use crate::word::Word;

/// Why an operation is not within its session: what was got, and what is allowed.
///
/// `execution` counts the calls of the operation from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Violation {
    /// The module is not installed as a validator of the account.
    NotInstalled {
        /// The account.
        account: Address,
    },
    /// The session does not hold on this chain, or its entry for it is hidden.
    ChainNotListed {
        /// This chain.
        chain_id: u64,
    },
    /// The account has revoked all sessions of that epoch.
    WrongEpoch {
        /// The session's epoch here.
        got: u64,
        /// The account's.
        allowed: u64,
    },
    /// The session was never enabled for this account.
    NotEnabled {
        /// The session.
        session_id: B256,
    },
    /// The session was revoked, for ever.
    Revoked {
        /// The session.
        session_id: B256,
    },
    /// The calldata is not a list of executions.
    Execution(ExecutionError),
    /// There is no permission with that index.
    UnknownPermission {
        /// The execution.
        execution: usize,
        /// The index.
        got: u8,
        /// How many there are.
        allowed: usize,
    },
    /// The permission is not disclosed.
    HiddenPermission {
        /// The execution.
        execution: usize,
        /// The permission.
        permission: u8,
    },
    /// The target may never be called by a session.
    BannedTarget {
        /// The execution.
        execution: usize,
        /// The target.
        target: Address,
    },
    /// The permission is for another target.
    Target {
        /// The execution.
        execution: usize,
        /// The target.
        got: Address,
        /// The permission's.
        allowed: Address,
    },
    /// The permission is for another function.
    Selector {
        /// The execution.
        execution: usize,
        /// The first four bytes of the calldata, zero-padded.
        got: [u8; 4],
        /// The permission's selector.
        allowed: [u8; 4],
    },
    /// The call sends too much.
    Value {
        /// The execution.
        execution: usize,
        /// Wei sent.
        got: Word,
        /// Most wei in one call.
        allowed: Word,
    },
    /// A word of the calldata is out of its bounds.
    Argument {
        /// The execution.
        execution: usize,
        /// The rule's word, counted from 0.
        index: u8,
        /// The word.
        got: Word,
    },
    /// A word that a rule bounds is past the end of the calldata.
    ArgumentMissing {
        /// The execution.
        execution: usize,
        /// The rule's word, counted from 0.
        index: u8,
    },
    /// A token with a budget is called with something other than the four functions that a
    /// budget can count.
    TokenCall {
        /// The execution.
        execution: usize,
        /// The token.
        token: Address,
    },
    /// A budget has too little left.
    Budget {
        /// The budget.
        budget: usize,
        /// Spent with this operation, 2^128 − 1 where it is that or more.
        got: u128,
        /// The budget's amount.
        allowed: u128,
    },
    /// A budget is claimed for a period that is over.
    PeriodPassed {
        /// The budget.
        budget: usize,
        /// The claimed period.
        got: u64,
        /// The latest one in which anything was spent.
        allowed: u64,
    },
    /// The session has too few calls left.
    Calls {
        /// Calls with this operation.
        got: u64,
        /// Most calls.
        allowed: u32,
    },
    /// The operation may cost more gas fees than the session has left.
    Fee {
        /// Wei with this operation, 2^128 − 1 where it is that or more.
        got: u128,
        /// Most wei.
        allowed: u128,
    },
    /// Another paymaster, or none, must pay.
    Paymaster {
        /// The operation's, zero for none.
        got: Address,
        /// The session's.
        allowed: Address,
    },
    /// `paymasterAndData` names nobody, or is cut off.
    PaymasterData {
        /// Its length.
        length: usize,
    },
}

impl From<ExecutionError> for Violation {
    fn from(error: ExecutionError) -> Self {
        Self::Execution(error)
    }
}
