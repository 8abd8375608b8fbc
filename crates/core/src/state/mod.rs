//! What is kept on chain, and where: one word for an account, one for each of its sessions.
//!
//! | slot | word, from the most significant byte, the rest zero |
//! |---|---|
//! | `keccak256(account ‖ keccak256("SmartSession.account"))` | flags u8 ‖ epoch u64 ‖ route length u8 ‖ route, up to 21 bytes |
//! | `S = keccak256(account ‖ sessionId)` | status u8 ‖ calls u32 ‖ fee u96 ‖ native u96 ‖ order nonce u24 |
//! | `S + 1 + i` | budget `i`: spent u128 ‖ period index u64 |
//!
//! The native budget of the whole session stands in the session's word.
//!
//! Preimages are two words, the account first: associated storage (ERC-7562 STO-021).

mod account;
mod budget;
mod module_types;
mod route;
mod session;
mod slot;

pub use account::AccountState;
pub use budget::BudgetState;
pub use module_types::ModuleTypes;
pub use route::Route;
pub use session::{SessionState, Status};
pub use slot::{account_slot, budget_slot, is_account_tag, session_slot};
