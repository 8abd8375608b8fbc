//! `eth_simulateV1`: blocks that might be.

use alloy_consensus::TxEnvelope;
use alloy_consensus::transaction::Recovered;
use alloy_eips::BlockId;
use alloy_primitives::{Address, B256};
use alloy_rpc_types_eth::TransactionRequest;
use alloy_rpc_types_eth::state::StateOverride;
use serde::Deserialize;
use serde_json::{Value, json};

use super::backend::Backend;
use super::block::Block;
use super::error::RpcError;
use super::params::Params;
use super::transaction_request::{GAS_CAP, transaction};
use super::view::{self, quantity};
use super::{overrides, send, signed};
use crate::program::RecentPrograms;
use crate::{DevChain, Outcome};

/// Most blocks of one simulation.
const MOST_BLOCKS: usize = 256;
/// Most calls of one simulation.
const MOST_CALLS: usize = 1_000;
/// Seconds from one block to the next, if nothing else is said.
const BLOCK_TIME: u64 = 1;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Payload {
    block_state_calls: Vec<SimulatedBlock>,
    #[serde(default)]
    trace_transfers: bool,
    #[serde(default)]
    validation: bool,
    #[serde(default)]
    return_full_transactions: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct SimulatedBlock {
    block_overrides: Option<Value>,
    state_overrides: Option<StateOverride>,
    #[serde(default)]
    calls: Vec<TransactionRequest>,
}

/// `eth_simulateV1({ blockStateCalls, validation?, returnFullTransactions? }, block?)`
///
/// Every block is one second after the one before it and has the next number, unless overridden.
/// Without `validation` gas is free, contracts see 0 as base fee and price, and nonces are not
/// compared. All calls together may use
/// 50 million gas.
pub(super) fn simulate(backend: &Backend, params: &Params) -> Result<Value, RpcError> {
    let payload: Payload = params.required(0, "simulation")?;
    let block = params.optional(1, "block")?.unwrap_or(BlockId::latest());
    let wrong = |reason: String| RpcError::parameter(0, "simulation", reason);
    let calls: usize = payload.block_state_calls.iter().map(|block| block.calls.len()).sum();
    if payload.block_state_calls.len() > MOST_BLOCKS || calls > MOST_CALLS {
        let reason = format!("at most {MOST_BLOCKS} blocks and {MOST_CALLS} calls");
        return Err(wrong(reason));
    }
    if payload.trace_transfers {
        return Err(wrong(
            "traceTransfers is not supported here: debug_traceCall with callTracer shows transfers"
                .to_owned(),
        ));
    }
    let (chain, parent) = {
        let ledger = backend.ledger();
        let parent = ledger.block_at(block)?.map(Block::hash).unwrap_or_default();
        (ledger.state(block)?, parent)
    };
    let mut simulation = Simulation {
        chain: DevChain::clone(&chain),
        parent,
        gas_left: GAS_CAP,
        validates: payload.validation,
    };
    let blocks = payload.block_state_calls.into_iter().enumerate().map(|(index, block)| {
        let at = |reason: String| wrong(format!("blockStateCalls[{index}]: {reason}"));
        simulation.block(block, payload.return_full_transactions, at)
    });
    blocks.collect::<Result<Vec<_>, _>>().map(Value::Array)
}

/// A chain that grows by simulated blocks.
struct Simulation {
    chain: DevChain,
    parent: B256,
    gas_left: u64,
    validates: bool,
}

/// A call with what it is as a transaction.
struct Called {
    transaction: Recovered<TxEnvelope>,
    outcome: Outcome,
    /// What went wrong, if something did.
    error: Option<RpcError>,
}

impl Simulation {
    fn block(
        &mut self,
        block: SimulatedBlock,
        full: bool,
        wrong: impl Fn(String) -> RpcError,
    ) -> Result<Value, RpcError> {
        let (number, time) = (self.chain.block_number(), self.chain.timestamp());
        self.chain.set_timestamp(time.saturating_add(BLOCK_TIME));
        if let Some(changes) = block.block_overrides {
            overrides::block(&changes)
                .and_then(|changes| overrides::apply_block(&mut self.chain, changes))
                .map_err(|reason| wrong(format!("blockOverrides: {reason}")))?;
        }
        if self.chain.block_number() < number {
            return Err(wrong(format!("its number is not above the parent's, {number}")));
        }
        if self.chain.timestamp() <= time {
            return Err(wrong(format!("its time is not after the parent's, {time}")));
        }
        if let Some(changes) = block.state_overrides {
            overrides::apply(&mut self.chain, changes)
                .map_err(|reason| wrong(format!("stateOverrides: {reason}")))?;
        }
        let mut recent = RecentPrograms::default();
        let mut called = Vec::new();
        for (index, request) in block.calls.into_iter().enumerate() {
            let call = self.call(request, &mut recent).map_err(|error| match error {
                RpcError::Parameter { reason, .. } => wrong(format!("calls[{index}]: {reason}")),
                other => other,
            })?;
            called.push(call);
        }
        self.chain.mine_empty();
        self.show(&called, full)
    }

    fn call(
        &mut self,
        mut request: TransactionRequest,
        recent: &mut RecentPrograms,
    ) -> Result<Called, RpcError> {
        let from = request.from.unwrap_or(Address::ZERO);
        let nonce = self.chain.nonce(from);
        if self.validates && request.nonce.is_some_and(|wanted| wanted != nonce) {
            let wanted = request.nonce.unwrap_or_default();
            let what = if wanted < nonce { "low" } else { "high" };
            return Err(RpcError::Refused(format!(
                "nonce too {what}: address {from}, tx: {wanted} state: {nonce}"
            )));
        }
        let gas = request.gas.unwrap_or(self.gas_left).min(self.gas_left);
        request.gas = Some(gas);
        request.nonce = Some(request.nonce.unwrap_or(nonce));
        let mut run = transaction(&request, self.chain.chain_id())?.with_gas_limit(gas);
        let transaction = signed::unsigned(send::typed(request, &self.chain)?, from);
        if self.validates {
            signed::check(&self.chain, &transaction)?;
            run = run.with_gas_price(u128::from(self.chain.base_fee()));
        }
        if !self.validates {
            run = run.with_gas_price(0);
        }
        let before = self.chain.clone();
        let outcome = self.chain.apply_at_any_price(&run, recent)?;
        self.gas_left = self.gas_left.saturating_sub(outcome.gas_used);
        let error = RpcError::of(&before, &outcome).err();
        Ok(Called { transaction, outcome, error })
    }

    fn show(&mut self, called: &[Called], full: bool) -> Result<Value, RpcError> {
        let mined = called.iter().map(|call| (call.transaction.inner(), &call.outcome));
        let block = Block::simulated(&self.chain, self.parent, mined);
        self.parent = block.hash();
        let (mut calls, mut transactions) = (Vec::new(), Vec::new());
        let mut logs_before = 0_u64;
        for (index, call) in (0_u64..).zip(called) {
            let hash = *call.transaction.inner().tx_hash();
            let transaction = view::in_block(&call.transaction, &block, index);
            let numbered = (logs_before..).zip(&call.outcome.logs);
            let logs: Vec<_> = numbered
                .map(|(at, log)| view::log_in_block(log, &block, hash, index, at))
                .collect();
            logs_before =
                logs_before.saturating_add(call.outcome.logs.len().try_into().unwrap_or(0));
            let mut result = json!({
                "returnData": call.outcome.output,
                "logs": view::json(logs)?,
                "gasUsed": quantity(call.outcome.gas_used),
                "status": quantity(call.outcome.is_success().into()),
            });
            if let (Some(error), Some(fields)) = (&call.error, result.as_object_mut()) {
                fields.insert("error".to_owned(), error.to_json());
            }
            calls.push(result);
            transactions.push(if full { view::json(transaction)? } else { json!(hash) });
        }
        let mut shown = block.to_json(false)?;
        if let Some(fields) = shown.as_object_mut() {
            fields.insert("transactions".to_owned(), Value::Array(transactions));
            fields.insert("calls".to_owned(), Value::Array(calls));
        }
        Ok(shown)
    }
}
