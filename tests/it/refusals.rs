//! What a session does not allow.

use alloy_primitives::{Address, Bytes, U256, address};
use alloy_sol_types::SolCall;
use harness::abi::IGame;
use harness::account::{execute, mode, packed};
use harness::{Call, GameSession, SmartAccount, stage};
use session_core::session::Permission;

use crate::scene::Scene;

/// Has the delegate try a single call under the first permission.
fn try_call(scene: &mut Scene, call: &Call) -> String {
    let call_data = scene.alice.execute(call);
    scene.act(&scene.game.using(1).unwrap(), call_data).verdict.summary()
}

fn try_call_data(scene: &mut Scene, call_data: Bytes) -> String {
    scene.act(&scene.game.using(1).unwrap(), call_data).verdict.summary()
}

#[test]
fn another_contract_is_refused() {
    let mut scene = Scene::enabled();
    let call = Call { target: scene.stage.owner_validator, ..scene.stage.a_move(1, 10) };

    assert_eq!(try_call(&mut scene, &call), "refused: AA23 TargetNotPermitted");
}

#[test]
fn another_function_is_refused() {
    let mut scene = Scene::enabled();
    let call = Call::new(scene.stage.game, IGame::withdrawCall { amount: U256::ZERO }.abi_encode());

    assert_eq!(try_call(&mut scene, &call), "refused: AA23 SelectorNotPermitted");
}

#[test]
fn more_value_than_the_limit_is_refused() {
    let mut scene = Scene::enabled();
    let call = scene.stage.a_move(1, 10);
    let one_wei_more = call.value + U256::from(1);

    assert_eq!(
        try_call(&mut scene, &call.with_value(one_wei_more)),
        "refused: AA23 ValueOverLimit"
    );
}

#[test]
fn banned_targets_are_refused_even_with_a_permission() {
    let scene = Scene::new();
    let banned = [
        scene.alice.address(),
        scene.stage.module,
        Address::ZERO,
        address!("5FF137D4b0FDCD49DcA30c7CF57E578a026d2789"),
        address!("0000000071727De22E5E9d8BAf0edAc6f37da032"),
        address!("4337084D9E255Ff0702461CF8895CE9E3b5Ff108"),
        address!("433709009B8330FDa32311DF1C2AFA402eD8D009"),
    ];
    for target in banned {
        let mut scene = scene.clone();
        scene.game = GameSession::with(&scene.stage, &scene.alice, |session| {
            session.permissions = vec![Permission {
                target,
                selector: [0xff; 4],
                value_limit: U256::MAX,
                rules: vec![],
            }];
        })
        .unwrap();
        let call_data = scene.alice.execute(&Call::new(target, vec![]));

        let op = scene.act(&scene.game.enabling(1).unwrap(), call_data);

        assert_eq!(op.verdict.summary(), "refused: AA23 BannedTarget", "{target}");
    }
}

#[test]
fn delegatecall_staticcall_try_and_unknown_modes_are_refused() {
    let scene = Scene::enabled();
    let call = scene.stage.a_move(1, 10);
    for (call_type, exec_type) in
        [(0xff, 0), (0xfe, 0), (0x00, 1), (0x01, 1), (0x02, 0), (0xff, 1), (0x00, 2)]
    {
        let mut scene = scene.clone();
        let call_data = execute(mode(call_type, exec_type), packed(&call));

        assert_eq!(
            try_call_data(&mut scene, call_data),
            "refused: AA23 UnsupportedExecutionMode",
            "{call_type:02x} {exec_type:02x}"
        );
    }
}

#[test]
fn a_mode_selector_or_payload_is_refused() {
    let scene = Scene::enabled();
    for byte in 2..32 {
        let mut scene = scene.clone();
        let mut mode = mode(0, 0);
        mode[byte] = 1;
        let call_data = execute(mode, packed(&scene.stage.a_move(1, 10)));

        assert_eq!(
            try_call_data(&mut scene, call_data),
            "refused: AA23 UnsupportedExecutionMode",
            "byte {byte}"
        );
    }
}

#[test]
fn a_batch_whose_third_call_is_bad_is_refused_as_a_whole() {
    let mut scene = Scene::enabled();
    let (good, bad) = (scene.stage.a_move(1, 10), scene.stage.a_move(1, 11));
    let call_data = scene.alice.execute_batch(&[good.clone(), good.clone(), bad, good]);

    let op = scene.act(&scene.game.using(4).unwrap(), call_data);

    assert_eq!(op.verdict.summary(), "refused: AA23 ValueOverLimit");
    assert!(op.verdict.reason().unwrap().starts_with("execution 2 "));
}

#[test]
fn other_functions_of_the_account_are_refused() {
    let mut scene = Scene::enabled();
    let install = scene.alice.install_validator(scene.stage.game, Bytes::new());

    assert_eq!(try_call_data(&mut scene, install), "refused: AA23 UnsupportedCall");
}

#[test]
fn a_doubled_execute_user_op_prefix_is_refused() {
    let mut scene = Scene::enabled();
    let mut prefixed = [0x8d, 0xd7, 0x71, 0x2f].repeat(2);
    prefixed.extend(scene.alice.execute(&scene.stage.a_move(1, 10)));

    assert_eq!(try_call_data(&mut scene, prefixed.into()), "refused: AA23 UnsupportedCall");
}

#[test]
fn a_wrong_delegate_key_is_a_failed_signature() {
    let mut scene = Scene::enabled();
    scene.game.delegate = stage::key("mallory").unwrap();

    assert_eq!(scene.a_move().verdict.summary(), "refused: AA24");
}

#[test]
fn another_account_that_presents_the_session_has_not_enabled_it() {
    let mut scene = Scene::enabled();
    let call_data = scene.bob.execute(&scene.stage.a_move(1, 10));
    let draft = scene.game.using(1).unwrap();

    let op = scene.stage.act(&scene.bob, &draft, &scene.game.delegate, call_data).unwrap();

    assert_eq!(op.verdict.summary(), "refused: AA23 SessionNotEnabled");
}

#[test]
fn a_move_before_the_window_or_after_it_is_refused_by_the_entry_point() {
    let scene = Scene::enabled();
    let until = scene.game.session.window.valid_until().seconds();

    let mut last = scene.clone();
    last.stage.chain.set_timestamp(until);
    assert_eq!(last.a_move().verdict.summary(), "executed", "EntryPoint 0.7 includes the end");

    let mut late = scene.clone();
    late.stage.chain.set_timestamp(until + 1);
    assert_eq!(late.a_move().verdict.summary(), "refused: AA22");

    let mut early = Scene::new();
    let now = early.stage.chain.timestamp();
    early.game = GameSession::with(&early.stage, &early.alice, |session| {
        session.window = harness::game::window(now + 1000, now + 2000).unwrap();
    })
    .unwrap();
    let mut first = early.clone();
    assert_eq!(early.enable_and_move().verdict.summary(), "refused: AA22");
    first.stage.chain.set_timestamp(now + 1000);
    assert_eq!(
        first.enable_and_move().verdict.summary(),
        "executed",
        "EntryPoint 0.7 includes the start"
    );
}

#[test]
fn a_paymaster_that_the_session_does_not_name_is_refused() {
    let scene = Scene::enabled();
    let call_data = scene.alice.execute(&scene.stage.a_move(1, 10));
    let draft = scene.game.using(1).unwrap();
    let mut op =
        scene.stage.session_op(&scene.alice, &draft, &scene.game.delegate, call_data).unwrap();
    op.paymasterAndData = [0x5a; 52].into();

    // The EntryPoint would stop at a paymaster without code: ask the module as the account does.
    let outcome = scene.validate(op);

    assert_eq!(
        session_client::explain(&outcome.output).unwrap(),
        "the paymaster is 0x5a5A5a5a5A5a5a5a5a5A5a5A5A5a5a5A5A5A5A5A, the session names \
         0x0000000000000000000000000000000000000000"
    );
}
