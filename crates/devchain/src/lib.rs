#![doc = include_str!("../README.md")]
//!
//! # Where to look
//!
//! | | |
//! |---|---|
//! | [`DevChain`] | the chain: deploy, transact, call, activate, warp |
//! | [`Transaction`], [`Outcome`] | what goes in and what comes out; [`Frame`] for each frame |
//! | [`ArbOs`] | the rules of a version |
//! | [`program`] | packing and inspecting modules |
//! | [`recording`], [`replay`](mod@replay) | the recordings of a Nitro node, and running them again |

mod account_code;
mod arbos;
mod arbos_storage;
mod bytecode;
mod chain;
mod context;
#[cfg(feature = "deploy")]
pub mod deploy;
mod dev_account;
mod engine;
mod error;
mod evm;
mod expect;
#[cfg(feature = "fork")]
mod fork;
mod frame;
mod halt;
mod host;
mod hostio;
mod meter;
mod module;
mod outcome;
mod precompile;
pub mod program;
pub mod recording;
#[cfg(feature = "fork")]
mod remote;
pub mod replay;
#[cfg(feature = "rpc")]
pub mod rpc;
mod state;
mod trace;
mod transaction;
#[cfg_attr(
    not(feature = "js-tracer"),
    expect(dead_code, reason = "only tracers in JavaScript watch")
)]
mod watch;

pub use arbos::ArbOs;
pub use chain::{DETERMINISTIC_DEPLOYER, DevChain};
pub use dev_account::{DEV_ACCOUNTS, DevAccount};
pub use engine::Engine;
pub use error::{ActivationError, CacheError, DeployError, StylusError, TransactionError};
#[cfg(feature = "fork")]
pub use fork::{Fork, Forked};
pub use halt::HaltReason;
pub use outcome::{
    Frame, FrameKind, FrameTrace, HostioCall, HostioTotal, InkReport, Outcome, SlotAccess,
    SlotAccessKind, Status,
};
#[cfg(feature = "fork")]
pub use remote::ForkError;
pub use transaction::{Delegation, Transaction};
