//! What a tracer is given: the transaction that ran, and what the client asks for.

use serde::Deserialize;

use crate::{DevChain, Outcome, Transaction};

/// What is traced: a transaction on a state.
pub(super) struct Traced<'t> {
    pub(super) before: &'t DevChain,
    pub(super) transaction: &'t Transaction,
    pub(super) outcome: &'t Outcome,
}

/// What a client asks of a tracer by name.
#[derive(Clone, Copy, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
#[expect(clippy::struct_excessive_bools, reason = "each is an option of a request")]
pub(super) struct TracerConfig {
    pub(super) only_top_call: bool,
    pub(super) with_log: bool,
    pub(super) diff_mode: bool,
    pub(super) disable_code: bool,
    pub(super) disable_storage: bool,
}
