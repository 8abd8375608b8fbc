//! Argument rules and budgets, on the compiled module.

use alloy_primitives::{Address, U256};
use alloy_sol_types::SolCall;
use harness::abi::IGame;
use harness::{Call, GameSession, SmartAccount};
use session_core::abi::IERC20;
use session_core::session::{ArgumentRule, Budget, Disclosure, Permission, Session};

use session_client::OperationDraft;

use crate::scene::Scene;

const NATIVE: Address = Address::repeat_byte(0xee);
const HOUR: u64 = 3600;

fn scene_with(change: impl FnOnce(&Scene, &mut Session)) -> Scene {
    let mut scene = Scene::new();
    scene.game =
        GameSession::with(&scene.stage, &scene.alice, |session| change(&scene, session)).unwrap();
    scene
}

/// Has the delegate make calls under the first permission, enabling the session if need be.
fn act(scene: &mut Scene, calls: &[Call]) -> String {
    let draft = scene.game.enabling(calls.len()).unwrap();
    act_drafted(scene, &draft, calls)
}

/// The same with a claimed time.
fn act_at(scene: &mut Scene, seconds: u64, calls: &[Call]) -> String {
    let draft = scene.game.enabling(calls.len()).unwrap().at_time(seconds);
    act_drafted(scene, &draft, calls)
}

fn act_drafted(scene: &mut Scene, draft: &OperationDraft, calls: &[Call]) -> String {
    let call_data = scene.alice.execute_batch(calls);
    scene.act(draft, call_data).verdict.summary()
}

fn moves(scene: &Scene, values: &[u64]) -> Vec<Call> {
    values.iter().map(|value| scene.stage.a_move(1, *value)).collect()
}

#[test]
fn an_argument_within_its_bounds_is_let_through_and_no_other() {
    let mut scene = scene_with(|_, session| {
        let rule = ArgumentRule { index: 0, min: U256::from(3), max: U256::from(5) };
        session.permissions[0].rules = vec![rule];
    });
    for (step, expected) in [
        (2, "refused: AA23 ArgumentOutOfBounds"),
        (3, "executed"),
        (5, "executed"),
        (6, "refused: AA23 ArgumentOutOfBounds"),
    ] {
        let call = scene.stage.a_move(step, 0);
        assert_eq!(act(&mut scene, &[call]), expected, "{step}");
    }
}

#[test]
fn all_256_bits_of_an_argument_are_compared() {
    let mut scene = scene_with(|_, session| {
        let rule = ArgumentRule { index: 0, min: U256::from(3), max: U256::from(5) };
        session.permissions[0].rules = vec![rule];
    });
    let mut dirty = scene.stage.a_move(4, 0);
    let mut data = dirty.data.to_vec();
    data[4] = 1;
    dirty.data = data.into();

    assert_eq!(act(&mut scene, &[dirty]), "refused: AA23 ArgumentOutOfBounds");
}

#[test]
fn a_bounded_argument_past_the_end_is_refused() {
    let mut scene = scene_with(|_, session| {
        let rule = ArgumentRule { index: 1, min: U256::ZERO, max: U256::MAX };
        session.permissions[0].rules = vec![rule];
    });
    let call = scene.stage.a_move(1, 0);

    assert_eq!(act(&mut scene, &[call]), "refused: AA23 ArgumentMissing");
}

#[test]
fn two_permissions_for_one_function_are_an_or() {
    let mut scene = scene_with(|_, session| {
        let only = |step: u64| {
            vec![ArgumentRule { index: 0, min: U256::from(step), max: U256::from(step) }]
        };
        let permission = session.permissions[0].clone();
        session.permissions = vec![
            Permission { rules: only(1), ..permission.clone() },
            Permission { rules: only(7), ..permission },
        ];
    });
    let calls = [scene.stage.a_move(7, 0), scene.stage.a_move(1, 0)];
    let signature = scene.game.owner_signature.clone();
    let draft = OperationDraft::enable(&scene.game.session, &[1, 0], signature).unwrap();
    assert_eq!(act_drafted(&mut scene, &draft, &calls), "executed");

    let swapped =
        OperationDraft::draft_use(&scene.game.session, &Disclosure::WHOLE, &[0, 1]).unwrap();
    assert_eq!(
        act_drafted(&mut scene, &swapped, &calls),
        "refused: AA23 ArgumentOutOfBounds",
        "the permission that is named counts"
    );
}

#[test]
fn a_hidden_permission_permits_nothing_and_the_shown_one_its_own() {
    let mut scene = scene_with(|scene, session| {
        session.permissions.push(Permission {
            target: scene.stage.game,
            selector: IGame::withdrawCall::SELECTOR,
            value_limit: U256::ZERO,
            rules: vec![],
        });
    });
    let call = scene.stage.a_move(1, 0);
    assert_eq!(act(&mut scene, std::slice::from_ref(&call)), "executed");
    let shown = Disclosure { permissions: Some(&[1]), ..Disclosure::WHOLE };

    let hidden = OperationDraft::draft_use(&scene.game.session, &shown, &[0]).unwrap();
    assert_eq!(
        act_drafted(&mut scene, &hidden, std::slice::from_ref(&call)),
        "refused: AA23 HiddenPermission"
    );
    let other = OperationDraft::draft_use(&scene.game.session, &shown, &[1]).unwrap();
    assert_eq!(
        act_drafted(&mut scene, &other, &[call]),
        "refused: AA23 TargetNotPermitted".replace("Target", "Selector")
    );
    let withdraw =
        Call::new(scene.stage.game, IGame::withdrawCall { amount: U256::ZERO }.abi_encode());
    assert_eq!(act_drafted(&mut scene, &other, &[withdraw]), "executed");
}

#[test]
fn a_hidden_list_permits_nothing() {
    let mut scene = Scene::enabled();
    let nothing = Disclosure { permissions: Some(&[]), ..Disclosure::WHOLE };
    let draft = OperationDraft::draft_use(&scene.game.session, &nothing, &[0]).unwrap();
    let call = scene.stage.a_move(1, 0);

    assert_eq!(act_drafted(&mut scene, &draft, &[call]), "refused: AA23 HiddenPermission");
}

#[test]
fn what_is_enabled_must_be_shown_whole() {
    let scene = Scene::new();
    let mut op = scene.move_op(&scene.game.enabling(1).unwrap());
    let nothing = Disclosure { permissions: Some(&[]), ..Disclosure::WHOLE };
    let mut signature = vec![1];
    signature.extend(scene.game.session.pack_disclosing(&nothing).unwrap());
    signature.push(0);
    signature.extend([0, 0]);
    signature.extend([0; 65]);
    op.signature = signature.into();

    let outcome = scene.validate(op);

    assert_eq!(session_client::error_name(&outcome.output), Some("HiddenPart"));
}

#[test]
fn a_native_budget_bounds_the_whole_session() {
    let mut scene = scene_with(|_, session| {
        let amount = 25_000_000_000_000_000;
        session.budgets = vec![Budget { token: NATIVE, amount, period: 0 }];
    });
    let batch = moves(&scene, &[10, 10]);
    assert_eq!(act(&mut scene, &batch), "executed");

    let too_much = moves(&scene, &[5, 1]);
    assert_eq!(act(&mut scene, &too_much), "refused: AA23 BudgetExceeded");
    let rest = moves(&scene, &[5]);
    assert_eq!(act(&mut scene, &rest), "executed");
    let one_more = moves(&scene, &[1]);
    assert_eq!(act(&mut scene, &one_more), "refused: AA23 BudgetExceeded");
    let free = moves(&scene, &[0]);
    assert_eq!(act(&mut scene, &free), "executed", "0 moves nothing");
}

#[test]
fn a_periodic_budget_fills_up_again_with_the_next_period() {
    let mut scene = scene_with(|_, session| {
        let amount = 10_000_000_000_000_000;
        session.budgets = vec![Budget { token: NATIVE, amount, period: 3600 }];
    });
    let start = scene.game.session.window.valid_after().seconds();
    let ten = moves(&scene, &[10]);

    assert_eq!(act_at(&mut scene, start, &ten), "executed");
    assert_eq!(act_at(&mut scene, start + HOUR - 1, &ten), "refused: AA23 BudgetExceeded");
    assert_eq!(
        act_at(&mut scene, start + HOUR, &ten),
        "refused: AA22",
        "the next period has not begun: the EntryPoint proves the claim"
    );
    scene.stage.chain.set_timestamp(start + HOUR);
    assert_eq!(act_at(&mut scene, start + HOUR + 7, &ten), "executed");
    assert_eq!(
        act_at(&mut scene, start, &ten),
        "refused: AA23 PeriodPassed",
        "what was not spent is gone"
    );
}

#[test]
fn a_claimed_time_outside_the_session_is_refused() {
    let scene = scene_with(|_, session| {
        session.budgets = vec![Budget { token: NATIVE, amount: 1, period: 60 }];
    });
    let window = scene.game.session.window;
    for time in [window.valid_after().seconds() - 1, window.valid_until().seconds() + 1] {
        let mut scene = scene.clone();
        let free = moves(&scene, &[0]);
        assert_eq!(
            act_at(&mut scene, time, &free),
            "refused: AA23 ClaimedTimeOutsideWindow",
            "{time}"
        );
    }
}

/// A session for any call to a token, which has a budget of 100.
fn token_scene() -> (Scene, Address) {
    // The "token" is the game: it takes any calldata for refused calls, and the module decides
    // before it is called.
    let scene = scene_with(|scene, session| {
        let token = scene.stage.game;
        session.permissions[0].selector = [0xff; 4];
        session.budgets = vec![Budget { token, amount: 100, period: 0 }];
    });
    let token = scene.stage.game;
    (scene, token)
}

#[test]
fn the_four_erc20_functions_are_counted() {
    let amount = |amount: u64| U256::from(amount);
    let to = Address::repeat_byte(0x70);
    let calls = |n: u64| {
        [
            IERC20::transferCall { to, amount: amount(n) }.abi_encode(),
            IERC20::transferFromCall { from: to, to, amount: amount(n) }.abi_encode(),
            IERC20::approveCall { spender: to, amount: amount(n) }.abi_encode(),
            IERC20::increaseAllowanceCall { spender: to, addedValue: amount(n) }.abi_encode(),
        ]
    };
    for index in 0..4 {
        let (mut scene, token) = token_scene();
        let call = |n: u64| Call::new(token, calls(n)[index].clone());

        // The game has no such functions, so the operation is validated and its call reverts:
        // counters move all the same.
        assert_eq!(act(&mut scene, &[call(60)]), "reverted", "{index}");
        assert_eq!(act(&mut scene, &[call(41)]), "refused: AA23 BudgetExceeded", "{index}");
        assert_eq!(act(&mut scene, &[call(20), call(21)]), "refused: AA23 BudgetExceeded");
        assert_eq!(act(&mut scene, &[call(20), call(20)]), "reverted");
    }
}

#[test]
fn an_amount_of_2_to_the_128_is_over_every_budget() {
    let (mut scene, token) = token_scene();
    let huge = IERC20::transferCall { to: token, amount: U256::from(1) << 128 }.abi_encode();

    assert_eq!(act(&mut scene, &[Call::new(token, huge)]), "refused: AA23 BudgetExceeded");
}

#[test]
fn every_other_call_to_a_budgeted_token_is_refused_even_if_permitted() {
    let (scene, token) = token_scene();
    let to = Address::repeat_byte(0x70);
    let good = IERC20::transferCall { to, amount: U256::ZERO }.abi_encode();
    let mut longer = good.clone();
    longer.push(0);
    let others = [
        vec![],
        vec![0xa9, 0x05, 0x9c],
        good[..67].to_vec(),
        longer,
        IGame::moveCall { step: 1 }.abi_encode(),
        // ERC-1363 and Permit2-like detours.
        [&[0x12, 0x96, 0xee, 0x62][..], &[0; 64]].concat(),
        [&[0xd5, 0x05, 0xac, 0xcf][..], &[0; 224]].concat(),
    ];
    for data in others {
        let mut scene = scene.clone();
        let call = Call::new(token, data.clone());
        assert_eq!(
            act(&mut scene, &[call]),
            "refused: AA23 UncountableTokenCall",
            "{}",
            alloy_primitives::hex::encode(&data)
        );
    }
}

#[test]
fn budget_words_stand_right_behind_their_session() {
    use alloy_primitives::{B256, keccak256};

    let (mut scene, token) = token_scene();
    let to = Address::repeat_byte(0x70);
    let call = IERC20::transferCall { to, amount: U256::from(60) }.abi_encode();
    act(&mut scene, &[Call::new(token, call)]);

    let account = scene.alice.address().into_word();
    let session: B256 = keccak256([account, scene.game.session.id()].concat());
    let slot = U256::from_be_bytes(session.0) + U256::from(1);
    let word = scene.stage.chain.storage(scene.stage.module, slot);
    assert_eq!(word, U256::from(60) << 128, "spent u128, then period u64");
}
