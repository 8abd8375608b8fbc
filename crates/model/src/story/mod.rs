//! Lives of sessions: owner, delegate and stranger do things at random over two accounts, and a
//! model that knows nothing but the history says after each what must have come of it.
//!
//! The same stories are told to every [`World`]: to the contract as it runs natively, and
//! compiled, behind real accounts and a real EntryPoint.

mod act;
mod drawn;
mod teller;
mod world;

pub use act::{Act, Call, Way, acts};
pub use teller::{Tally, tell};
pub use world::{Kept, Request, Signer, World};
