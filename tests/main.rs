//! The compiled module on the embedded chain, with a real EntryPoint and real accounts.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that fails may panic")]
#![allow(clippy::arithmetic_side_effects, reason = "a test that overflows may panic")]

mod accounts;
mod attacks;
mod conformance;
mod direct_world;
mod page_holder;
mod random;
mod rules;
mod setup;
mod stories;
