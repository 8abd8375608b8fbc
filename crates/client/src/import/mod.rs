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

mod asked;
mod budgets;
mod call_grant;
mod caveat;
mod delegation;
mod delegation_calls;
mod draft;
mod enforcer;
mod findings;
mod finish;
mod imported;
mod kernel;
mod kernel_entry;
mod kernel_policy;
mod range;
mod request;
mod smart_session;
mod smart_session_action;
mod smart_session_message;
mod smart_session_policy;
mod terms;

use serde_json::Value;

pub(crate) use asked::{Asked, read_asked};
pub use imported::{Comparison, ImportRefusal, Imported};
pub use terms::ImportTerms;

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
