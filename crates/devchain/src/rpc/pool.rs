//! Transactions that wait for another of their sender.

use std::collections::BTreeMap;

use alloy_consensus::transaction::Recovered;
use alloy_consensus::{Transaction as _, TxEnvelope};
use alloy_primitives::{Address, B256};

/// Most transactions that wait.
const MOST_QUEUED: usize = 1_024;

/// Transactions whose nonce is too high yet, by sender and nonce.
///
/// A transaction that can run is mined at once, so that nothing else ever waits.
#[derive(Clone, Debug, Default)]
pub(super) struct Pool {
    queued: BTreeMap<(Address, u64), Recovered<TxEnvelope>>,
}

impl Pool {
    /// Keeps a transaction. It takes the place of one with the same nonce if it pays more.
    pub(super) fn add(&mut self, transaction: Recovered<TxEnvelope>) -> Result<(), String> {
        let place = (transaction.signer(), transaction.inner().nonce());
        let price = |transaction: &Recovered<TxEnvelope>| transaction.inner().max_fee_per_gas();
        match self.queued.get(&place) {
            Some(old) if old.inner().tx_hash() == transaction.inner().tx_hash() => {
                return Err("already known".to_owned());
            }
            Some(old) if price(old) >= price(&transaction) => {
                return Err(format!(
                    "replacement transaction underpriced: the one with nonce {} pays {} wei",
                    place.1,
                    price(old)
                ));
            }
            None if self.queued.len() >= MOST_QUEUED => {
                return Err(format!("txpool is full: {MOST_QUEUED} transactions wait already"));
            }
            Some(_) | None => {}
        }
        self.queued.insert(place, transaction);
        Ok(())
    }

    /// Takes the next transaction whose turn has come or is over, given each account's nonce.
    pub(super) fn take_due(
        &mut self,
        nonce: impl Fn(Address) -> u64,
    ) -> Option<Recovered<TxEnvelope>> {
        let due = self.queued.keys().find(|(sender, waiting)| *waiting <= nonce(*sender)).copied();
        due.and_then(|place| self.queued.remove(&place))
    }

    /// The transaction with that hash.
    pub(super) fn get(&self, hash: B256) -> Option<&Recovered<TxEnvelope>> {
        self.queued.values().find(|transaction| *transaction.inner().tx_hash() == hash)
    }

    /// All that wait, by sender and nonce.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&(Address, u64), &Recovered<TxEnvelope>)> {
        self.queued.iter()
    }

    /// How many wait.
    pub(super) fn len(&self) -> usize {
        self.queued.len()
    }
}
