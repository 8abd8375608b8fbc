//! The rules of smart sessions: formats, hashes, policies, verdict.
//!
//! A **session** is a temporary, limited permission slip that the owner of an ERC-7579 account
//! signs. This crate decides what a session means and whether a user operation stays within it.
//! It has no storage, no host and no clock; the [`Environment`] hashes and is told of refusals.
//! Nothing on the validation path allocates or panics, whatever bytes arrive.
//!
//! | question | answered by |
//! |---|---|
//! | what does the account run? | [`execution`] |
//! | what did the owner sign, packed in `userOp.signature`? | [`packed`] |
//! | which EIP-712 hash is that? | [`eip712`] |
//! | does the operation stay within the session? | [`policy`] |
//! | what does Kernel make of a message? | [`kernel`] |
//! | why is something refused? | [`refusal`] |
//! | what is kept on chain, and where? | [`state`] |
//! | when may a session act? | [`window`] |
//! | what is told to the `EntryPoint`? | [`verdict`] |
//!
//! Off chain (feature `std`), [`session`] has the owned types and the encoder.
#![no_std]

#[cfg(feature = "alloc")]
extern crate alloc;
#[cfg(feature = "std")]
extern crate std;

pub mod abi;
pub mod calldata;
pub mod eip712;
pub mod environment;
pub mod execution;
pub mod kernel;
#[cfg(feature = "std")]
mod off_chain;
pub mod packed;
pub mod place;
pub mod policy;
pub mod refusal;
#[cfg(feature = "alloc")]
pub mod session;
pub mod state;
pub mod user_op;
pub mod verdict;
pub mod window;
pub mod word;

pub use environment::Environment;
#[cfg(feature = "std")]
pub use off_chain::OffChain;
pub use refusal::Refused;
