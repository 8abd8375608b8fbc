//! The EntryPoint, and what it answers.

use alloy_primitives::{Address, B256, Bytes, U256, aliases::U192};
use alloy_sol_types::{SolCall, SolEvent, SolInterface};
use smart_session_client::{error_name, explain};
use smart_session_core::abi::ISmartSession;
use stylus_devchain::{DevChain, Frame, Outcome, Transaction, TransactionError};

use crate::abi::{IEntryPoint, PackedUserOperation};
use crate::backend::Backend;
use crate::error::TestBedError;
use crate::fixtures::EntryPointVersion;

/// Gas limits and fees of all operations: ample, and the same, so that figures compare.
const VERIFICATION_GAS: u128 = 400_000;
const CALL_GAS: u128 = 600_000;
const PRE_VERIFICATION_GAS: u64 = 60_000;
/// The dev chain's base fee: 0.1 gwei.
const MAX_FEE_PER_GAS: u128 = 100_000_000;
/// Gas of the transactions that carry them.
const BUNDLE_GAS: u64 = 10_000_000;

/// An EntryPoint on the chain.
#[derive(Clone, Copy, Debug)]
pub struct EntryPoint {
    /// Its address.
    pub address: Address,
    /// Who sends the bundles, and gets the fees.
    pub bundler: Address,
    /// Its release.
    pub version: EntryPointVersion,
}

/// What became of one user operation, sent alone in a bundle.
#[derive(Clone, Debug)]
pub struct OpOutcome {
    /// Accepted or refused.
    pub verdict: Verdict,
    /// Gas of the whole transaction.
    pub tx_gas: u64,
    /// Gas in the module's `validateUserOp` frame, without the account's own work in a nested
    /// call; `None` if the module was not reached.
    pub module_gas: Option<u64>,
    /// The transaction.
    pub outcome: Outcome,
}

/// What the EntryPoint made of a user operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Validated and run.
    Executed,
    /// Validated, but the account's calls failed.
    Reverted,
    /// Not validated.
    Refused {
        /// The EntryPoint's reason, which begins with its AA code.
        reason: String,
        /// The name of the module's error, if it is the module that refused.
        error: Option<&'static str>,
        /// What that error says, in words.
        sentence: Option<String>,
    },
}

impl Verdict {
    /// Returns it in few words: `executed`, `reverted`, or the AA code and the module's error.
    pub fn summary(&self) -> String {
        match self {
            Self::Executed => "executed".into(),
            Self::Reverted => "reverted".into(),
            Self::Refused { reason, error, .. } => {
                let code = reason.split(' ').next().unwrap_or_default();
                match error {
                    Some(error) => format!("refused: {code} {error}"),
                    None => format!("refused: {code}"),
                }
            }
        }
    }

    /// Reads the revert data of a bundle.
    pub fn refused(revert_data: &[u8]) -> Self {
        refusal(revert_data, &[])
    }

    /// Returns why it was refused, in words.
    pub fn reason(&self) -> Option<&str> {
        match self {
            Self::Executed | Self::Reverted => None,
            Self::Refused { reason, sentence, .. } => Some(sentence.as_deref().unwrap_or(reason)),
        }
    }
}

impl EntryPoint {
    /// Returns an operation of an account, not signed yet, with the next nonce of a lane.
    ///
    /// # Errors
    /// [`TestBedError`] if the EntryPoint cannot be asked for the nonce.
    pub fn user_op(
        &self,
        chain: &impl Backend,
        sender: Address,
        nonce_key: U192,
        call_data: Bytes,
    ) -> Result<PackedUserOperation, TestBedError> {
        let call = IEntryPoint::getNonceCall { sender, key: nonce_key };
        let nonce = self.ask(chain, &call)?;
        Ok(draft(sender, nonce, call_data))
    }

    /// Returns the hash that is signed, as the EntryPoint computes it.
    ///
    /// # Errors
    /// [`TestBedError`] if it cannot be asked.
    pub fn user_op_hash(
        &self,
        chain: &impl Backend,
        user_op: &PackedUserOperation,
    ) -> Result<B256, TestBedError> {
        self.ask(chain, &IEntryPoint::getUserOpHashCall { userOp: user_op.clone() })
    }

    fn ask<C: SolCall>(&self, chain: &impl Backend, call: &C) -> Result<C::Return, TestBedError> {
        let outcome = chain.ask(self.address, call.abi_encode().into())?;
        C::abi_decode_returns(&outcome.output).map_err(|error| {
            let why = format!("its answer makes no sense: {error}");
            TestBedError::failed("asking the EntryPoint", why)
        })
    }

    /// Sends operations in one bundle.
    ///
    /// # Errors
    /// [`TransactionError`] if the transaction is not valid.
    pub fn handle_ops(
        &self,
        chain: &mut DevChain,
        ops: Vec<PackedUserOperation>,
    ) -> Result<Outcome, TransactionError> {
        chain.transact(self.bundle(ops))
    }

    /// Returns the transaction that carries operations.
    pub fn bundle(&self, ops: Vec<PackedUserOperation>) -> Transaction {
        let call = IEntryPoint::handleOpsCall { ops, beneficiary: self.bundler };
        Transaction::new(self.bundler, self.address)
            .with_data(call.abi_encode())
            .with_gas_limit(BUNDLE_GAS)
    }

    /// Says what would become of one operation; nothing is kept.
    ///
    /// # Errors
    /// [`TransactionError`] if the transaction is not valid.
    pub fn try_op(
        &self,
        chain: &DevChain,
        module: Address,
        user_op: PackedUserOperation,
    ) -> Result<OpOutcome, TransactionError> {
        let account = user_op.sender;
        Ok(OpOutcome::new(chain.call(self.bundle(vec![user_op]))?, module, account))
    }
}

impl OpOutcome {
    /// Returns what a bundle with one operation of an account came to.
    pub(crate) fn new(outcome: Outcome, module: Address, account: Address) -> Self {
        Self {
            verdict: verdict(&outcome, module),
            tx_gas: outcome.gas_used,
            module_gas: module_gas(&outcome, module, account),
            outcome,
        }
    }
}

/// Returns an operation with ample gas limits, not signed yet.
fn draft(sender: Address, nonce: U256, call_data: Bytes) -> PackedUserOperation {
    PackedUserOperation {
        sender,
        nonce,
        initCode: Bytes::new(),
        callData: call_data,
        accountGasLimits: two_u128(VERIFICATION_GAS, CALL_GAS),
        preVerificationGas: U256::from(PRE_VERIFICATION_GAS),
        gasFees: two_u128(0, MAX_FEE_PER_GAS),
        paymasterAndData: Bytes::new(),
        signature: Bytes::new(),
    }
}

fn verdict(outcome: &Outcome, module: Address) -> Verdict {
    if !outcome.is_success() {
        let said = outcome.frames.iter().find(|frame| is_validation(frame, module));
        return refusal(&outcome.output, said.map_or(&[], |frame| &frame.output));
    }
    let executed = outcome.logs.iter().any(|log| {
        IEntryPoint::UserOperationEvent::decode_log(log).is_ok_and(|event| event.success)
    });
    if executed { Verdict::Executed } else { Verdict::Reverted }
}

/// Reads the EntryPoint's error, and the module's: from within, or from what the module itself
/// `said`, where the account keeps that to itself (Safe7579 does).
fn refusal(revert_data: &[u8], said: &[u8]) -> Verdict {
    match IEntryPoint::IEntryPointErrors::abi_decode(revert_data) {
        Ok(IEntryPoint::IEntryPointErrors::FailedOp(error)) => {
            Verdict::Refused { reason: error.reason, error: None, sentence: None }
        }
        Ok(IEntryPoint::IEntryPointErrors::FailedOpWithRevert(error)) => Verdict::Refused {
            reason: error.reason,
            error: error_name(&error.inner).or_else(|| error_name(said)),
            sentence: explain(&error.inner).or_else(|| explain(said)),
        },
        Err(_) => Verdict::Refused {
            reason: format!("the bundle failed: {}", Bytes::copy_from_slice(revert_data)),
            error: None,
            sentence: None,
        },
    }
}

/// Returns the gas of the module's validation, without the account's own ERC-1271 work in it.
fn module_gas(outcome: &Outcome, module: Address, account: Address) -> Option<u64> {
    let (index, frame) =
        outcome.frames.iter().enumerate().find(|(_, frame)| is_validation(frame, module))?;
    let of_account: u64 = outcome
        .frames
        .iter()
        .filter(|inner| inner.parent == Some(index) && inner.to == account)
        .map(|inner| inner.gas_used)
        .sum();
    Some(frame.gas_used.saturating_sub(of_account))
}

fn is_validation(frame: &Frame, module: Address) -> bool {
    frame.to == module && frame.input.starts_with(&ISmartSession::validateUserOpCall::SELECTOR)
}

/// Packs two numbers into one word, as the EntryPoint does with gas limits and fees.
pub fn two_u128(high: u128, low: u128) -> B256 {
    U256::from(high).wrapping_shl(128).wrapping_add(U256::from(low)).into()
}
