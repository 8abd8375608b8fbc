//! The node: what answers requests.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde_json::Value;

use super::clock::Clock;
use super::ledger::Ledger;
use super::{message, method};
use crate::DevChain;

/// Most time that a tracer in JavaScript may take, if nothing else is said.
const TRACE_TIME: Duration = Duration::from_secs(30);

/// A chain that answers JSON-RPC requests.
///
/// ```
/// use devchain::DevChain;
/// use devchain::rpc::Node;
///
/// let node = Node::new(DevChain::new());
/// let answer = node.answer(br#"{"jsonrpc":"2.0","id":1,"method":"eth_chainId"}"#);
/// assert_eq!(answer.unwrap()["result"], "0x64aba");
/// ```
#[derive(Debug)]
pub struct Node {
    ledger: Mutex<Ledger>,
    trace_time: Duration,
}

impl Node {
    /// A node whose first block is the newest of that chain.
    ///
    /// Its clock stands still at the chain's time until a request moves it.
    pub fn new(chain: DevChain) -> Self {
        Self { ledger: Mutex::new(Ledger::new(chain)), trace_time: TRACE_TIME }
    }

    /// The same with another limit for the time that a tracer in JavaScript may take.
    ///
    /// Without it the limit is 30 seconds.
    #[must_use]
    pub fn with_trace_time(mut self, most: Duration) -> Self {
        self.trace_time = most;
        self
    }

    /// The same with a clock that begins at the system's time and runs.
    #[must_use]
    pub fn with_running_clock(self, runs: bool) -> Self {
        if runs {
            self.ledger().clock = Clock::running();
        }
        self
    }

    /// Answers a request or a batch of them; `None` if it asks for no answer.
    pub fn answer(&self, body: &[u8]) -> Option<Value> {
        message::answer(body, |name, params| method::serve(self, name, params))
    }

    /// Most time that a tracer in JavaScript may take.
    pub(super) fn trace_time(&self) -> Duration {
        self.trace_time
    }

    /// The chain with its history. Nobody keeps it while a call runs.
    pub(super) fn ledger(&self) -> MutexGuard<'_, Ledger> {
        self.ledger.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
