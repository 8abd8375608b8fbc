//! What must hold on every account, whichever way it does things.

use alloy_primitives::{Address, B256, Bytes, U256};
use alloy_sol_types::SolCall;
use harness::abi::{IGame, IPermitToken};
use harness::account::{execute, mode, packed};
use harness::game::window;
use harness::stage::{ether, key};
use harness::{Call, Verdict};
use session_core::abi::{IERC20, ISmartSession};
use session_core::session::{ArgumentRule, Budget, Permission};

use super::play::Play;

const NATIVE: Address = Address::repeat_byte(0xee);

pub(crate) fn the_owners_own_operations_run(mut play: Play) {
    let call = play.stage.a_move(1, 10);
    let one = play.owner(play.account.execute(&call));
    let five = play.owner(play.account.execute_batch(&vec![call; 5]));

    assert_eq!(one.verdict.summary(), "executed");
    assert_eq!(five.verdict.summary(), "executed");
    assert_eq!(play.moves(), U256::from(6));
}

pub(crate) fn the_first_operation_enables_and_moves(mut play: Play) {
    assert_eq!(play.state(), (0, 0));

    let op = play.enable_and_move();

    assert_eq!(op.verdict.summary(), "executed");
    assert_eq!(play.state(), (1, 1));
    assert_eq!(play.moves(), U256::from(1));
    assert_eq!(play.stage.chain.balance(play.stage.game), ether(10));
}

pub(crate) fn the_account_enables_by_its_own_call(mut play: Play) {
    let session = play.game.session.pack().unwrap().into();

    let op = play.owner_calls_module(&ISmartSession::enable_0Call { session });

    assert_eq!(op.verdict.summary(), "executed");
    assert_eq!(play.state(), (1, 0));
    assert_eq!(play.a_move().verdict.summary(), "executed");
}

pub(crate) fn a_use_and_a_batch_of_five_make_six_moves(mut play: Play) {
    play.enable_and_move();
    let draft = play.game.using(5).unwrap();
    let calls = vec![play.stage.a_move(1, 10); 5];

    let op = play.act(&draft, &calls);

    assert_eq!(op.verdict.summary(), "executed");
    assert_eq!(play.state(), (1, 6));
    assert_eq!(play.moves(), U256::from(6));
}

pub(crate) fn what_the_session_does_not_permit_is_refused(mut play: Play) {
    play.enable_and_move();
    let good = play.stage.a_move(1, 10);
    let withdraw = IGame::withdrawCall { amount: U256::ZERO }.abi_encode();
    let refused: [(&str, Bytes); 7] = [
        (
            "TargetNotPermitted",
            play.account.execute(&Call { target: play.stage.owner_validator, ..good.clone() }),
        ),
        ("SelectorNotPermitted", play.account.execute(&Call::new(play.stage.game, withdraw))),
        ("ValueOverLimit", play.account.execute(&play.stage.a_move(1, 11))),
        (
            "BannedTarget",
            play.account.execute(&Call { target: play.account.address(), ..good.clone() }),
        ),
        ("BannedTarget", play.account.execute(&Call { target: Address::ZERO, ..good.clone() })),
        ("UnsupportedExecutionMode", execute(mode(0xff, 0), packed(&good))),
        ("UnsupportedExecutionMode", execute(mode(0, 1), packed(&good))),
    ];
    let draft = play.game.using(1).unwrap();
    for (error, call_data) in refused {
        let op = play.clone().act_data(&draft, call_data);
        assert_eq!(op.verdict.summary(), format!("refused: AA23 {error}"));
    }
    let batch = vec![good.clone(), good.clone(), play.stage.a_move(1, 11)];
    let draft = play.game.using(3).unwrap();
    let op = play.clone().act(&draft, &batch);
    assert_eq!(op.verdict.summary(), "refused: AA23 ValueOverLimit");

    assert_eq!(play.a_move().verdict.summary(), "executed", "none of this has done harm");
}

pub(crate) fn other_functions_of_the_account_are_out_of_reach(mut play: Play) {
    play.enable_and_move();
    let draft = play.game.using(1).unwrap();
    let install = play.account.install_validator(play.stage.game, Bytes::new());

    let op = play.act_data(&draft, install);

    assert_eq!(op.verdict.summary(), "refused: AA23 UnsupportedCall");
}

pub(crate) fn wrong_signatures_are_failed_signatures(play: Play) {
    let mut wrong_owner = play.clone();
    let mut signature = wrong_owner.game.owner_signature.to_vec();
    signature[30] ^= 1;
    wrong_owner.game.owner_signature = signature.into();
    assert_eq!(wrong_owner.enable_and_move().verdict.summary(), "refused: AA24");
    assert_eq!(wrong_owner.state(), (0, 0));

    let mut wrong_delegate = play;
    wrong_delegate.enable_and_move();
    wrong_delegate.game.delegate = key("mallory").unwrap();
    assert_eq!(wrong_delegate.a_move().verdict.summary(), "refused: AA24");
}

pub(crate) fn an_owner_signature_off_the_route_is_refused(mut play: Play) {
    let mut signature = play.game.owner_signature.to_vec();
    signature[0] ^= 1;
    play.game.owner_signature = signature.into();

    assert_eq!(play.enable_and_move().verdict.summary(), "refused: AA23 WrongRoute");
}

pub(crate) fn a_native_budget_bounds_the_whole_session(mut play: Play) {
    play.with_session(|session| {
        let amount = 25_000_000_000_000_000;
        session.budgets = vec![Budget { token: NATIVE, amount, period: 0 }];
    });
    let draft = play.game.enabling(2).unwrap();
    let batch = |play: &Play, values: [u64; 2]| values.map(|value| play.stage.a_move(1, value));

    let calls = batch(&play, [10, 10]);
    assert_eq!(play.act(&draft, &calls).verdict.summary(), "executed");
    let calls = batch(&play, [5, 1]);
    assert_eq!(play.act(&draft, &calls).verdict.summary(), "refused: AA23 BudgetExceeded");
    let calls = batch(&play, [4, 1]);
    assert_eq!(play.act(&draft, &calls).verdict.summary(), "executed");
    assert_eq!(play.stage.chain.balance(play.stage.game), ether(25));
}

pub(crate) fn a_periodic_budget_fills_up_again(mut play: Play) {
    play.with_session(|session| {
        let amount = 10_000_000_000_000_000;
        session.budgets = vec![Budget { token: NATIVE, amount, period: 3600 }];
    });
    let start = play.game.session.window.valid_after().seconds();
    let ten = [play.stage.a_move(1, 10)];
    let at = |play: &Play, seconds: u64| play.game.enabling(1).unwrap().at_time(seconds);

    let draft = at(&play, start + 1);
    assert_eq!(play.act(&draft, &ten).verdict.summary(), "executed");
    let draft = at(&play, start + 2);
    assert_eq!(play.act(&draft, &ten).verdict.summary(), "refused: AA23 BudgetExceeded");
    let draft = at(&play, start + 3600);
    assert_eq!(play.act(&draft, &ten).verdict.summary(), "refused: AA22", "it is not yet time");
    play.stage.chain.warp(3600);
    assert_eq!(play.act(&draft, &ten).verdict.summary(), "executed");
}

pub(crate) fn a_token_budget_bounds_what_is_transferred(mut play: Play) {
    let (account, bob) = (play.account.address(), Address::repeat_byte(0xb0));
    let token = play.stage.deploy("PermitToken").unwrap();
    let mint = IPermitToken::mintCall { to: account, amount: U256::from(1000) };
    let mint = Call::new(token, mint.abi_encode());
    assert_eq!(play.owner(play.account.execute(&mint)).verdict.summary(), "executed");
    play.with_session(|session| {
        let to_bob = U256::from_be_bytes(bob.into_word().0);
        session.permissions = vec![Permission {
            target: token,
            selector: IERC20::transferCall::SELECTOR,
            value_limit: U256::ZERO,
            rules: vec![ArgumentRule { index: 0, min: to_bob, max: to_bob }],
        }];
        session.budgets = vec![Budget { token, amount: 100, period: 0 }];
    });
    let draft = play.game.enabling(2).unwrap();
    let batch = |to: Address, amounts: [u64; 2]| {
        amounts.map(|amount| {
            let transfer = IERC20::transferCall { to, amount: U256::from(amount) };
            Call::new(token, transfer.abi_encode())
        })
    };

    for (to, amounts, expected) in [
        (bob, [60, 20], "executed"),
        (bob, [20, 1], "refused: AA23 BudgetExceeded"),
        (account, [1, 1], "refused: AA23 ArgumentOutOfBounds"),
        (bob, [19, 1], "executed"),
        (bob, [1, 0], "refused: AA23 BudgetExceeded"),
    ] {
        assert_eq!(
            play.act(&draft, &batch(to, amounts)).verdict.summary(),
            expected,
            "{amounts:?}"
        );
    }
    let balance = IPermitToken::balanceOfCall { owner: bob };
    assert_eq!(play.stage.ask(token, &balance).unwrap(), U256::from(100));
}

pub(crate) fn the_windows_edges_are_those_of_the_entry_point(mut play: Play) {
    let now = play.stage.chain.timestamp();
    play.with_session(|session| session.window = window(now + 1000, now + 2000).unwrap());
    let version = play.stage.entry_point.version;
    let first_second = if version.includes_first_second() { "executed" } else { "refused: AA22" };
    for (second, expected) in [
        (now + 999, "refused: AA22"),
        (now + 1000, first_second),
        (now + 1001, "executed"),
        (now + 2000, "executed"),
        (now + 2001, "refused: AA22"),
    ] {
        let mut play = play.clone();
        play.stage.chain.set_timestamp(second);
        assert_eq!(play.enable_and_move().verdict.summary(), expected, "{}", second - now);
    }
}

pub(crate) fn a_revoked_session_is_refused_for_ever(mut play: Play) {
    play.enable_and_move();
    let session_id = play.game.session.id();

    let op = play.owner_calls_module(&ISmartSession::revoke_0Call { sessionId: session_id });

    assert_eq!(op.verdict.summary(), "executed");
    assert_eq!(play.a_move().verdict.summary(), "refused: AA23 SessionRevokedForEver");
    assert_eq!(play.enable_and_move().verdict.summary(), "refused: AA23 SessionRevokedForEver");
    assert_eq!(play.state(), (2, 1));
}

pub(crate) fn revoking_all_voids_every_session(mut play: Play) {
    play.enable_and_move();

    let op =
        play.owner_calls_module(&ISmartSession::revokeAll_0Call { salt: B256::repeat_byte(1) });

    assert_eq!(op.verdict.summary(), "executed");
    assert_eq!(play.a_move().verdict.summary(), "refused: AA23 WrongEpoch");
    assert_eq!(play.enable_and_move().verdict.summary(), "refused: AA23 WrongEpoch");
}

pub(crate) fn nothing_revives_when_the_module_is_installed_again(mut play: Play) {
    play.enable_and_move();
    let account = play.account.address();
    let call_data = play.account.uninstall_validator(play.stage.module, Bytes::new());

    assert_eq!(play.owner(call_data).verdict.summary(), "executed");
    assert!(!play.ask(&ISmartSession::isInitializedCall { account }));
    let verdict = play.a_move().verdict;
    assert!(matches!(verdict, Verdict::Refused { .. }), "{verdict:?}");

    play.stage.install(&*play.account.clone()).unwrap();
    assert!(play.ask(&ISmartSession::isInitializedCall { account }));
    assert_eq!(play.a_move().verdict.summary(), "refused: AA23 WrongEpoch");
    assert_eq!(play.enable_and_move().verdict.summary(), "refused: AA23 WrongEpoch");

    let epoch = play.ask(&ISmartSession::epochCall { account });
    play.with_session(|session| session.chains[0].epoch = epoch);
    assert_eq!(play.enable_and_move().verdict.summary(), "executed", "a new session holds");
    assert_eq!(play.moves(), U256::from(2));
}
