//! What asks nodes and bundlers, and sends to them: the crate's only part with a network.

mod bundler;
mod entry_point;
mod failure;
mod module;
mod node;
mod owner_client;
mod preflight;
mod program;
mod session_client;

pub use bundler::{Bundler, GasNeeds};
pub use entry_point::{ENTRY_POINT_V07, EntryPoint, Mined, UserOperation};
pub use failure::{Failure, failure, refusal_of};
pub use module::{EnabledSession, Module, SessionState, Status};
pub use node::{Node, NodeError};
pub use owner_client::{OwnerClient, revoke_digest};
pub use preflight::{Preflight, Violation};
pub use program::{ARB_WASM, ARB_WASM_CACHE, Activation, Program};
pub use session_client::{ActError, Prepared, SessionClient, account_kind};
