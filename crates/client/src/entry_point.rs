//! The EntryPoint (ERC-4337): nonces, hashes, and what it answers.
#![allow(missing_docs, reason = "sol! generates items that it gives no documentation")]
#![allow(clippy::pedantic, reason = "generated code")]

use alloy_primitives::aliases::U192;
use alloy_primitives::{Address, B256, U256, address};
use alloy_rpc_types_eth::TransactionReceipt;
use alloy_sol_types::{Revert, SolCall, SolError, SolEvent, SolInterface, sol};
use session_core::abi::PackedUserOperation;

use crate::explain::{error_name, explain};
use crate::node::{Node, NodeError};

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

/// What an EntryPoint's failure or a module's error is, taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The name of the module's error, if it is one.
    pub error: Option<&'static str>,
    /// What it means, in one sentence.
    pub sentence: String,
}

/// Takes revert data apart: a module's error, also where an EntryPoint passes it on, an
/// EntryPoint's own reason, or a plain reason text.
pub fn failure(revert_data: &[u8]) -> Failure {
    if let Some(sentence) = explain(revert_data) {
        return Failure { error: error_name(revert_data), sentence };
    }
    match IEntryPoint::IEntryPointErrors::abi_decode(revert_data) {
        Ok(IEntryPoint::IEntryPointErrors::FailedOpWithRevert(error)) => {
            let inner = failure(&error.inner);
            if inner.error.is_some() {
                return inner;
            }
            let reason = aa_sentence(&error.reason);
            return Failure { error: None, sentence: format!("{reason} ({})", inner.sentence) };
        }
        Ok(IEntryPoint::IEntryPointErrors::FailedOp(error)) => {
            return Failure { error: None, sentence: aa_sentence(&error.reason) };
        }
        Err(_) => {}
    }
    let sentence = match Revert::abi_decode(revert_data) {
        Ok(revert) => format!("the contract reverts: {}", revert.reason),
        Err(_) if revert_data.is_empty() => "the contract reverts and gives no reason".into(),
        Err(_) => format!(
            "the contract reverts with {}",
            alloy_primitives::hex::encode_prefixed(revert_data)
        ),
    };
    Failure { error: None, sentence }
}

/// Returns what revert data means, in one sentence.
pub(crate) fn sentence(revert_data: &[u8]) -> String {
    failure(revert_data).sentence
}

/// The EntryPoint's codes that a delegate or an operator meets, in words.
const AA_CODES: [(&str, &str); 9] = [
    ("AA10", "the account exists already, but the operation would create it"),
    ("AA20", "the account does not exist"),
    ("AA21", "the account has too little ether to pay for the gas"),
    ("AA22", "the session has ended, or has not begun"),
    ("AA24", "a signature does not hold: the delegate's, or the owner's"),
    ("AA25", "the nonce was used already"),
    ("AA26", "the verification gas limit is too low"),
    ("AA31", "the paymaster has too little deposit"),
    ("AA95", "the bundle has too little gas"),
];

fn aa_sentence(reason: &str) -> String {
    AA_CODES.into_iter().find(|(code, _)| reason.starts_with(code)).map_or_else(
        || format!("the EntryPoint refuses: {reason}"),
        |(code, words)| format!("{words} ({code})"),
    )
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

    #[test]
    fn a_modules_error_is_found_within_an_entry_points() {
        let inner = ISmartSession::SessionRevokedForEver { sessionId: B256::ZERO }.abi_encode();
        let outer = IEntryPoint::FailedOpWithRevert {
            opIndex: U256::ZERO,
            reason: "AA23 reverted".into(),
            inner: inner.into(),
        };

        let failure = failure(&outer.abi_encode());

        assert_eq!(failure.error, Some("SessionRevokedForEver"));
        assert!(failure.sentence.ends_with("was revoked"), "{}", failure.sentence);
    }

    #[test]
    fn codes_and_reasons_become_sentences() {
        let failed = |reason: &str| {
            let error = IEntryPoint::FailedOp { opIndex: U256::ZERO, reason: reason.into() };
            sentence(&error.abi_encode())
        };

        assert_eq!(failed("AA25 invalid account nonce"), "the nonce was used already (AA25)");
        assert_eq!(failed("AA99 odd"), "the EntryPoint refuses: AA99 odd");
        let revert = Revert::from("no").abi_encode();
        assert_eq!(sentence(&revert), "the contract reverts: no");
        assert_eq!(sentence(&[]), "the contract reverts and gives no reason");
        assert_eq!(sentence(&[1, 2]), "the contract reverts with 0x0102");
    }
}
