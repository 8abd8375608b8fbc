//! A call of a precompiled contract of Arbitrum.

use alloy_primitives::{Address, Bytes, Log, U256};
use revm::context_interface::{ContextTr, JournalTr};

use crate::HaltReason;
use crate::arbos_storage::{ARBOS_STATE, Slots};
use crate::context::Context;

/// Gas that every call of one of them costs: `ArbOS`'s state is opened.
pub(super) const OPEN_STATE: u64 = 800;
/// Gas of a read of `ArbOS`'s state.
pub(super) const READ_STATE: u64 = 800;
/// Gas of a word of arguments or result.
pub(super) const COPY_WORD: u64 = 3;

/// How a call of a precompile fails.
#[derive(Debug)]
pub(super) enum Failure {
    /// It reverts.
    Revert(Bytes),
    /// It reverts without data and keeps all gas: no such function, arguments that don't decode,
    /// value for a function that takes none, a write in a static call.
    Refusal,
    /// All gas is gone.
    Burn(HaltReason),
}

/// What a precompile answers.
pub(super) type Reply = Result<Bytes, Failure>;

/// A call of a precompile.
pub(super) struct Call<'c, 'db> {
    pub(super) context: &'c mut Context<'db>,
    pub(super) address: Address,
    pub(super) caller: Address,
    pub(super) value: U256,
    pub(super) input: Bytes,
    pub(super) gas: u64,
    pub(super) is_static: bool,
}

impl<'db> Call<'_, 'db> {
    pub(super) fn charge(&mut self, gas: u64) -> Result<(), Failure> {
        match self.gas.checked_sub(gas) {
            Some(left) => {
                self.gas = left;
                Ok(())
            }
            None => Err(Failure::Burn(HaltReason::OutOfGas)),
        }
    }

    pub(super) fn forbid_static(&self) -> Result<(), Failure> {
        if self.is_static {
            return Err(Failure::Refusal);
        }
        Ok(())
    }

    pub(super) fn emit(&mut self, log: alloy_primitives::LogData) {
        let address = self.address;
        self.context.journal_mut().log(Log { address, data: log });
    }

    pub(super) fn now(&self) -> u64 {
        self.context.block.timestamp.saturating_to()
    }

    /// The slots of `ArbOS`.
    pub(super) fn slots(&mut self) -> OwnSlots<'_, 'db> {
        OwnSlots(self.context)
    }
}

/// The slots of `ArbOS`, as a transaction sees and changes them.
pub(super) struct OwnSlots<'c, 'db>(&'c mut Context<'db>);

impl Slots for OwnSlots<'_, '_> {
    fn read(&mut self, slot: U256) -> U256 {
        let journal = self.0.journal_mut();
        let Ok(_) = journal.load_account(ARBOS_STATE);
        let Ok(loaded) = journal.sload(ARBOS_STATE, slot);
        loaded.data
    }

    fn write(&mut self, slot: U256, value: U256) {
        let journal = self.0.journal_mut();
        let Ok(_) = journal.load_account(ARBOS_STATE);
        let Ok(_) = journal.sstore(ARBOS_STATE, slot, value);
        journal.touch_account(ARBOS_STATE);
    }
}
