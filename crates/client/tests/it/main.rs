//! Sessions as people write, sign and hand them over.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]
#![allow(clippy::arithmetic_side_effects, reason = "a test fails by panicking")]

mod any_grant;
mod checks;
mod errors;
mod files;
mod grants;
mod imports;
mod orders;
mod permissions;
mod plans;
mod reasons;
mod requests;
mod rules;
mod templates;
mod texts;
mod typed_data;
mod warnings;
