//! What must hold of any bytes. Each function is a fuzz target, and is run by the tests on stable
//! over the seeds and all past crashes.

use alloy_primitives::{Address, U256, keccak256};
use alloy_sol_types::{SolCall, SolValue, sol};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use session_model::operation::Hidden;
use session_model::strategy::{self, GAME, PLACE, TOKEN};
use session_model::{History, Operation, Session, judge::judge_enable};

use crate::pair::Pair;
use crate::{module, reading};

sol! {
    #[derive(PartialEq, Eq, Debug)]
    struct Execution { address target; uint256 value; bytes callData; }
    function execute(bytes32 mode, bytes executionCalldata);
}

/// Any bytes are a packed session in one way only: with anything appended or cut off they are
/// none, and any other bytes have another id.
pub(crate) fn packed_session(data: &[u8]) {
    let Ok(id) = reading::id(data, PLACE.account) else { return };
    assert_eq!(reading::id(data, PLACE.account), Ok(id), "it depends on nothing else");
    assert_ne!(reading::id(data, Address::ZERO), Ok(id), "another account has another id");
    assert!(reading::id(&[data, &[0]].concat(), PLACE.account).is_err());
    let (last, rest) = data.split_last().expect("an empty session was read");
    assert!(reading::id(rest, PLACE.account).is_err());
    let other = [rest, &[last ^ 1]].concat();
    assert_ne!(reading::id(&other, PLACE.account), Ok(id));
}

/// What is read as executions is what another ABI decoder reads.
pub(crate) fn executions(data: &[u8]) {
    let Ok(got) = reading::executions(data) else { return };
    assert!((1..=32).contains(&got.len()));
    let data = data.strip_prefix(&[0x8d, 0xd7, 0x71, 0x2f]).unwrap_or(data);
    let call = executeCall::abi_decode(data).expect("another decoder reads the call");
    let calldata = &call.executionCalldata;
    let expected = match call.mode[0] {
        0 => {
            let (target, rest) = calldata.split_at(20);
            let (value, data) = rest.split_at(32);
            vec![Execution {
                target: Address::from_slice(target),
                value: U256::from_be_slice(value),
                callData: data.to_vec().into(),
            }]
        }
        _ => <Vec<Execution>>::abi_decode(calldata).expect("another decoder reads the batch"),
    };
    let got: Vec<_> = got
        .into_iter()
        .map(|one| Execution { target: one.target, value: one.value, callData: one.data })
        .collect();
    assert_eq!(got, expected);
}

/// The first bytes draw a session and operations under it, the others change those: core and
/// model say the same of each.
pub(crate) fn against_model(data: &[u8]) {
    let (dice, changes) = data.split_at(data.len().min(16));
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, keccak256(dice).as_slice());
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let sessions = strategy::session().prop_map(module::supported);
    let Ok(drawn) = strategy::with_operations(sessions, 6).new_tree(&mut runner) else { return };
    let (session, mut operations) = drawn.current();
    for change in changes.as_chunks::<4>().0 {
        apply(*change, &session, &mut operations);
    }
    let can_be_enabled = judge_enable(&session, &History::installed(), &PLACE).is_ok();
    let mut pair = if can_be_enabled { Pair::in_force(&session) } else { Pair::signed(&session) };
    for operation in &operations {
        pair.ask(operation).expect("core and model agree");
    }
}

/// Changes one thing about one of the operations: what, of which, of which call, to what.
fn apply([what, which, call, value]: [u8; 4], session: &Session, operations: &mut Vec<Operation>) {
    let which = usize::from(which) % operations.len();
    let operation = &mut operations[which];
    let call = usize::from(call) % operation.executions.len();
    let execution = &mut operation.executions[call];
    let at = usize::from(value);
    match what % 10 {
        0 => operation.indices[call] = value,
        1 => execution.value = U256::from(value),
        2 => execution.target = [GAME, TOKEN, PLACE.module, Address::ZERO][at % 4],
        3 => {
            let mut data = execution.data.to_vec();
            if let Some(byte) = data.get_mut(at) {
                *byte = byte.wrapping_add(1);
            }
            execution.data = data.into();
        }
        4 => execution.data = execution.data.slice(..at.min(execution.data.len())),
        5 if session.has_periods() => {
            operation.claimed_time = Some(session.valid_after + 30 * u64::from(value));
        }
        6 => operation.gas.max_fee = u128::from(value % 8) + 1,
        7 => operation.enables ^= operation.hidden == Hidden::default(),
        8 if operations.len() < 12 => operations.push(operations[which].clone()),
        _ => {}
    }
}
