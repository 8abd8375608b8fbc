//! Everything that was ever accepted for one account: what the model knows, and all it knows.

use alloy_primitives::{Address, B256, U512};

use crate::operation::{Execution, Operation};
use crate::period::period_of;
use crate::session::{Budget, NATIVE, Session, UNCOUNTED_CALLS, UNCOUNTED_FEES};

/// Something that happened to one account.
#[derive(Clone, Debug)]
pub enum Event {
    /// The module was installed: as validator, as executor.
    Installed(bool, bool),
    /// It was uninstalled as these.
    Uninstalled(bool, bool),
    /// All sessions of before are void; sessions name this epoch from now on.
    EpochMoved(u64),
    /// A session came into force.
    Enabled(B256),
    /// A session ended.
    Revoked(B256),
    /// An operation under a session was accepted, or ran on the direct path.
    Used(B256, Box<Operation>),
    /// It ran by an order.
    Ordered(B256),
}

/// What became of a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Nothing yet.
    Unknown,
    /// It is in force.
    Enabled,
    /// It has ended.
    Revoked,
}

/// All that happened, in order.
#[derive(Clone, Debug, Default)]
pub struct History {
    /// The events.
    pub events: Vec<Event>,
}

impl History {
    /// Returns the history of an account that has installed the validator.
    pub fn installed() -> Self {
        Self { events: vec![Event::Installed(true, false)] }
    }

    /// Returns as what the module is installed: as validator, as executor.
    pub fn installation(&self) -> (bool, bool) {
        self.events.iter().fold((false, false), |(v, x), event| match event {
            Event::Installed(validator, executor) => (v || *validator, x || *executor),
            Event::Uninstalled(validator, executor) => (v && !validator, x && !executor),
            _ => (v, x),
        })
    }

    /// Returns the epoch.
    pub fn epoch(&self) -> u64 {
        let moved = self.events.iter().rev().find_map(|event| match event {
            Event::EpochMoved(epoch) => Some(*epoch),
            _ => None,
        });
        moved.unwrap_or(0)
    }

    /// Returns what became of a session: once revoked, revoked for ever.
    pub fn status(&self, id: B256) -> Status {
        let has = |wanted: fn(&Event) -> Option<B256>| {
            self.events.iter().filter_map(wanted).any(|other| other == id)
        };
        let revoked = |event: &Event| match event {
            Event::Revoked(id) => Some(*id),
            _ => None,
        };
        let enabled = |event: &Event| match event {
            Event::Enabled(id) => Some(*id),
            _ => None,
        };
        if has(revoked) {
            Status::Revoked
        } else if has(enabled) {
            Status::Enabled
        } else {
            Status::Unknown
        }
    }

    /// Returns the accepted operations under a session, in order.
    pub fn uses(&self, id: B256) -> impl Iterator<Item = &Operation> {
        self.events.iter().filter_map(move |event| match event {
            Event::Used(used, operation) if *used == id => Some(&**operation),
            _ => None,
        })
    }

    /// Returns how many orders of a session ran, which is the next one's nonce.
    pub fn orders(&self, id: B256) -> u32 {
        let ordered = |event: &&Event| matches!(event, Event::Ordered(other) if *other == id);
        u32::try_from(self.events.iter().filter(ordered).count()).unwrap_or(u32::MAX)
    }

    /// Returns the executions so far, where they count.
    pub fn calls(&self, id: B256, session: &Session) -> U512 {
        if session.max_calls == UNCOUNTED_CALLS {
            return U512::ZERO;
        }
        self.uses(id).map(|operation| U512::from(operation.executions.len())).sum()
    }

    /// Returns the wei of gas so far, where they count.
    pub fn fees(&self, id: B256, session: &Session) -> U512 {
        if session.fee_limit == UNCOUNTED_FEES {
            return U512::ZERO;
        }
        self.uses(id).map(Operation::fee).sum()
    }

    /// Returns what was spent of a budget: in the whole session, or in the latest period in which
    /// anything was, and which that is.
    pub fn spent(&self, id: B256, session: &Session, budget: &Budget) -> (U512, u64) {
        let of =
            |operation: &Operation| (moved(operation, budget), period(session, budget, operation));
        let touched: Vec<_> =
            self.uses(id).map(of).filter(|(amount, _)| *amount > U512::ZERO).collect();
        let latest = touched.iter().map(|(_, period)| *period).max().unwrap_or(0);
        let sum = touched.iter().filter(|(_, period)| *period == latest).map(|(amount, _)| *amount);
        (sum.sum(), latest)
    }
}

/// Returns the period that an operation claims of a budget, 0 for the whole session.
pub(crate) fn period(session: &Session, budget: &Budget, operation: &Operation) -> u64 {
    match operation.claimed_time {
        Some(time) if budget.period > 0 => period_of(session, budget, time).0,
        _ => 0,
    }
}

/// Returns what an operation moves of a budget's token. A call that cannot be counted moves
/// nothing here; it is refused elsewhere.
pub(crate) fn moved(operation: &Operation, budget: &Budget) -> U512 {
    let amount = |execution: &Execution| {
        if budget.token == NATIVE {
            U512::from(execution.value)
        } else if is_of(execution, budget.token) {
            execution.erc20_amount().map_or(U512::ZERO, U512::from)
        } else {
            U512::ZERO
        }
    };
    operation.executions.iter().map(amount).sum()
}

fn is_of(execution: &Execution, token: Address) -> bool {
    execution.target == token
}
