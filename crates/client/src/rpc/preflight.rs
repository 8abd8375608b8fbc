//! Whether a call would pass, asked before anything is signed or sent.
//!
//! The module itself is asked: its validation runs on the node with a dummy signature, and its
//! typed error says which rule is broken, what was got and what is allowed. Then the account's
//! calls are tried.

use alloy_primitives::U256;
use alloy_sol_types::{SolCall, SolInterface, sol};
use smart_session_core::abi::ISmartSession::{self, ISmartSessionErrors as E};

use crate::account::call::Call;
use crate::account::hook::without_prefix;
use crate::operation::abi::UserOperation;
use crate::operation::coverage::{cover_calls, nearest_permissions};
use crate::refusal::{Refusal, RefusalCode};
use crate::rpc::act_error::ActError;
use crate::rpc::error::NodeError;
use crate::rpc::failure::failure;
use crate::rpc::gas_needs::two_numbers;
use crate::rpc::program::{Activation, Program};
use crate::rpc::session_client::SessionClient;
use crate::unit::ether;

sol! {
    interface IErc1271 {
        function isValidSignature(bytes32 hash, bytes signature) returns (bytes4);
    }
}

/// What ERC-1271 says yes with.
const YES: [u8; 4] = IErc1271::isValidSignatureCall::SELECTOR;

/// Which rule a call would break.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The rule's name: a module error of the ABI, or a [`RefusalCode`].
    pub rule: String,
    /// What was got, where the rule compares something.
    pub got: Option<String>,
    /// What is allowed, likewise.
    pub allowed: Option<String>,
    /// All of it in one sentence.
    pub sentence: String,
    /// What to do about it, in one sentence.
    pub remedy: String,
}

/// What a preflight found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Preflight {
    /// The calls would pass.
    Passes {
        /// Whether the operation would enable the session on its way.
        enables: bool,
        /// The permissions that cover the calls.
        permissions: Vec<u8>,
        /// What should be known before they are sent, one sentence each.
        notes: Vec<String>,
    },
    /// They would not.
    Breaks(Violation),
}

const ASK_OWNER: &str = "change the call, or ask the owner for a session that permits it";

impl SessionClient<'_> {
    /// Says whether these calls would pass now, and if not, which rule they break.
    ///
    /// # Errors
    /// [`ActError`] if it cannot be found out: no node, no module, an unknown account.
    pub async fn preflight(&self, calls: &[Call]) -> Result<Preflight, ActError> {
        match self.try_preflight(calls).await {
            Ok(passes) => Ok(passes),
            Err(Stop::Violation(violation)) => Ok(Preflight::Breaks(*violation)),
            Err(Stop::Failed(error)) => Err(error),
        }
    }

    async fn try_preflight(&self, calls: &[Call]) -> Result<Preflight, Stop> {
        self.check_program().await?;
        let session = &self.grant.session;
        let state = self.state().await?;
        let clocks = self.node.clocks().await?;
        let now = clocks.judged();
        let context = self.context_at(state, clocks).await;
        let context = context.map_err(|error| self.with_times(error.into(), now))?;
        let permissions = match (cover_calls(session, calls), nearest_permissions(session, calls)) {
            (Ok(permissions), _) | (Err(_), Some(permissions)) => permissions,
            (Err(refusal), None) => return Err(refusal.into()),
        };
        let draft = self.grant.draft_with(&permissions, context)?;
        if !context.is_enabled {
            self.check_owner().await?;
        }
        let mut op = self.assemble(calls, &draft).await?;
        // The rules first, with hardly any gas to count; the fee limit when the gas is known.
        let (limits, fees) = (op.accountGasLimits, op.gasFees);
        op.gasFees = two_numbers(0, 1);
        self.ask_module(&op, &permissions).await?;
        self.try_calls(&op).await?;
        (op.accountGasLimits, op.gasFees) = (limits, fees);
        self.estimate(&op, !context.is_enabled).await?.put_into(&mut op);
        self.ask_module(&op, &permissions).await?;
        self.check_means(&op).await?;
        let notes = self.grant.ahead_of_chain(clocks.chain, now).into_iter().collect();
        Ok(Preflight::Passes { enables: !context.is_enabled, permissions, notes })
    }

    async fn check_program(&self) -> Result<(), Stop> {
        let program = Program { node: self.node, address: self.grant.module };
        if self.node.code(program.address).await?.is_empty() {
            return Err(NodeError::NoContract { address: program.address }.into());
        }
        let what = match program.activation().await? {
            Activation::Active { .. } => return Ok(()),
            Activation::NotActivated => "is not activated",
            Activation::NeedsUpgrade { .. } => "was activated for an older version of Stylus",
            Activation::Expired => "was activated more than a year ago",
            Activation::NotWasm => {
                return Err(NodeError::NoContract { address: program.address }.into());
            }
        };
        let remedy = "activate it: session doctor --fix";
        Err(violation("ProgramNotCallable", format!("the module {what}"), remedy))
    }

    /// Adds what a clock shows and what the session's window is.
    fn with_times(&self, mut stop: Stop, now: u64) -> Stop {
        let window = self.grant.session.window;
        if let Stop::Violation(violation) = &mut stop {
            let allowed = if violation.rule == RefusalCode::Expired.name() {
                format!("at most {}", window.valid_until().seconds())
            } else if violation.rule == RefusalCode::NotYetValid.name() {
                format!("at least {}", window.valid_after().seconds())
            } else {
                return stop;
            };
            (violation.got, violation.allowed) = (Some(now.to_string()), Some(allowed));
        }
        stop
    }

    /// Asks the account about its owner's signature, as the module would.
    async fn check_owner(&self) -> Result<(), Stop> {
        let signature = self.grant.owner_signature.clone().unwrap_or_default();
        let call = IErc1271::isValidSignatureCall { hash: self.grant.digest(), signature };
        let (from, account) = (Some(self.grant.module), self.grant.session.account);
        let refused = || {
            violation(
                "OwnerSignature",
                format!("account {account} does not accept the owner's signature of the session"),
                "have the owner sign again, for this module, account and chain",
            )
        };
        match self.node.ask_as(from, account, &call).await {
            Ok(answer) if answer.0 == YES => Ok(()),
            Ok(_) | Err(NodeError::Reverted { .. } | NodeError::Garbled { .. }) => Err(refused()),
            Err(error) => Err(error.into()),
        }
    }

    async fn ask_module(&self, op: &UserOperation, permissions: &[u8]) -> Result<(), Stop> {
        let call = ISmartSession::validateUserOpCall {
            userOp: op.to_abi(),
            userOpHash: self.entry_point.hash(op).await?,
        };
        // A dummy signature never holds: what comes back is a verdict on everything else.
        match self.node.ask_as(Some(op.sender), self.grant.module, &call).await {
            Ok(_) => Ok(()),
            Err(NodeError::Reverted { data }) => Err(self.with_bounds(&data, permissions)),
            Err(error) => Err(error.into()),
        }
    }

    /// Takes a module's error apart. What an argument may be, only the session knows.
    fn with_bounds(&self, revert_data: &[u8], permissions: &[u8]) -> Stop {
        let stop = of_module(revert_data);
        let (Stop::Violation(mut violation), Ok(E::ArgumentOutOfBounds(error))) =
            (stop, E::abi_decode(revert_data))
        else {
            return of_module(revert_data);
        };
        let rule = usize::try_from(error.execution).ok().and_then(|execution| {
            let index = usize::from(*permissions.get(execution)?);
            let rules = &self.grant.session.permissions.get(index)?.rules;
            rules.iter().find(|rule| {
                error.index == rule.index && (error.got < rule.min || error.got > rule.max)
            })
        });
        violation.allowed = rule.map(|rule| {
            if rule.min == rule.max {
                rule.min.to_string()
            } else {
                format!("{} to {}", rule.min, rule.max)
            }
        });
        Stop::Violation(violation)
    }

    async fn try_calls(&self, op: &UserOperation) -> Result<(), Stop> {
        let from = Some(self.entry_point.address);
        // `executeUserOp` answers only to what was validated right before.
        let call_data = without_prefix(&op.callData);
        match self.node.call(from, op.sender, call_data, U256::ZERO).await {
            Ok(_) => Ok(()),
            Err(NodeError::Reverted { data }) => {
                let sentence = format!("the session allows it, but {}", failure(&data).sentence);
                let remedy = "ask the contract that is called what it wants";
                Err(violation("CallFails", sentence, remedy))
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Without a paymaster the account pays, in advance, for all the gas that it names.
    async fn check_means(&self, op: &UserOperation) -> Result<(), Stop> {
        if !op.paymasterAndData.is_empty() {
            return Ok(());
        }
        let wanted = op.most_cost().unwrap_or(U256::MAX);
        let means = self.entry_point.means(op.sender).await?;
        if means >= wanted {
            return Ok(());
        }
        let sentence = format!(
            "gas may cost {} ETH, account {} has {}",
            ether(wanted),
            op.sender,
            ether(means)
        );
        let mut stop = Violation::new("AA21", sentence, "send ether to the account");
        (stop.got, stop.allowed) = (Some(ether(wanted)), Some(ether(means)));
        Err(Stop::Violation(Box::new(stop)))
    }
}

/// Why a preflight ends early.
enum Stop {
    Violation(Box<Violation>),
    Failed(ActError),
}

impl From<NodeError> for Stop {
    fn from(error: NodeError) -> Self {
        Self::Failed(error.into())
    }
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Self {
        let (rule, remedy) = (refusal.code().name(), refusal.remedy());
        violation(rule, refusal.reason().into(), remedy)
    }
}

impl From<ActError> for Stop {
    fn from(error: ActError) -> Self {
        match error {
            // What a session cannot do is a rule; an account of an unknown kind is not.
            ActError::Refused(refusal) if refusal.code() != RefusalCode::UnknownAccountKind => {
                refusal.into()
            }
            ActError::Node(NodeError::Reverted { data }) => of_module(&data),
            other => Self::Failed(other),
        }
    }
}

impl Violation {
    fn new(rule: &str, sentence: String, remedy: &str) -> Self {
        let rule = rule.into();
        Self { rule, got: None, allowed: None, sentence, remedy: remedy.into() }
    }
}

fn violation(rule: &str, sentence: String, remedy: &str) -> Stop {
    Stop::Violation(Box::new(Violation::new(rule, sentence, remedy)))
}

fn of_module(revert_data: &[u8]) -> Stop {
    let failure = failure(revert_data);
    let mut violation =
        Violation::new(failure.error.unwrap_or("Reverted"), failure.sentence, ASK_OWNER);
    if let Ok(error) = E::abi_decode(revert_data) {
        (violation.got, violation.allowed) = figures(&error);
    }
    Stop::Violation(Box::new(violation))
}

/// What an error compares, where it does.
fn figures(error: &E) -> (Option<String>, Option<String>) {
    let both = |got: String, allowed: String| (Some(got), Some(allowed));
    match error {
        E::TargetNotPermitted(e) => both(e.got.to_string(), e.allowed.to_string()),
        E::SelectorNotPermitted(e) => both(e.got.to_string(), e.allowed.to_string()),
        E::ValueOverLimit(e) => {
            both(format!("{} ETH", ether(e.got)), format!("{} ETH", ether(e.allowed)))
        }
        E::FeeOverLimit(e) => {
            both(format!("{} ETH", ether(e.got)), format!("{} ETH", ether(e.allowed)))
        }
        E::BudgetExceeded(e) => both(e.got.to_string(), e.allowed.to_string()),
        E::CallsOverLimit(e) => both(e.got.to_string(), e.allowed.to_string()),
        E::PeriodPassed(e) => both(e.got.to_string(), e.allowed.to_string()),
        E::PaymasterNotPermitted(e) => both(e.got.to_string(), e.allowed.to_string()),
        E::WrongEpoch(e) => both(e.got.to_string(), e.allowed.to_string()),
        E::TooManyExecutions(e) => both(e.got.to_string(), e.allowed.to_string()),
        E::ArgumentOutOfBounds(e) => (Some(e.got.to_string()), None),
        _ => (None, None),
    }
}
