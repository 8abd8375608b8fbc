//! Operations that are out: what became of them, from the node.

use std::time::Duration;

use alloy_primitives::{B256, U256};
use tokio::time::Instant;

use crate::keys::software_key::SoftwareKey;
use crate::operation::abi::UserOperation;
use crate::rpc::act_error::ActError;
use crate::rpc::bundler::Bundler;
use crate::rpc::entry_point::{EntryPoint, Mined};
use crate::rpc::error::{Awaited, NodeError};
use crate::rpc::transaction::{Arrival, sent};

/// How often is asked whether an operation is mined.
const PAUSE: Duration = Duration::from_millis(500);

impl EntryPoint<'_> {
    /// Sends a signed operation through a bundler, and waits until it is mined.
    ///
    /// The hash is the one computed here, and what became of the operation is read from the
    /// node's receipt: the bundler only tells where to look.
    ///
    /// # Errors
    /// [`ActError`] if the bundler refuses it, or tells another hash than the operation has. If
    /// it was sent and is not known to be mined, the error names its hash.
    pub async fn send(&self, op: &UserOperation, bundler: &Bundler) -> Result<Mined, ActError> {
        let hash = self.hash(op).await?;
        let since = self.node.block_number().await?;
        let why = match sent(async || bundler.send(op, self.address).await).await? {
            Arrival::Certain(told) if told == hash => None,
            Arrival::Certain(told) => {
                let why = format!("the bundler tells another hash, {told}");
                return Err(not_mined(hash, Some(why)).into());
            }
            Arrival::Unknown(why) => Some(why),
        };
        Ok(self.wait(hash, since, bundler, why).await?)
    }

    /// Sends a signed operation to the EntryPoint itself, in a transaction of `sender`, who gets
    /// the fees back.
    ///
    /// # Errors
    /// [`ActError`] if it is refused.
    pub async fn bundle(&self, op: UserOperation, sender: &SoftwareKey) -> Result<Mined, ActError> {
        let hash = self.hash(&op).await?;
        let data = Self::handle_op(op, sender.address());
        let receipt = self.node.transact(sender, self.address, data, U256::ZERO).await?;
        Ok(self.mined(hash, &receipt)?)
    }

    async fn wait(
        &self,
        hash: B256,
        since: u64,
        bundler: &Bundler,
        mut why: Option<String>,
    ) -> Result<Mined, NodeError> {
        let start = Instant::now();
        loop {
            // Both only tell where to look. Whatever they answer now, the wait goes on.
            for named in
                [bundler.transaction_of(hash).await, self.transaction_of(hash, since).await]
            {
                match named {
                    Ok(Some(transaction)) => match self.mined_in(transaction, hash).await {
                        Ok(mined) => return Ok(mined),
                        Err(error) => why = Some(error.to_string()),
                    },
                    Ok(None) | Err(NodeError::Refused { .. }) => {}
                    Err(error) => why = Some(error.to_string()),
                }
            }
            if start.elapsed() >= self.node.patience {
                return Err(not_mined(hash, why));
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    async fn mined_in(&self, transaction: B256, hash: B256) -> Result<Mined, NodeError> {
        let untrue = |wanted: &str| NodeError::Untrue {
            what: "the transaction of the operation",
            got: transaction.to_string(),
            wanted: wanted.into(),
        };
        let receipt = self.node.receipt(transaction).await?;
        let receipt = receipt.ok_or_else(|| untrue("one that the node knows"))?;
        self.mined(hash, &receipt).map_err(|_| untrue("one in which the operation ran"))
    }
}

const fn not_mined(hash: B256, why: Option<String>) -> NodeError {
    NodeError::NotMined { awaited: Awaited::Operation(hash), why }
}
