//! A fork of the chain, and the two calls that an EntryPoint makes.

use alloy_primitives::{Address, Bytes};
use serde_json::json;
use smart_session_client::failure;
use stylus_devchain::{DevChain, Fork, ForkError, Outcome, Status, Transaction, TransactionError};

use super::dry_run::DryRun;
use crate::failure::Failure;
use crate::print::Printer;

/// Who calls, and who is called.
#[derive(Clone, Copy, Debug)]
pub(super) struct Parties {
    pub(super) entry_point: Address,
    pub(super) account: Address,
}

/// A fork of the chain.
#[derive(Debug)]
pub(super) struct ForkedChain {
    chain: DevChain,
    block: u64,
    parties: Parties,
}

impl ForkedChain {
    /// Forks the chain behind a URL at its newest block.
    pub(super) fn open(url: &str, parties: Parties, printer: &Printer) -> Result<Self, Failure> {
        let forked = Fork::of(url).open()?;
        for warning in &forked.warnings {
            printer.warn(warning);
        }
        Ok(Self { chain: forked.chain, block: forked.block, parties })
    }

    /// Has the account validate and run an operation.
    pub(super) fn run(
        &mut self,
        validation: Bytes,
        execution: Bytes,
    ) -> Result<DryRun, TransactionError> {
        let validated = self.call(validation)?;
        let mut found = DryRun {
            block: self.block,
            validation_gas: gas(&validated),
            call_gas: None,
            events: Vec::new(),
            reason: reason(&validated),
        };
        if found.passes() {
            let run = self.call(execution)?;
            found.call_gas = Some(gas(&run));
            found.reason = reason(&run);
            found.events = run
                .logs
                .iter()
                .map(|log| {
                    json!({
                        "address": log.address, "topics": log.topics(), "data": log.data.data,
                    })
                })
                .collect();
        }
        Ok(found)
    }

    fn call(&mut self, data: Bytes) -> Result<Outcome, TransactionError> {
        let Parties { entry_point, account } = self.parties;
        self.chain.transact(Transaction::new(entry_point, account).with_data(data))
    }
}

/// Gas of the account's frame, without what a transaction of its own costs.
fn gas(outcome: &Outcome) -> u64 {
    outcome.frames.first().map_or(0, |frame| frame.gas_used)
}

/// Why a call failed; nothing if it did not.
fn reason(outcome: &Outcome) -> Option<String> {
    match outcome.status {
        Status::Success => None,
        Status::Revert => Some(failure(&outcome.output).sentence),
        Status::Halt(halt) => Some(halt.to_string()),
    }
}

impl From<ForkError> for Failure {
    fn from(error: ForkError) -> Self {
        let remedy = match &error {
            ForkError::ArbOs { .. } => "use a build of the command that knows this ArbOS",
            ForkError::Cache { .. } => "free the folder, or name another by XDG_CACHE_HOME",
            ForkError::Unreachable { .. }
            | ForkError::Answer { .. }
            | ForkError::NoBlock { .. } => "try again, or name another node with --rpc",
        };
        Self::new(error.to_string(), remedy)
    }
}

impl From<TransactionError> for Failure {
    fn from(error: TransactionError) -> Self {
        match error {
            TransactionError::Fork(error) => error.into(),
            other => Self::new(other.to_string(), "check the session's account and EntryPoint"),
        }
    }
}
