//! Operations on a test bed: drawn up, signed, sent.

use alloy_primitives::aliases::U192;
use alloy_primitives::{Address, Bytes, U256};
use alloy_sol_types::SolCall;
use smart_session_client::{OperationDraft, SoftwareKey};

use super::TestBed;
use crate::abi::{IEntryPoint, PackedUserOperation};
use crate::account::SmartAccount;
use crate::backend::Backend;
use crate::entry_point::{OpOutcome, Verdict};
use crate::error::TestBedError;

impl<B: Backend> TestBed<B> {
    /// Returns an operation with the next nonce of a lane, not signed yet.
    ///
    /// # Errors
    /// [`TestBedError`] if the EntryPoint does not answer.
    pub fn user_op(
        &self,
        sender: Address,
        nonce_key: U192,
        call_data: Bytes,
    ) -> Result<PackedUserOperation, TestBedError> {
        self.entry_point.user_op(&self.chain, sender, nonce_key, call_data)
    }

    /// Returns an operation that the owner has signed, for whoever sends it.
    ///
    /// # Errors
    /// [`TestBedError`] if it cannot be signed.
    pub fn signed_owner_op(
        &self,
        account: &(impl SmartAccount + ?Sized),
        call_data: Bytes,
    ) -> Result<PackedUserOperation, TestBedError> {
        let mut op = self.user_op(account.address(), account.owner_nonce_key(), call_data)?;
        let hash = self.entry_point.user_op_hash(&self.chain, &op)?;
        op.signature = account.owner().sign(hash)?.into();
        Ok(op)
    }

    /// Returns an operation under a session, signed by its delegate.
    ///
    /// # Errors
    /// [`TestBedError`] if it cannot be signed.
    pub fn session_op(
        &self,
        account: &(impl SmartAccount + ?Sized),
        draft: &OperationDraft,
        delegate: &SoftwareKey,
        call_data: Bytes,
    ) -> Result<PackedUserOperation, TestBedError> {
        let mut op = self.user_op(account.address(), account.nonce_key(self.module), call_data)?;
        self.seal(&mut op, draft, delegate)?;
        Ok(op)
    }

    /// Has a delegate sign an operation.
    ///
    /// # Errors
    /// [`TestBedError`] if it cannot be signed.
    pub fn seal(
        &self,
        op: &mut PackedUserOperation,
        draft: &OperationDraft,
        delegate: &SoftwareKey,
    ) -> Result<(), TestBedError> {
        let hash = self.entry_point.user_op_hash(&self.chain, op)?;
        op.signature = draft.sealed(&delegate.sign(draft.digest(self.module, hash))?);
        Ok(())
    }

    /// Sends an operation through the EntryPoint, alone in its bundle.
    ///
    /// # Errors
    /// [`TestBedError`] if the chain does not take the bundle.
    pub fn send(&mut self, op: PackedUserOperation) -> Result<OpOutcome, TestBedError> {
        let account = op.sender;
        let beneficiary = self.entry_point.bundler;
        let bundle = IEntryPoint::handleOpsCall { ops: vec![op], beneficiary };
        let data = bundle.abi_encode().into();
        let outcome = self.chain.bring(self.entry_point.address, U256::ZERO, data)?;
        Ok(OpOutcome::new(outcome, self.module, account))
    }

    /// Has a delegate sign and send an operation.
    ///
    /// # Errors
    /// [`TestBedError`] if it cannot be signed or sent.
    pub fn act(
        &mut self,
        account: &(impl SmartAccount + ?Sized),
        draft: &OperationDraft,
        delegate: &SoftwareKey,
        call_data: Bytes,
    ) -> Result<OpOutcome, TestBedError> {
        let op = self.session_op(account, draft, delegate, call_data)?;
        self.send(op)
    }

    /// Sends an operation that the owner signs.
    ///
    /// # Errors
    /// [`TestBedError`] if it cannot be signed or sent.
    pub fn owner_op(
        &mut self,
        account: &(impl SmartAccount + ?Sized),
        call_data: Bytes,
    ) -> Result<OpOutcome, TestBedError> {
        let op = self.signed_owner_op(account, call_data)?;
        self.send(op)
    }

    /// Sends an operation that the owner signs and expects that it is run.
    ///
    /// # Errors
    /// [`TestBedError`] if it is not.
    pub fn expect_executed(
        &mut self,
        step: &'static str,
        account: &(impl SmartAccount + ?Sized),
        call_data: Bytes,
    ) -> Result<(), TestBedError> {
        match self.owner_op(account, call_data)?.verdict {
            Verdict::Executed => Ok(()),
            verdict => Err(TestBedError::failed(step, verdict.reason().unwrap_or("it reverted"))),
        }
    }

    /// Asks a contract something; nothing is kept.
    ///
    /// # Errors
    /// [`TestBedError`] if it reverts, or answers something else.
    pub fn ask<C: SolCall>(&self, contract: Address, call: &C) -> Result<C::Return, TestBedError> {
        let failed = |why: String| TestBedError::failed("asking a contract", why);
        let outcome = self.chain.ask(contract, call.abi_encode().into())?;
        if !outcome.is_success() {
            return Err(failed(format!("it reverts with {}", outcome.output)));
        }
        C::abi_decode_returns_validate(&outcome.output).map_err(|error| failed(error.to_string()))
    }
}
