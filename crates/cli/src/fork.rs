//! An operation of a session on a fork of the chain: what it would do, before anything is sent.
//!
//! The account is called as the EntryPoint calls it, first to validate the operation and then to run
//! it, on a copy of the newest block's state in this process. The delegate's signature is a dummy, as
//! in an estimate: the key is not needed, and nothing that is played here could be sent.

use serde_json::{Value, json};
use smart_session_client::{Call, SessionClient};

use crate::failure::Failure;
use crate::print::Printer;

#[cfg(feature = "fork")]
mod stage;

/// What an operation did on the fork.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Played {
    /// The block that the fork begins with.
    block: u64,
    /// Gas of the account's validation, the module's part included.
    validation_gas: u64,
    /// Gas of the account's calls; `None` if the validation failed.
    call_gas: Option<u64>,
    /// The calls' events: contract, topics, data.
    events: Vec<Value>,
    /// Why it failed, if it did.
    reason: Option<String>,
}

impl Played {
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

/// Refuses if this build of the command cannot fork a chain.
pub(crate) fn check_available() -> Result<(), Failure> {
    if cfg!(feature = "fork") {
        return Ok(());
    }
    Err(Failure::new(
        "this build of the command has no embedded chain to fork with",
        "install it with: cargo install smart-session-cli --features fork",
    ))
}

/// Plays an operation that makes these calls on a fork of the chain behind a URL.
#[cfg(feature = "fork")]
pub(crate) async fn play(
    client: &SessionClient<'_>,
    calls: &[Call],
    url: &str,
    printer: &Printer,
) -> Result<Played, Failure> {
    let prepared = client.prepare(calls, None).await?;
    let [validation, execution] = client.entry_point.account_calls(&prepared.op).await?;
    let roles =
        stage::Roles { entry_point: client.entry_point.address, account: prepared.op.sender };
    let mut stage = stage::Stage::open(url, roles, printer)?;
    Ok(stage.play(validation, execution)?)
}

/// Plays nothing: [`check_available`] has refused before.
#[cfg(not(feature = "fork"))]
#[allow(clippy::unused_async, reason = "as where there is something to wait for")]
pub(crate) async fn play(
    _: &SessionClient<'_>,
    _: &[Call],
    _: &str,
    _: &Printer,
) -> Result<Played, Failure> {
    check_available().map(|()| Played {
        block: 0,
        validation_gas: 0,
        call_gas: None,
        events: Vec::new(),
        reason: None,
    })
}
