//! Calls that come back into the module while a direct call runs: counted like calls from outside.
//!
//! There is no ban on them, because a ban is a weapon: a stranger brings another's pending
//! operation within a direct call of his own, the module refuses it there, and its nonce is spent.

use alloy_primitives::{Address, Bytes, U256};
use alloy_sol_types::{SolCall, SolStruct};
use devchain::Transaction;
use harness::abi::{IEntryPoint, IGame, IRelay, PackedUserOperation};
use harness::account::{ModuleType, packed};
use harness::stage::ether;
use harness::{Call, GameSession, SmartAccount, Stage};
use session_client::{OperationDraft, domain, error_name};
use session_core::abi::{ISmartSession, RevokeSession};
use session_core::policy::budget::NATIVE;
use session_core::session::{Budget, Disclosure, Permission, Session};

use crate::scene::Scene;

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
    scene: Scene,
    relay: Address,
}

/// A permission of the nest's session.
const RELAY: u8 = 0;
const MOVE: u8 = 1;

impl Nest {
    fn new(change: impl FnOnce(&mut Session)) -> Self {
        let mut scene = Scene::with_executor();
        let relay = scene.stage.deploy("Relay").unwrap();
        scene.with_session(|session| {
            session.delegate = relay;
            session.permissions.insert(0, may_call(relay, U256::ZERO));
            change(session);
        });
        let session = scene.game.session.pack().unwrap().into();
        let enable = ISmartSession::enable_0Call { session }.abi_encode();
        assert!(scene.send_module(scene.alice.address(), enable).is_success());
        Self { scene, relay }
    }

    /// The module's calldata of a direct call: calls, each under a permission.
    fn execute(&self, calls: &[(u8, Call)]) -> Vec<u8> {
        let (indices, calls): (Vec<u8>, Vec<Call>) = calls.iter().cloned().unzip();
        let session = &self.scene.game.session;
        let draft = OperationDraft::draft_use(session, &Disclosure::WHOLE, &indices).unwrap();
        ISmartSession::executeCall {
            account: self.scene.alice.address(),
            session: draft.sealed(&[]),
            mode: harness::account::batch_mode(),
            executionCalldata: harness::account::encoded(&calls).into(),
        }
        .abi_encode()
    }

    /// The account's call of the relay, which has the relay begin another direct call.
    fn inner(&self, calls: &[(u8, Call)]) -> (u8, Call) {
        let data = relayed(self.scene.stage.module, self.execute(calls));
        (RELAY, Call::new(self.relay, data))
    }

    fn a_move(&self) -> (u8, Call) {
        (MOVE, self.scene.stage.a_move(1, 10))
    }

    /// Has anyone send the relay to the module with calls; returns what the module answered.
    fn send(&mut self, calls: &[(u8, Call)]) -> IRelay::relayReturn {
        let data = relayed(self.scene.stage.module, self.execute(calls));
        let call = Transaction::new(ANYONE, self.relay).with_data(data);
        let outcome = self.scene.stage.chain.transact(call.with_gas_limit(9_000_000)).unwrap();
        assert!(outcome.is_success(), "{}", outcome.output);
        told(&outcome.output)
    }

    fn spent(&self) -> (u32, U256, U256) {
        let scene = &self.scene;
        let (account, session_id) = (scene.alice.address(), scene.game.session.id());
        let state = scene.ask(&ISmartSession::sessionStateCall { account, sessionId: session_id });
        let moves = scene.stage.ask(scene.stage.game, &IGame::movesCall { player: account });
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
    let mut scene = Scene::with_executor();
    let relay = scene.stage.deploy("Relay").unwrap();
    scene.with_session(|session| {
        session.max_calls = 3;
        session.permissions.push(may_call(relay, U256::ZERO));
    });
    scene.enable_and_move();
    let op = scene.move_op(&scene.game.using(1).unwrap());
    let bundle = scene.stage.entry_point.bundle(vec![op]).data;
    let call = Call::new(relay, relayed(scene.stage.entry_point.address, bundle));
    let draft = OperationDraft::draft_use(&scene.game.session, &Disclosure::WHOLE, &[1]).unwrap();
    let delegate = scene.game.delegate.address();

    let outcome = scene.execute_as(delegate, &draft, &[call]);

    assert!(outcome.is_success(), "{}", outcome.output);
    let answers = ISmartSession::executeCall::abi_decode_returns(&outcome.output).unwrap();
    assert!(told(&answers[0]).success, "the operation was bundled");
    assert_eq!(scene.state(), (1, 3), "one before, the direct call, the operation in it");
    assert_eq!(scene.a_move().verdict.summary(), "refused: AA23 CallsOverLimit");
}

#[test]
fn a_session_that_is_revoked_within_its_own_call_stays_revoked() {
    let mut scene = Scene::with_executor();
    let relay = scene.stage.deploy("Relay").unwrap();
    scene.with_session(|session| session.permissions.insert(0, may_call(relay, U256::ZERO)));
    let (account, session_id) = (scene.alice.address(), scene.game.session.id());
    let digest = RevokeSession { account, sessionId: session_id }
        .eip712_signing_hash(&domain(scene.stage.module));
    let revoke = ISmartSession::revoke_1Call {
        account,
        session: scene.game.session.pack().unwrap().into(),
        signature: Bytes::copy_from_slice(&scene.game.delegate.sign(digest).unwrap()),
    };
    let call = Call::new(relay, relayed(scene.stage.module, revoke.abi_encode()));

    let outcome = scene.execute(&[call]);

    assert!(outcome.is_success(), "{}", outcome.output);
    assert_eq!(scene.state(), (2, 1));
    assert_eq!(scene.a_move().verdict.summary(), "refused: AA23 SessionRevokedForEver");
}

/// What a stranger does with another's pending operation: he brings it to the EntryPoint within a
/// direct call for an account of his own. Returns whether the EntryPoint took it.
pub(crate) fn wrapped(stage: &mut Stage, op: PackedUserOperation) -> bool {
    let mallory = stage.oz_account("mallory").unwrap();
    stage.install(&mallory).unwrap();
    stage.install_as(&mallory, ModuleType::Executor).unwrap();
    let relay = stage.deploy("Relay").unwrap();
    let attack = GameSession::with(stage, &mallory, |session| {
        session.permissions = vec![may_call(relay, U256::ZERO)];
    })
    .unwrap();
    let (from, entry_point) = (attack.delegate.address(), stage.entry_point.address);
    let bundle = IEntryPoint::handleOpsCall { ops: vec![op], beneficiary: from }.abi_encode();
    let data = ISmartSession::executeCall {
        account: mallory.address(),
        session: attack.enabling(1).unwrap().sealed(&[]),
        mode: [0; 32].into(),
        executionCalldata: packed(&Call::new(relay, relayed(entry_point, bundle))).into(),
    }
    .abi_encode();
    let call = Transaction::new(from, stage.module).with_data(data).with_gas_limit(9_000_000);
    let outcome = stage.chain.transact(call).unwrap();
    assert!(outcome.is_success(), "{:?}", outcome.output);
    let answers = ISmartSession::executeCall::abi_decode_returns(&outcome.output).unwrap();
    told(&answers[0]).success
}

#[test]
fn an_owners_revocation_within_a_strangers_direct_call_holds() {
    let mut scene = Scene::enabled();
    let revoke = ISmartSession::revoke_0Call { sessionId: scene.game.session.id() }.abi_encode();
    let call_data = scene.alice.execute(&Call::new(scene.stage.module, revoke));
    let op = scene.stage.signed_owner_op(&scene.alice, call_data).unwrap();

    assert!(wrapped(&mut scene.stage, op), "it is bundled");

    assert_eq!(scene.state().0, 2);
    assert_eq!(scene.a_move().verdict.summary(), "refused: AA23 SessionRevokedForEver");
}

#[test]
fn a_delegates_operation_within_a_strangers_direct_call_runs() {
    let mut scene = Scene::enabled();
    let op = scene.move_op(&scene.game.using(1).unwrap());

    assert!(wrapped(&mut scene.stage, op), "it is bundled");

    assert_eq!(scene.state(), (1, 2));
    let moves = IGame::movesCall { player: scene.alice.address() };
    assert_eq!(scene.stage.ask(scene.stage.game, &moves).unwrap(), U256::from(2));
}

/// Bob's account is the delegate: it calls the module in an operation of its own.
#[test]
fn a_contract_delegates_operation_within_a_strangers_direct_call_runs() {
    let mut scene = Scene::with_executor();
    let bob = scene.bob.clone();
    scene.with_session(|session| session.delegate = bob.address());
    let execute = ISmartSession::executeCall {
        account: scene.alice.address(),
        session: scene.game.enabling(1).unwrap().sealed(&[]),
        mode: [0; 32].into(),
        executionCalldata: packed(&scene.stage.a_move(1, 10)).into(),
    };
    let call_data = bob.execute(&Call::new(scene.stage.module, execute.abi_encode()));
    let op = scene.stage.signed_owner_op(&bob, call_data).unwrap();

    assert!(wrapped(&mut scene.stage, op), "it is bundled");

    assert_eq!(scene.state(), (1, 1));
    let moves = IGame::movesCall { player: scene.alice.address() };
    assert_eq!(scene.stage.ask(scene.stage.game, &moves).unwrap(), U256::from(1));
}

#[test]
fn an_operation_that_enables_within_a_strangers_direct_call_runs() {
    let mut scene = Scene::new();
    let op = scene.move_op(&scene.game.enabling(1).unwrap());

    assert!(wrapped(&mut scene.stage, op), "it is bundled");

    assert_eq!(scene.state(), (1, 1));
}
