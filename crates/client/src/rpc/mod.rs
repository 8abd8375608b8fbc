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
pub use module::{Listed, Module, Standing, Status};
pub use node::{Node, NodeError};
pub use owner_client::{Owner, revoke_digest};
pub use preflight::{Broken, Preflight};
pub use program::{ARB_WASM, ARB_WASM_CACHE, Activation, Program};
pub use session_client::{ActError, Acting, Prepared, account_kind};
