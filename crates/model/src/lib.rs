//! What a session means, said a second time: the oracle that the core is held against.
//!
//! Written from the design and not from the code, and on purpose naive. It owns everything, adds
//! in 512 bits, where nothing here can overflow, and keeps no counters: what was spent is summed
//! up over the [`History`] of all that was ever accepted, each time anew. It knows no type, no
//! constant and no function of the core.
//!
//! | question | answered by |
//! |---|---|
//! | what did the owner grant? | [`session`] |
//! | how does that travel? | [`packed`] |
//! | which EIP-712 hash is that? | [`eip712`] |
//! | what else is signed? | [`signed`] |
//! | may it ever be enabled? | [`structure`] |
//! | what does the delegate ask for? | [`operation`] |
//! | what became of all before? | [`history`] |
//! | is it allowed? | [`judge()`] |
//! | arbitrary sessions and operations | [`strategy`] |
//! | lives of sessions, told by random actors | [`story`] |
#![allow(clippy::arithmetic_side_effects, reason = "512 bits hold every sum of a test")]
#![allow(clippy::indexing_slicing, reason = "an oracle that panics fails the test that asks it")]

pub mod eip712;
pub mod history;
pub mod judge;
pub mod operation;
pub mod packed;
pub mod period;
pub mod place;
pub mod refusal;
pub mod session;
pub mod signed;
pub mod story;
pub mod strategy;
pub mod structure;

pub use history::History;
pub use judge::judge;
pub use operation::{Execution, Gas, Operation};
pub use period::Window;
pub use place::Place;
pub use refusal::Refusal;
pub use session::{Budget, Chain, Permission, Rule, Scope, Session};
