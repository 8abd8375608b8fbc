//! The node that is asked, over JSON-RPC.

use std::thread;
use std::time::Duration;

use alloy_primitives::{Address, Bytes, U64, U256};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use ureq::Agent;

use super::ForkError;

/// Longest wait for an answer.
const PATIENCE: Duration = Duration::from_secs(30);
/// So often a request is tried again that a node did not answer or put off.
const RETRIES: u32 = 3;
/// Wait before the first of them; each is twice as long as the one before.
const PAUSE: Duration = Duration::from_millis(250);
/// Longest answer that is read, in bytes.
const MOST_BYTES: u64 = 64 << 20;

/// A node, and the block that it is asked about.
#[derive(Clone, Debug)]
pub(crate) struct RemoteNode {
    agent: Agent,
    url: String,
    block: Value,
}

/// An account as a node has it.
#[derive(Clone, Debug)]
pub(super) struct RemoteAccount {
    pub(super) balance: U256,
    pub(super) nonce: u64,
    pub(super) code: Bytes,
}

impl RemoteNode {
    /// A node that is asked about its newest block.
    pub(crate) fn new(url: &str) -> Self {
        let config = Agent::config_builder()
            .timeout_global(Some(PATIENCE))
            .http_status_as_error(false)
            .build();
        Self { agent: config.into(), url: url.to_owned(), block: json!("latest") }
    }

    /// From now on it is asked about that block.
    pub(crate) fn set_block(&mut self, number: u64) {
        self.block = json!(U64::from(number));
    }

    /// Scheme and host: the rest of an address may hold a key.
    pub(crate) fn name(&self) -> String {
        let (scheme, rest) = self.url.split_once("://").unwrap_or(("", &self.url));
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let host = authority.rsplit('@').next().unwrap_or_default();
        format!("{scheme}://{host}")
    }

    /// Whether it listens on this machine.
    pub(crate) fn is_on_this_machine(&self) -> bool {
        let name = self.name();
        let host = name.split_once("://").map_or("", |(_, host)| host);
        let host = host.rsplit_once(':').map_or(host, |(host, _)| host);
        matches!(host, "localhost" | "127.0.0.1" | "[::1]")
    }

    /// Asks one thing.
    pub(crate) fn ask<T: DeserializeOwned>(
        &self,
        method: &'static str,
        params: &Value,
    ) -> Result<T, ForkError> {
        let request = json!({ "jsonrpc": "2.0", "id": 0, "method": method, "params": params });
        let answer = self.post(method, &request)?;
        self.result(method, answer)
    }

    /// An account.
    pub(super) fn account(&self, address: Address) -> Result<RemoteAccount, ForkError> {
        const METHODS: [&str; 3] = ["eth_getBalance", "eth_getTransactionCount", "eth_getCode"];
        let requests = (0_usize..).zip(METHODS).map(|(id, method)| {
            json!({
                "jsonrpc": "2.0", "id": id, "method": method, "params": [address, self.block],
            })
        });
        let answers = self.post("eth_getBalance", &requests.collect())?;
        let Value::Array(mut answers) = answers else {
            // Not every node takes batches.
            return Ok(RemoteAccount {
                balance: self.ask(METHODS[0], &json!([address, self.block]))?,
                nonce: self.ask::<U64>(METHODS[1], &json!([address, self.block]))?.saturating_to(),
                code: self.ask(METHODS[2], &json!([address, self.block]))?,
            });
        };
        let mut take = |id: usize| {
            let at = answers.iter().position(|answer| answer.get("id") == Some(&json!(id)));
            at.map_or(Value::Null, |at| answers.swap_remove(at))
        };
        let (balance, nonce, code) = (take(0), take(1), take(2));
        Ok(RemoteAccount {
            balance: self.result(METHODS[0], balance)?,
            nonce: self.result::<U64>(METHODS[1], nonce)?.saturating_to(),
            code: self.result(METHODS[2], code)?,
        })
    }

    /// A slot of an account.
    pub(super) fn slot(&self, address: Address, slot: U256) -> Result<U256, ForkError> {
        self.ask("eth_getStorageAt", &json!([address, slot, self.block]))
    }

    /// What a contract answers.
    pub(crate) fn call(&self, to: Address, data: Vec<u8>) -> Result<Bytes, ForkError> {
        let call = json!({ "to": to, "data": Bytes::from(data) });
        self.ask("eth_call", &json!([call, self.block]))
    }

    fn result<T: DeserializeOwned>(
        &self,
        method: &'static str,
        mut answer: Value,
    ) -> Result<T, ForkError> {
        let reason = match answer.get_mut("result").map(Value::take) {
            Some(result) => match T::deserialize(result) {
                Ok(result) => return Ok(result),
                Err(error) => format!("something else than was asked for: {error}"),
            },
            None => match answer.pointer("/error/message").and_then(Value::as_str) {
                Some(message) => message.to_owned(),
                None => format!("neither a result nor an error: {answer}"),
            },
        };
        let data = answer.pointer("/error/data").and_then(Value::as_str);
        let data = data.and_then(|data| data.parse().ok());
        Err(ForkError::Answer { node: self.name(), method, reason, data })
    }

    /// The error of an answer that is something else than was asked for.
    pub(crate) fn unexpected(&self, method: &'static str, reason: &str) -> ForkError {
        let reason = format!("something else than was asked for: {reason}");
        ForkError::Answer { node: self.name(), method, reason, data: None }
    }

    /// The answer to a request or a batch. A node that does not answer is asked again.
    fn post(&self, method: &'static str, request: &Value) -> Result<Value, ForkError> {
        let mut pause = PAUSE;
        let mut failure = String::new();
        for attempt in 0..=RETRIES {
            if attempt > 0 {
                thread::sleep(pause);
                pause = pause.saturating_mul(2);
            }
            let sent = self
                .agent
                .post(&self.url)
                .header("content-type", "application/json")
                .send(request.to_string());
            let mut answer = match sent {
                Ok(answer) => answer,
                Err(error @ (ureq::Error::BadUri(_) | ureq::Error::HostNotFound)) => {
                    failure = error.to_string();
                    break;
                }
                Err(error) => {
                    failure = error.to_string();
                    continue;
                }
            };
            let status = answer.status().as_u16();
            if status == 429 || status >= 500 {
                failure = format!("HTTP status {status}");
                continue;
            }
            let text = answer.body_mut().with_config().limit(MOST_BYTES).read_to_string();
            let text = match text {
                Ok(text) => text,
                Err(error) => {
                    failure = error.to_string();
                    continue;
                }
            };
            let wrong = |_| self.unexpected(method, &format!("HTTP status {status} and no JSON"));
            return serde_json::from_str(&text).map_err(wrong);
        }
        Err(ForkError::Unreachable { node: self.name(), reason: failure })
    }
}

#[cfg(test)]
mod tests {
    use super::RemoteNode;

    #[test]
    fn a_node_is_named_without_what_may_be_a_key() {
        let name = |url| RemoteNode::new(url).name();
        assert_eq!(name("https://arb.example/v2/secret"), "https://arb.example");
        assert_eq!(
            name("https://user:secret@arb.example:443?key=secret"),
            "https://arb.example:443"
        );
    }

    #[test]
    fn this_machine_is_known_by_its_names() {
        let local = |url| RemoteNode::new(url).is_on_this_machine();
        assert!(
            local("http://127.0.0.1:8545")
                && local("http://localhost/x")
                && local("http://[::1]:1")
        );
        assert!(!local("https://localhost.example") && !local("https://127.0.0.1.example:8545"));
    }
}
