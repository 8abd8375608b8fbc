//! Why a node or a bundler did not do what it was asked.

use core::fmt;

use alloy_primitives::{Address, B256, Bytes};
use alloy_transport::{HttpError, RpcError, TransportError, TransportErrorKind};

use crate::error_remedy::error_remedy;
use crate::rpc::failure::{Failure, failure, failure_in, sentence};

/// What is waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Awaited {
    /// A transaction, by its hash.
    Transaction(B256),
    /// A user operation, by its hash.
    Operation(B256),
}

impl fmt::Display for Awaited {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Transaction(hash) => write!(f, "transaction {hash}"),
            Self::Operation(hash) => write!(f, "operation {hash}"),
        }
    }
}

/// Why a node did not do what it was asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NodeError {
    /// The URL is none.
    #[error("{url:?} is no URL of a node")]
    Url {
        /// What was given.
        url: String,
    },
    /// Nothing answers, or not as a node does.
    #[error("no node answers at {url}: {why}")]
    Unreachable {
        /// Where it was looked for.
        url: String,
        /// What came instead.
        why: String,
    },
    /// The node is busy, or the connection was lost: the same question may be answered later.
    #[error("{url} does not answer now: {why}")]
    Busy {
        /// Who was asked.
        url: String,
        /// What came instead.
        why: String,
    },
    /// A call reverted.
    #[error("{}", sentence(.data))]
    Reverted {
        /// With these bytes.
        data: Bytes,
    },
    /// The node refused a request.
    #[error("{message}")]
    Refused {
        /// What it said.
        message: String,
        /// What it added.
        data: Option<String>,
    },
    /// The bundler refused a request: that is what it says, and no more.
    #[error("the bundler refuses: {message}")]
    BundlerRefused {
        /// What it said.
        message: String,
        /// What it added.
        data: Option<String>,
    },
    /// There is no contract.
    #[error("there is no contract at {address}")]
    NoContract {
        /// Where.
        address: Address,
    },
    /// An answer is not what the standard says.
    #[error("{what} is not in the form of its standard")]
    Garbled {
        /// What.
        what: &'static str,
    },
    /// The node is of another chain than the one that is wanted.
    #[error("the node is of chain {got}, not of chain {wanted}")]
    WrongChain {
        /// The chain's id, as the node tells it.
        got: u64,
        /// The chain that was named.
        wanted: u64,
    },
    /// An answer contradicts what is known here. Nothing is signed with it.
    #[error("{what} that was answered cannot be true: it is {got}, and must be {wanted}")]
    Untrue {
        /// What was asked for.
        what: &'static str,
        /// The answer.
        got: String,
        /// What it must be.
        wanted: String,
    },
    /// A transaction was mined and failed.
    #[error("transaction {hash} was mined and failed")]
    Failed {
        /// Its hash.
        hash: B256,
    },
    /// Something was sent, and it is not known whether it is mined.
    #[error("{awaited} was sent and is not known to be mined{}", reason(.why.as_deref()))]
    NotMined {
        /// What was sent.
        awaited: Awaited,
        /// What ended the wait, if it was not its length.
        why: Option<String>,
    },
}

fn reason(why: Option<&str>) -> String {
    why.map_or_else(String::new, |why| format!(": {why}"))
}

impl NodeError {
    /// Returns what is wrong, one sentence: a module's error is told in words.
    pub fn reason(&self) -> String {
        match (refusal_of(self), self) {
            (Some(failure), Self::BundlerRefused { .. }) => {
                format!("the bundler refuses, and says: {}", failure.sentence)
            }
            (Some(failure), _) => failure.sentence,
            (None, _) => self.to_string(),
        }
    }

    /// Returns what to do about it, one sentence.
    pub fn remedy(&self) -> &'static str {
        if let Self::Reverted { .. } | Self::Refused { .. } = self
            && let Some(remedy) = refusal_of(self).and_then(|it| it.error).and_then(error_remedy)
        {
            return remedy;
        }
        match self {
            Self::Url { .. } => "give one that begins with http:// or https://",
            Self::Unreachable { .. } => "check the URL and the network, and that the node runs",
            Self::Busy { .. } => "try again in a minute, or ask another node",
            Self::Reverted { .. } => {
                "change what is asked for, or ask the owner for another session"
            }
            Self::Refused { message, .. } if message.contains("insufficient funds") => {
                "send ether to the key that pays for gas, or let another one pay"
            }
            Self::Refused { .. } => "read what it says, and change the request",
            Self::BundlerRefused { .. } => {
                "read what it says; if it is not so, try another bundler, or a sender of your own"
            }
            Self::NoContract { .. } => "check the address, and that the node is of the right chain",
            Self::Garbled { .. } => "ask another node",
            Self::WrongChain { .. } => "name a node of that chain",
            Self::Untrue { .. } => "do not use this node or bundler: it errs, or it lies",
            Self::Failed { .. } => "look at it in a block explorer, and try again",
            Self::NotMined { awaited: Awaited::Transaction(_), .. } => {
                "look for its hash in a block explorer, or ask a node for \
                 eth_getTransactionReceipt, before you send another: both may be mined"
            }
            Self::NotMined { awaited: Awaited::Operation(_), .. } => {
                "look for its hash in a block explorer of user operations, or ask a bundler for \
                 eth_getUserOperationReceipt, before you send another: both may be mined"
            }
        }
    }

    /// Returns whether the same question may be answered later: the node is busy or limits how
    /// often it is asked, or the connection was lost.
    pub const fn is_transient(&self) -> bool {
        matches!(self, Self::Busy { .. })
    }

    /// Reads alloy's error. `url` is who was asked.
    pub(super) fn of(error: &TransportError, url: &str) -> Self {
        let busy = |why: String| Self::Busy { url: url.into(), why };
        let unreachable = |why: String| Self::Unreachable { url: url.into(), why };
        match error {
            RpcError::ErrorResp(payload) => {
                let message = payload.message.to_string();
                if is_throttle(payload.code, &message) {
                    return busy(message);
                }
                if let Some(data) = payload.as_revert_data() {
                    return Self::Reverted { data };
                }
                // A revert without a reason has no data in it.
                if message.trim() == "execution reverted" {
                    return Self::Reverted { data: Bytes::new() };
                }
                let data = payload.data.as_ref().map(|data| data.get().to_owned());
                Self::Refused { message, data }
            }
            RpcError::NullResp => Self::Garbled { what: "an empty answer of the node" },
            RpcError::DeserError { .. } => unreachable("what answers is no JSON-RPC node".into()),
            RpcError::Transport(TransportErrorKind::HttpError(HttpError { status, .. })) => {
                let why = format!("HTTP status {status}");
                if *status == 429 || (500..600).contains(status) {
                    return busy(why);
                }
                unreachable(why)
            }
            RpcError::Transport(TransportErrorKind::Custom(cause)) => {
                let lost = cause.downcast_ref::<reqwest::Error>().is_some_and(|error| {
                    // Nothing listens there: that does not change within seconds.
                    !error.is_connect() && !error.is_builder()
                });
                if lost { busy(root_cause(error)) } else { unreachable(root_cause(error)) }
            }
            _ => unreachable(root_cause(error)),
        }
    }
}

/// Returns a contract's answer; `None` where it does not have the function, or is no contract.
pub(super) fn if_told<T>(answer: Result<T, NodeError>) -> Result<Option<T>, NodeError> {
    match answer {
        Ok(answer) => Ok(Some(answer)),
        Err(
            NodeError::Reverted { .. } | NodeError::Garbled { .. } | NodeError::NoContract { .. },
        ) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Finds the module's error in what a node or bundler refused with.
///
/// Bundlers put revert data into the error's data or into its message, each in its own way:
/// every piece of hex in it is looked at, however deep it lies in objects and lists.
pub fn refusal_of(error: &NodeError) -> Option<Failure> {
    match error {
        NodeError::Reverted { data } => Some(failure(data)).filter(|f| f.error.is_some()),
        NodeError::Refused { message, data } | NodeError::BundlerRefused { message, data } => {
            failure_in([message.as_str(), data.as_deref().unwrap_or("")])
        }
        _ => None,
    }
}

/// Returns whether an error of JSON-RPC says "later": the codes of EIP-1474 and of providers, and
/// their texts.
fn is_throttle(code: i64, message: &str) -> bool {
    // Limit exceeded (EIP-1474), no backend (proxyd), over the rate limit (proxyd).
    const CODES: [i64; 4] = [-32_005, -32_011, -32_016, 429];
    const TEXTS: [&str; 7] = [
        "rate limit",
        "too many requests",
        "request limit",
        "capacity exceeded",
        "compute units",
        "no backend",
        "temporarily unavailable",
    ];
    let message = message.to_ascii_lowercase();
    // Some send the first code for a range of logs that is too wide: no patience widens it.
    let is_range = ["range", "results", "logs"].iter().any(|word| message.contains(word));
    (CODES.contains(&code) && !is_range) || TEXTS.iter().any(|text| message.contains(text))
}

/// The innermost reason of an error: the outer ones only say that something failed.
fn root_cause(error: &dyn core::error::Error) -> String {
    let mut cause = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    cause.to_string()
}

#[cfg(test)]
mod tests {
    use alloy_json_rpc::ErrorPayload;
    use alloy_primitives::hex;
    use alloy_sol_types::SolError;
    use smart_session_core::abi::ISmartSession;

    use super::*;

    fn answered(code: i64, message: &'static str) -> NodeError {
        let payload = ErrorPayload { code, message: message.into(), data: None };
        NodeError::of(&RpcError::ErrorResp(payload), "http://node")
    }

    fn status(status: u16) -> NodeError {
        let error = HttpError { status, body: String::new() };
        NodeError::of(&RpcError::Transport(TransportErrorKind::HttpError(error)), "http://node")
    }

    #[test]
    fn what_may_pass_later_is_transient() {
        for code in [-32_005, -32_011, -32_016] {
            assert!(answered(code, "later").is_transient(), "{code}");
        }
        assert!(answered(-32_000, "Too Many Requests, please slow down").is_transient());
        for code in [429, 500, 502, 503, 504] {
            assert!(status(code).is_transient(), "{code}");
        }
    }

    #[test]
    fn what_stays_as_it_is_is_not() {
        assert!(!answered(-32_000, "nonce too low").is_transient());
        assert!(!answered(-32_005, "query returned more than 10000 results").is_transient());
        assert!(!answered(3, "execution reverted").is_transient());
        assert!(!status(401).is_transient());
        assert!(!status(404).is_transient());
    }

    #[test]
    fn what_ends_a_wait_names_the_hash_and_how_to_look_for_it() {
        let hash = B256::repeat_byte(0xab);
        for (awaited, method) in [
            (Awaited::Transaction(hash), "eth_getTransactionReceipt"),
            (Awaited::Operation(hash), "eth_getUserOperationReceipt"),
        ] {
            let error = NodeError::NotMined { awaited, why: Some("HTTP status 429".into()) };

            assert!(error.to_string().contains(&hash.to_string()), "{error}");
            assert!(error.to_string().ends_with(": HTTP status 429"), "{error}");
            assert!(error.remedy().contains(method), "{}", error.remedy());
        }
    }

    #[test]
    fn a_modules_error_is_found_in_whatever_a_bundler_says() {
        let data = ISmartSession::RefusedMaxCalls {}.abi_encode();
        let data = hex::encode_prefixed(data);

        for (message, extra) in [
            (format!("AA23 reverted: {data}"), None),
            ("refused".into(), Some(format!("{{\"revertData\":\"{data}\"}}"))),
            ("0xdeadbeef".into(), Some(data.clone())),
            (data.to_uppercase(), None),
            ("no".into(), Some(format!(r#"{{"cause":[{{"reason":{{"details":["{data}"]}}}}]}}"#))),
        ] {
            let error = NodeError::Refused { message, data: extra };
            assert_eq!(refusal_of(&error).unwrap().error, Some("RefusedMaxCalls"));
        }
        let other = NodeError::Refused { message: "AA21 0xdeadbeef".into(), data: None };
        assert_eq!(refusal_of(&other), None);
    }
}
