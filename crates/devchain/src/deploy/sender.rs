//! Transactions of one account, signed here or by the node.

use std::thread;
use std::time::{Duration, Instant};

use alloy_consensus::{SignableTransaction, TxEip1559, TxEnvelope};
use alloy_eips::Encodable2718;
use alloy_primitives::{Address, B256, Bytes, Signature, TxKind, U64, U128, U256, keccak256};
use k256::ecdsa::SigningKey;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::error::DeployerError;
use crate::remote::RemoteNode;

/// Longest wait for a receipt.
const PATIENCE: Duration = Duration::from_mins(1);
/// Pause between two questions for it.
const PAUSE: Duration = Duration::from_millis(100);

/// An account that sends.
pub(super) struct Sender<'n> {
    node: &'n RemoteNode,
    from: Address,
    key: Option<SigningKey>,
}

/// What became of a transaction.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Receipt {
    status: U64,
    pub(super) contract_address: Option<Address>,
}

impl<'n> Sender<'n> {
    /// The account of a key, or the node's first.
    pub(super) fn new(node: &'n RemoteNode, key: Option<B256>) -> Result<Self, DeployerError> {
        if let Some(key) = key {
            let key = SigningKey::from_slice(key.as_slice()).map_err(|_| DeployerError::Key)?;
            let point = key.verifying_key().to_encoded_point(false);
            // Uncompressed: a byte that says so, then the 64 bytes that the address is the hash of.
            let hash = keccak256(point.as_bytes().get(1..).unwrap_or_default());
            let from = Address::from_word(hash);
            return Ok(Self { node, from, key: Some(key) });
        }
        let accounts: Vec<Address> = node
            .ask("eth_accounts", &json!([]))
            .map_err(|error| DeployerError::Node { step: "asking for accounts", error })?;
        let from = *accounts.first().ok_or(DeployerError::NoAccount)?;
        Ok(Self { node, from, key: None })
    }

    /// Who sends.
    pub(super) fn from(&self) -> Address {
        self.from
    }

    /// Sends a transaction and waits until it is mined. Without a target it creates a contract.
    pub(super) fn send(
        &self,
        step: &'static str,
        to: Option<Address>,
        data: Bytes,
        value: U256,
    ) -> Result<Receipt, DeployerError> {
        let hash = self.submit(step, to, data, value)?;
        let begin = Instant::now();
        loop {
            let receipt: Option<Receipt> =
                self.ask(step, "eth_getTransactionReceipt", &json!([hash]))?;
            match receipt {
                Some(receipt) if receipt.status.is_zero() => {
                    return Err(DeployerError::Failed { step, hash });
                }
                Some(receipt) => return Ok(receipt),
                None if begin.elapsed() > PATIENCE => {
                    return Err(DeployerError::NotMined { step, hash });
                }
                None => thread::sleep(PAUSE),
            }
        }
    }

    /// Asks the node something that a step takes.
    fn ask<T: DeserializeOwned>(
        &self,
        step: &'static str,
        method: &'static str,
        params: &Value,
    ) -> Result<T, DeployerError> {
        self.node.ask(method, params).map_err(|error| DeployerError::Node { step, error })
    }

    fn submit(
        &self,
        step: &'static str,
        to: Option<Address>,
        data: Bytes,
        value: U256,
    ) -> Result<B256, DeployerError> {
        let call = match to {
            Some(to) => json!({ "from": self.from, "to": to, "data": data, "value": value }),
            None => json!({ "from": self.from, "data": data, "value": value }),
        };
        let gas: U64 = self.ask(step, "eth_estimateGas", &json!([call]))?;
        let gas = gas.saturating_to::<u64>();
        let gas_limit = gas.saturating_add(gas / 5);
        let Some(key) = &self.key else {
            let mut call = call;
            if let Some(fields) = call.as_object_mut() {
                fields.insert("gas".to_owned(), json!(U64::from(gas_limit)));
            }
            return self.ask(step, "eth_sendTransaction", &json!([call]));
        };
        let chain_id: U64 = self.ask(step, "eth_chainId", &json!([]))?;
        let nonce: U64 =
            self.ask(step, "eth_getTransactionCount", &json!([self.from, "pending"]))?;
        let price: U128 = self.ask(step, "eth_gasPrice", &json!([]))?;
        let transaction = TxEip1559 {
            chain_id: chain_id.saturating_to(),
            nonce: nonce.saturating_to(),
            gas_limit,
            // The base fee may rise until it is mined; only the base fee is paid.
            max_fee_per_gas: price.saturating_to::<u128>().saturating_mul(2),
            max_priority_fee_per_gas: 0,
            to: to.map_or(TxKind::Create, TxKind::Call),
            value,
            access_list: alloy_eips::eip2930::AccessList::default(),
            input: data,
        };
        let hash = transaction.signature_hash();
        let (signature, recovery) =
            key.sign_prehash_recoverable(hash.as_slice()).map_err(|_| DeployerError::Key)?;
        let signature =
            Signature::from_bytes_and_parity(&signature.to_bytes(), recovery.is_y_odd());
        let signed = TxEnvelope::from(transaction.into_signed(signature));
        let raw = Bytes::from(signed.encoded_2718());
        self.ask(step, "eth_sendRawTransaction", &json!([raw]))
    }
}

impl std::fmt::Debug for Sender<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sender").field("from", &self.from).finish_non_exhaustive()
    }
}
