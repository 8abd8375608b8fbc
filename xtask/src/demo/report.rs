//! What the demo prints.

use serde::Serialize;
use smart_session_client::{error_name, explain};
use stylus_devchain::Outcome;
use testbed::OpOutcome;

/// How to print it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    Words,
    Json,
}

/// One step of the story.
#[derive(Debug, Serialize)]
pub(crate) struct Step {
    name: &'static str,
    expected: String,
    outcome: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
    tx_gas: u64,
    module_gas: Option<u64>,
    /// `SmartSession`'s figures for the same operation: transaction, module frame.
    #[serde(skip_serializing_if = "Option::is_none")]
    smart_session: Option<Peer>,
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
            println!("\n{text}");
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
            tx_gas: op.tx_gas,
            module_gas: op.module_gas,
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
            tx_gas: outcome.gas_used,
            module_gas: None,
            smart_session: None,
        });
    }

    fn take_down(&mut self, step: Step) {
        if self.style == Style::Words {
            let mark = if step.is_as_expected() { "ok " } else { "NOT" };
            println!("  {mark} {:<44} {}", step.name, step.outcome);
            if let Some(error) = &step.error {
                println!("      {error}");
            }
            if !step.is_as_expected() {
                println!("      expected: {}", step.expected);
            }
        }
        self.steps.push(step);
    }

    /// Prints the table, or the whole document.
    pub(crate) fn close(&self) {
        match self.style {
            Style::Words => self.table(),
            Style::Json => {
                println!("{}", serde_json::json!({ "steps": self.steps }));
            }
        }
    }

    fn table(&self) {
        println!(
            "\nGas, measured in this run (ArbOS 51, program cached; the account is OpenZeppelin's),"
        );
        println!(
            "beside SmartSession (Solidity; measured on Nexus on a Nitro node). The module's gas is"
        );
        println!("that of its frame, without the account's own check of the owner's signature.\n");
        println!("  {:<44} {:>9} {:>9}   {:>21}", "", "tx", "module", "SmartSession tx/module");
        for step in self.steps.iter().filter(|step| step.outcome == "executed") {
            let module = step.module_gas.map_or_else(|| "-".into(), |gas| gas.to_string());
            let peer = step.smart_session.map_or_else(
                || "-".into(),
                |peer| format!("{} / {}", peer.tx_gas, peer.module_gas),
            );
            println!("  {:<44} {:>9} {module:>9}   {peer:>21}", step.name, step.tx_gas);
        }
        let failed = self.steps.iter().filter(|step| !step.is_as_expected()).count();
        println!(
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
