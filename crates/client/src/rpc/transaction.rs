//! Transactions: signed here, sent, and waited for.

use std::time::Duration;

use alloy_consensus::{SignableTransaction, TxEip1559, TxEnvelope};
use alloy_eips::eip2718::Encodable2718;
use alloy_primitives::{Address, B256, Bytes, Signature, TxKind, U256};
use alloy_provider::Provider;
use alloy_rpc_types_eth::TransactionReceipt;
use tokio::time::Instant;

use crate::keys::software_key::SoftwareKey;
use crate::rpc::act_error::ActError;
use crate::rpc::error::{Awaited, NodeError};
use crate::rpc::node::Node;

/// How often a receipt is asked for.
const PAUSE: Duration = Duration::from_millis(250);

impl Node {
    /// Signs, sends and waits for a transaction.
    ///
    /// # Errors
    /// [`ActError`] if it would revert, costs more than the fee terms allow, is refused, or
    /// fails. If it was sent and is not known to be mined, the error names its hash.
    pub async fn transact(
        &self,
        sender: &SoftwareKey,
        to: Address,
        data: Bytes,
        value: U256,
    ) -> Result<TransactionReceipt, ActError> {
        let from = sender.address();
        let gas = self.estimate_gas(from, to, data.clone(), value).await?;
        let nonce = self.asked(|| self.provider.get_transaction_count(from).pending()).await?;
        let price = self.offered_price().await?;
        let transaction = TxEip1559 {
            chain_id: self.chain_id().await?,
            nonce,
            // What is not used is not paid for.
            gas_limit: gas.saturating_add(gas / 4),
            max_fee_per_gas: price.most,
            max_priority_fee_per_gas: price.priority,
            to: TxKind::Call(to),
            value,
            access_list: alloy_eips::eip2930::AccessList::default(),
            input: data,
        };
        let cost = U256::from(transaction.gas_limit).checked_mul(U256::from(price.most));
        self.fees.check(cost, None)?;
        let garbled = || NodeError::Garbled { what: "the sender's signature" };
        let signature = sender.sign(transaction.signature_hash()).map_err(|_| garbled())?;
        let signature = Signature::try_from(&signature[..]).map_err(|_| garbled())?;
        let signed = TxEnvelope::from(transaction.into_signed(signature));
        Ok(self.send_raw(*signed.tx_hash(), &signed.encoded_2718()).await?)
    }

    /// Sends a transaction and waits for it by the hash that was computed here.
    async fn send_raw(&self, hash: B256, encoded: &[u8]) -> Result<TransactionReceipt, NodeError> {
        let send = async || {
            let sent = self.provider.send_raw_transaction(encoded).await;
            sent.map(drop).map_err(|error| NodeError::of(&error, &self.url))
        };
        let mut why = match sent(send).await? {
            Arrival::Certain(()) => None,
            Arrival::Unknown(why) => Some(why),
        };
        let start = Instant::now();
        loop {
            match self.receipt(hash).await {
                Ok(Some(receipt)) if receipt.status() => return Ok(receipt),
                Ok(Some(_)) => return Err(NodeError::Failed { hash }),
                Ok(None) => {}
                // It is out: whatever the node answers now, the wait goes on.
                Err(error) => why = Some(error.to_string()),
            }
            if start.elapsed() >= self.patience {
                return Err(NodeError::NotMined { awaited: Awaited::Transaction(hash), why });
            }
            tokio::time::sleep(PAUSE).await;
        }
    }
}

/// Whether something that was sent has arrived.
pub(super) enum Arrival<T> {
    /// It has, with this answer.
    Certain(T),
    /// That is not known, for this reason.
    Unknown(String),
}

/// Sends something that has the same hash however often it is sent: where it is not known
/// whether it has arrived, it is sent again.
///
/// # Errors
/// [`NodeError`] if it has certainly not arrived.
pub(super) async fn sent<T>(
    send: impl AsyncFn() -> Result<T, NodeError>,
) -> Result<Arrival<T>, NodeError> {
    /// Pauses before it is sent again.
    const PAUSES: [Duration; 3] =
        [Duration::from_millis(250), Duration::from_secs(1), Duration::from_secs(3)];
    let mut unknown = None;
    for pause in PAUSES {
        match (send().await, unknown) {
            (Ok(answer), _) => return Ok(Arrival::Certain(answer)),
            (Err(error), _) if error.is_transient() => unknown = Some(error.to_string()),
            // "Known already" is what comes back if an earlier one did arrive.
            (Err(_), Some(why)) => return Ok(Arrival::Unknown(why)),
            (Err(error), None) => return Err(error),
        }
        tokio::time::sleep(pause).await;
    }
    Ok(Arrival::Unknown(unknown.unwrap_or_default()))
}
