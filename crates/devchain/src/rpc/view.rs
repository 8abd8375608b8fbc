//! Blocks, transactions, receipts and logs as JSON.

use alloy_consensus::transaction::Recovered;
use alloy_consensus::{ReceiptWithBloom, Transaction as _, TxEnvelope};
use alloy_primitives::{B256, Log, LogData, U64};
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

/// A transaction that is not mined yet.
pub(super) fn waiting(transaction: &Recovered<TxEnvelope>) -> rpc::Transaction<TxEnvelope> {
    rpc::Transaction {
        inner: Recovered::clone(transaction),
        block_hash: None,
        block_number: None,
        transaction_index: None,
        effective_gas_price: None,
        block_timestamp: None,
    }
}

impl Block {
    /// The header alone.
    pub(super) fn header_json(&self) -> Result<Value, RpcError> {
        let mut header = json(rpc::Header::from_sealed(self.header.clone()))?;
        self.add_arbitrums_fields(&mut header);
        Ok(header)
    }

    /// What Arbitrum's blocks have beside Ethereum's.
    fn add_arbitrums_fields(&self, shown: &mut Value) {
        if let Some(fields) = shown.as_object_mut() {
            fields.insert("l1BlockNumber".to_owned(), quantity(self.parent_chain_number));
            fields.insert("sendCount".to_owned(), quantity(0));
            fields.insert("sendRoot".to_owned(), json!(B256::ZERO));
        }
    }

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
        self.add_arbitrums_fields(&mut block);
        if let Some(fields) = block.as_object_mut() {
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
        let hash = mined.hash();
        let numbered = (0_u64..).zip(&mined.outcome.logs);
        numbered.map(|(index, log)| log_in_block(log, self, hash, 0, index)).collect()
    }
}

/// A log with its place in the chain.
pub(super) fn log_in_block(
    log: &Log,
    block: &Block,
    transaction_hash: B256,
    transaction_index: u64,
    log_index: u64,
) -> rpc::Log<LogData> {
    rpc::Log {
        inner: log.clone(),
        block_hash: Some(block.hash()),
        block_number: Some(block.header.number),
        block_timestamp: Some(block.header.timestamp),
        transaction_hash: Some(transaction_hash),
        transaction_index: Some(transaction_index),
        log_index: Some(log_index),
        removed: false,
    }
}

/// A transaction with its place in the chain.
pub(super) fn in_block(
    transaction: &Recovered<TxEnvelope>,
    block: &Block,
    index: u64,
) -> rpc::Transaction<TxEnvelope> {
    rpc::Transaction {
        inner: Recovered::clone(transaction),
        block_hash: Some(block.hash()),
        block_number: Some(block.header.number),
        transaction_index: Some(index),
        effective_gas_price: block.header.base_fee_per_gas.map(u128::from),
        block_timestamp: Some(block.header.timestamp),
    }
}

impl Mined {
    /// The transaction with its place in the chain.
    pub(super) fn in_block(&self, block: &Block) -> rpc::Transaction<TxEnvelope> {
        in_block(&self.transaction, block, 0)
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
