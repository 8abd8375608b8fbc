//! What the module reads is what the account runs.
//!
//! Random and hostile calldata goes through the whole EntryPoint. Wherever the module lets an
//! operation through, the calls that the account then makes, as the chain's trace shows them, must
//! be byte for byte the executions that the core's decoder read.

use alloy_primitives::aliases::U96;
use alloy_primitives::{Address, B256, Bytes, U256, hex};
use alloy_sol_types::{SolCall, SolEvent, SolValue};
use smart_session_client::OperationDraft;
use smart_session_core::OffChain;
use smart_session_core::abi::ISmartSession;
use smart_session_core::execution::Executions;
use smart_session_core::session::{Disclosure, Permission};
use stylus_devchain::{Frame, FrameKind, Outcome, Transaction};
use testbed::abi::{Execution, IAccount7579, IEntryPoint};
use testbed::account::execute;
use testbed::fixtures::EntryPointVersion;
use testbed::{AccountKind, Call, Verdict};

use super::everywhere::account_setup::AccountSetup;
use super::mutation::{adversarial, honest, mutate};
use crate::random::Random;

/// Operations for each account.
const ROUNDS: usize = 400;

/// An account with a session for any call of three contracts, which take whatever they get.
struct Trial {
    setup: AccountSetup,
    sinks: Vec<Address>,
}

impl Trial {
    fn new(kind: AccountKind) -> Self {
        let mut setup = AccountSetup::on(kind, EntryPointVersion::V07);
        // A contract whose code is one STOP.
        let init_code = Bytes::from(hex!("600060005360016000f3"));
        let sinks: Vec<Address> =
            (0..3).map(|_| setup.bed.chain.deploy(init_code.clone()).unwrap()).collect();
        setup.with_session(|session| {
            session.max_calls = u32::MAX;
            session.fee_limit = U96::MAX - U96::from(1);
            session.permissions = sinks
                .iter()
                .map(|sink| Permission {
                    target: *sink,
                    selector: [0xff; 4],
                    value_limit: U256::MAX,
                    rules: vec![],
                })
                .collect();
        });
        let draft = setup.game.enabling(1).unwrap();
        let op = setup.act(&draft, &[Call::new(sinks[0], vec![])]);
        assert_eq!(op.verdict, Verdict::Executed);
        Self { setup, sinks }
    }

    /// Sends an operation with this calldata; nothing is kept.
    fn run(&self, call_data: &[u8]) -> Outcome {
        let draft = self.draft(&lenient(call_data));
        let bed = &self.setup.bed;
        let op = bed
            .session_op(
                &*self.setup.account,
                &draft,
                &self.setup.game.delegate,
                Bytes::copy_from_slice(call_data),
            )
            .unwrap();
        bed.chain.call(bed.entry_point.bundle(vec![op])).unwrap()
    }

    /// Drafts an operation that says for each execution which permission covers it.
    fn draft(&self, executions: &[Execution]) -> OperationDraft {
        let index = |execution: &Execution| {
            let index = self.sinks.iter().position(|sink| *sink == execution.target);
            u8::try_from(index.unwrap_or(0)).unwrap()
        };
        let indices: Vec<u8> = executions.iter().take(40).map(index).collect();
        let session = &self.setup.game.session;
        OperationDraft::draft_use(session, &Disclosure::WHOLE, &indices).unwrap()
    }

    /// Has the owner install the module as executor too, for the direct path.
    fn with_executor(mut self) -> Self {
        super::everywhere::direct::install(&mut self.setup);
        self
    }

    /// Has the delegate call the module with a mode and an execution; nothing is kept.
    fn run_directly(&self, mode: B256, calldata: &Bytes) -> Outcome {
        let draft = self.draft(&lenient(&execute(mode, calldata.clone())));
        let call = ISmartSession::executeCall {
            account: self.setup.account.address(),
            session: draft.sealed(&[]),
            mode,
            executionCalldata: calldata.clone(),
        };
        let delegate = self.setup.game.delegate.address();
        let transaction = Transaction::new(delegate, self.setup.bed.module)
            .with_data(call.abi_encode())
            .with_gas_limit(10_000_000);
        self.setup.bed.chain.call(transaction).unwrap()
    }

    /// Returns the calls that the account made when it ran the operation.
    fn calls(&self, outcome: &Outcome) -> Vec<Call> {
        let (account, entry_point) =
            (self.setup.account.address(), self.setup.bed.entry_point.address);
        let is_inner = |frame: &Frame| frame.to == entry_point && frame.from == entry_point;
        self.calls_below(outcome, |frame| {
            let inner = frame.parent.map(|parent| &outcome.frames[parent]);
            frame.to == account && frame.from == entry_point && inner.is_some_and(is_inner)
        })
    }

    /// Returns the calls that the account made when the module had it execute.
    fn direct_calls(&self, outcome: &Outcome) -> Vec<Call> {
        let (account, module) = (self.setup.account.address(), self.setup.bed.module);
        self.calls_below(outcome, |frame| {
            frame.to == account && frame.from == module && frame.kind == FrameKind::Call
        })
    }

    fn calls_below(&self, outcome: &Outcome, is_root: impl Fn(&Frame) -> bool) -> Vec<Call> {
        let (account, plumbing) = (self.setup.account.address(), self.setup.account.plumbing());
        let frames = below(&outcome.frames, is_root);
        let is_asked_for = |frame: &&Frame| {
            frame.from == account && frame.kind == FrameKind::Call && !plumbing.contains(&frame.to)
        };
        let asked: Vec<&Frame> = frames.iter().copied().filter(is_asked_for).collect();
        for frame in frames {
            assert!(!matches!(frame.kind, FrameKind::Create | FrameKind::Create2), "{frame:?}");
            if self.sinks.contains(&frame.code_address) {
                let is_asked_for = asked.iter().any(|it| std::ptr::eq(*it, frame));
                assert!(is_asked_for, "reached another way: {frame:?}");
            }
        }
        asked
            .into_iter()
            .map(|frame| Call { target: frame.to, value: frame.value, data: frame.input.clone() })
            .collect()
    }
}

/// Returns some frames and all that were opened below them.
fn below(frames: &[Frame], is_root: impl Fn(&Frame) -> bool) -> Vec<&Frame> {
    let mut is_below = vec![false; frames.len()];
    for (index, frame) in frames.iter().enumerate() {
        is_below[index] = is_root(frame) || frame.parent.is_some_and(|parent| is_below[parent]);
    }
    frames.iter().zip(is_below).filter_map(|(frame, is)| is.then_some(frame)).collect()
}

/// Reads executions as a decoder does that follows every pointer: what a delegate would claim.
fn lenient(call_data: &[u8]) -> Vec<Execution> {
    let bare = call_data.strip_prefix(&[0x8d, 0xd7, 0x71, 0x2f]).unwrap_or(call_data);
    let nothing = Execution { target: Address::ZERO, value: U256::ZERO, callData: Bytes::new() };
    let Ok(call) = IAccount7579::executeCall::abi_decode(bare) else { return vec![nothing] };
    let encoded = call.executionCalldata;
    if call.mode[0] == 0x01 {
        return Vec::<Execution>::abi_decode(&encoded).unwrap_or_else(|_| vec![nothing]);
    }
    let target = encoded.get(..20).map_or(Address::ZERO, Address::from_slice);
    vec![Execution { target, ..nothing }]
}

/// Reads executions as the module does; `None` if it must refuse them.
fn strict(call_data: &[u8]) -> Option<Vec<Call>> {
    let environment = &OffChain::default();
    let executions = Executions::decode(environment, call_data).ok()?;
    let read: Result<Vec<Call>, _> = executions
        .iter(environment)
        .map(|execution| {
            execution.map(|execution| Call {
                target: Address::from_word(B256::new(execution.target)),
                value: U256::from_be_bytes(*execution.value),
                data: Bytes::copy_from_slice(execution.call_data),
            })
        })
        .collect();
    read.ok()
}

/// How many operations ended how.
#[derive(Debug, Default)]
struct Tally {
    run: usize,
    reverted: usize,
    refused: usize,
}

fn check(trial: &Trial, call_data: &[u8], tally: &mut Tally) {
    let outcome = trial.run(call_data);
    let what = || format!("{}: {}", trial.setup, hex::encode(call_data));
    if !outcome.is_success() {
        tally.refused += 1;
        return;
    }
    let read = strict(call_data).unwrap_or_else(|| panic!("let through unread, {}", what()));
    let made = trial.calls(&outcome);
    if outcome.logs.iter().any(is_success_event) {
        tally.run += 1;
        assert_eq!(made, read, "{}", what());
    } else {
        // The account gave up, for instance because it knows no `executeUserOp`.
        tally.reverted += 1;
        assert!(read.starts_with(&made), "{}: {made:?}", what());
    }
}

pub(super) fn is_success_event(log: &alloy_primitives::Log) -> bool {
    IEntryPoint::UserOperationEvent::decode_log(log).is_ok_and(|event| event.success)
}

fn what_the_module_reads_is_what_is_run_by(kind: AccountKind, seed: u64) {
    let trial = Trial::new(kind);
    let mut random = Random::new(seed);
    let mut tally = Tally::default();
    for round in 0..ROUNDS {
        let mut call_data = honest(&mut random, &*trial.setup.account, &trial.sinks);
        // A quarter stays as it is.
        for _ in 0..round % 4 {
            mutate(&mut random, &mut call_data);
        }
        check(&trial, &call_data, &mut tally);
    }
    assert_eq!(tally.run + tally.reverted + tally.refused, ROUNDS);
    assert!(tally.run > ROUNDS / 5 && tally.refused > ROUNDS / 5, "{tally:?} tells little");
}

#[test]
fn what_the_module_reads_is_what_openzeppelins_account_runs() {
    what_the_module_reads_is_what_is_run_by(AccountKind::OpenZeppelin, 0x0f0f_3511);
}

#[test]
fn what_the_module_reads_is_what_nexus_runs() {
    what_the_module_reads_is_what_is_run_by(AccountKind::Nexus, 0x1234_5671);
}

#[test]
fn what_the_module_reads_is_what_a_safe_runs() {
    what_the_module_reads_is_what_is_run_by(AccountKind::Safe7579, 0xabcd_ef11);
}

#[test]
fn what_the_module_reads_is_what_kernel_runs() {
    what_the_module_reads_is_what_is_run_by(AccountKind::Kernel, 0x5eed_5eed);
}

#[test]
fn what_the_module_reads_is_what_the_reference_account_runs() {
    what_the_module_reads_is_what_is_run_by(AccountKind::Msa, 0x7ea5_0001);
}

#[test]
fn what_the_module_reads_is_what_every_account_runs_for_it_as_executor() {
    for (seed, kind) in AccountKind::CONTRACTS.into_iter().enumerate() {
        let trial = Trial::new(kind).with_executor();
        let mut random = Random::new(0xd1_4ec7 + u64::try_from(seed).unwrap());
        let mut tally = Tally::default();
        for round in 0..ROUNDS / 2 {
            let mut call_data = honest(&mut random, &*trial.setup.account, &trial.sinks);
            for _ in 0..round % 4 {
                mutate(&mut random, &mut call_data);
            }
            let bare = call_data.strip_prefix(&[0x8d, 0xd7, 0x71, 0x2f]).unwrap_or(&call_data);
            let Ok(call) = IAccount7579::executeCall::abi_decode(bare) else { continue };

            let outcome = trial.run_directly(call.mode, &call.executionCalldata);

            if !outcome.is_success() {
                tally.refused += 1;
                continue;
            }
            tally.run += 1;
            let what = hex::encode(&call.executionCalldata);
            let read = strict(&execute(call.mode, call.executionCalldata))
                .unwrap_or_else(|| panic!("let through unread on {kind}: {what}"));
            assert_eq!(trial.direct_calls(&outcome), read, "{kind}: {what}");
        }
        assert!(tally.run > ROUNDS / 10 && tally.refused > ROUNDS / 10, "{kind}: {tally:?}");
    }
}

#[test]
fn shapes_that_decoders_disagree_about_are_refused_on_every_account() {
    for kind in AccountKind::CONTRACTS {
        let trial = Trial::new(kind);
        for (name, call_data) in adversarial(trial.sinks[0]) {
            let outcome = trial.run(&call_data);

            assert!(!outcome.is_success(), "{kind} lets through {name}");
            let said = outcome.frames_to(trial.setup.bed.module).next().unwrap();
            let error = smart_session_client::error_name(&said.output);
            assert_eq!(error, Some("MalformedExecution"), "{kind}: {name}");
        }
    }
}
