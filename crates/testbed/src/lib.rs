//! Real EntryPoints and ERC-7579 accounts on the embedded chain, with the compiled module.
//!
//! The demo, the tests and the gas figures all use this [`TestBed`]. EntryPoints and account
//! libraries come from npm when it is set up; nothing of them is in this repository.

pub mod abi;
pub mod account;
pub mod direct;
pub mod entry_point;
pub mod fixtures;
pub mod game;
pub mod measure;
#[cfg(feature = "by-url")]
pub mod remote;
pub mod rows;
pub mod snapshot;
pub mod test_bed;

pub use account::{AccountKind, Call, OzAccount, SmartAccount};
pub use entry_point::{EntryPoint, OpOutcome, Verdict};
pub use game::GameSession;
pub use test_bed::{TestBed, TestBedError};
