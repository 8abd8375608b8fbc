//! Which programs are activated, kept in the chain's own state.
//!
//! It stands in the storage of `ArbOS`, in Nitro's own layout: one slot for each code hash. So
//! activation and caching revert with the frame that did them, and a fork reads the other chain's.

use std::collections::VecDeque;

use alloy_primitives::{B256, U256};
use revm::context_interface::JournalTr;

use super::Estimate;
use crate::HaltReason;
use crate::arbos_storage::{ARBOS_STATE, program_slot};

/// Where Nitro's count of hours begins, in seconds since 1970.
const HOUR_0: u64 = 1_421_388_000;
const HOUR: u64 = 3_600;
/// The largest number of 3 bytes.
const MOST_IN_3_BYTES: u64 = 0xff_ffff;

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
    /// Time of activation, kept to the full hour.
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
        let hours = self.activated_at.saturating_sub(HOUR_0) / HOUR;
        let fields = [
            (u64::from(self.version), 2),
            (u64::from(estimate.init), 2),
            (u64::from(estimate.cached_init), 2),
            (u64::from(estimate.pages), 2),
            (hours.min(MOST_IN_3_BYTES), 3),
            (u64::from(estimate.asm_kib).min(MOST_IN_3_BYTES), 3),
            (u64::from(self.is_cached), 1),
        ];
        let mut word = [0_u8; 32];
        let mut rest = word.as_mut_slice();
        for (value, len) in fields {
            let (field, tail) = rest.split_at_mut_checked(len).unwrap_or((&mut [], &mut []));
            for (byte, from) in field.iter_mut().rev().zip(value.to_le_bytes()) {
                *byte = from;
            }
            rest = tail;
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
        let mut estimate = Estimate {
            init: small(take(2)),
            cached_init: small(take(2)),
            pages: small(take(2)),
            ..Estimate::default()
        };
        let activated_at = take(3).saturating_mul(HOUR).saturating_add(HOUR_0);
        estimate.asm_kib = u32::try_from(take(3)).unwrap_or(u32::MAX);
        Self { version, activated_at, is_cached: take(1) != 0, estimate }
    }
}

/// Reads an entry from the state.
pub(crate) fn load_entry<J: JournalTr>(
    journal: &mut J,
    code_hash: B256,
) -> Result<Entry, <J::Database as revm::Database>::Error> {
    journal.load_account(ARBOS_STATE)?;
    Ok(Entry::unpack(journal.sload(ARBOS_STATE, program_slot(code_hash))?.data))
}

/// Writes an entry to the state.
pub(crate) fn store_entry<J: JournalTr>(
    journal: &mut J,
    code_hash: B256,
    entry: &Entry,
) -> Result<(), <J::Database as revm::Database>::Error> {
    journal.load_account(ARBOS_STATE)?;
    journal.sstore(ARBOS_STATE, program_slot(code_hash), entry.pack())?;
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
        // 2 bytes each of version, start price, cached one and pages; 3 bytes each of hours since
        // 2015-01-16 06:00 UTC and KiB; whether it is cached.
        let word = "00030aae01920011019ad2000264010000000000000000000000000000000000";
        assert_eq!(entry.pack(), U256::from_str_radix(word, 16).expect("a word"));
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
