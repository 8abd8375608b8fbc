//! Why a program has stopped running.

use crate::hostio::HostCall;

/// Why a program has stopped running.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pause {
    /// It waits for the answer of a host function.
    Host(HostCall),
    /// Its entry point has returned this status.
    Returned(u32),
    /// It cannot go on.
    Trapped(Trap),
}

/// Why a program cannot go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trap {
    /// Its ink doesn't cover the next basic block.
    OutOfInk,
    /// Its value stack doesn't hold the next function.
    OutOfStack,
    /// Anything else: a division by zero, memory out of bounds, `unreachable`.
    Failure,
}

impl Trap {
    /// What a trap means that left the counters of the metering pass like this.
    pub(super) fn new(ink_ran_out: bool, stack_ran_out: bool) -> Self {
        match (ink_ran_out, stack_ran_out) {
            (true, _) => Self::OutOfInk,
            (false, true) => Self::OutOfStack,
            (false, false) => Self::Failure,
        }
    }
}
