//! Real EntryPoints and ERC-7579 accounts with the compiled module, on the embedded chain or on one
//! behind a URL: a [`TestBed`] stands on a [`Backend`].
//!
//! The demo, the tests and the gas figures all use it. EntryPoints and account
//! libraries come from npm when it is set up; nothing of them is in this repository.

pub mod abi;
pub mod account;
pub mod backend;
pub mod direct;
pub mod entry_point;
pub mod error;
pub mod fixtures;
pub mod game;
pub mod measure;
#[cfg(feature = "by-url")]
pub mod remote;
pub mod rows;
pub mod snapshot;
pub mod test_bed;
pub mod units;

pub use account::{AccountKind, Call, OzAccount, SmartAccount};
pub use backend::Backend;
pub use entry_point::{EntryPoint, OpOutcome, Verdict};
pub use error::TestBedError;
pub use game::GameSession;
pub use test_bed::TestBed;
pub use units::ether;
