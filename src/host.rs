//! The Stylus host functions that the module uses, and no others.
//!
//! Validation may not read the clock, the block, balances, code sizes or what gas is left
//! (ERC-7562), so most of the host is not here.
//!
//! Memory is a bump allocator that is never freed: a call is short. It is asked directly and not
//! through `Vec`, because growing one can panic, and the code and data for that would cost every
//! user some 250 gas a call.
#![expect(unsafe_code, reason = "the host reads and writes memory by pointer")]
#![expect(clippy::unused_self, reason = "a `Host` in hand is the leave to use the host")]

use core::alloc::Layout;
use core::slice;

use alloc::alloc::alloc_zeroed;

use alloy_primitives::B256;
use session_core::Environment;
use session_core::packed::{MAX_PERMISSIONS, MAX_RULES, Scratch};
use session_core::policy::Place;
use session_core::verdict::Timestamp;
use session_core::word::{self, Word};
use stylus_sdk::hostio;

/// The chain as the module sees it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Host;

/// Where an address begins in its word.
const ADDRESS: usize = 12;

/// A nested call that did not succeed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CallFailed;

impl Environment for Host {
    #[inline(never)]
    fn keccak256(self, bytes: &[u8]) -> B256 {
        let mut hash = B256::ZERO;
        // SAFETY: the host reads `len` bytes and writes 32.
        unsafe { hostio::native_keccak256(bytes.as_ptr(), bytes.len(), hash.as_mut_ptr()) };
        hash
    }

    fn keccak256_joined(self, parts: [&[u8]; 2]) -> B256 {
        self.keccak256(concat(&parts))
    }

    fn refuse(self, revert_data: &[u8]) {
        self.answer(revert_data);
    }
}

impl Host {
    /// Returns the calldata, which has `len` bytes.
    pub(crate) fn calldata(self, len: usize) -> &'static [u8] {
        // SAFETY: this never grows memory. It is here because Nitro puts calls of it in front of
        // every growth, for which it must be imported.
        unsafe { hostio::pay_for_memory_grow(0) };
        let memory = allocate(len);
        // SAFETY: the host writes the calldata, which has `len` bytes.
        unsafe { hostio::read_args(memory.as_mut_ptr()) };
        memory
    }

    pub(crate) fn has_value(self) -> bool {
        let mut value = word::ZERO;
        // SAFETY: the host writes 32 bytes.
        unsafe { hostio::msg_value(value.as_mut_ptr()) };
        !word::is_zero(&value)
    }

    /// Returns the word of the caller's address.
    pub(crate) fn caller(self) -> Word {
        let mut word = word::ZERO;
        // SAFETY: the host writes 20 bytes, the last of 32.
        unsafe { hostio::msg_sender(word.as_mut_ptr().add(ADDRESS)) };
        word
    }

    /// Returns where something of an account happens.
    #[inline(never)]
    pub(crate) fn place(self, account: &Word) -> Place {
        // SAFETY: no memory is touched.
        let chain_id = unsafe { hostio::chainid() };
        Place { account: *account, module: self.module(), chain_id: word::from_u64(chain_id) }
    }

    /// Returns the word of the module's own address.
    pub(crate) fn module(self) -> Word {
        let mut word = word::ZERO;
        // SAFETY: the host writes 20 bytes, the last of 32.
        unsafe { hostio::contract_address(word.as_mut_ptr().add(ADDRESS)) };
        word
    }

    pub(crate) fn load(self, slot: &B256) -> Word {
        let mut word = word::ZERO;
        // SAFETY: the host reads 32 bytes and writes 32.
        unsafe { hostio::storage_load_bytes32(slot.as_ptr(), word.as_mut_ptr()) };
        word
    }

    /// Caches a write, for [`Host::flush`].
    pub(crate) fn save(self, slot: &B256, word: &Word) {
        // SAFETY: the host reads 32 bytes twice.
        unsafe { hostio::storage_cache_bytes32(slot.as_ptr(), word.as_ptr()) }
    }

    /// Writes what was cached, and forgets it.
    pub(crate) fn flush(self) {
        // SAFETY: no memory is touched.
        unsafe { hostio::storage_flush_cache(true) }
    }

    /// Answers the call. What is said last counts.
    pub(crate) fn answer(self, data: &[u8]) {
        // SAFETY: the host reads `len` bytes.
        unsafe { hostio::write_result(data.as_ptr(), data.len()) }
    }

    /// Calls without leave to change anything. Returns the answer's first word, if it has
    /// exactly one.
    ///
    /// The gas is explicit: JavaScript tracers take a nested call with all the gas there is for
    /// one that runs out of it.
    #[inline(never)]
    pub(crate) fn static_call(
        self,
        to: &Word,
        data: &[u8],
        gas: u64,
    ) -> Result<Option<Word>, CallFailed> {
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

    /// Calls with all the gas there is, never in validation. Returns the whole answer, or what
    /// the callee reverts with.
    pub(crate) fn call(self, to: &Word, data: &[u8]) -> Result<&'static [u8], &'static [u8]> {
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

    /// Emits an event: `topics` and `data` as the ABI encodes them.
    #[inline(never)]
    pub(crate) fn emit(self, topics: &[Word], data: &[u8]) {
        let log = concat(&[topics.as_flattened(), data]);
        // SAFETY: the host reads `len` bytes.
        unsafe { hostio::emit_log(log.as_ptr(), log.len(), topics.len()) }
    }

    /// Reads the clock. Never in validation: ERC-7562 bans it. A clock past 2^47 seconds reads as
    /// the last moment.
    #[expect(clippy::disallowed_methods, reason = "validation takes what an operation claims")]
    pub(crate) fn clock(self) -> Timestamp {
        // SAFETY: no memory is touched.
        Timestamp::new(unsafe { hostio::block_timestamp() }).unwrap_or(Timestamp::MAX)
    }

    /// Reads what few can choose of a block: its time, its number and its base fee. Never in
    /// validation: ERC-7562 bans all three.
    #[expect(clippy::disallowed_methods, reason = "the epoch moves in execution")]
    pub(crate) fn block_entropy(self) -> [Word; 3] {
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

/// Ends the call: there is no memory left, which takes more calldata than a transaction can have.
fn abort() -> ! {
    #[cfg(target_arch = "wasm32")]
    core::arch::wasm32::unreachable();
    #[cfg(not(target_arch = "wasm32"))]
    std::process::abort();
}

/// Returns the parts one after the other.
#[inline(never)]
pub(crate) fn concat(parts: &[&[u8]]) -> &'static [u8] {
    let len = parts.iter().fold(0_usize, |sum, part| sum.saturating_add(part.len()));
    let joined = allocate(len);
    let mut rest = &mut *joined;
    for part in parts {
        let Some((to, after)) = rest.split_at_mut_checked(part.len()) else { break };
        word::copy(to, part);
        rest = after;
    }
    joined
}

/// Returns the zeros that fill bytes up to a whole word.
pub(crate) fn padding(bytes: &[u8]) -> &'static [u8] {
    allocate(bytes.len().wrapping_neg() % 32)
}

/// Returns memory for the decoder.
#[inline(never)]
pub(crate) fn scratch() -> Scratch<'static> {
    const WORDS: usize = 14;
    let (words, _) = allocate((WORDS + MAX_PERMISSIONS + MAX_RULES) * 32).as_chunks_mut::<32>();
    let (offsets, _) = allocate(MAX_PERMISSIONS * 4).as_chunks_mut::<4>();
    let Some((words, hashes)) = words.split_first_chunk_mut() else { abort() };
    let (Some(hashes), Some(offsets)) = (hashes.first_chunk_mut(), offsets.first_chunk_mut())
    else {
        abort()
    };
    Scratch { words, hashes, offsets }
}
