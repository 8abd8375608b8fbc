//! The host on a chain: Nitro's host functions, and the bump allocator.
#![expect(unsafe_code, reason = "the host reads and writes memory by pointer")]

use core::alloc::Layout;
use core::slice;

use alloc::alloc::alloc_zeroed;

use alloy_primitives::B256;
use smart_session_core::Environment;
use smart_session_core::window::Timestamp;
use smart_session_core::word::{self, Word};
use stylus_sdk::hostio;

use super::memory::{self, abort};
use super::{CallFailed, Host};

/// A call of the contract on a chain.
#[derive(Clone, Copy, Debug)]
pub(crate) struct OnChain;

/// Where an address begins in its word.
const ADDRESS: usize = 12;

impl OnChain {
    /// Returns the calldata, which has `len` bytes.
    pub(crate) fn calldata(len: usize) -> &'static [u8] {
        // SAFETY: this never grows memory. It is here because Nitro puts calls of it in front of
        // every growth, for which it must be imported.
        unsafe { hostio::pay_for_memory_grow(0) };
        let memory = allocate(len);
        // SAFETY: the host writes the calldata, which has `len` bytes.
        unsafe { hostio::read_args(memory.as_mut_ptr()) };
        memory
    }
}

impl Environment for OnChain {
    #[inline(never)]
    fn keccak256(self, bytes: &[u8]) -> B256 {
        let mut hash = B256::ZERO;
        // SAFETY: the host reads `len` bytes and writes 32.
        unsafe { hostio::native_keccak256(bytes.as_ptr(), bytes.len(), hash.as_mut_ptr()) };
        hash
    }

    fn keccak256_joined(self, parts: [&[u8]; 2]) -> B256 {
        self.keccak256(memory::concat(self, &parts))
    }

    fn refuse(self, revert_data: &[u8]) {
        self.answer(revert_data);
    }
}

impl Host<'static> for OnChain {
    fn allocate(self, len: usize) -> &'static mut [u8] {
        allocate(len)
    }

    fn has_value(self) -> bool {
        let mut value = word::ZERO;
        // SAFETY: the host writes 32 bytes.
        unsafe { hostio::msg_value(value.as_mut_ptr()) };
        !word::is_zero(&value)
    }

    fn caller(self) -> Word {
        let mut word = word::ZERO;
        // SAFETY: the host writes 20 bytes, the last of 32.
        unsafe { hostio::msg_sender(word.as_mut_ptr().add(ADDRESS)) };
        word
    }

    fn module(self) -> Word {
        let mut word = word::ZERO;
        // SAFETY: the host writes 20 bytes, the last of 32.
        unsafe { hostio::contract_address(word.as_mut_ptr().add(ADDRESS)) };
        word
    }

    fn chain_id(self) -> u64 {
        // SAFETY: no memory is touched.
        unsafe { hostio::chainid() }
    }

    fn load(self, slot: &B256) -> Word {
        let mut word = word::ZERO;
        // SAFETY: the host reads 32 bytes and writes 32.
        unsafe { hostio::storage_load_bytes32(slot.as_ptr(), word.as_mut_ptr()) };
        word
    }

    fn save(self, slot: &B256, word: &Word) {
        // SAFETY: the host reads 32 bytes twice.
        unsafe { hostio::storage_cache_bytes32(slot.as_ptr(), word.as_ptr()) }
    }

    fn flush(self) {
        // SAFETY: no memory is touched.
        unsafe { hostio::storage_flush_cache(true) }
    }

    fn answer(self, data: &[u8]) {
        // SAFETY: the host reads `len` bytes.
        unsafe { hostio::write_result(data.as_ptr(), data.len()) }
    }

    #[inline(never)]
    fn static_call(self, to: &Word, data: &[u8], gas: u64) -> Result<Option<Word>, CallFailed> {
        let mut length = 0;
        let mut word = word::ZERO;
        // SAFETY: the host reads 20 bytes, the last of 32, and `len` bytes, and writes a length.
        let status = unsafe {
            hostio::static_call_contract(
                to.as_ptr().add(ADDRESS),
                data.as_ptr(),
                data.len(),
                gas,
                &raw mut length,
            )
        };
        if status != 0 {
            return Err(CallFailed);
        }
        // Read also where there is nothing to read, as with a dummy signature: estimating with one
        // must not come out cheaper.
        // SAFETY: the host writes at most 32 bytes.
        unsafe { hostio::read_return_data(word.as_mut_ptr(), 0, word.len()) };
        Ok((length == word.len()).then_some(word))
    }

    fn call(self, to: &Word, data: &[u8]) -> Result<&'static [u8], &'static [u8]> {
        let mut length = 0;
        let value = word::ZERO;
        // SAFETY: the host reads 20 bytes, the last of 32, `len` bytes, and 32 bytes, and writes a
        // length.
        let status = unsafe {
            hostio::call_contract(
                to.as_ptr().add(ADDRESS),
                data.as_ptr(),
                data.len(),
                value.as_ptr(),
                u64::MAX,
                &raw mut length,
            )
        };
        let answer = allocate(length);
        // SAFETY: the host writes at most `length` bytes.
        unsafe { hostio::read_return_data(answer.as_mut_ptr(), 0, length) };
        if status == 0 { Ok(answer) } else { Err(answer) }
    }

    #[inline(never)]
    fn emit(self, topics: &[Word], data: &[u8]) {
        let log = memory::concat(self, &[topics.as_flattened(), data]);
        // SAFETY: the host reads `len` bytes.
        unsafe { hostio::emit_log(log.as_ptr(), log.len(), topics.len()) }
    }

    #[expect(clippy::disallowed_methods, reason = "validation takes what an operation claims")]
    fn clock(self) -> Timestamp {
        // SAFETY: no memory is touched.
        Timestamp::new(unsafe { hostio::block_timestamp() }).unwrap_or(Timestamp::MAX)
    }

    #[expect(clippy::disallowed_methods, reason = "an order runs outside validation")]
    fn gas_left(self) -> u64 {
        // SAFETY: no memory is touched.
        unsafe { hostio::evm_gas_left() }
    }

    #[expect(clippy::disallowed_methods, reason = "the epoch moves in execution")]
    fn block_entropy(self) -> [Word; 3] {
        let mut base_fee = word::ZERO;
        // SAFETY: the host writes 32 bytes.
        unsafe { hostio::block_basefee(base_fee.as_mut_ptr()) };
        // SAFETY: no memory is touched.
        let [timestamp, number] = unsafe { [hostio::block_timestamp(), hostio::block_number()] };
        [word::from_u64(timestamp), word::from_u64(number), base_fee]
    }
}

/// Returns fresh memory, zeroed. The pages of a WASM memory begin as zeros, so this is a few
/// instructions, where an array on the stack would be cleared byte by byte.
#[inline(never)]
fn allocate(len: usize) -> &'static mut [u8] {
    let Ok(layout) = Layout::from_size_align(len, 8) else { abort() };
    if len == 0 {
        return &mut [];
    }
    // SAFETY: the layout is not empty.
    let memory = unsafe { alloc_zeroed(layout) };
    if memory.is_null() {
        abort();
    }
    // SAFETY: so many bytes were just allocated, zeroed, and nobody else has them.
    unsafe { slice::from_raw_parts_mut(memory, len) }
}
