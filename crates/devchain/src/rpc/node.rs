//! The node: what answers requests.

use std::time::Duration;

use serde_json::Value;
use tokio::sync::watch;

use super::backend::Backend;
use super::log::Log;
use super::subscription::Subscriptions;
use super::{message, method};
use crate::DevChain;

/// A chain that answers JSON-RPC requests.
///
/// ```
/// use stylus_devchain::DevChain;
/// use stylus_devchain::rpc::Node;
///
/// let node = Node::new(DevChain::new());
/// let answer = node.answer(br#"{"jsonrpc":"2.0","id":1,"method":"eth_chainId"}"#);
/// assert_eq!(answer.unwrap()["result"], "0x64aba");
/// ```
#[derive(Debug)]
pub struct Node {
    backend: Backend,
}

impl Node {
    /// A node whose first block is the newest of that chain.
    ///
    /// Its clock stands still at the chain's time until a request moves it.
    pub fn new(chain: DevChain) -> Self {
        Self { backend: Backend::new(chain) }
    }

    /// The same with another limit for the time that a tracer in JavaScript may take.
    ///
    /// Without it the limit is 30 seconds.
    #[must_use]
    pub fn with_trace_time(mut self, most: Duration) -> Self {
        self.backend.set_trace_time(most);
        self
    }

    /// The same with a clock that begins at the system's time and runs.
    ///
    /// A chain without blocks begins at that time too.
    #[must_use]
    pub fn with_running_clock(mut self, runs: bool) -> Self {
        if runs {
            self.backend.run_clock();
        }
        self
    }

    /// The same with the states of another number of blocks kept; at least one is.
    ///
    /// Without it the last 256 are. Calls on older blocks are refused.
    #[must_use]
    pub fn with_history(mut self, blocks: u64) -> Self {
        self.backend.set_history(blocks);
        self
    }

    /// The same with a function that is given a line for every block and every transaction.
    #[must_use]
    pub fn with_log(mut self, write: impl Fn(&str) + Send + Sync + 'static) -> Self {
        self.backend.set_log(Log::new(write));
        self
    }

    /// Answers a request or a batch of them; `None` if it asks for no answer.
    pub fn answer(&self, body: &[u8]) -> Option<Value> {
        message::answer(body, |name, params| method::serve(&self.backend, name, params))
    }

    /// The same for a connection that can be notified.
    pub(super) fn answer_subscriber(
        &self,
        body: &[u8],
        subscriptions: &mut Subscriptions,
    ) -> Option<Value> {
        message::answer(body, |name, params| {
            let own = subscriptions.serve(&self.backend, name, params);
            own.unwrap_or_else(|| method::serve(&self.backend, name, params))
        })
    }

    /// The notifications that are due on a connection.
    pub(super) fn notifications(&self, subscriptions: &mut Subscriptions) -> Vec<Value> {
        subscriptions.take(&self.backend)
    }

    /// Tells of every new block.
    pub(super) fn news(&self) -> watch::Receiver<u64> {
        self.backend.news()
    }

    /// Writes a line, where lines are read.
    pub(super) fn log(&self, text: impl FnOnce() -> String) {
        self.backend.log().line(text);
    }
}
