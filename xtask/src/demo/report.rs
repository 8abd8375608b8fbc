//! What the demo prints.

use serde::Serialize;
use smart_session_client::{error_name, explain};
use stylus_devchain::{ArbOs, Outcome};
use testbed::OpOutcome;

use crate::print::say;

/// How to print it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    Words,
    Json,
    /// Not at all: for its figures.
    Silent,
}

/// One step of the story.
#[derive(Debug, Serialize)]
pub(crate) struct Step {
    name: &'static str,
    expected: String,
    outcome: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
    #[serde(flatten)]
    gas: Gas,
    /// The same under `ArbOS` 51.
    #[serde(skip_serializing_if = "Option::is_none")]
    arbos_51: Option<Gas>,
    /// `SmartSession`'s figures for the same operation: transaction, module frame.
    #[serde(skip_serializing_if = "Option::is_none")]
    smart_session: Option<Peer>,
}

/// What a step costs: the transaction, and the module's frame if it is the account's validator.
#[derive(Clone, Copy, Debug, Serialize)]
struct Gas {
    tx_gas: u64,
    module_gas: Option<u64>,
}

/// What the same operation costs `SmartSession`, measured on Biconomy Nexus on a Nitro node.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct Peer {
    pub(crate) tx_gas: u64,
    pub(crate) module_gas: u64,
}

/// The steps so far.
#[derive(Debug)]
pub(crate) struct Report {
    style: Style,
    steps: Vec<Step>,
}

impl Report {
    pub(crate) const fn new(style: Style) -> Self {
        Self { style, steps: Vec::new() }
    }

    /// Tells what comes next.
    pub(crate) fn tell(&self, text: &str) {
        if self.style == Style::Words {
            say!("\n{text}");
        }
    }

    /// Takes down what became of an operation.
    pub(crate) fn step(
        &mut self,
        name: &'static str,
        expected: &str,
        op: &OpOutcome,
        smart_session: Option<Peer>,
    ) {
        self.take_down(Step {
            name,
            expected: expected.into(),
            outcome: op.verdict.summary(),
            error: op.verdict.reason().map(Into::into),
            gas: Gas { tx_gas: op.tx_gas, module_gas: op.module_gas },
            arbos_51: None,
            smart_session,
        });
    }

    /// Takes down what became of a plain transaction.
    pub(crate) fn transaction(&mut self, name: &'static str, expected: &str, outcome: &Outcome) {
        let (result, error) = if outcome.is_success() {
            ("executed".into(), None)
        } else {
            let error = error_name(&outcome.output).unwrap_or("by the called contract");
            (format!("refused: {error}"), explain(&outcome.output))
        };
        self.take_down(Step {
            name,
            expected: expected.into(),
            outcome: result,
            error,
            gas: Gas { tx_gas: outcome.gas_used, module_gas: None },
            arbos_51: None,
            smart_session: None,
        });
    }

    fn take_down(&mut self, step: Step) {
        if self.style == Style::Words {
            let mark = if step.is_as_expected() { "ok " } else { "NOT" };
            say!("  {mark} {:<44} {}", step.name, step.outcome);
            if let Some(error) = &step.error {
                say!("      {error}");
            }
            if !step.is_as_expected() {
                say!("      expected: {}", step.expected);
            }
        }
        self.steps.push(step);
    }

    /// Puts the figures of the same story under `ArbOS` 51 beside these.
    pub(crate) fn set_beside(&mut self, arbos_51: &Self) {
        for (step, other) in self.steps.iter_mut().zip(&arbos_51.steps) {
            step.arbos_51 = Some(other.gas);
        }
    }

    /// Prints the table, or the whole document.
    pub(crate) fn close(&self, arbos: ArbOs) {
        match self.style {
            Style::Words => self.table(arbos),
            Style::Json => {
                let document = serde_json::json!({ "arbos": arbos.version, "steps": self.steps });
                say!("{document}");
            }
            Style::Silent => {}
        }
    }

    fn table(&self, arbos: ArbOs) {
        say!(
            "\nGas, measured in this run (ArbOS {}, and 51 beside it; program cached; the account is",
            arbos.version
        );
        say!("OpenZeppelin's), and SmartSession's (Solidity; measured on Nexus on a Nitro node).");
        say!("The module's gas is that of its frame, without the account's own check of the");
        say!("owner's signature.\n");
        say!(
            "  {:<44} {:>9} {:>9} {:>9}   {:>21}",
            "",
            "tx",
            "tx on 51",
            "module",
            "SmartSession tx/module"
        );
        let or_dash = |gas: Option<u64>| gas.map_or_else(|| "-".into(), |gas| gas.to_string());
        for step in self.steps.iter().filter(|step| step.outcome == "executed") {
            let peer = step.smart_session.map_or_else(
                || "-".into(),
                |peer| format!("{} / {}", peer.tx_gas, peer.module_gas),
            );
            say!(
                "  {:<44} {:>9} {:>9} {:>9}   {peer:>21}",
                step.name,
                step.gas.tx_gas,
                or_dash(step.arbos_51.map(|gas| gas.tx_gas)),
                or_dash(step.gas.module_gas),
            );
        }
        let failed = self.steps.iter().filter(|step| !step.is_as_expected()).count();
        say!(
            "\n{} steps, {}",
            self.steps.len(),
            if failed == 0 {
                "all as expected".into()
            } else {
                format!("{failed} NOT as expected")
            }
        );
    }

    /// Returns whether every step went as expected.
    pub(crate) fn all_as_expected(&self) -> bool {
        self.steps.iter().all(Step::is_as_expected)
    }
}

impl Step {
    fn is_as_expected(&self) -> bool {
        self.outcome == self.expected
    }
}
