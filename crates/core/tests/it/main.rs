//! The packed format and the execution decoder, against independent sources.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that fails may panic")]
#![allow(clippy::arithmetic_side_effects, reason = "a test that overflows may panic")]
#![allow(clippy::expect_used, reason = "a test that fails may panic")]

mod against_model;
mod any_session;
mod arguments;
mod executions;
mod packed;
mod pair;
mod refused;
mod replay;
mod shell;
mod signature_field;
mod stories;
mod vectors;
