//! The packed format: what travels in `userOp.signature`.
//!
//! ```text
//! mode (1: 0x00 use, 0x01 enable) ‖ session ‖ for each execution the index of its permission
//!   ‖ [claimed time u48, iff the session has a periodic budget]
//!   ‖ [enable: u16 length ‖ owner signature] ‖ delegate signature
//! ```
//!
//! Every session has exactly one packed form for each choice of what it discloses: padding,
//! trailing bytes and overlong numbers are refused. The readers borrow; they never allocate, and
//! what they loop over is capped before the loop.

mod budget;
mod error;
mod operation;
mod permission;
mod reader;
mod session;
mod signature;
mod structure;

pub use budget::{PackedBudget, PackedBudgets};
pub use error::{DecodeError, Part};
pub use operation::{Mode, Operation};
pub use permission::{PackedPermission, PackedRule, PackedRules};
pub use reader::{Malformed, Reader};
pub use session::{Chains, DelegateKind, PackedSession, Paymaster, Permissions, Scratch};
pub use signature::DelegateSignature;
pub use structure::StructureError;

/// Most chains in one session.
pub const MAX_CHAINS: usize = 16;
/// Most permissions in one session.
pub const MAX_PERMISSIONS: usize = 64;
/// Most argument rules in one permission or signing scope.
pub const MAX_RULES: usize = 16;
/// Most budgets in one session.
pub const MAX_BUDGETS: usize = 16;
/// Most signing scopes in one session.
pub const MAX_SCOPES: usize = 16;
/// Most bytes of an owner's signature.
pub const MAX_OWNER_SIGNATURE: usize = 4096;
