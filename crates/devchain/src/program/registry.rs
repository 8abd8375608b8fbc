//! Which programs are activated, kept in the chain's own state.
//!
//! Nitro keeps this in the storage of `ArbOS`. So does this crate, in a layout of its own: one slot
//! for each code hash. That makes activation and caching revert with the frame that did them.

use std::collections::VecDeque;

use alloy_primitives::{Address, B256, U256, address, keccak256};
use revm::context_interface::JournalTr;

use super::Estimate;
use crate::HaltReason;

/// The account whose storage is `ArbOS`'s.
pub(crate) const ARBOS_STATE: Address = address!("a4b05fffffffffffffffffffffffffffffffffff");

/// Days after which a program must be activated again.
const EXPIRY_SECONDS: u64 = 365 * 24 * 60 * 60;

/// How many programs the block's cache holds.
const BLOCK_CACHE_SIZE: usize = 32; // shape-same-block

/// The result of an activation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Activation {
    /// Stylus version the program is activated for.
    pub version: u16,
    /// Start price in gas when not cached, the cached part included, memory pages not.
    pub init_gas: u64,
    /// Start price in gas when cached, memory pages not.
    pub cached_init_gas: u64,
    /// Memory pages at the start.
    pub footprint_pages: u16,
    /// Estimated size of the native code in bytes.
    pub asm_size: u32,
    /// Gas the activating transaction used, the intrinsic gas not.
    pub gas: u64,
    /// Wei paid for the data.
    pub data_fee: U256,
}

/// What is known about an activated program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    /// Stylus version it was activated for; 0 if it never was.
    pub(crate) version: u16,
    /// Time of activation.
    pub(crate) activated_at: u64,
    /// Whether a cache manager put it into the cache.
    pub(crate) is_cached: bool,
    /// Its estimates.
    pub(crate) estimate: Estimate,
}

impl Entry {
    /// Checks that the program may be called at that time under that version of Stylus.
    pub(crate) fn check(&self, stylus_version: u16, now: u64) -> Result<(), HaltReason> {
        let version = self.version;
        if version == 0 {
            return Err(HaltReason::ProgramNotActivated);
        }
        if version != stylus_version {
            return Err(HaltReason::ProgramNeedsUpgrade { version, stylus_version });
        }
        let age = now.saturating_sub(self.activated_at);
        if age > EXPIRY_SECONDS {
            return Err(HaltReason::ProgramExpired { age });
        }
        Ok(())
    }

    /// Seconds until it expires.
    pub(crate) fn time_left(&self, now: u64) -> u64 {
        EXPIRY_SECONDS.saturating_sub(now.saturating_sub(self.activated_at))
    }

    fn pack(&self) -> U256 {
        let estimate = &self.estimate;
        let mut word = [0_u8; 32];
        let fields: [&[u8]; 7] = [
            &self.version.to_be_bytes(),
            &self.activated_at.to_be_bytes(),
            &[u8::from(self.is_cached)],
            &estimate.init.to_be_bytes(),
            &estimate.cached_init.to_be_bytes(),
            &estimate.pages.to_be_bytes(),
            &estimate.asm_kib.to_be_bytes(),
        ];
        for (byte, value) in word.iter_mut().zip(fields.iter().copied().flatten()) {
            *byte = *value;
        }
        U256::from_be_bytes(word)
    }

    fn unpack(word: U256) -> Self {
        let bytes = word.to_be_bytes::<32>();
        let mut rest = bytes.as_slice();
        let mut take = |len: usize| {
            let (field, tail) = rest.split_at_checked(len).unwrap_or((&[], &[]));
            rest = tail;
            field.iter().fold(0_u64, |value, byte| (value << 8) | u64::from(*byte))
        };
        let small = |value: u64| u16::try_from(value).unwrap_or(u16::MAX);
        let version = small(take(2));
        let activated_at = take(8);
        let is_cached = take(1) != 0;
        let estimate = Estimate {
            init: small(take(2)),
            cached_init: small(take(2)),
            pages: small(take(2)),
            asm_kib: u32::try_from(take(4)).unwrap_or(u32::MAX),
            activation_gas: 0,
        };
        Self { version, activated_at, is_cached, estimate }
    }
}

/// The slot that holds what is known about the program with this code hash.
pub(crate) fn slot(code_hash: B256) -> U256 {
    keccak256([b"devchain program".as_slice(), code_hash.as_slice()].concat()).into()
}

/// Reads an entry from the state.
pub(crate) fn load_entry<J: JournalTr>(
    journal: &mut J,
    code_hash: B256,
) -> Result<Entry, <J::Database as revm::Database>::Error> {
    journal.load_account(ARBOS_STATE)?;
    Ok(Entry::unpack(journal.sload(ARBOS_STATE, slot(code_hash))?.data))
}

/// Writes an entry to the state.
pub(crate) fn store_entry<J: JournalTr>(
    journal: &mut J,
    code_hash: B256,
    entry: &Entry,
) -> Result<(), <J::Database as revm::Database>::Error> {
    journal.load_account(ARBOS_STATE)?;
    journal.sstore(ARBOS_STATE, slot(code_hash), entry.pack())?;
    journal.touch_account(ARBOS_STATE);
    Ok(())
}

impl From<U256> for Entry {
    fn from(word: U256) -> Self {
        Self::unpack(word)
    }
}

/// The programs that ran lately in a block, newest last.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct RecentPrograms(VecDeque<B256>);

impl RecentPrograms {
    /// Notes that a program runs, and says whether it ran lately. A hit makes it the newest.
    pub(crate) fn insert(&mut self, code_hash: B256) -> bool {
        let found = self.0.iter().position(|&known| known == code_hash);
        if let Some(index) = found {
            self.0.remove(index);
        } else if self.0.len() >= BLOCK_CACHE_SIZE {
            self.0.pop_front();
        }
        self.0.push_back(code_hash);
        found.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_roundtrips_through_its_slot() {
        let entry = Entry {
            version: 3,
            activated_at: 1_800_000_000,
            is_cached: true,
            estimate: Estimate {
                init: 2_734,
                cached_init: 402,
                pages: 17,
                asm_kib: 612,
                activation_gas: 0,
            },
        };
        assert_eq!(Entry::from(entry.pack()), entry);
        assert_eq!(Entry::from(U256::ZERO).check(2, 0), Err(HaltReason::ProgramNotActivated));
    }

    #[test]
    fn the_block_remembers_the_32_programs_that_ran_last() {
        let program = B256::repeat_byte;
        let mut recent = RecentPrograms::default();
        for byte in 0..32 {
            assert!(!recent.insert(program(byte)));
        }

        assert!(recent.insert(program(0)), "the oldest, now the newest");
        assert!(!recent.insert(program(32)), "pushes out the second");
        assert!(!recent.insert(program(1)), "which is gone");
        assert!(recent.insert(program(0)));
        assert!(recent.insert(program(32)));
    }
}
