//! What time it is: two clocks, the newest block's and the system's.

use std::time::{SystemTime, UNIX_EPOCH};

/// Which clocks are asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ClockSource {
    /// The newest block's and the system's.
    #[default]
    Both,
    /// The newest block's alone: for chains whose time is made up, as in tests.
    ChainOnly,
}

/// What two clocks show, in unix seconds.
///
/// The newest block may be old where a chain is idle, and a system's clock may be wrong. So what
/// is judged (is a session over, which period is it) is judged at the later one, and what begins
/// "now" begins a minute before the earlier one: it is due at once for both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clocks {
    /// The time of the newest block.
    pub chain: u64,
    /// The system's time.
    pub system: u64,
}

/// Seconds by which what begins "now" begins earlier.
const MARGIN: u64 = 60;
/// Seconds by which clocks may differ before it is told.
const TOLERANCE: u64 = 300;
/// Ids of development chains, whose newest block may be hours old: Geth's, Hardhat's and Anvil's,
/// the Nitro dev node's and the embedded chain's.
const DEVELOPMENT: [u64; 3] = [1_337, 31_337, 412_346];

impl Clocks {
    /// Reads the system's clock, beside the newest block's time.
    pub fn beside(chain: u64, source: ClockSource) -> Self {
        let system = match source {
            ClockSource::Both => {
                SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs())
            }
            ClockSource::ChainOnly => chain,
        };
        Self { chain, system }
    }

    /// Returns the time at which things are judged: the later one.
    pub const fn judged(self) -> u64 {
        if self.chain > self.system { self.chain } else { self.system }
    }

    /// Returns when that begins which begins "now": a minute before the earlier one.
    pub const fn beginning(self) -> u64 {
        let earlier = if self.chain < self.system { self.chain } else { self.system };
        earlier.saturating_sub(MARGIN)
    }

    /// Says, in one sentence, by how much the clocks differ, if that is more than five minutes
    /// and the chain is not an idle development chain.
    pub fn difference(self, chain_id: u64) -> Option<String> {
        let is_idle = DEVELOPMENT.contains(&chain_id) && self.chain < self.system;
        let seconds = self.chain.abs_diff(self.system);
        if is_idle || seconds <= TOLERANCE {
            return None;
        }
        let (order, words) = if self.chain < self.system {
            ("before", crate::unit::format_duration(seconds))
        } else {
            ("after", crate::unit::format_duration(seconds))
        };
        Some(format!(
            "the newest block of chain {chain_id} is of time {}, {words} {order} this system's \
             clock ({})",
            self.chain, self.system
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BEHIND: Clocks = Clocks { chain: 10_000, system: 10_400 };
    const AHEAD: Clocks = Clocks { chain: 10_400, system: 10_000 };

    #[test]
    fn the_later_clock_judges_and_the_earlier_one_begins() {
        for clocks in [BEHIND, AHEAD] {
            assert_eq!(clocks.judged(), 10_400);
            assert_eq!(clocks.beginning(), 9_940);
        }
    }

    #[test]
    fn more_than_five_minutes_are_told() {
        for clocks in [BEHIND, AHEAD] {
            assert!(clocks.difference(42_161).unwrap().contains("6m 40s"));
        }
        let close = Clocks { chain: 10_000, system: 10_300 };
        assert_eq!(close.difference(42_161), None);
    }

    #[test]
    fn an_idle_development_chain_is_not_told_of() {
        assert_eq!(BEHIND.difference(412_346), None);
        assert!(AHEAD.difference(412_346).is_some(), "a chain in the future is not idle");
    }

    #[test]
    fn a_chain_with_a_time_of_its_own_is_believed_alone() {
        let clocks = Clocks::beside(7, ClockSource::ChainOnly);

        assert_eq!((clocks.judged(), clocks.difference(42_161)), (7, None));
        assert!(Clocks::beside(7, ClockSource::Both).judged() > 1_700_000_000);
    }
}
