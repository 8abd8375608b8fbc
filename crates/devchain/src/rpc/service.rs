//! What all connections to a server share: the node, who is let in, and how many at a time.

use std::sync::Arc;

use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::Value;
use tokio::sync::Semaphore;

use super::access::{Access, Refusal};
use super::error::RpcError;
use super::message::failure;
use super::node::Node;

/// Longest body that is served.
pub(super) const MOST_BYTES: usize = 5 * 1024 * 1024;
/// Most requests that run at a time. More wait.
const MOST_RUNNING: usize = 32;
/// Most sockets that are open at a time. More are refused.
const MOST_SOCKETS: usize = 256;

/// What all connections share.
#[derive(Debug)]
pub(super) struct Service {
    pub(super) node: Node,
    pub(super) access: Access,
    running: Semaphore,
    pub(super) sockets: Semaphore,
}

impl Service {
    /// Shares a node among those whom an [`Access`] lets in.
    pub(super) fn new(node: Node, access: Access) -> Self {
        Self {
            node,
            access,
            running: Semaphore::new(MOST_RUNNING),
            sockets: Semaphore::new(MOST_SOCKETS),
        }
    }

    /// Runs something on the node, beside the threads that read: a call may take seconds.
    pub(super) async fn run<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&Node) -> T + Send + 'static,
    ) -> Result<T, String> {
        let _permit = self.running.acquire().await.map_err(|error| error.to_string())?;
        let service = Arc::clone(self);
        let done = tokio::task::spawn_blocking(move || work(&service.node));
        done.await.map_err(|error| error.to_string())
    }

    /// Answers a request that is not served, and says so in the log.
    pub(super) fn refuse(&self, refusal: Refusal) -> Response {
        let Refusal { status, reason } = refusal;
        self.node.log(|| format!("refused: {reason}"));
        reply(status, &failure(&Value::Null, &RpcError::Request(reason)))
    }
}

/// Returns a response with an answer in JSON.
pub(super) fn reply(status: StatusCode, answer: &Value) -> Response {
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, header::HeaderValue::from_static("application/json"));
    (status, headers, answer.to_string()).into_response()
}
