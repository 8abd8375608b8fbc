//! The EntryPoint (ERC-4337): nonces, hashes, and what it answers.
#![allow(missing_docs, reason = "sol! generates items that it gives no documentation")]
#![allow(clippy::pedantic, reason = "generated code")]

use alloy_primitives::aliases::U192;
use alloy_primitives::{Address, B256, U256, address};
use alloy_rpc_types_eth::TransactionReceipt;
use alloy_sol_types::{SolCall, SolEvent, sol};
use session_core::abi::PackedUserOperation;

use crate::rpc::failure::sentence;
use crate::rpc::node::{Node, NodeError};

/// EntryPoint 0.7, at the same address on every chain.
pub const ENTRY_POINT_V07: Address = address!("0000000071727De22E5E9d8BAf0edAc6f37da032");

sol! {
    /// A user operation, packed as EntryPoints since 0.7 take it.
    #[derive(Debug, PartialEq, Eq)]
    struct UserOperation {
        address sender;
        uint256 nonce;
        bytes initCode;
        bytes callData;
        bytes32 accountGasLimits;
        uint256 preVerificationGas;
        bytes32 gasFees;
        bytes paymasterAndData;
        bytes signature;
    }

    /// The part of an EntryPoint that is used here.
    interface IEntryPoint {
        function handleOps(UserOperation[] ops, address beneficiary);
        function getUserOpHash(UserOperation userOp) returns (bytes32);
        function getNonce(address sender, uint192 key) returns (uint256);
        function balanceOf(address account) returns (uint256);

        error FailedOp(uint256 opIndex, string reason);
        error FailedOpWithRevert(uint256 opIndex, string reason, bytes inner);

        event UserOperationEvent(
            bytes32 indexed userOpHash, address indexed sender, address indexed paymaster,
            uint256 nonce, bool success, uint256 actualGasCost, uint256 actualGasUsed
        );
        event UserOperationRevertReason(
            bytes32 indexed userOpHash, address indexed sender, uint256 nonce, bytes revertReason
        );
    }

    /// The part of an account that its EntryPoint uses.
    interface IValidatingAccount {
        function validateUserOp(
            UserOperation userOp, bytes32 userOpHash, uint256 missingAccountFunds
        ) returns (uint256);
    }
}

impl UserOperation {
    /// Returns the operation as the module's interface declares it.
    pub fn to_abi(&self) -> PackedUserOperation {
        let Self { sender, nonce, initCode, callData, .. } = self.clone();
        let Self { accountGasLimits, preVerificationGas, gasFees, .. } = *self;
        PackedUserOperation {
            sender,
            nonce,
            initCode,
            callData,
            accountGasLimits,
            preVerificationGas,
            gasFees,
            paymasterAndData: self.paymasterAndData.clone(),
            signature: self.signature.clone(),
        }
    }
}

/// What became of an operation that was mined.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mined {
    /// The operation's hash.
    pub user_op_hash: B256,
    /// The transaction that carried it.
    pub transaction: B256,
    /// Whether the account's calls went through; the session's counters have moved either way.
    pub is_success: bool,
    /// Why not, in words.
    pub reason: Option<String>,
    /// What the account, or its paymaster, paid for gas, in wei.
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
}

impl EntryPoint<'_> {
    /// Returns the next nonce of an account under a nonce key.
    ///
    /// # Errors
    /// [`NodeError`] if the chain cannot be asked.
    pub async fn nonce(&self, sender: Address, key: U192) -> Result<U256, NodeError> {
        self.node.ask(self.address, &IEntryPoint::getNonceCall { sender, key }).await
    }

    /// Returns the hash of an operation, as this EntryPoint computes it.
    ///
    /// # Errors
    /// [`NodeError`] if the chain cannot be asked.
    pub async fn hash(&self, op: &UserOperation) -> Result<B256, NodeError> {
        self.node.ask(self.address, &IEntryPoint::getUserOpHashCall { userOp: op.clone() }).await
    }

    /// Returns what an account can pay for gas: its deposit here and its own balance, in wei.
    ///
    /// # Errors
    /// [`NodeError`] if the chain cannot be asked.
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

    /// Returns the call that runs one operation and pays its fees to somebody.
    pub fn handle_op(op: UserOperation, beneficiary: Address) -> alloy_primitives::Bytes {
        IEntryPoint::handleOpsCall { ops: vec![op], beneficiary }.abi_encode().into()
    }
}

/// Packs two numbers into one word, as the EntryPoint does with gas limits and fees.
pub(crate) fn two_numbers(high: u128, low: u128) -> B256 {
    U256::from(high).wrapping_shl(128).wrapping_add(U256::from(low)).into()
}

/// Takes such a word apart.
pub(crate) fn split_numbers(word: B256) -> (u128, u128) {
    let word = U256::from_be_bytes(word.0);
    let low = word & U256::from(u128::MAX);
    (word.wrapping_shr(128).to(), low.to())
}

#[cfg(test)]
mod tests {
    use session_core::abi::ISmartSession;

    use super::*;

    #[test]
    fn two_numbers_share_a_word() {
        let word = two_numbers(0x0102, u128::MAX);

        assert_eq!(word[14..16], [1, 2]);
        assert_eq!(word[16..], [0xff; 16]);
        assert_eq!(split_numbers(word), (0x0102, u128::MAX));
    }
}
