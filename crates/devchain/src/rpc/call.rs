//! Calls that leave no trace on the chain.

use std::sync::Arc;

use alloy_eips::BlockId;
use alloy_primitives::U256;
use alloy_rpc_types_eth::TransactionRequest;
use alloy_rpc_types_eth::state::StateOverride;
use serde_json::{Value, json};

use super::backend::Backend;
use super::error::RpcError;
use super::params::Params;
use super::transaction_request::transaction;
use super::{overrides, signed};
use crate::{DevChain, Transaction};

/// A call and the state it is to run on.
#[derive(Debug)]
pub(super) struct RequestedCall {
    pub(super) chain: Arc<DevChain>,
    pub(super) transaction: Transaction,
    /// The most that the caller would pay for a unit of gas, if the request says.
    offer: Option<u128>,
}

impl RequestedCall {
    /// The call in the first two parameters, without overrides.
    pub(super) fn new(
        backend: &Backend,
        params: &Params,
        default: BlockId,
    ) -> Result<Self, RpcError> {
        let request: TransactionRequest = params.required(0, "transaction")?;
        let block = params.optional(1, "block")?.unwrap_or(default);
        let chain = backend.ledger().state(block)?;
        let transaction = transaction(&request, chain.chain_id())?;
        let offer = request.max_fee_per_gas.or(request.gas_price).filter(|price| *price > 0);
        Ok(Self { chain, transaction, offer })
    }

    /// The same with the overrides in the third and fourth parameter.
    pub(super) fn with_overrides(self, params: &Params) -> Result<Self, RpcError> {
        let state = params.optional(2, "state overrides")?;
        let block = params.optional(3, "block overrides")?;
        self.with(
            state,
            |reason| RpcError::parameter(2, "state overrides", reason),
            block,
            |reason| RpcError::parameter(3, "block overrides", reason),
        )
    }

    /// The same on another state and in another block.
    pub(super) fn with(
        mut self,
        state: Option<StateOverride>,
        wrong_state: impl FnOnce(String) -> RpcError,
        block: Option<Value>,
        wrong_block: impl FnOnce(String) -> RpcError,
    ) -> Result<Self, RpcError> {
        if let Some(block) = block {
            let chain = Arc::make_mut(&mut self.chain);
            overrides::block(&block)
                .and_then(|block| overrides::apply_block(chain, block))
                .map_err(wrong_block)?;
        }
        if let Some(state) = state.filter(|state| !state.is_empty()) {
            let chain = Arc::make_mut(&mut self.chain);
            overrides::apply(chain, state).map_err(wrong_state)?;
        }
        Ok(self)
    }

    /// The same at a price as a node has it for calls.
    ///
    /// Without a price the gas is free, and contracts see 0 as base fee and as price. With one it is
    /// paid for at the base fee, as all gas is on Arbitrum, and who cannot is refused.
    pub(super) fn at_its_price(mut self) -> Result<Self, RpcError> {
        let Some(offer) = self.offer else {
            self.transaction = self.transaction.with_gas_price(0);
            return Ok(self);
        };
        let (from, base_fee) = (self.transaction.from, u128::from(self.chain.base_fee()));
        signed::check_price(from, offer, base_fee)?;
        let limit = self.transaction.gas_limit;
        signed::check_funds(&self.chain, from, limit, offer, self.transaction.value)?;
        self.transaction = self.transaction.with_gas_price(base_fee);
        Ok(self)
    }

    /// The same with no more gas than the sender can pay for, if the request names a price.
    pub(super) fn within_means(mut self) -> Result<Self, RpcError> {
        let Some(offer) = self.offer else { return Ok(self) };
        let (from, value) = (self.transaction.from, self.transaction.value);
        signed::check_funds(&self.chain, from, 0, offer, value)?;
        let rest = self.chain.balance(from).saturating_sub(value);
        let gas = rest.checked_div(U256::from(offer)).unwrap_or(U256::MAX);
        let limit = self.transaction.gas_limit.min(gas.saturating_to());
        self.transaction = self.transaction.with_gas_limit(limit);
        Ok(self)
    }
}

/// `eth_call(transaction, block?, state overrides?, block overrides?)`
pub(super) fn call(backend: &Backend, params: &Params) -> Result<Value, RpcError> {
    let call = RequestedCall::new(backend, params, BlockId::latest())?;
    let call = call.with_overrides(params)?.at_its_price()?;
    let outcome = call.chain.call(&call.transaction)?;
    RpcError::of(&call.chain, &outcome)?;
    Ok(json!(outcome.output))
}
