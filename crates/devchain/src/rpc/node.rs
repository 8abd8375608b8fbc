//! The node: what answers requests.

use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::Value;

use super::clock::Clock;
use super::ledger::Ledger;
use super::{message, method};
use crate::DevChain;

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
}

impl Node {
    /// A node whose first block is the newest of that chain.
    ///
    /// Its clock stands still at the chain's time until a request moves it.
    pub fn new(chain: DevChain) -> Self {
        Self { ledger: Mutex::new(Ledger::new(chain)) }
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

    /// The chain with its history. Nobody keeps it while a call runs.
    pub(super) fn ledger(&self) -> MutexGuard<'_, Ledger> {
        self.ledger.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
