//! The packed format: what travels in `userOp.signature`.
//!
//! ```text
//! mode (1: 0x00 use, 0x01 enable) ‖ session ‖ for each execution the index of its permission
//!   ‖ [claimed time u48, iff the session has a periodic budget]
//!   ‖ [enable: u16 length ‖ owner signature] ‖ delegate signature
//! ```
//!
//! Every session has exactly one packed form for each choice of what it discloses: padding,
//! trailing bytes and overlong numbers are refused. What is read are the words of the EIP-712
//! structs, so that hashing them and looking at them needs no second form. Nothing is allocated,
//! and what is looped over is capped before the loop.

mod delegate_kind;
mod entries;
mod entry;
mod kind;
mod layout;
mod list;
mod message;
mod operation;
mod order;
mod paymaster;
mod reader;
mod session;
mod signature;

pub use delegate_kind::DelegateKind;
pub use entry::Entry;
pub use list::List;
pub use message::Message;
pub use operation::{Mode, Operation};
pub use order::Order;
pub use paymaster::Paymaster;
pub use reader::Reader;
pub use session::{Memory, PackedSession, Scratch};
pub use signature::DelegateSignature;

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
