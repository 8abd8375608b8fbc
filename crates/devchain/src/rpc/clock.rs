//! What time the next block has.

use std::time::{Instant, SystemTime, UNIX_EPOCH};

/// The node's clock. It stands still or runs, and can be moved.
#[derive(Clone, Copy, Debug)]
pub(super) struct Clock {
    base: u64,
    running_since: Option<Instant>,
    next: Option<u64>,
}

impl Clock {
    /// A clock that stands still at that many seconds since 1970.
    pub(super) fn standing(time: u64) -> Self {
        Self { base: time, running_since: None, next: None }
    }

    /// A clock that runs with the system's.
    pub(super) fn running() -> Self {
        let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Self { base: since_1970.as_secs(), running_since: Some(Instant::now()), next: None }
    }

    /// What the next block would get.
    pub(super) fn peek(&self) -> u64 {
        let elapsed = self.running_since.map_or(0, |start| start.elapsed().as_secs());
        self.next.unwrap_or_else(|| self.base.saturating_add(elapsed))
    }

    /// The time for the next block; the clock goes on from there.
    pub(super) fn take(&mut self) -> u64 {
        let time = self.peek();
        if self.next.take().is_some() {
            self.base = time;
            self.running_since = self.running_since.map(|_| Instant::now());
        }
        time
    }

    /// Moves the clock forward.
    pub(super) fn advance(&mut self, seconds: u64) {
        self.base = self.base.saturating_add(seconds);
        self.next = self.next.map(|next| next.saturating_add(seconds));
    }

    /// Sets the time of the next block, from which the clock goes on.
    pub(super) fn set_next(&mut self, time: u64) {
        self.next = Some(time);
    }
}
