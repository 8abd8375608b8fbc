//! Running one transaction on the chain's state.

use std::convert::Infallible;

use alloy_primitives::{Bytes, U256};
use revm::context::result::{EVMError, ExecutionResult, InvalidTransaction, Output};
use revm::context::{BlockEnv, CfgEnv, TxEnv};
use revm::context_interface::JournalTr;
use revm::context_interface::either::Either;
use revm::context_interface::transaction::{
    AccessList, AccessListItem, Authorization, RecoveredAuthority, RecoveredAuthorization,
};
use revm::database::WrapDatabaseRef;
use revm::handler::Handler;
use revm::primitives::hardfork::SpecId;
use revm::state::EvmState;

use super::DevChain;
use crate::context::{Arbitrum, Context};
use crate::evm::{DevHandler, StylusEvm};
use crate::meter::pages::Pages;
use crate::program::RecentPrograms;
use crate::trace::{Recorder, TRACE_BUDGET};
use crate::watch::Watcher;
use crate::{Frame, HaltReason, Outcome, Status, Transaction, TransactionError};

impl DevChain {
    /// Number of the parent chain's block, which contracts see as `NUMBER`.
    pub fn parent_block_number(&self) -> u64 {
        self.fields.parent_number(self.timestamp)
    }

    /// The block as a transaction sees it: its base fee is 0 for a call that names a price of 0, as
    /// it is on a node (geth's `NoBaseFee`).
    fn block(&self, gas_price: u128) -> BlockEnv {
        let parent = self.parent_block_number();
        BlockEnv {
            number: U256::from(parent),
            beneficiary: self.fields.coinbase,
            timestamp: U256::from(self.timestamp),
            gas_limit: self.fields.gas_limit,
            basefee: if gas_price == 0 { 0 } else { self.fields.base_fee },
            difficulty: self.fields.difficulty,
            prevrandao: Some(self.fields.random),
            ..BlockEnv::default()
        }
    }

    fn config(&self) -> CfgEnv {
        let mut config = CfgEnv::new()
            .with_spec_and_mainnet_gas_params(SpecId::OSAKA)
            .with_chain_id(self.chain_id);
        config.limit_contract_code_size = Some(self.code_size_limit);
        config.tx_gas_limit_cap = Some(u64::MAX);
        config.disable_nonce_check = true;
        config.disable_eip3607 = true;
        config.disable_eip7623 = true;
        config.disable_block_gas_limit = true;
        // Arbitrum accepts the prefixes of Stylus; the EVM here refuses the others itself.
        config.disable_eip3541 = true;
        config
    }

    /// Everything the EVM needs for a transaction in the next block.
    pub(super) fn context(
        &self,
        tx: TxEnv,
        recorder: Recorder,
        recent: &mut RecentPrograms,
    ) -> Context<'_> {
        let chain = Arbitrum {
            arbos: self.arbos,
            engine: self.engine,
            base_fee: self.fields.base_fee,
            block_number: self.block_number.saturating_add(1),
            pages: Pages::default(),
            recent: std::mem::take(recent),
            recorder,
        };
        let state = WrapDatabaseRef(&self.state);
        revm::Context::<BlockEnv, TxEnv, CfgEnv, _, revm::Journal<_>, ()>::new(state, SpecId::OSAKA)
            .with_cfg(self.config())
            .with_block(self.block(tx.gas_price))
            .with_tx(tx)
            .with_chain(chain)
    }

    /// Runs a transaction; what it changes is yet to be committed.
    pub(super) fn execute(
        &self,
        transaction: &Transaction,
        recent: &mut RecentPrograms,
        watcher: Option<Box<dyn Watcher>>,
    ) -> Result<(Outcome, EvmState), TransactionError> {
        let recorder = Recorder::new(transaction.trace)
            .with_watcher(watcher)
            .with_phantom_reader(self.shows_phantom_reads.then_some(transaction.from));
        let context = self.context(self.tx_env(transaction), recorder, recent);
        let mut evm = StylusEvm::new(context);
        let mut handler = DevHandler::new(transaction.gas_price.is_some());
        #[cfg(feature = "fork")]
        drop(crate::remote::failure::take());
        let result = handler.run(&mut evm);
        #[cfg(feature = "fork")]
        if let Some(failure) = crate::remote::failure::take() {
            return Err(TransactionError::Fork(failure));
        }
        let mut context = evm.into_context();
        *recent = std::mem::take(&mut context.chain.recent);
        let result = result.map_err(|error| refused(transaction, self.base_fee(), error))?;
        let recorder = std::mem::take(&mut context.chain.recorder);
        if recorder.is_over_budget() {
            return Err(TransactionError::TraceTooLarge { budget: TRACE_BUDGET });
        }
        let frames = recorder.into_frames();
        let changes = context.journaled_state.finalize();
        Ok((outcome(transaction, result, frames), changes))
    }

    fn tx_env(&self, transaction: &Transaction) -> TxEnv {
        let access_list = transaction
            .access_list
            .iter()
            .map(|(address, slots)| AccessListItem {
                address: *address,
                storage_keys: slots.clone(),
            })
            .collect::<Vec<_>>();
        let delegations = transaction.delegations.iter().map(|delegation| {
            let authorization = Authorization {
                chain_id: U256::from(self.chain_id),
                address: delegation.delegate,
                nonce: delegation.nonce,
            };
            Either::Right(RecoveredAuthorization::new_unchecked(
                authorization,
                RecoveredAuthority::Valid(delegation.authority),
            ))
        });
        let mut tx = TxEnv {
            caller: transaction.from,
            gas_limit: transaction.gas_limit,
            gas_price: transaction.gas_price.unwrap_or(u128::from(self.base_fee())),
            kind: transaction.kind,
            value: transaction.value,
            data: transaction.data.clone(),
            nonce: self.nonce(transaction.from),
            chain_id: Some(self.chain_id),
            access_list: AccessList(access_list),
            authorization_list: delegations.collect(),
            ..TxEnv::default()
        };
        // Fails only for blobs and for delegations without a target, which the EVM refuses too.
        let _ = tx.derive_tx_type();
        tx
    }
}

fn refused(
    transaction: &Transaction,
    base_fee: u64,
    error: EVMError<Infallible>,
) -> TransactionError {
    let error = match error {
        EVMError::Transaction(error) => error,
        other => return TransactionError::Invalid(other.to_string()),
    };
    match error {
        InvalidTransaction::LackOfFundForMaxFee { fee, balance } => {
            TransactionError::InsufficientFunds {
                from: transaction.from,
                balance: *balance,
                needed: *fee,
            }
        }
        InvalidTransaction::CallGasCostMoreThanGasLimit { initial_gas, gas_limit } => {
            TransactionError::GasLimitTooLow { limit: gas_limit, needed: initial_gas }
        }
        InvalidTransaction::GasPriceLessThanBasefee => {
            TransactionError::GasPriceTooLow { base_fee }
        }
        InvalidTransaction::CreateInitCodeSizeLimit => TransactionError::InitCodeTooLong,
        other => TransactionError::Invalid(other.to_string()),
    }
}

fn outcome(
    transaction: &Transaction,
    result: ExecutionResult<revm::context::result::HaltReason>,
    frames: Vec<Frame>,
) -> Outcome {
    let top = frames.first();
    let status = top.map_or(Status::Halt(HaltReason::OutOfGas), |frame| frame.status);
    let given = top.map_or(0, |frame| frame.gas_limit);
    let gas = *result.gas();
    let (output, created, logs) = match result {
        ExecutionResult::Success { output, logs, .. } => match output {
            Output::Call(data) => (data, None, logs),
            Output::Create(code, created) => (code, created, logs),
        },
        ExecutionResult::Revert { output, .. } => (output, None, Vec::new()),
        ExecutionResult::Halt { .. } => (Bytes::new(), None, Vec::new()),
    };
    Outcome {
        status,
        gas_used: gas.total_gas_spent().saturating_sub(gas.inner_refunded()),
        gas_refunded: gas.inner_refunded(),
        intrinsic_gas: transaction.gas_limit.saturating_sub(given),
        output,
        created,
        logs,
        frames,
    }
}
