//! Transactions that change the chain, and those that are only filled in or signed.

use alloy_consensus::TypedTransaction;
use alloy_consensus::transaction::Recovered;
use alloy_eips::{BlockId, Encodable2718};
use alloy_primitives::{Address, Bytes, TxKind};
use alloy_rpc_types_eth::TransactionRequest;
use serde_json::{Value, json};

use super::backend::Backend;
use super::error::RpcError;
use super::estimate::enough_gas;
use super::params::Params;
use super::transaction_request::{GAS_CAP, transaction};
use super::{signed, view};
use crate::{DevChain, Transaction};

/// `eth_sendRawTransaction(bytes)`
pub(super) fn send_raw(backend: &Backend, params: &Params) -> Result<Value, RpcError> {
    let bytes: Bytes = params.required(0, "signed transaction")?;
    let signed = signed::decode(&bytes)
        .map_err(|reason| RpcError::parameter(0, "signed transaction", reason))?;
    backend.ledger().submit(signed).map(|hash| json!(hash))
}

/// `eth_sendTransaction(transaction)` for a dev account or an impersonated one. What it leaves open
/// is filled in.
pub(super) fn send(backend: &Backend, params: &Params) -> Result<Value, RpcError> {
    let wanted = Wanted::new(params)?;
    let mut ledger = backend.ledger();
    let chain = ledger.state(BlockId::pending())?;
    let transaction = wanted.fill(&chain)?;
    let sent = if backend.is_impersonated(wanted.from) {
        signed::unsigned(transaction, wanted.from)
    } else {
        wanted.sign(transaction)?
    };
    ledger.submit(sent).map(|hash| json!(hash))
}

/// `eth_signTransaction(transaction) → { raw, tx }` for a dev account.
pub(super) fn sign(backend: &Backend, params: &Params) -> Result<Value, RpcError> {
    let wanted = Wanted::new(params)?;
    let chain = backend.ledger().state(BlockId::pending())?;
    let signed = wanted.sign(wanted.fill(&chain)?)?;
    Ok(json!({
        "raw": Bytes::from(signed.inner().encoded_2718()),
        "tx": view::json(view::waiting(&signed))?,
    }))
}

/// `eth_fillTransaction(transaction) → { raw, tx }` for any sender. The signature is zero.
pub(super) fn fill(backend: &Backend, params: &Params) -> Result<Value, RpcError> {
    let wanted = Wanted::new(params)?;
    let chain = backend.ledger().state(BlockId::pending())?;
    let transaction = wanted.fill(&chain)?;
    let zero = alloy_primitives::Signature::new(
        alloy_primitives::U256::ZERO,
        alloy_primitives::U256::ZERO,
        false,
    );
    let filled = Recovered::new_unchecked(transaction.into_envelope(zero), wanted.from);
    Ok(json!({
        "raw": Bytes::from(filled.inner().encoded_2718()),
        "tx": view::json(view::waiting(&filled))?,
    }))
}

/// A transaction that a client describes.
struct Wanted {
    from: Address,
    request: TransactionRequest,
}

impl Wanted {
    fn new(params: &Params) -> Result<Self, RpcError> {
        let request: TransactionRequest = params.required(0, "transaction")?;
        let from = request.from.ok_or_else(|| wrong("from is missing"))?;
        Ok(Self { from, request })
    }

    /// The whole transaction, next in line at the end of a chain.
    fn fill(&self, chain: &DevChain) -> Result<TypedTransaction, RpcError> {
        let mut request = self.request.clone();
        request.nonce = request.nonce.or_else(|| Some(chain.nonce(self.from)));
        if request.gas.is_none() {
            let most = GAS_CAP.min(Transaction::DEFAULT_GAS_LIMIT);
            let attempt = transaction(&request, chain.chain_id())?.with_gas_limit(most);
            request.gas = Some(enough_gas(chain, &attempt)?);
        }
        typed(request, chain)
    }

    fn sign(
        &self,
        transaction: TypedTransaction,
    ) -> Result<Recovered<alloy_consensus::TxEnvelope>, RpcError> {
        signed::sign(transaction, self.from).ok_or_else(|| {
            wrong(
                "from is no dev account: sign it and send it raw, or call \
                 anvil_impersonateAccount first",
            )
        })
    }
}

/// The transaction of a request that names its nonce and gas; prices are filled in.
pub(super) fn typed(
    mut request: TransactionRequest,
    chain: &DevChain,
) -> Result<TypedTransaction, RpcError> {
    request.chain_id = request.chain_id.or(Some(chain.chain_id()));
    request.to = request.to.or(Some(TxKind::Create));
    if request.gas_price.is_none() {
        let fee = u128::from(chain.base_fee()).saturating_mul(2);
        request.max_fee_per_gas = request.max_fee_per_gas.or(Some(fee));
        request.max_priority_fee_per_gas = request.max_priority_fee_per_gas.or(Some(0));
    }
    let transaction = request.build_consensus_tx().map_err(|error| wrong(&error.error))?;
    if matches!(transaction, TypedTransaction::Eip4844(_)) {
        return Err(wrong("transaction type not supported: Arbitrum has no blobs"));
    }
    Ok(transaction)
}

fn wrong(reason: &str) -> RpcError {
    RpcError::parameter(0, "transaction", reason)
}
