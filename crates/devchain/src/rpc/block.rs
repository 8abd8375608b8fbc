//! A block and the transaction in it.

use std::sync::Arc;

use alloy_consensus::proofs::{calculate_receipt_root, calculate_transaction_root};
use alloy_consensus::transaction::Recovered;
use alloy_consensus::{
    Eip658Value, Header, Receipt, ReceiptEnvelope, Sealed, Transaction as _, TxEnvelope, TxReceipt,
};
use alloy_primitives::{Address, B64, B256, U256};

use crate::{DevChain, Outcome, Transaction};

/// Gas limit that Arbitrum's blocks name.
const GAS_LIMIT: u64 = 1 << 50;

/// A block: its header, and what was mined in it if it is not empty.
#[derive(Clone, Debug)]
pub(super) struct Block {
    pub(super) header: Sealed<Header>,
    /// Number of the parent chain's block at that time.
    pub(super) parent_chain_number: u64,
    pub(super) mined: Option<Mined>,
    /// The state that the block began with; `None` once it is too old to be kept.
    pub(super) before: Option<Arc<DevChain>>,
}

/// A transaction and what became of it.
#[derive(Clone, Debug)]
pub(super) struct Mined {
    pub(super) transaction: Recovered<TxEnvelope>,
    /// The same as the chain ran it.
    pub(super) request: Transaction,
    /// Without its frames.
    pub(super) outcome: Outcome,
}

impl Mined {
    pub(super) fn hash(&self) -> B256 {
        *self.transaction.inner().tx_hash()
    }

    /// Where the transaction created a contract, or would have.
    pub(super) fn created(&self) -> Option<Address> {
        let creates = self.transaction.inner().kind().is_create();
        creates.then(|| self.transaction.signer().create(self.transaction.inner().nonce()))
    }

    pub(super) fn receipt(&self) -> ReceiptEnvelope {
        let receipt = Receipt {
            status: Eip658Value::Eip658(self.outcome.is_success()),
            cumulative_gas_used: self.outcome.gas_used,
            logs: self.outcome.logs.clone(),
        };
        ReceiptEnvelope::from_typed(self.transaction.inner().tx_type(), receipt.with_bloom())
    }
}

impl Block {
    /// The newest block of a chain.
    pub(super) fn new(
        chain: &DevChain,
        parent_hash: B256,
        mined: Option<Mined>,
        before: Option<Arc<DevChain>>,
    ) -> Self {
        let transactions: Vec<_> = mined.iter().map(|mined| mined.transaction.inner()).collect();
        let receipts: Vec<_> = mined.iter().map(Mined::receipt).collect();
        let header = Header {
            parent_hash,
            beneficiary: alloy_primitives::address!("a4b000000000000000000073657175656e636572"),
            state_root: B256::ZERO,
            transactions_root: calculate_transaction_root(&transactions),
            receipts_root: calculate_receipt_root(&receipts),
            logs_bloom: receipts.first().map(TxReceipt::bloom).unwrap_or_default(),
            difficulty: U256::from(1),
            number: chain.block_number(),
            gas_limit: GAS_LIMIT,
            gas_used: mined.as_ref().map_or(0, |mined| mined.outcome.gas_used),
            timestamp: chain.timestamp(),
            mix_hash: B256::ZERO,
            nonce: B64::ZERO,
            base_fee_per_gas: Some(chain.base_fee()),
            ..Header::default()
        };
        let parent_chain_number = chain.parent_block_number();
        Self { header: Sealed::new(header), parent_chain_number, mined, before }
    }

    pub(super) fn hash(&self) -> B256 {
        self.header.hash()
    }
}
