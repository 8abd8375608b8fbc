//! What an operation did on a fork.

use serde_json::{Value, json};

/// What an operation did on the fork.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DryRun {
    /// The block that the fork begins with.
    pub(super) block: u64,
    /// Gas of the account's validation, the module's part included.
    pub(super) validation_gas: u64,
    /// Gas of the account's calls; `None` if the validation failed.
    pub(super) call_gas: Option<u64>,
    /// The calls' events: contract, topics, data.
    pub(super) events: Vec<Value>,
    /// Why it failed, if it did.
    pub(super) reason: Option<String>,
}

impl DryRun {
    /// Returns whether validation and calls succeeded.
    pub(crate) fn passes(&self) -> bool {
        self.reason.is_none()
    }

    /// Returns it in words.
    pub(crate) fn lines(&self) -> Vec<String> {
        let Self { block, validation_gas, call_gas, events, reason } = self;
        let mut lines = vec![match (reason, call_gas) {
            (None, _) => format!("on a fork of block {block} it runs"),
            (Some(reason), None) => {
                format!("on a fork of block {block} its validation fails: {reason}")
            }
            (Some(reason), Some(_)) => {
                format!("on a fork of block {block} its calls fail: {reason}")
            }
        }];
        lines.push(format!("  {:<16} {validation_gas} gas", "validation"));
        lines.extend(call_gas.map(|gas| format!("  {:<16} {gas} gas", "calls")));
        for event in events {
            lines.push(format!("  {:<16} of {}", "event", event["address"].as_str().unwrap_or("")));
        }
        lines
    }

    /// Returns it as JSON.
    pub(crate) fn to_json(&self) -> Value {
        json!({
            "block": self.block,
            "validationGas": self.validation_gas,
            "callGas": self.call_gas,
            "events": self.events,
            "reason": self.reason,
        })
    }
}
