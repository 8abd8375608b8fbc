//! Who pays for a transaction.

use std::convert::Infallible;
use std::marker::PhantomData;

use alloy_primitives::U256;
use revm::context::result::{EVMError, HaltReason, InvalidTransaction};
use revm::context_interface::journaled_state::account::JournaledAccountTr;
use revm::context_interface::{ContextTr, JournalTr, Transaction};
use revm::handler::evm::FrameTr;
use revm::handler::{EvmTr, Handler, post_execution};
use revm::interpreter::InitialAndFloorGas;

use super::StylusEvm;

/// Runs transactions as revm does, but takes fees only from those who name a price.
pub(crate) struct DevHandler<'db> {
    charges_fees: bool,
    evm: PhantomData<fn() -> StylusEvm<'db>>,
}

impl DevHandler<'_> {
    /// A handler that charges for gas or doesn't.
    pub(crate) fn new(charges_fees: bool) -> Self {
        Self { charges_fees, evm: PhantomData }
    }
}

impl<'db> Handler for DevHandler<'db> {
    type Evm = StylusEvm<'db>;
    type Error = EVMError<Infallible>;
    type HaltReason = HaltReason;

    fn validate_against_state_and_deduct_caller(
        &self,
        evm: &mut Self::Evm,
        _gas: &mut InitialAndFloorGas,
    ) -> Result<(), Self::Error> {
        let (block, tx, _, journal, _, _) = evm.ctx_mut().all_mut();
        let base_fee = u128::from(block.basefee);
        let fee = |price: u128| {
            if self.charges_fees {
                U256::from(tx.gas_limit).saturating_mul(U256::from(price))
            } else {
                U256::ZERO
            }
        };
        let most = fee(tx.max_fee_per_gas()).saturating_add(tx.value);
        let mut sender = journal.load_account_with_code_mut(tx.caller)?.data;
        let balance = *sender.balance();
        if balance < most {
            return Err(EVMError::Transaction(InvalidTransaction::LackOfFundForMaxFee {
                fee: Box::new(most),
                balance: Box::new(balance),
            }));
        }
        sender.set_balance(balance.saturating_sub(fee(tx.effective_gas_price(base_fee))));
        if tx.kind.is_call() {
            sender.bump_nonce();
        }
        Ok(())
    }

    fn reimburse_caller(
        &self,
        evm: &mut Self::Evm,
        result: &mut <<Self::Evm as EvmTr>::Frame as FrameTr>::FrameResult,
    ) -> Result<(), Self::Error> {
        if !self.charges_fees {
            return Ok(());
        }
        let Ok(()) = post_execution::reimburse_caller(evm.ctx_mut(), result.gas(), U256::ZERO);
        Ok(())
    }

    /// Arbitrum pays the base fee to an account of its own and has no tips; here it is burnt.
    fn reward_beneficiary(
        &self,
        _evm: &mut Self::Evm,
        _result: &mut <<Self::Evm as EvmTr>::Frame as FrameTr>::FrameResult,
    ) -> Result<(), Self::Error> {
        Ok(())
    }
}
