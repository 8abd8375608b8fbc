//! The module's rules without a chain: one session and one operation that are allowed, and for each
//! test one thing about them changed.
//!
//! They are tests of the core, `cargo test -p smart-session-core --test it rules::budget`, and stand
//! here beside what the compiled contract does by the same rule.

mod account;
mod arguments;
mod budget;
mod calls;
mod chain;
mod delegate;
mod disclosure;
mod encoding;
mod epoch;
mod execution;
mod fee;
mod paymaster;
mod period;
mod selector;
mod target;
mod token;
mod value;
