//! `debug_traceCall` and `debug_traceTransaction`.

mod call_tracer;
mod erc7562_tracer;
mod js;
mod opcodes;
mod prestate_tracer;

use std::sync::Arc;

use alloy_eips::BlockId;
use alloy_primitives::B256;
use alloy_rpc_types_eth::state::StateOverride;
use serde::Deserialize;
use serde_json::Value;

use self::js::TimeLimit;
use super::call::Scene;
use super::error::RpcError;
use super::node::Node;
use super::params::Params;
use crate::{DevChain, Outcome, Transaction};

/// What a tracer makes of it.
type Show = fn(&Traced<'_>, TracerConfig) -> Result<Value, RpcError>;

/// What is traced: a transaction on a state.
struct Traced<'t> {
    before: &'t DevChain,
    transaction: &'t Transaction,
    outcome: &'t Outcome,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Options {
    tracer: Option<String>,
    tracer_config: Option<Value>,
    state_overrides: Option<StateOverride>,
}

#[derive(Clone, Copy, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
#[expect(clippy::struct_excessive_bools, reason = "each is an option of a request")]
struct TracerConfig {
    only_top_call: bool,
    with_log: bool,
    diff_mode: bool,
    disable_code: bool,
    disable_storage: bool,
}

/// `debug_traceCall(transaction, block?, { tracer, tracerConfig?, stateOverrides? })`
pub(super) fn trace_call(node: &Node, params: &Params) -> Result<Value, RpcError> {
    let mut options: Options = params.optional(2, "options")?.unwrap_or_default();
    let scene = Scene::new(node, params, BlockId::latest())?
        .with_overrides(2, options.state_overrides.take())?;
    run(node, &scene.chain, scene.transaction, &options, 2)
}

/// `debug_traceTransaction(hash, { tracer, tracerConfig? })`
pub(super) fn trace_transaction(node: &Node, params: &Params) -> Result<Value, RpcError> {
    let hash: B256 = params.required(0, "transaction hash")?;
    let options: Options = params.optional(1, "options")?.unwrap_or_default();
    let (before, transaction, time) = {
        let ledger = node.ledger();
        let (block, mined) = ledger
            .transaction(hash)
            .ok_or_else(|| RpcError::Refused(format!("transaction {hash} not found")))?;
        let before = block.before.clone().ok_or_else(|| {
            RpcError::Refused("the state before the transaction is no longer kept".to_owned())
        })?;
        (before, mined.request.clone(), block.header.timestamp)
    };
    let mut before = before;
    if before.timestamp() != time {
        Arc::make_mut(&mut before).set_timestamp(time);
    }
    run(node, &before, transaction, &options, 1)
}

/// Whether it is a tracer's text and not its name.
fn is_source(tracer: &str) -> bool {
    !tracer.chars().all(|character| character.is_ascii_alphanumeric() || character == '_')
}

fn run(
    node: &Node,
    before: &Arc<DevChain>,
    transaction: Transaction,
    options: &Options,
    index: usize,
) -> Result<Value, RpcError> {
    let wrong = |reason: &str| RpcError::parameter(index, "options", reason);
    let name = options.tracer.as_deref();
    if let Some(source) = name.filter(|name| is_source(name)) {
        let limit = TimeLimit::new(node.trace_time());
        let config = options.tracer_config.as_ref();
        return js::trace(before, &transaction, source, config, limit);
    }
    let config = match &options.tracer_config {
        None => TracerConfig::default(),
        Some(config) => TracerConfig::deserialize(config)
            .map_err(|error| wrong(&format!("tracerConfig: {error}")))?,
    };
    let trace = |detailed: bool, show: Show| {
        let transaction = transaction.with_trace(detailed);
        let outcome = before.call(&transaction)?;
        show(&Traced { before, transaction: &transaction, outcome: &outcome }, config)
    };
    match name {
        Some("callTracer") if config.with_log => {
            Err(wrong("withLog is not supported here: the receipt has the logs"))
        }
        Some("callTracer") => trace(false, |traced, config| Ok(call_tracer::show(traced, config))),
        Some("prestateTracer") => trace(true, prestate_tracer::show),
        Some("erc7562Tracer") => trace(true, |traced, _| Ok(erc7562_tracer::show(traced))),
        Some(_) => Err(wrong(
            "there is no such tracer here, only callTracer, prestateTracer, erc7562Tracer and \
             objects in JavaScript",
        )),
        None => Err(wrong(
            "name a tracer: callTracer, prestateTracer or erc7562Tracer; steps are not logged here",
        )),
    }
}
