//! What asks nodes and bundlers, and sends to them: the crate's only part with a network.

mod account_word;
mod await_operation;
mod bundler;
mod clock;
mod enabled;
mod entry_point;
mod error;
mod estimate;
mod facts;
mod failure;
mod fees;
mod hook;
mod leave;
mod logs;
mod module;
mod node;
mod owner_client;
mod preflight;
mod program;
mod session_client;
mod transaction;

pub use bundler::Bundler;
pub use clock::{ClockSource, Clocks};
pub use entry_point::{EntryPoint, Mined};
pub use error::{Awaited, NodeError};
pub use estimate::GasNeeds;
pub use facts::owner_accepts;
pub use failure::{Failure, failure, refusal_of};
pub use fees::{DEFAULT_MAX_FEE, FeeTerms, GasPrice};
pub use hook::validator_hook;
pub use module::{EnabledSession, Module, SessionState, Status};
pub use node::Node;
pub use owner_client::{OwnerClient, revoke_digest};
pub use preflight::{Preflight, Violation};
pub use program::{ARB_WASM, ARB_WASM_CACHE, Activation, Program};
pub use session_client::{ActError, Prepared, SessionClient, account_kind};
