//! What the methods work on: the chain with its history, filters, and the limits of the node.

use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use alloy_primitives::Address;
use tokio::sync::watch;

use super::filters::Filters;
use super::gate::{Gate, Pass};
use super::ledger::Ledger;
use super::log::Log;
use crate::{DEV_ACCOUNTS, DevChain};

/// Most time that a tracer in JavaScript may take, if nothing else is said.
const TRACE_TIME: Duration = Duration::from_secs(30);
/// Most traces at a time: each may take 256 MiB. More wait.
const MOST_TRACES: usize = 4;

/// The chain behind a node, shared by all requests.
#[derive(Debug)]
pub(super) struct Backend {
    ledger: Mutex<Ledger>,
    filters: Mutex<Filters>,
    impersonated: Mutex<Impersonated>,
    traces: Gate,
    trace_time: Duration,
    log: Log,
}

/// Accounts that the node sends for without their keys.
#[derive(Debug, Default)]
pub(super) struct Impersonated {
    pub(super) all: bool,
    pub(super) accounts: BTreeSet<Address>,
}

impl Backend {
    /// A backend whose clock stands still at the chain's time.
    pub(super) fn new(chain: DevChain) -> Self {
        Self {
            ledger: Mutex::new(Ledger::new(chain)),
            filters: Mutex::default(),
            impersonated: Mutex::default(),
            traces: Gate::new(MOST_TRACES),
            trace_time: TRACE_TIME,
            log: Log::default(),
        }
    }

    /// Sets the most time that a tracer in JavaScript may take.
    pub(super) fn set_trace_time(&mut self, most: Duration) {
        self.trace_time = most;
    }

    /// Lets the clock run from the system's time on.
    pub(super) fn run_clock(&mut self) {
        self.ledger().run_clock();
    }

    /// Keeps the states of so many of the newest blocks.
    pub(super) fn set_history(&mut self, blocks: u64) {
        self.ledger().set_history(blocks);
    }

    /// Writes a line for every block and transaction, and for what is refused at the door.
    pub(super) fn set_log(&mut self, log: Log) {
        self.ledger().set_log(log.clone());
        self.log = log;
    }

    /// Where lines go.
    pub(super) fn log(&self) -> &Log {
        &self.log
    }

    /// Most time that a tracer in JavaScript may take.
    #[cfg_attr(
        not(feature = "js-tracer"),
        expect(dead_code, reason = "only tracers in JavaScript take long")
    )]
    pub(super) fn trace_time(&self) -> Duration {
        self.trace_time
    }

    /// Waits until one trace more may run.
    pub(super) fn begin_trace(&self) -> Pass<'_> {
        self.traces.enter()
    }

    /// The chain with its history. No request keeps it while a call runs.
    pub(super) fn ledger(&self) -> MutexGuard<'_, Ledger> {
        self.ledger.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The filters. Who needs the ledger too takes that first.
    pub(super) fn filters(&self) -> MutexGuard<'_, Filters> {
        self.filters.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The accounts that are impersonated.
    pub(super) fn impersonated(&self) -> MutexGuard<'_, Impersonated> {
        self.impersonated.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether the node sends for an account without its key.
    pub(super) fn is_impersonated(&self, account: Address) -> bool {
        let impersonated = self.impersonated();
        let is_dev_account = DEV_ACCOUNTS.iter().any(|known| known.address == account);
        !is_dev_account && (impersonated.all || impersonated.accounts.contains(&account))
    }

    /// Tells of every new block.
    pub(super) fn news(&self) -> watch::Receiver<u64> {
        self.ledger().news()
    }
}
