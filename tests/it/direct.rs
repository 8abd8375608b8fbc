//! The direct path under attack, and what it costs.

use alloy_primitives::{Address, Bytes, U256};
use alloy_sol_types::SolCall;
use devchain::{Outcome, Transaction};
use harness::abi::{IRelay, IValidator};
use harness::account::{ModuleType, packed};
use harness::stage::ether;
use harness::{Call, GameSession, SmartAccount};
use session_client::OperationDraft;
use session_core::abi::ISmartSession::{self, ISmartSessionErrors as E};
use session_core::packed::DelegateKind;
use session_core::session::{Budget, Disclosure, Permission};

use crate::scene::{Scene, module_error};

/// Alice's account with the module as executor too, and a contract that calls whom it is told to.
fn scene() -> (Scene, Address) {
    let mut scene = Scene::new();
    let route = scene.alice.owner_route();
    let data = [&[2, u8::try_from(route.len()).unwrap()][..], &route, &[0]].concat();
    let call = scene.alice.install_module(ModuleType::Executor, scene.stage.module, data.into());
    let op = scene.stage.owner_op(&scene.alice, call).unwrap();
    assert_eq!(op.verdict.summary(), "executed");
    let relay = scene.stage.deploy("Relay").unwrap();
    (scene, relay)
}

fn direct_call(scene: &Scene, blob: Bytes, call: &Call) -> Vec<u8> {
    ISmartSession::executeCall {
        account: scene.alice.address(),
        session: blob,
        mode: [0; 32].into(),
        executionCalldata: packed(call).into(),
    }
    .abi_encode()
}

fn send(scene: &mut Scene, from: Address, data: Vec<u8>) -> Outcome {
    scene.stage.chain.set_balance(from, ether(10_000));
    scene.send_module(from, data)
}

#[test]
fn calls_that_come_back_into_the_module_are_counted_like_any_other() {
    let (mut scene, relay) = scene();
    let delegate = relay;
    scene.game = GameSession::with(&scene.stage, &scene.alice, |session| {
        session.delegate = delegate;
        session.max_calls = 3;
        let of_game = session.permissions[0].clone();
        let of_relay = Permission {
            target: relay,
            selector: IRelay::relayCall::SELECTOR,
            value_limit: U256::ZERO,
            rules: vec![],
        };
        session.permissions = vec![of_game, of_relay];
        let token = session_core::policy::budget::NATIVE;
        session.budgets = vec![Budget { token, amount: ether(25).to(), period: 0 }];
    })
    .unwrap();
    let module = scene.stage.module;
    let relayed = |data: Vec<u8>| IRelay::relayCall { to: module, data: data.into() }.abi_encode();
    let blob = |draft: OperationDraft| draft.sealed(&[]);
    let under = |scene: &Scene, index: u8| {
        OperationDraft::draft_use(&scene.game.session, &Disclosure::WHOLE, &[index]).unwrap()
    };
    scene.send_module(scene.alice.address(), {
        let session = scene.game.session.pack().unwrap().into();
        ISmartSession::enable_0Call { session }.abi_encode()
    });
    // From the outside in: the relay, the relay, a move; and once more within the second.
    let a_move = direct_call(&scene, blob(under(&scene, 0)), &scene.stage.a_move(1, 10));
    let second = direct_call(&scene, blob(under(&scene, 1)), &Call::new(relay, relayed(a_move)));
    let first = direct_call(&scene, blob(under(&scene, 1)), &Call::new(relay, relayed(second)));
    let call = Transaction::new(Address::repeat_byte(0x77), relay).with_data(relayed(first));

    let outcome = scene.stage.chain.transact(call.with_gas_limit(9_000_000)).unwrap();

    assert!(IRelay::relayCall::abi_decode_returns(&outcome.output).unwrap().success);
    assert_eq!(scene.state(), (1, 3), "three frames, three calls");
    let (account, session_id) = (scene.alice.address(), scene.game.session.id());
    let state = scene.ask(&ISmartSession::sessionStateCall { account, sessionId: session_id });
    assert_eq!(U256::from(state.nativeSpent), ether(10));
    let a_move = direct_call(&scene, blob(under(&scene, 0)), &scene.stage.a_move(1, 10));
    let call = Transaction::new(Address::repeat_byte(0x77), relay).with_data(relayed(a_move));
    let outcome = scene.stage.chain.transact(call.with_gas_limit(9_000_000)).unwrap();
    let told = IRelay::relayCall::abi_decode_returns(&outcome.output).unwrap();
    assert!(!told.success);
    assert_eq!(session_client::error_name(&told.answer), Some("CallsOverLimit"));
}

/// Accounts of which only the answer to `executeFromExecutor` is there.
#[test]
fn an_account_that_did_not_run_every_call_is_told_apart() {
    let (scene, _) = scene();
    let fake = Address::repeat_byte(0xfa);
    let mut scene = scene;
    assert!(scene.send_module(fake, install_as_executor()).is_success());
    scene.game.session.account = fake;
    let session = scene.game.session.pack().unwrap().into();
    let enable = ISmartSession::enable_0Call { session }.abi_encode();
    assert!(scene.send_module(fake, enable).is_success());
    let delegate = scene.game.delegate.address();
    let blob = scene.game.using(1).unwrap().sealed(&[]);
    let data = ISmartSession::executeCall {
        account: fake,
        session: blob,
        mode: [0; 32].into(),
        executionCalldata: packed(&scene.stage.a_move(1, 0)).into(),
    }
    .abi_encode();
    let word = |number: u64| U256::from(number).to_be_bytes::<32>().to_vec();
    let words = |numbers: &[u64]| numbers.iter().flat_map(|number| word(*number)).collect();
    let answers: [(&str, Vec<u8>, bool); 9] = [
        ("nothing, as without code", vec![], false),
        ("one entry without bytes", words(&[0x20, 1, 0x20, 0]), true),
        ("one entry with a byte", words(&[0x20, 1, 0x20, 1, 0]), true),
        ("no entry", words(&[0x20, 0]), false),
        ("two entries", words(&[0x20, 2, 0x40, 0x60, 0, 0]), false),
        ("another offset", words(&[0x40, 1, 0x20, 0]), false),
        ("an entry elsewhere", words(&[0x20, 1, 0x40, 0, 0]), false),
        ("something behind it", words(&[0x20, 1, 0x20, 0, 0]), false),
        ("an entry cut off", words(&[0x20, 1, 0x20, 33, 0]), false),
    ];
    for (what, answer, is_taken) in answers {
        // Copies what follows these 12 bytes into the memory, and returns it.
        let size = u16::try_from(answer.len()).unwrap().to_be_bytes();
        let [high, low] = size;
        let code = [&[0x61, high, low, 0x80, 0x60, 12, 0x5f, 0x39, 0x5f, 0xf3, 0, 0], &answer[..]];
        scene.stage.chain.set_code(fake, code.concat());

        let outcome = scene.call_module(delegate, data.clone());

        if is_taken {
            assert_eq!(outcome.output, answer, "{what}");
            assert!(outcome.is_success(), "{what}");
        } else {
            assert!(matches!(module_error(&outcome), E::NothingExecuted(_)), "{what}");
        }
    }
}

fn install_as_executor() -> Vec<u8> {
    IValidator::onInstallCall { data: vec![2, 0, 0].into() }.abi_encode()
}

#[test]
fn a_contract_may_be_the_delegate() {
    let (mut scene, relay) = scene();
    scene.game = GameSession::with(&scene.stage, &scene.alice, |session| {
        session.delegate = relay;
    })
    .unwrap();
    let blob = scene.game.enabling(1).unwrap().sealed(&[]);
    let data = direct_call(&scene, blob, &scene.stage.a_move(1, 10));
    let call = IRelay::relayCall { to: scene.stage.module, data: data.into() }.abi_encode();
    let anyone = Address::repeat_byte(0x77);

    let transaction = Transaction::new(anyone, relay).with_data(call).with_gas_limit(5_000_000);
    let outcome = scene.stage.chain.transact(transaction).unwrap();

    assert!(IRelay::relayCall::abi_decode_returns(&outcome.output).unwrap().success);
    assert_eq!(scene.state(), (1, 1));
}

#[test]
fn only_an_ordinary_key_can_call() {
    let (mut scene, _) = scene();
    for kind in [DelegateKind::P256, DelegateKind::WebAuthn] {
        scene.game = GameSession::with(&scene.stage, &scene.alice, |session| {
            session.delegate_kind = kind;
        })
        .unwrap();
        let delegate = scene.game.delegate.address();
        let blob = scene.game.enabling(1).unwrap().sealed(&[]);
        let data = direct_call(&scene, blob, &scene.stage.a_move(1, 10));

        let outcome = send(&mut scene, delegate, data);

        assert!(matches!(module_error(&outcome), E::NotDelegate(_)), "{kind:?}");
    }
}

#[test]
fn periods_are_counted_by_the_clock_and_a_claimed_time_is_trailing_bytes() {
    let (mut scene, _) = scene();
    scene.game = GameSession::with(&scene.stage, &scene.alice, |session| {
        let token = session_core::policy::budget::NATIVE;
        session.budgets = vec![Budget { token, amount: ether(10).to(), period: 60 }];
    })
    .unwrap();
    let delegate = scene.game.delegate.address();
    let a_move = scene.stage.a_move(1, 10);
    let blob = scene.game.enabling(1).unwrap().sealed(&[]);
    let data = direct_call(&scene, blob, &a_move);
    assert!(send(&mut scene, delegate, data).is_success());

    let blob = scene.game.using(1).unwrap().sealed(&[]);
    let again = direct_call(&scene, blob.clone(), &a_move);
    let outcome = send(&mut scene, delegate, again.clone());
    assert!(matches!(module_error(&outcome), E::BudgetExceeded(_)));

    let start = scene.game.session.window.valid_after().seconds();
    scene.stage.chain.warp(start + 60 - scene.stage.chain.timestamp());
    assert!(send(&mut scene, delegate, again).is_success());

    let mut claiming = blob.to_vec();
    claiming.extend([0; 6]);
    let data = direct_call(&scene, claiming.into(), &a_move);
    assert!(matches!(module_error(&send(&mut scene, delegate, data)), E::TrailingBytes(_)));
}

#[test]
fn value_cannot_be_sent_along() {
    let (mut scene, _) = scene();
    let delegate = scene.game.delegate.address();
    scene.stage.chain.set_balance(delegate, ether(10_000));
    let blob = scene.game.enabling(1).unwrap().sealed(&[]);
    let data = direct_call(&scene, blob, &scene.stage.a_move(1, 10));

    let call = Transaction::new(delegate, scene.stage.module).with_data(data);
    let outcome = scene.stage.chain.transact(call.with_value(U256::from(1))).unwrap();

    assert!(matches!(module_error(&outcome), E::NotPayable(_)));
}

#[test]
fn hidden_permissions_stay_hidden_on_the_direct_path() {
    let mut scene = scene().0;
    scene.enable_and_move();
    let hidden = Disclosure { permissions: Some(&[]), ..Disclosure::WHOLE };
    let draft = OperationDraft::draft_use(&scene.game.session, &hidden, &[0]).unwrap();
    let data = direct_call(&scene, draft.sealed(&[]), &scene.stage.a_move(1, 10));
    let delegate = scene.game.delegate.address();

    assert!(matches!(module_error(&send(&mut scene, delegate, data)), E::HiddenPermission(_)));
}
