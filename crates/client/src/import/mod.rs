//! Sessions of other systems, as sessions of this one.
//!
//! | source | as JSON |
//! |---|---|
//! | SmartSession v1 | `Session` of `@rhinestone/module-sdk` 0.4 |
//! | Kernel permissions | `{ "enableData": … }`, of `@zerodev/permissions` 5 |
//! | `MetaMask` delegations | a delegation of `@metamask/smart-accounts-kit` |
//! | ERC-7715 | one request of `wallet_requestExecutionPermissions` |
//!
//! Nothing is rounded towards more power: what has no exact equal becomes narrower, and a
//! [`Comparison`] says so, or is refused, everything at once. The conversions are those of the
//! TypeScript package: both give what `tests/vectors/from.json` says.

mod budgets;
mod call_grant;
mod caveat;
mod delegation;
mod delegation_calls;
mod draft;
mod enforcer;
mod findings;
mod finish;
mod kernel;
mod kernel_policy;
mod range;
mod request;
mod smart_session;
mod smart_session_action;
mod smart_session_message;
mod smart_session_policy;

pub(crate) use findings::{read_whole, tell};

use alloy_primitives::{Address, U256};
use serde_json::Value;
use smart_session_core::packed::Paymaster;
use smart_session_core::session::Session;

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

/// One thing that the source says, and what the session says instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// Where it stands in the input.
    pub path: String,
    /// What the source permits, in words.
    pub source: String,
    /// What the session permits, in words.
    pub session: String,
    /// Whether the session permits less; otherwise it permits the same, never more.
    pub is_narrower: bool,
}

/// One thing that the source says and no session can.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportRefusal {
    /// Where it stands in the input; `terms.` for what the client said.
    pub path: String,
    /// What it means, in words.
    pub meaning: String,
    /// What to do instead.
    pub remedy: String,
}

/// What comes of an import.
#[derive(Clone, Debug)]
pub struct Imported {
    /// What changes.
    pub comparisons: Vec<Comparison>,
    /// The session, or everything that stands against it.
    pub outcome: Result<Session, Vec<ImportRefusal>>,
}

/// Whose session a document holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SourceSystem {
    /// SmartSession v1.
    SmartSession,
    /// Kernel 3, a permission.
    KernelPermission,
    /// `MetaMask`'s delegation framework.
    Delegation,
    /// ERC-7715, one request.
    PermissionRequest,
}

impl SourceSystem {
    /// Tells whose session a document holds, by the fields that only this system has.
    pub fn of(document: &Value) -> Option<Self> {
        let by_field = [
            ("sessionValidator", Self::SmartSession),
            ("enableData", Self::KernelPermission),
            ("delegator", Self::Delegation),
            ("permission", Self::PermissionRequest),
        ];
        by_field.into_iter().find(|(field, _)| document.get(field).is_some()).map(|(_, it)| it)
    }

    /// Returns the system's name in words.
    pub const fn name(self) -> &'static str {
        match self {
            Self::SmartSession => "SmartSession v1",
            Self::KernelPermission => "Kernel permissions",
            Self::Delegation => "MetaMask delegations",
            Self::PermissionRequest => "ERC-7715",
        }
    }

    /// Returns the session that says what a document of this system says.
    pub fn import(self, document: &Value, terms: &ImportTerms) -> Imported {
        match self {
            Self::SmartSession => smart_session::import(document, terms),
            Self::KernelPermission => kernel::import(document, terms),
            Self::Delegation => delegation::import(document, terms),
            Self::PermissionRequest => request::import(document, terms),
        }
    }
}
