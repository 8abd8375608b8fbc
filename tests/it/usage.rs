//! A session in use: what is let through, and what is counted.

use alloy_primitives::U256;
use harness::SmartAccount;
use harness::stage::ether;
use session_core::abi::ISmartSession;

use crate::scene::Scene;

fn balance(scene: &Scene) -> U256 {
    scene.stage.chain.balance(scene.stage.game)
}

#[test]
fn the_first_operation_enables_and_moves() {
    let mut scene = Scene::new();
    assert_eq!(scene.state(), (0, 0));

    let op = scene.enable_and_move();

    assert_eq!(op.verdict.summary(), "executed");
    assert_eq!(scene.state(), (1, 1));
    assert_eq!(balance(&scene), ether(10));
}

#[test]
fn a_batch_of_five_counts_five() {
    let mut scene = Scene::enabled();
    let calls: Vec<_> = (2..7).map(|step| scene.stage.a_move(step, 10)).collect();
    let call_data = scene.alice.execute_batch(&calls);

    let op = scene.act(&scene.game.using(5).unwrap(), call_data);

    assert_eq!(op.verdict.summary(), "executed");
    assert_eq!(scene.state(), (1, 6));
    assert_eq!(balance(&scene), ether(60));
}

#[test]
fn fees_are_counted_as_all_gas_fields_times_the_highest_price() {
    let scene = Scene::enabled();
    let (account, session_id) = (scene.alice.address(), scene.game.session.id());

    let state = scene.ask(&ISmartSession::sessionStateCall { account, sessionId: session_id });

    // 400,000 + 600,000 + 60,000 gas at 0.1 gwei.
    assert_eq!(state.fee.to::<u64>(), 106_000_000_000_000);
}

#[test]
fn calls_over_the_limit_are_refused() {
    let mut scene = Scene::enabled();
    // 99 calls are left: three batches of 32, then 3 calls.
    for size in [32_usize, 32, 32] {
        let calls = vec![scene.stage.a_move(1, 0); size];
        let call_data = scene.alice.execute_batch(&calls);
        let op = scene.act(&scene.game.using(size).unwrap(), call_data);
        assert_eq!(op.verdict.summary(), "executed");
    }
    let calls = vec![scene.stage.a_move(1, 0); 4];
    let call_data = scene.alice.execute_batch(&calls);

    let op = scene.act(&scene.game.using(4).unwrap(), call_data);

    assert_eq!(op.verdict.summary(), "refused: AA23 CallsOverLimit");
    assert_eq!(
        op.verdict.reason().unwrap(),
        "with this operation 101 calls are made, 100 are allowed"
    );
}

#[test]
fn an_operation_behind_an_execute_user_op_prefix_is_checked_alike() {
    let mut scene = Scene::enabled();
    let mut prefixed = vec![0x8d, 0xd7, 0x71, 0x2f];
    prefixed.extend(scene.alice.execute(&scene.stage.a_move(1, 20)));

    let op = scene.act(&scene.game.using(1).unwrap(), prefixed.into());

    assert_eq!(op.verdict.summary(), "refused: AA23 ValueOverLimit");
}

#[test]
fn counters_move_although_the_call_itself_fails() {
    use alloy_sol_types::SolCall;
    use harness::{Call, GameSession, abi::IGame};
    use session_core::session::Permission;

    let mut scene = Scene::new();
    scene.game = GameSession::with(&scene.stage, &scene.alice, |session| {
        session.permissions = vec![Permission {
            target: scene.stage.game,
            selector: IGame::withdrawCall::SELECTOR,
            value_limit: U256::ZERO,
            rules: vec![],
        }];
    })
    .unwrap();
    let too_much = IGame::withdrawCall { amount: ether(5) }.abi_encode();
    let call = Call::new(scene.stage.game, too_much);
    let call_data = scene.alice.execute(&call);

    let op = scene.act(&scene.game.enabling(1).unwrap(), call_data);

    assert_eq!(op.verdict.summary(), "reverted");
    assert_eq!(scene.state(), (1, 1));
}
