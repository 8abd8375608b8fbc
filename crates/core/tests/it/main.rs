//! The core against independent sources, and the contract run natively.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that fails may panic")]
#![allow(clippy::arithmetic_side_effects, reason = "a test that overflows may panic")]
#![allow(clippy::expect_used, reason = "a test that fails may panic")]

mod against_model;
mod any_session;
mod arguments;
mod contract;
mod executions;
mod module;
mod packed;
mod pair;
mod reading;
mod refused;
mod replay;
#[path = "../../../../tests/rules/native/mod.rs"]
mod rules;
mod signature_field;
mod stories;
mod unpacking;
mod vectors;
mod world;
