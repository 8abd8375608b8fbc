//! Calls that come back into the module while a direct call runs: counted like calls from outside.
//!
//! There is no ban on them, because a ban is a weapon: a stranger brings another's pending
//! operation within a direct call of his own, the module refuses it there, and its nonce is spent.

use alloy_primitives::{Address, Bytes, U256};
use alloy_sol_types::{SolCall, SolStruct};
use smart_session_client::{OperationDraft, domain, error_name};
use smart_session_core::abi::{ISmartSession, RevokeSession};
use smart_session_core::policy::budget::NATIVE;
use smart_session_core::session::{Budget, Disclosure, Permission, Session};
use stylus_devchain::Transaction;
use testbed::abi::{IEntryPoint, IGame, IRelay, PackedUserOperation};
use testbed::account::{ModuleType, packed};
use testbed::test_bed::ether;
use testbed::{Call, GameSession, SmartAccount, TestBed};

use crate::setup::Setup;

const ANYONE: Address = Address::repeat_byte(0x77);

fn may_call(target: Address, value_limit: U256) -> Permission {
    Permission { target, selector: [0xff; 4], value_limit, rules: vec![] }
}

fn relayed(to: Address, data: impl Into<Bytes>) -> Vec<u8> {
    IRelay::relayCall { to, data: data.into() }.abi_encode()
}

/// What the relay tells about the call that it made.
fn told(answer: &[u8]) -> IRelay::relayReturn {
    IRelay::relayCall::abi_decode_returns(answer).unwrap()
}

/// A relay that is the delegate of a session which permits calls of the relay and moves: each
/// direct call may begin another one.
struct Nest {
    setup: Setup,
    relay: Address,
}

/// A permission of the nest's session.
const RELAY: u8 = 0;
const MOVE: u8 = 1;

impl Nest {
    fn new(change: impl FnOnce(&mut Session)) -> Self {
        let mut setup = Setup::with_executor();
        let relay = setup.bed.deploy("Relay").unwrap();
        setup.with_session(|session| {
            session.delegate = relay;
            session.permissions.insert(0, may_call(relay, U256::ZERO));
            change(session);
        });
        let session = setup.game.session.pack().unwrap().into();
        let enable = ISmartSession::enable_0Call { session }.abi_encode();
        assert!(setup.send_module(setup.alice.address(), enable).is_success());
        Self { setup, relay }
    }

    /// The module's calldata of a direct call: calls, each under a permission.
    fn execute(&self, calls: &[(u8, Call)]) -> Vec<u8> {
        let (indices, calls): (Vec<u8>, Vec<Call>) = calls.iter().cloned().unzip();
        let session = &self.setup.game.session;
        let draft = OperationDraft::draft_use(session, &Disclosure::WHOLE, &indices).unwrap();
        ISmartSession::executeCall {
            account: self.setup.alice.address(),
            session: draft.sealed(&[]),
            mode: testbed::account::batch_mode(),
            executionCalldata: testbed::account::encoded(&calls).into(),
        }
        .abi_encode()
    }

    /// The account's call of the relay, which has the relay begin another direct call.
    fn inner(&self, calls: &[(u8, Call)]) -> (u8, Call) {
        let data = relayed(self.setup.bed.module, self.execute(calls));
        (RELAY, Call::new(self.relay, data))
    }

    fn a_move(&self) -> (u8, Call) {
        (MOVE, self.setup.bed.a_move(1, 10))
    }

    /// Has anyone send the relay to the module with calls; returns what the module answered.
    fn send(&mut self, calls: &[(u8, Call)]) -> IRelay::relayReturn {
        let data = relayed(self.setup.bed.module, self.execute(calls));
        let call = Transaction::new(ANYONE, self.relay).with_data(data);
        let outcome = self.setup.bed.chain.transact(call.with_gas_limit(9_000_000)).unwrap();
        assert!(outcome.is_success(), "{}", outcome.output);
        told(&outcome.output)
    }

    fn spent(&self) -> (u32, U256, U256) {
        let setup = &self.setup;
        let (account, session_id) = (setup.alice.address(), setup.game.session.id());
        let state = setup.ask(&ISmartSession::sessionStateCall { account, sessionId: session_id });
        let moves = setup.bed.ask(setup.bed.game, &IGame::movesCall { player: account });
        (state.calls, U256::from(state.nativeSpent), moves.unwrap())
    }
}

/// Returns the error with which the innermost of two nested calls was refused, if it was.
fn refusal_within(outer: &IRelay::relayReturn) -> Option<&'static str> {
    assert!(outer.success, "{}", outer.answer);
    let answers = ISmartSession::executeCall::abi_decode_returns(&outer.answer).unwrap();
    let inner = told(&answers[0]);
    if inner.success { None } else { Some(error_name(&inner.answer).unwrap_or("no name")) }
}

#[test]
fn nested_direct_calls_are_counted_exactly() {
    let mut nest = Nest::new(|session| {
        session.max_calls = 4;
        session.budgets = vec![Budget { token: NATIVE, amount: 1 << 90, period: 0 }];
    });

    // One call of the relay, within it another, within that two moves: four in all.
    let innermost = nest.inner(&[nest.a_move(), nest.a_move()]);
    let middle = nest.inner(&[innermost]);
    let answer = nest.send(&[middle]);

    assert!(answer.success, "{}", answer.answer);
    assert_eq!(nest.spent(), (4, ether(20), U256::from(2)));
    let a_fifth = nest.send(&[nest.a_move()]);
    assert_eq!(error_name(&a_fifth.answer), Some("CallsOverLimit"));
}

#[test]
fn a_nested_call_over_the_limit_is_refused_and_the_outer_one_counted() {
    let mut nest = Nest::new(|session| session.max_calls = 3);

    let three_moves = nest.inner(&[nest.a_move(), nest.a_move(), nest.a_move()]);
    let answer = nest.send(&[three_moves]);

    assert_eq!(refusal_within(&answer), Some("CallsOverLimit"));
    assert_eq!(nest.spent(), (1, U256::ZERO, U256::ZERO));
}

#[test]
fn a_budget_holds_over_nested_calls() {
    let with_budget = |session: &mut Session| {
        let amount = 25_000_000_000_000_000;
        session.budgets = vec![Budget { token: NATIVE, amount, period: 0 }];
    };
    let mut nest = Nest::new(with_budget);
    // The outer call's own 0.01 ETH is counted before the inner one is looked at.
    let within = nest.inner(&[nest.a_move()]);
    let answer = nest.send(&[within, nest.a_move()]);
    assert_eq!(refusal_within(&answer), None);
    assert_eq!(nest.spent(), (3, ether(20), U256::from(2)));

    let mut nest = Nest::new(with_budget);
    let within = nest.inner(&[nest.a_move(), nest.a_move()]);
    let answer = nest.send(&[within, nest.a_move()]);
    assert_eq!(refusal_within(&answer), Some("BudgetExceeded"));
    assert_eq!(nest.spent(), (2, ether(10), U256::from(1)));
}

#[test]
fn an_operation_within_a_direct_call_of_its_own_session_is_counted() {
    let mut setup = Setup::with_executor();
    let relay = setup.bed.deploy("Relay").unwrap();
    setup.with_session(|session| {
        session.max_calls = 3;
        session.permissions.push(may_call(relay, U256::ZERO));
    });
    setup.enable_and_move();
    let op = setup.move_op(&setup.game.using(1).unwrap());
    let bundle = setup.bed.entry_point.bundle(vec![op]).data;
    let call = Call::new(relay, relayed(setup.bed.entry_point.address, bundle));
    let draft = OperationDraft::draft_use(&setup.game.session, &Disclosure::WHOLE, &[1]).unwrap();
    let delegate = setup.game.delegate.address();

    let outcome = setup.execute_as(delegate, &draft, &[call]);

    assert!(outcome.is_success(), "{}", outcome.output);
    let answers = ISmartSession::executeCall::abi_decode_returns(&outcome.output).unwrap();
    assert!(told(&answers[0]).success, "the operation was bundled");
    assert_eq!(setup.state(), (1, 3), "one before, the direct call, the operation in it");
    assert_eq!(setup.a_move().verdict.summary(), "refused: AA23 CallsOverLimit");
}

#[test]
fn a_session_that_is_revoked_within_its_own_call_stays_revoked() {
    let mut setup = Setup::with_executor();
    let relay = setup.bed.deploy("Relay").unwrap();
    setup.with_session(|session| session.permissions.insert(0, may_call(relay, U256::ZERO)));
    let (account, session_id) = (setup.alice.address(), setup.game.session.id());
    let digest = RevokeSession { account, sessionId: session_id }
        .eip712_signing_hash(&domain(setup.bed.module));
    let revoke = ISmartSession::revoke_1Call {
        account,
        session: setup.game.session.pack().unwrap().into(),
        signature: Bytes::copy_from_slice(&setup.game.delegate.sign(digest).unwrap()),
    };
    let call = Call::new(relay, relayed(setup.bed.module, revoke.abi_encode()));

    let outcome = setup.execute(&[call]);

    assert!(outcome.is_success(), "{}", outcome.output);
    assert_eq!(setup.state(), (2, 1));
    assert_eq!(setup.a_move().verdict.summary(), "refused: AA23 SessionRevokedForEver");
}

/// What a stranger does with another's pending operation: he brings it to the EntryPoint within a
/// direct call for an account of his own. Returns whether the EntryPoint took it.
pub(crate) fn wrapped(bed: &mut TestBed, op: PackedUserOperation) -> bool {
    let mallory = bed.oz_account("mallory").unwrap();
    bed.install(&mallory).unwrap();
    bed.install_as(&mallory, ModuleType::Executor).unwrap();
    let relay = bed.deploy("Relay").unwrap();
    let attack = GameSession::with(bed, &mallory, |session| {
        session.permissions = vec![may_call(relay, U256::ZERO)];
    })
    .unwrap();
    let (from, entry_point) = (attack.delegate.address(), bed.entry_point.address);
    let bundle = IEntryPoint::handleOpsCall { ops: vec![op], beneficiary: from }.abi_encode();
    let data = ISmartSession::executeCall {
        account: mallory.address(),
        session: attack.enabling(1).unwrap().sealed(&[]),
        mode: [0; 32].into(),
        executionCalldata: packed(&Call::new(relay, relayed(entry_point, bundle))).into(),
    }
    .abi_encode();
    let call = Transaction::new(from, bed.module).with_data(data).with_gas_limit(9_000_000);
    let outcome = bed.chain.transact(call).unwrap();
    assert!(outcome.is_success(), "{:?}", outcome.output);
    let answers = ISmartSession::executeCall::abi_decode_returns(&outcome.output).unwrap();
    told(&answers[0]).success
}

#[test]
fn an_owners_revocation_within_a_strangers_direct_call_holds() {
    let mut setup = Setup::enabled();
    let revoke = ISmartSession::revoke_0Call { sessionId: setup.game.session.id() }.abi_encode();
    let call_data = setup.alice.execute(&Call::new(setup.bed.module, revoke));
    let op = setup.bed.signed_owner_op(&setup.alice, call_data).unwrap();

    assert!(wrapped(&mut setup.bed, op), "it is bundled");

    assert_eq!(setup.state().0, 2);
    assert_eq!(setup.a_move().verdict.summary(), "refused: AA23 SessionRevokedForEver");
}

#[test]
fn a_delegates_operation_within_a_strangers_direct_call_runs() {
    let mut setup = Setup::enabled();
    let op = setup.move_op(&setup.game.using(1).unwrap());

    assert!(wrapped(&mut setup.bed, op), "it is bundled");

    assert_eq!(setup.state(), (1, 2));
    let moves = IGame::movesCall { player: setup.alice.address() };
    assert_eq!(setup.bed.ask(setup.bed.game, &moves).unwrap(), U256::from(2));
}

/// Bob's account is the delegate: it calls the module in an operation of its own.
#[test]
fn a_contract_delegates_operation_within_a_strangers_direct_call_runs() {
    let mut setup = Setup::with_executor();
    let bob = setup.bob.clone();
    setup.with_session(|session| session.delegate = bob.address());
    let execute = ISmartSession::executeCall {
        account: setup.alice.address(),
        session: setup.game.enabling(1).unwrap().sealed(&[]),
        mode: [0; 32].into(),
        executionCalldata: packed(&setup.bed.a_move(1, 10)).into(),
    };
    let call_data = bob.execute(&Call::new(setup.bed.module, execute.abi_encode()));
    let op = setup.bed.signed_owner_op(&bob, call_data).unwrap();

    assert!(wrapped(&mut setup.bed, op), "it is bundled");

    assert_eq!(setup.state(), (1, 1));
    let moves = IGame::movesCall { player: setup.alice.address() };
    assert_eq!(setup.bed.ask(setup.bed.game, &moves).unwrap(), U256::from(1));
}

#[test]
fn an_operation_that_enables_within_a_strangers_direct_call_runs() {
    let mut setup = Setup::new();
    let op = setup.move_op(&setup.game.enabling(1).unwrap());

    assert!(wrapped(&mut setup.bed, op), "it is bundled");

    assert_eq!(setup.state(), (1, 1));
}
