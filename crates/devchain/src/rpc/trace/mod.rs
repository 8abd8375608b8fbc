//! `debug_traceCall` and `debug_traceTransaction`.

mod call_tracer;
mod erc7562_tracer;
#[cfg(feature = "js-tracer")]
mod js;
mod opcodes;
mod prestate_tracer;
mod stylus_tracer;
mod traced;

use std::sync::Arc;

use alloy_eips::{BlockId, BlockNumberOrTag};
use alloy_primitives::B256;
use alloy_rpc_types_eth::state::StateOverride;
use serde::Deserialize;
use serde_json::{Value, json};

use super::backend::Backend;
use super::block::Mined;
use super::call::RequestedCall;
use super::error::RpcError;
use super::params::Params;
use crate::{DevChain, Transaction};
use traced::{Traced, TracerConfig};

/// What a tracer makes of it.
type Show = fn(&Traced<'_>, TracerConfig) -> Result<Value, RpcError>;

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Options {
    tracer: Option<String>,
    tracer_config: Option<Value>,
    state_overrides: Option<StateOverride>,
    block_overrides: Option<Value>,
}

/// `debug_traceCall(transaction, block?, { tracer, tracerConfig?, stateOverrides?,
/// blockOverrides? })`
pub(super) fn trace_call(backend: &Backend, params: &Params) -> Result<Value, RpcError> {
    let mut options: Options = params.optional(2, "options")?.unwrap_or_default();
    let (state, block) = (options.state_overrides.take(), options.block_overrides.take());
    let wrong =
        |what: &str, reason: String| RpcError::parameter(2, "options", format!("{what}: {reason}"));
    let call = RequestedCall::new(backend, params, BlockId::latest())?.with(
        state,
        |reason| wrong("stateOverrides", reason),
        block,
        |reason| wrong("blockOverrides", reason),
    )?;
    let call = call.at_its_price()?;
    run(backend, &call.chain, call.transaction, &options, 2)
}

/// `debug_traceTransaction(hash, { tracer, tracerConfig? })`
pub(super) fn trace_transaction(backend: &Backend, params: &Params) -> Result<Value, RpcError> {
    let hash: B256 = params.required(0, "transaction hash")?;
    let options: Options = params.optional(1, "options")?.unwrap_or_default();
    trace_mined(backend, hash, &options)
}

fn trace_mined(backend: &Backend, hash: B256, options: &Options) -> Result<Value, RpcError> {
    let (before, transaction, time) = {
        let ledger = backend.ledger();
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
    run(backend, &before, transaction, options, 1)
}

/// `debug_traceBlockByNumber(block, { tracer, tracerConfig? })`
pub(super) fn trace_block_by_number(backend: &Backend, params: &Params) -> Result<Value, RpcError> {
    let number: BlockNumberOrTag = params.required(0, "block")?;
    trace_block(backend, BlockId::Number(number), params)
}

/// `debug_traceBlockByHash(hash, { tracer, tracerConfig? })`
pub(super) fn trace_block_by_hash(backend: &Backend, params: &Params) -> Result<Value, RpcError> {
    let hash: B256 = params.required(0, "block hash")?;
    trace_block(backend, BlockId::from(hash), params)
}

fn trace_block(backend: &Backend, id: BlockId, params: &Params) -> Result<Value, RpcError> {
    let options: Options = params.optional(1, "options")?.unwrap_or_default();
    let hash = {
        let ledger = backend.ledger();
        let block = ledger.block_at(id)?;
        let block = block.ok_or_else(|| RpcError::Refused(format!("header not found: {id}")))?;
        block.mined.as_ref().map(Mined::hash)
    };
    let Some(hash) = hash else { return Ok(Value::Array(Vec::new())) };
    let result = trace_mined(backend, hash, &options)?;
    Ok(json!([{ "txHash": hash, "result": result }]))
}

/// Whether it is a tracer's text and not its name.
fn is_source(tracer: &str) -> bool {
    !tracer.chars().all(|character| character.is_ascii_alphanumeric() || character == '_')
}

#[cfg(feature = "js-tracer")]
fn js_trace(
    backend: &Backend,
    before: &Arc<DevChain>,
    transaction: &Transaction,
    source: &str,
    options: &Options,
) -> Result<Value, RpcError> {
    let limit = js::TimeLimit::new(backend.trace_time());
    js::trace(before, transaction, source, options.tracer_config.as_ref(), limit)
}

#[cfg(not(feature = "js-tracer"))]
fn js_trace(
    _: &Backend,
    _: &Arc<DevChain>,
    _: &Transaction,
    _: &str,
    _: &Options,
) -> Result<Value, RpcError> {
    let reason = "this node was built without tracers in JavaScript (feature js-tracer)";
    Err(RpcError::Refused(reason.to_owned()))
}

fn run(
    backend: &Backend,
    before: &Arc<DevChain>,
    transaction: Transaction,
    options: &Options,
    index: usize,
) -> Result<Value, RpcError> {
    let wrong = |reason: &str| RpcError::parameter(index, "options", reason);
    let name = options.tracer.as_deref();
    let _pass = backend.begin_trace();
    if let Some(source) = name.filter(|name| is_source(name)) {
        return js_trace(backend, before, &transaction, source, options);
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
        Some("stylusTracer") => trace(true, |traced, _| Ok(stylus_tracer::show(traced))),
        Some("erc7562Tracer") => trace(true, |traced, _| Ok(erc7562_tracer::show(traced))),
        Some(_) => Err(wrong(
            "there is no such tracer here, only callTracer, prestateTracer, erc7562Tracer, \
             stylusTracer and objects in JavaScript",
        )),
        None => Err(wrong(
            "name a tracer: callTracer, prestateTracer, erc7562Tracer or stylusTracer; steps are not \
             logged here",
        )),
    }
}
