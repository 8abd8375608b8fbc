//! A block and the transaction in it.

use std::sync::Arc;

use alloy_consensus::proofs::{calculate_receipt_root, calculate_transaction_root};
use alloy_consensus::transaction::Recovered;
use alloy_consensus::{
    Eip658Value, Header, Receipt, ReceiptEnvelope, Sealed, Transaction as _, TxEnvelope, TxReceipt,
};
use alloy_primitives::{Address, B64, B256, Bloom};

use crate::{DevChain, Outcome, Transaction};

/// A block: its header, and what was mined in it if it is not empty.
#[derive(Clone, Debug)]
pub(super) struct Block {
    pub(super) header: Sealed<Header>,
    /// Number of the parent chain's block at that time.
    pub(super) parent_chain_number: u64,
    pub(super) mined: Option<Mined>,
    /// The state that the block began with; `None` once it is too old to be kept.
    pub(super) before: Option<Arc<DevChain>>,
    /// How many blocks had been mined with it, those taken back later included.
    pub(super) sequence: u64,
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

    /// A line about the transaction, which ended like that.
    pub(super) fn line(&self, end: &str) -> String {
        let (hash, from) = (self.hash(), self.transaction.signer());
        let gas = self.outcome.gas_used;
        let to = match (self.transaction.inner().to(), self.created()) {
            (Some(to), _) => format!("to {to}"),
            (None, created) => format!("creates {}", created.unwrap_or_default()),
        };
        format!("  {hash} from {from} {to}: {gas} gas, {end}")
    }

    /// Where the transaction created a contract, or would have.
    pub(super) fn created(&self) -> Option<Address> {
        let creates = self.transaction.inner().kind().is_create();
        creates.then(|| self.transaction.signer().create(self.transaction.inner().nonce()))
    }

    pub(super) fn receipt(&self) -> ReceiptEnvelope {
        receipt(self.transaction.inner(), &self.outcome, self.outcome.gas_used)
    }
}

fn receipt(transaction: &TxEnvelope, outcome: &Outcome, gas_so_far: u64) -> ReceiptEnvelope {
    let receipt = Receipt {
        status: Eip658Value::Eip658(outcome.is_success()),
        cumulative_gas_used: gas_so_far,
        logs: outcome.logs.clone(),
    };
    ReceiptEnvelope::from_typed(transaction.tx_type(), receipt.with_bloom())
}

/// The header of a chain's newest block.
fn header<'t>(
    chain: &DevChain,
    parent_hash: B256,
    mined: impl Iterator<Item = (&'t TxEnvelope, &'t Outcome)>,
) -> Sealed<Header> {
    let (mut transactions, mut receipts) = (Vec::new(), Vec::new());
    let (mut gas_used, mut logs_bloom) = (0_u64, Bloom::ZERO);
    for (transaction, outcome) in mined {
        gas_used = gas_used.saturating_add(outcome.gas_used);
        let receipt = receipt(transaction, outcome, gas_used);
        logs_bloom |= receipt.bloom();
        transactions.push(transaction);
        receipts.push(receipt);
    }
    let fields = chain.block_fields();
    Sealed::new(Header {
        parent_hash,
        beneficiary: fields.coinbase,
        state_root: B256::ZERO,
        transactions_root: calculate_transaction_root(&transactions),
        receipts_root: calculate_receipt_root(&receipts),
        logs_bloom,
        difficulty: fields.difficulty,
        number: chain.block_number(),
        gas_limit: fields.gas_limit,
        gas_used,
        timestamp: chain.timestamp(),
        mix_hash: B256::ZERO,
        nonce: B64::ZERO,
        base_fee_per_gas: Some(chain.base_fee()),
        ..Header::default()
    })
}

impl Block {
    /// The newest block of a chain.
    pub(super) fn new(
        chain: &DevChain,
        parent_hash: B256,
        mined: Option<Mined>,
        before: Option<Arc<DevChain>>,
        sequence: u64,
    ) -> Self {
        let all = mined.iter().map(|mined| (mined.transaction.inner(), &mined.outcome));
        let header = header(chain, parent_hash, all);
        let parent_chain_number = chain.parent_block_number();
        Self { header, parent_chain_number, mined, before, sequence }
    }

    /// A chain's newest block, which was not mined here. What is in it is kept elsewhere.
    pub(super) fn simulated<'t>(
        chain: &DevChain,
        parent_hash: B256,
        mined: impl Iterator<Item = (&'t TxEnvelope, &'t Outcome)>,
    ) -> Self {
        let header = header(chain, parent_hash, mined);
        let parent_chain_number = chain.parent_block_number();
        Self { header, parent_chain_number, mined: None, before: None, sequence: 0 }
    }

    pub(super) fn hash(&self) -> B256 {
        self.header.hash()
    }
}
