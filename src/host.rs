//! The Stylus host functions that the module uses, and no others.
//!
//! Validation may not read the clock, the block, balances, code sizes or what gas is left
//! (ERC-7562), so most of the host is not here.

use alloc::vec::Vec;

use alloy_primitives::{Address, B256};
use session_core::Keccak256;
use session_core::word::{self, Word};
use stylus_sdk::call::RawCall;
use stylus_sdk::host::VM;
use stylus_sdk::hostio;
use stylus_sdk::stylus_core::{
    AccountAccess, BlockAccess, ChainAccess, CryptographyAccess, MessageAccess, RawLogAccess,
};

/// The chain as the module sees it.
#[derive(Debug)]
pub(crate) struct Host {
    vm: VM,
}

/// A nested call that did not succeed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CallFailed;

/// The parts of a block that make an epoch unguessable.
#[derive(Clone, Copy, Debug)]
pub(crate) struct BlockEntropy {
    pub(crate) timestamp: u64,
    pub(crate) number: u64,
    pub(crate) base_fee: Word,
}

impl Keccak256 for Host {
    fn keccak256(&self, bytes: &[u8]) -> B256 {
        self.vm.native_keccak256(bytes)
    }
}

impl Host {
    pub(crate) const fn new(vm: VM) -> Self {
        Self { vm }
    }

    #[expect(unsafe_code, reason = "the SDK's own way turns the word into a number and back")]
    pub(crate) fn has_value(&self) -> bool {
        let mut value = word::ZERO;
        // SAFETY: the host writes 32 bytes.
        unsafe { hostio::msg_value(value.as_mut_ptr()) };
        value != word::ZERO
    }

    pub(crate) fn caller(&self) -> Address {
        self.vm.msg_sender()
    }

    /// Returns the module's own address.
    pub(crate) fn address(&self) -> Address {
        self.vm.contract_address()
    }

    pub(crate) fn chain_id(&self) -> u64 {
        self.vm.chain_id()
    }

    #[expect(unsafe_code, reason = "the SDK's own way turns words into numbers and back")]
    pub(crate) fn load(&self, slot: B256) -> Word {
        let mut word = word::ZERO;
        // SAFETY: the host reads 32 bytes and writes 32.
        unsafe { hostio::storage_load_bytes32(slot.as_ptr(), word.as_mut_ptr()) };
        word
    }

    /// Caches a write; the entrypoint flushes when the call ends.
    #[expect(unsafe_code, reason = "the SDK's own way turns words into numbers and back")]
    pub(crate) fn save(&self, slot: B256, word: Word) {
        // SAFETY: the host reads 32 bytes twice; only `store` knows slots, and reads by value.
        unsafe { hostio::storage_cache_bytes32(slot.as_ptr(), word.as_ptr()) }
    }

    /// Calls without leave to change anything; at most 32 bytes of the answer come back.
    ///
    /// The gas is explicit: JavaScript tracers take a nested call with all the gas there is for
    /// one that runs out of it.
    #[expect(unsafe_code, reason = "unsafe for aliasing storage types, of which there are none")]
    pub(crate) fn static_call(
        &self,
        to: Address,
        data: &[u8],
        gas: u64,
    ) -> Result<Vec<u8>, CallFailed> {
        let call = RawCall::new_static(&self.vm).gas(gas).limit_return_data(0, 32);
        // SAFETY: only `store` reads and writes slots, by value.
        unsafe { call.call(to, data) }.map_err(|_| CallFailed)
    }

    /// Emits an event: `topics` and `data` as the ABI encodes them.
    pub(crate) fn emit(&self, topics: &[Word], data: &[u8]) {
        let log = [topics.as_flattened(), data].concat();
        self.vm.emit_log(&log, topics.len());
    }

    /// Reads the block. Never in validation: ERC-7562 bans all three.
    #[expect(clippy::disallowed_methods, reason = "moving the epoch happens in execution")]
    pub(crate) fn block_entropy(&self) -> BlockEntropy {
        BlockEntropy {
            timestamp: self.vm.block_timestamp(),
            number: self.vm.block_number(),
            base_fee: self.vm.block_basefee().to_be_bytes(),
        }
    }
}
