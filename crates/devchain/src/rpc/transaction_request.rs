//! Transactions as requests describe them.

use alloy_eips::eip7702::SignedAuthorization;
use alloy_primitives::{Address, TxKind};
use alloy_rpc_types_eth::TransactionRequest;

use super::error::RpcError;
use crate::{Delegation, Transaction};

/// Most gas of a call: more only keeps the node busy.
pub(super) const GAS_CAP: u64 = 50_000_000;

/// The transaction that a request describes, without its prices.
pub(super) fn transaction(
    request: &TransactionRequest,
    chain_id: u64,
) -> Result<Transaction, RpcError> {
    let wrong = |reason: &str| RpcError::parameter(0, "transaction", reason);
    let data = request.input.clone();
    let data = data.try_into_unique_input().map_err(|_| wrong("data and input differ"))?;
    let data = data.unwrap_or_default();
    let from = request.from.unwrap_or(Address::ZERO);
    let transaction = match request.to {
        Some(TxKind::Call(to)) => Transaction::new(from, to).with_data(data),
        Some(TxKind::Create) | None => Transaction::create(from, data),
    };
    let access_list = request.access_list.iter().flat_map(|list| list.iter());
    let delegations = request.authorization_list.iter().flatten();
    Ok(transaction
        .with_value(request.value.unwrap_or_default())
        .with_gas_limit(request.gas.unwrap_or(GAS_CAP).min(GAS_CAP))
        .with_access_list(
            access_list.map(|item| (item.address, item.storage_keys.clone())).collect(),
        )
        .with_delegations(delegations.map(|signed| delegation(signed, chain_id)).collect()))
}

/// A signed delegation; one that isn't valid costs gas but does nothing.
pub(super) fn delegation(signed: &SignedAuthorization, chain_id: u64) -> Delegation {
    let is_ours = signed.chain_id.is_zero() || signed.chain_id.saturating_to::<u64>() == chain_id;
    let authority = signed.recover_authority().ok().filter(|_| is_ours);
    Delegation {
        authority: authority.unwrap_or_default(),
        delegate: signed.address,
        nonce: if authority.is_some() { signed.nonce } else { u64::MAX },
    }
}
