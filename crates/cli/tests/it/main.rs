//! The `session` command on a chain served over HTTP.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod accounts;
mod base;
mod bundler;
mod documents;
mod double;
mod errors;
mod first_second;
mod first_steps;
mod forks;
mod hashes;
mod imports;
mod leaving;
mod lying_bundler;
mod lying_node;
mod lying_orders;
mod newcomer;
mod offline;
mod operator;
mod orders;
mod passkey;
mod relays;
mod requests;
mod seen;
mod templates;
mod token_units;
mod trust;
mod vocabulary;
mod world;
