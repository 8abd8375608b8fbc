//! An operation of a session on a fork of the chain: what it would do, before anything is sent.
//!
//! The account is called as the EntryPoint calls it, first to validate the operation and then to run
//! it, on a copy of the newest block's state in this process. The delegate's signature is a dummy, as
//! in an estimate: the key is not needed, and nothing that runs here could be sent.

use smart_session_client::{Call, SessionClient};

#[cfg(feature = "fork")]
use self::forked_chain::{ForkedChain, Parties};
use crate::failure::Failure;
use crate::print::Printer;

mod dry_run;
#[cfg(feature = "fork")]
mod forked_chain;

pub(crate) use dry_run::DryRun;

/// Refuses if this build of the command cannot fork a chain.
pub(crate) fn check_available() -> Result<(), Failure> {
    available(cfg!(feature = "fork"))
}

fn available(has_chain: bool) -> Result<(), Failure> {
    if has_chain {
        return Ok(());
    }
    Err(Failure::new(
        "this build of the command has no embedded chain to fork with",
        "install it with: cargo install smart-session-cli --features fork",
    ))
}

/// Runs an operation that makes these calls on a fork of the chain behind a URL.
#[cfg(feature = "fork")]
pub(crate) async fn run(
    client: &SessionClient<'_>,
    calls: &[Call],
    url: &str,
    printer: &Printer,
) -> Result<DryRun, Failure> {
    let prepared = client.prepare(calls, None).await?;
    let [validation, execution] = client.entry_point.account_calls(&prepared.op).await?;
    let parties = Parties { entry_point: client.entry_point.address, account: prepared.op.sender };
    let mut chain = ForkedChain::open(url, parties, printer)?;
    Ok(chain.run(validation, execution)?)
}

/// Runs nothing: [`check_available`] has refused before.
#[cfg(not(feature = "fork"))]
#[allow(clippy::unused_async, reason = "as where there is something to wait for")]
pub(crate) async fn run(
    _: &SessionClient<'_>,
    _: &[Call],
    _: &str,
    _: &Printer,
) -> Result<DryRun, Failure> {
    check_available().map(|()| DryRun {
        block: 0,
        validation_gas: 0,
        call_gas: None,
        events: Vec::new(),
        reason: None,
    })
}

#[cfg(test)]
mod tests {
    use super::available;

    #[test]
    fn a_build_without_the_chain_refuses_and_one_with_it_does_not() {
        assert!(available(true).is_ok());
        let refusal = available(false).unwrap_err().reason;
        assert!(refusal.contains("no embedded chain"), "{refusal}");
    }
}
