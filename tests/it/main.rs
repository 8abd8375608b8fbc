//! The compiled module on the embedded chain, with a real EntryPoint and real accounts.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that fails may panic")]
#![allow(clippy::arithmetic_side_effects, reason = "a test that overflows may panic")]

mod abi;
mod accounts;
mod attacks;
mod bad_input;
mod direct;
mod direct_limits;
mod documents;
mod enable;
mod erc7562;
mod gas;
mod gas_starvation;
mod keys;
mod life_cycle;
mod page_holder;
mod policies;
mod random;
mod refusals;
mod relays;
mod scene;
mod signing;
mod stories;
mod usage;
mod view;
