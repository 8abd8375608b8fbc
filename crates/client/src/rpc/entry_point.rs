//! The EntryPoint (ERC-4337): nonces, deposits, and what its receipts tell.

use alloy_primitives::aliases::U192;
use alloy_primitives::{Address, B256, Bytes, U256};
use alloy_provider::Provider;
use alloy_rpc_types_eth::{Filter, TransactionReceipt};
use alloy_sol_types::{SolCall, SolEvent};

use crate::account::hook::EXECUTE_USER_OP;
use crate::operation::abi::{IEntryPoint, IValidatingAccount, UserOperation};
use crate::operation::user_operation::EntryPointVersion;
use crate::refusal::Refusal;
use crate::rpc::act_error::ActError;
use crate::rpc::error::NodeError;
use crate::rpc::failure::sentence;
use crate::rpc::node::Node;

/// What became of an operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mined {
    /// The operation's hash.
    pub user_op_hash: B256,
    /// The transaction that carried it.
    pub transaction: B256,
    /// Whether its calls succeeded. If not, the counters of the session have moved all the same.
    pub is_success: bool,
    /// Why not, in words.
    pub reason: Option<String>,
    /// What was paid for gas, in wei.
    pub cost: U256,
    /// The gas that was paid for.
    pub gas_used: U256,
}

/// An EntryPoint on a node's chain.
#[derive(Clone, Copy, Debug)]
pub struct EntryPoint<'a> {
    /// The node.
    pub node: &'a Node,
    /// Its address.
    pub address: Address,
    /// Its release, which decides how operations are hashed.
    pub version: EntryPointVersion,
}

impl<'a> EntryPoint<'a> {
    /// Returns the EntryPoint of a release, at its address on every chain.
    pub const fn canonical(node: &'a Node, version: EntryPointVersion) -> Self {
        Self { node, address: version.canonical_address(), version }
    }

    /// Returns the EntryPoint at a canonical address.
    ///
    /// # Errors
    /// [`Refusal`] for another address: name its release then.
    pub fn at(node: &'a Node, address: Address) -> Result<Self, Refusal> {
        Ok(Self { node, address, version: EntryPointVersion::at(address)? })
    }
}

impl EntryPoint<'_> {
    /// Returns the next nonce of an account for a key.
    ///
    /// # Errors
    /// [`NodeError::Untrue`] if the answer is a nonce of another key: it would select another
    /// validator of the account.
    pub async fn nonce(&self, sender: Address, key: U192) -> Result<U256, NodeError> {
        let nonce = self.node.ask(self.address, &IEntryPoint::getNonceCall { sender, key }).await?;
        let got = nonce.wrapping_shr(64);
        if got == U256::from(key) {
            return Ok(nonce);
        }
        Err(NodeError::Untrue {
            what: "the nonce's key",
            got: format!("{got:#x}"),
            wanted: format!("{key:#x}"),
        })
    }

    /// Returns an operation's hash: computed here, for the node's chain.
    ///
    /// # Errors
    /// [`ActError`] if the operation has none, or the chain's id cannot be asked.
    pub async fn hash(&self, op: &UserOperation) -> Result<B256, ActError> {
        Ok(op.hash(self.version, self.address, self.node.chain_id().await?)?)
    }

    /// Returns what an account can pay for gas with, in wei: its deposit and its balance.
    ///
    /// # Errors
    /// [`NodeError`] if it cannot be asked.
    pub async fn means(&self, account: Address) -> Result<U256, NodeError> {
        let call = IEntryPoint::balanceOfCall { account };
        let deposit = self.node.ask(self.address, &call).await?;
        Ok(self.node.balance(account).await?.saturating_add(deposit))
    }

    /// Reads from a receipt what became of an operation.
    ///
    /// # Errors
    /// [`NodeError::Garbled`] if the operation is not in it.
    pub fn mined(
        &self,
        user_op_hash: B256,
        receipt: &TransactionReceipt,
    ) -> Result<Mined, NodeError> {
        let logs = receipt.logs().iter().filter(|log| log.address() == self.address);
        let (mut event, mut reason) = (None, None);
        for log in logs {
            if let Ok(found) = IEntryPoint::UserOperationEvent::decode_log(&log.inner)
                && found.userOpHash == user_op_hash
            {
                event = Some(found);
            }
            if let Ok(found) = IEntryPoint::UserOperationRevertReason::decode_log(&log.inner)
                && found.userOpHash == user_op_hash
            {
                reason = Some(sentence(&found.revertReason));
            }
        }
        let event = event.ok_or(NodeError::Garbled { what: "the receipt of the operation" })?;
        Ok(Mined {
            user_op_hash,
            transaction: receipt.transaction_hash,
            is_success: event.success,
            reason: if event.success { None } else { reason.or_else(|| Some(sentence(&[]))) },
            cost: event.actualGasCost,
            gas_used: event.actualGasUsed,
        })
    }

    /// Returns the transaction that ran an operation, from the EntryPoint's events since a block.
    ///
    /// # Errors
    /// [`NodeError`] if the node does not answer.
    pub(super) async fn transaction_of(
        &self,
        user_op_hash: B256,
        since: u64,
    ) -> Result<Option<B256>, NodeError> {
        let filter = Filter::new()
            .address(self.address)
            .event_signature(IEntryPoint::UserOperationEvent::SIGNATURE_HASH)
            .topic1(user_op_hash)
            .from_block(since);
        let logs = self.node.asked(|| self.node.provider.get_logs(&filter)).await?;
        Ok(logs.first().and_then(|log| log.transaction_hash))
    }

    /// Returns what the EntryPoint calls the account with for an operation: to validate it, and to run
    /// it. Who runs both knows what becomes of the operation but for its fees.
    ///
    /// # Errors
    /// [`ActError`] as [`hash`](Self::hash).
    pub async fn account_calls(&self, op: &UserOperation) -> Result<[Bytes; 2], ActError> {
        let hash = self.hash(op).await?;
        let validation = IValidatingAccount::validateUserOpCall {
            userOp: op.clone(),
            userOpHash: hash,
            missingAccountFunds: U256::ZERO,
        };
        let execution = if op.callData.starts_with(&EXECUTE_USER_OP) {
            let call =
                IValidatingAccount::executeUserOpCall { userOp: op.clone(), userOpHash: hash };
            call.abi_encode().into()
        } else {
            op.callData.clone()
        };
        Ok([validation.abi_encode().into(), execution])
    }

    /// Returns the call that runs one operation and pays its fees to `beneficiary`.
    pub fn handle_op(op: UserOperation, beneficiary: Address) -> Bytes {
        IEntryPoint::handleOpsCall { ops: vec![op], beneficiary }.abi_encode().into()
    }
}
