//! Storage, through the cache that every frame has for itself.

use alloy_primitives::{B256, U256};
use revm::context_interface::context::SStoreResult;
use revm::context_interface::{ContextTr, JournalTr};

use super::hooks::{Answer, Args, Hooks, Stop};
use super::storage_cache::Slot;
use crate::SlotAccessKind;
use crate::meter::prices::{self, evm_gas};
use crate::trace::Touched;

impl Hooks<'_, '_> {
    /// `storage_load_bytes32(key, dest)`
    pub(super) fn storage_load(&mut self, args: Args) -> Answer {
        self.require_gas(
            evm_gas::COLD_SLOT
                .saturating_add(evm_gas::STORAGE_CACHE_MOST)
                .saturating_add(evm_gas::STORAGE_MISS),
        )?;
        let key = self.read_word(args.int(0))?;

        let cache = &mut self.frame.storage;
        cache.reads = cache.reads.saturating_add(1);
        let mut gas = prices::storage_read(cache.reads);
        let value = if let Some(slot) = cache.slots.get(&key) {
            slot.value
        } else {
            let (value, access) = self.sload(key);
            gas = gas.saturating_add(access).saturating_add(evm_gas::STORAGE_MISS);
            self.frame.storage.slots.insert(key, Slot { value, known: Some(value) });
            value
        };
        self.buy_gas(gas)?;
        self.write(args.int(1), value.as_slice())?;
        Ok(None)
    }

    /// `storage_cache_bytes32(key, value)`
    pub(super) fn storage_cache(&mut self, args: Args) -> Answer {
        self.require_gas(evm_gas::SSTORE_SENTRY.saturating_add(evm_gas::STORAGE_CACHE_MOST))?;
        let key = self.read_word(args.int(0))?;
        let value = self.read_word(args.int(1))?;

        let cache = &mut self.frame.storage;
        cache.writes = cache.writes.saturating_add(1);
        let gas = prices::storage_write(cache.writes);
        let known = cache.slots.get(&key).and_then(|slot| slot.known);
        cache.slots.insert(key, Slot { value, known });
        self.buy_gas(gas)?;
        Ok(None)
    }

    /// `storage_flush_cache(clear)`
    pub(super) fn storage_flush(&mut self, args: Args) -> Answer {
        self.require_gas(evm_gas::SSTORE_SENTRY)?;

        let dirty: Vec<(B256, B256)> = self
            .frame
            .storage
            .slots
            .iter()
            .filter(|(_, slot)| slot.is_dirty())
            .map(|(key, slot)| (*key, slot.value))
            .collect();
        if !dirty.is_empty() && self.is_static() {
            return Err(Stop::Failure);
        }
        for (key, value) in dirty {
            let gas = self.sstore(key, value);
            self.buy_gas(gas)?;
            if let Some(slot) = self.frame.storage.slots.get_mut(&key) {
                slot.known = Some(value);
            }
        }
        if args.int(0) != 0 {
            self.frame.storage.slots.clear();
        }
        Ok(None)
    }

    /// `transient_load_bytes32(key, dest)`
    pub(super) fn transient_load(&mut self, args: Args) -> Answer {
        self.buy_gas(evm_gas::TRANSIENT)?;
        let key = self.read_number(args.int(0))?;
        let address = self.address();
        let value = self.context.journal_mut().tload(address, key);
        self.note_slot(key, value, SlotAccessKind::TransientRead);
        self.write_number(args.int(1), value)?;
        Ok(None)
    }

    /// `transient_store_bytes32(key, value)`
    pub(super) fn transient_store(&mut self, args: Args) -> Answer {
        self.buy_gas(evm_gas::TRANSIENT)?;
        let key = self.read_number(args.int(0))?;
        let value = self.read_number(args.int(1))?;
        if self.is_static() {
            return Err(Stop::Failure);
        }
        let address = self.address();
        self.context.journal_mut().tstore(address, key, value);
        self.note_slot(key, value, SlotAccessKind::TransientWrite);
        Ok(None)
    }

    /// Notes that a slot of the program's account was read or written.
    fn note_slot(&mut self, slot: U256, value: U256, kind: SlotAccessKind) {
        let address = self.address();
        let recorder = &mut self.context.chain.recorder;
        recorder.slot(address, slot, kind);
        recorder.touched(Touched { kind, slot, value });
    }

    /// Reads a slot of the chain and says what that costs.
    fn sload(&mut self, key: B256) -> (B256, u64) {
        let address = self.address();
        let slot = U256::from_be_bytes(key.0);
        let Ok(load) = self.context.journal_mut().sload(address, slot);
        self.note_slot(slot, load.data, SlotAccessKind::Read);
        let gas = if load.is_cold { evm_gas::COLD_SLOT } else { evm_gas::WARM };
        (B256::from(load.data), gas)
    }

    /// Writes a slot of the chain and says what that costs (EIP-2200, 2929, 3529).
    fn sstore(&mut self, key: B256, value: B256) -> u64 {
        let address = self.address();
        let slot = U256::from_be_bytes(key.0);
        let value = U256::from_be_bytes(value.0);
        let Ok(load) = self.context.journal_mut().sstore(address, slot, value);
        self.note_slot(slot, value, SlotAccessKind::Write);

        let change: &SStoreResult = &load.data;
        let cold = if load.is_cold { evm_gas::COLD_SLOT } else { 0 };
        let write = if change.is_new_eq_present() || !change.is_original_eq_present() {
            evm_gas::WARM
        } else if change.is_original_zero() {
            SSTORE_SET
        } else {
            SSTORE_RESET
        };
        let refund = self.context.cfg.gas_params.sstore_refund(true, change);
        self.interpreter.gas.record_refund(refund);
        write.saturating_add(cold)
    }
}

/// Gas of giving a slot its first value, beside the access.
const SSTORE_SET: u64 = 20_000;
/// Gas of giving a slot another value, beside the access.
const SSTORE_RESET: u64 = 2_900;
