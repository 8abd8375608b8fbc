//! An Arbitrum chain with Stylus inside a process.
//!
//! revm runs the EVM, wasmi runs Stylus programs, and gas is counted as a Nitro node counts it.

mod arbos;
mod chain;
mod dev_account;
mod error;
mod evm;
mod host;
mod meter;
mod outcome;
mod precompile;
pub mod program;
mod program_frame;
pub mod recording;
pub mod replay;
mod trace;
mod transaction;

pub use arbos::ArbOs;
pub use chain::{DETERMINISTIC_DEPLOYER, DevChain};
pub use dev_account::{DEV_ACCOUNTS, DevAccount};
pub use error::{ActivationError, CacheError, DeployError, TransactionError};
pub use outcome::{
    Frame, FrameKind, FrameTrace, HaltReason, HostioCall, HostioTotal, InkReport, Outcome,
    SlotAccess, SlotAccessKind, Status,
};
pub use transaction::{Delegation, Transaction};
