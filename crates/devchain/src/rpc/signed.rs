//! Signed transactions, and those that a node takes without a signature.

use alloy_consensus::transaction::{Recovered, SignerRecoverable};
use alloy_consensus::{SignableTransaction, Transaction as _, TxEnvelope, TypedTransaction};
use alloy_eips::Decodable2718;
use alloy_primitives::{Address, Signature, TxKind, U256};

use super::dev_signature;
use super::error::RpcError;
use super::transaction_request::delegation;
use crate::{DevChain, Transaction};

/// Decodes a transaction and recovers who signed it.
pub(super) fn decode(bytes: &[u8]) -> Result<Recovered<TxEnvelope>, String> {
    let envelope = TxEnvelope::decode_2718_exact(bytes)
        .map_err(|error| format!("it is no signed transaction: {error}"))?;
    if envelope.is_eip4844() {
        return Err("transaction type not supported: Arbitrum has no blobs".to_owned());
    }
    let signer = envelope.recover_signer().map_err(|error| format!("invalid sender: {error}"))?;
    Ok(Recovered::new_unchecked(envelope, signer))
}

/// Signs for a dev account; `None` if it is none.
pub(super) fn sign(
    transaction: TypedTransaction,
    account: Address,
) -> Option<Recovered<TxEnvelope>> {
    let signature = dev_signature::sign(account, transaction.signature_hash())?;
    Some(Recovered::new_unchecked(transaction.into_envelope(signature), account))
}

/// A transaction of an account whose key the node does not have.
///
/// In the place of the signature stands the sender, so that equal transactions of two senders have
/// different hashes.
pub(super) fn unsigned(transaction: TypedTransaction, account: Address) -> Recovered<TxEnvelope> {
    let sender = U256::from_be_slice(account.as_slice());
    let stand_in = Signature::new(sender, U256::ONE, false);
    Recovered::new_unchecked(transaction.into_envelope(stand_in), account)
}

/// Checks what does not depend on the sender's state.
pub(super) fn check(chain: &DevChain, signed: &Recovered<TxEnvelope>) -> Result<(), RpcError> {
    let (from, transaction) = (signed.signer(), signed.inner());
    let refuse = |reason: String| Err(RpcError::Refused(reason));
    if let Some(id) = transaction.chain_id()
        && id != chain.chain_id()
    {
        let ours = chain.chain_id();
        return refuse(format!("invalid chain id for signer: have {id} want {ours}"));
    }
    let price = transaction.max_fee_per_gas();
    check_price(from, price, chain.base_fee().into())?;
    if let Some(tip) = transaction.max_priority_fee_per_gas()
        && tip > price
    {
        return refuse(format!(
            "max priority fee per gas higher than max fee per gas: address {from}, \
             maxPriorityFeePerGas: {tip}, maxFeePerGas: {price}"
        ));
    }
    Ok(())
}

/// Checks that a price is no less than the base fee.
pub(super) fn check_price(from: Address, price: u128, base_fee: u128) -> Result<(), RpcError> {
    if price >= base_fee {
        return Ok(());
    }
    Err(RpcError::Refused(format!(
        "max fee per gas less than block base fee: address {from}, maxFeePerGas: {price}, baseFee: \
         {base_fee}"
    )))
}

/// Checks that an account has what it offers for all the gas, and the value.
pub(super) fn check_funds(
    chain: &DevChain,
    from: Address,
    gas_limit: u64,
    price: u128,
    value: U256,
) -> Result<(), RpcError> {
    let fee = U256::from(gas_limit).saturating_mul(U256::from(price));
    let (balance, cost) = (chain.balance(from), fee.saturating_add(value));
    if balance >= cost {
        return Ok(());
    }
    Err(RpcError::Refused(format!(
        "insufficient funds for gas * price + value: address {from} have {balance} want {cost}"
    )))
}

/// Checks that the sender of a transaction whose turn it is can pay for it.
pub(super) fn admit(
    chain: &DevChain,
    signed: &Recovered<TxEnvelope>,
) -> Result<Transaction, RpcError> {
    let (from, transaction) = (signed.signer(), signed.inner());
    let (limit, price) = (transaction.gas_limit(), transaction.max_fee_per_gas());
    check_funds(chain, from, limit, price, transaction.value())?;
    Ok(request(from, transaction, chain))
}

/// The transaction as the chain runs it: every sender pays the base fee, and what a gas limit has above
/// the most that `ArbOS` lets one transaction use is given back.
fn request(from: Address, transaction: &TxEnvelope, chain: &DevChain) -> Transaction {
    let data = transaction.input().clone();
    let request = match transaction.kind() {
        TxKind::Call(to) => Transaction::new(from, to).with_data(data),
        TxKind::Create => Transaction::create(from, data),
    };
    let access_list = transaction.access_list().into_iter().flat_map(|list| list.iter());
    let delegations = transaction.authorization_list().unwrap_or_default();
    request
        .with_value(transaction.value())
        .with_gas_limit(transaction.gas_limit().min(Transaction::DEFAULT_GAS_LIMIT))
        .with_gas_price(u128::from(chain.base_fee()))
        .with_access_list(
            access_list.map(|item| (item.address, item.storage_keys.clone())).collect(),
        )
        .with_delegations(
            delegations.iter().map(|signed| delegation(signed, chain.chain_id())).collect(),
        )
}
