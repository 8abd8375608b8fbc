//! When a session may act: moments, and windows of them.

/// A moment in unix seconds, below 2^47.
///
/// `validationData` has 48 bits for it, but EntryPoint 0.9 reads the highest of them as "this is
/// a block number", so it is never set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(u64);

impl Timestamp {
    /// The last moment: 2^47 − 1.
    pub const MAX: Self = Self((1 << 47) - 1);

    /// Returns the moment, or `None` at or past 2^47 seconds.
    pub const fn new(seconds: u64) -> Option<Self> {
        if seconds <= Self::MAX.0 { Some(Self(seconds)) } else { None }
    }

    /// Returns the seconds since 1970.
    pub const fn seconds(self) -> u64 {
        self.0
    }
}

/// When a session may act. Both ends are inclusive, and the end is after the start.
///
/// The window is never compared with the clock here: ERC-7562 bans `TIMESTAMP` during
/// validation, so it travels to the `EntryPoint` inside `validationData`. EntryPoint 0.7 takes
/// both ends as inclusive; 0.8 and later exclude the start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ValidityWindow {
    valid_after: Timestamp,
    valid_until: Timestamp,
}

impl ValidityWindow {
    /// Returns the window, or `None` if it has no second moment.
    ///
    /// An end of 0 would mean "no end" to the `EntryPoint`; being after a start it never is 0.
    pub fn new(valid_after: Timestamp, valid_until: Timestamp) -> Option<Self> {
        (valid_after < valid_until).then_some(Self { valid_after, valid_until })
    }

    /// Returns whether a moment is in it.
    pub fn contains(&self, time: Timestamp) -> bool {
        self.valid_after <= time && time <= self.valid_until
    }

    /// Returns the part of it that lies between two moments, both inclusive.
    ///
    /// Callers know a moment that is in both, so there is such a part; it may be that moment
    /// alone.
    #[must_use]
    pub fn within(&self, first: Timestamp, last: Timestamp) -> Self {
        Self { valid_after: self.valid_after.max(first), valid_until: self.valid_until.min(last) }
    }

    /// Returns the first moment.
    pub const fn valid_after(&self) -> Timestamp {
        self.valid_after
    }

    /// Returns the last moment.
    pub const fn valid_until(&self) -> Timestamp {
        self.valid_until
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> Timestamp {
        Timestamp::new(seconds).unwrap()
    }

    #[test]
    fn a_timestamp_has_47_bits() {
        assert_eq!(Timestamp::new(140_737_488_355_327), Some(Timestamp::MAX));
        assert_eq!(Timestamp::new(140_737_488_355_328), None);
    }

    #[test]
    fn all_windows_over_0_to_6_end_after_they_start() {
        for after in 0..=6 {
            for until in 0..=6 {
                let window = ValidityWindow::new(at(after), at(until));
                assert_eq!(window.is_some(), until > after, "{after}..{until}");
            }
        }
    }
}
