//! Blocks, transactions, receipts and logs as JSON.

use alloy_consensus::transaction::Recovered;
use alloy_consensus::{ReceiptWithBloom, Transaction as _, TxEnvelope};
use alloy_primitives::{B256, LogData, U64};
use alloy_rpc_types_eth as rpc;
use alloy_rpc_types_eth::{BlockTransactions, TransactionReceipt};
use serde::Serialize;
use serde_json::{Value, json};

use super::block::{Block, Mined};
use super::error::RpcError;

/// Anything as JSON.
pub(super) fn json(value: impl Serialize) -> Result<Value, RpcError> {
    serde_json::to_value(value).map_err(|error| RpcError::Internal(error.to_string()))
}

/// A number as JSON-RPC writes it.
pub(super) fn quantity(number: u64) -> Value {
    json!(U64::from(number))
}

impl Block {
    /// The block with its transactions or their hashes.
    pub(super) fn to_json(&self, full: bool) -> Result<Value, RpcError> {
        let transactions = if full {
            BlockTransactions::Full(self.mined.iter().map(|mined| mined.in_block(self)).collect())
        } else {
            BlockTransactions::Hashes(self.mined.iter().map(Mined::hash).collect())
        };
        let header = rpc::Header::from_sealed(self.header.clone());
        let block = rpc::Block { header, uncles: Vec::new(), transactions, withdrawals: None };
        let mut block = json(block)?;
        if let Some(fields) = block.as_object_mut() {
            // What Arbitrum's blocks have beside Ethereum's.
            fields.insert("l1BlockNumber".to_owned(), quantity(self.parent_chain_number));
            fields.insert("sendCount".to_owned(), quantity(0));
            fields.insert("sendRoot".to_owned(), json!(B256::ZERO));
            fields.insert("size".to_owned(), quantity(self.size()));
            fields.insert("totalDifficulty".to_owned(), quantity(self.header.number));
        }
        Ok(block)
    }

    fn size(&self) -> u64 {
        let transactions: usize = self
            .mined
            .iter()
            .map(|mined| alloy_eips::Encodable2718::encode_2718_len(mined.transaction.inner()))
            .sum();
        let header = self.header.size();
        u64::try_from(transactions.saturating_add(header)).unwrap_or(u64::MAX)
    }

    /// The logs of the block's transaction.
    pub(super) fn logs(&self) -> Vec<rpc::Log> {
        let Some(mined) = &self.mined else { return Vec::new() };
        let numbered = (0_u64..).zip(&mined.outcome.logs);
        numbered
            .map(|(index, log)| rpc::Log::<LogData> {
                inner: log.clone(),
                block_hash: Some(self.hash()),
                block_number: Some(self.header.number),
                block_timestamp: Some(self.header.timestamp),
                transaction_hash: Some(mined.hash()),
                transaction_index: Some(0),
                log_index: Some(index),
                removed: false,
            })
            .collect()
    }
}

impl Mined {
    /// The transaction with its place in the chain.
    pub(super) fn in_block(&self, block: &Block) -> rpc::Transaction<TxEnvelope> {
        rpc::Transaction {
            inner: Recovered::clone(&self.transaction),
            block_hash: Some(block.hash()),
            block_number: Some(block.header.number),
            transaction_index: Some(0),
            effective_gas_price: block.header.base_fee_per_gas.map(u128::from),
            block_timestamp: Some(block.header.timestamp),
        }
    }

    /// The receipt.
    pub(super) fn receipt_json(&self, block: &Block) -> Result<Value, RpcError> {
        let receipt = self.receipt();
        let bloom = *receipt.logs_bloom();
        let logs = alloy_consensus::Receipt {
            status: alloy_consensus::Eip658Value::Eip658(receipt.is_success()),
            cumulative_gas_used: receipt.cumulative_gas_used(),
            logs: block.logs(),
        };
        let tx_type = self.transaction.inner().tx_type();
        let receipt = TransactionReceipt {
            inner: alloy_consensus::ReceiptEnvelope::from_typed(
                tx_type,
                ReceiptWithBloom::new(logs, bloom),
            ),
            transaction_hash: self.hash(),
            transaction_index: Some(0),
            block_hash: Some(block.hash()),
            block_number: Some(block.header.number),
            gas_used: self.outcome.gas_used,
            effective_gas_price: block.header.base_fee_per_gas.map_or(0, u128::from),
            blob_gas_used: None,
            blob_gas_price: None,
            from: self.transaction.signer(),
            to: self.transaction.inner().to(),
            contract_address: self.created(),
        };
        let mut receipt = json(receipt)?;
        if let Some(fields) = receipt.as_object_mut() {
            fields.insert("gasUsedForL1".to_owned(), quantity(0));
            fields.insert("l1BlockNumber".to_owned(), quantity(block.parent_chain_number));
        }
        Ok(receipt)
    }
}
