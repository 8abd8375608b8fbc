//! What must hold on every account, whichever way it does things.

use alloy_primitives::{Address, B256, Bytes, U256};
use alloy_sol_types::SolCall;
use smart_session_core::abi::{IERC20, ISmartSession};
use smart_session_core::session::{ArgumentRule, Budget, Permission};
use testbed::abi::{IGame, IPermitToken};
use testbed::account::{execute, mode, packed};
use testbed::game::window;
use testbed::test_bed::{ether, key};
use testbed::{Call, Verdict};

use super::case::AccountCase;

const NATIVE: Address = Address::repeat_byte(0xee);

pub(crate) fn the_owners_own_operations_run(mut case: AccountCase) {
    let call = case.bed.a_move(1, 10);
    let one = case.owner(case.account.execute(&call));
    let five = case.owner(case.account.execute_batch(&vec![call; 5]));

    assert_eq!(one.verdict.summary(), "executed");
    assert_eq!(five.verdict.summary(), "executed");
    assert_eq!(case.moves(), U256::from(6));
}

pub(crate) fn the_first_operation_enables_and_moves(mut case: AccountCase) {
    assert_eq!(case.state(), (0, 0));

    let op = case.enable_and_move();

    assert_eq!(op.verdict.summary(), "executed");
    assert_eq!(case.state(), (1, 1));
    assert_eq!(case.moves(), U256::from(1));
    assert_eq!(case.bed.chain.balance(case.bed.game), ether(10));
}

pub(crate) fn the_account_enables_by_its_own_call(mut case: AccountCase) {
    let session = case.game.session.pack().unwrap().into();

    let op = case.owner_calls_module(&ISmartSession::enable_0Call { session });

    assert_eq!(op.verdict.summary(), "executed");
    assert_eq!(case.state(), (1, 0));
    assert_eq!(case.a_move().verdict.summary(), "executed");
}

pub(crate) fn a_use_and_a_batch_of_five_make_six_moves(mut case: AccountCase) {
    case.enable_and_move();
    let draft = case.game.using(5).unwrap();
    let calls = vec![case.bed.a_move(1, 10); 5];

    let op = case.act(&draft, &calls);

    assert_eq!(op.verdict.summary(), "executed");
    assert_eq!(case.state(), (1, 6));
    assert_eq!(case.moves(), U256::from(6));
}

pub(crate) fn what_the_session_does_not_permit_is_refused(mut case: AccountCase) {
    case.enable_and_move();
    let good = case.bed.a_move(1, 10);
    let withdraw = IGame::withdrawCall { amount: U256::ZERO }.abi_encode();
    let refused: [(&str, Bytes); 7] = [
        (
            "TargetNotPermitted",
            case.account.execute(&Call { target: case.bed.owner_validator, ..good.clone() }),
        ),
        ("SelectorNotPermitted", case.account.execute(&Call::new(case.bed.game, withdraw))),
        ("ValueOverLimit", case.account.execute(&case.bed.a_move(1, 11))),
        (
            "BannedTarget",
            case.account.execute(&Call { target: case.account.address(), ..good.clone() }),
        ),
        ("BannedTarget", case.account.execute(&Call { target: Address::ZERO, ..good.clone() })),
        ("UnsupportedExecutionMode", execute(mode(0xff, 0), packed(&good))),
        ("UnsupportedExecutionMode", execute(mode(0, 1), packed(&good))),
    ];
    let draft = case.game.using(1).unwrap();
    for (error, call_data) in refused {
        let op = case.clone().act_data(&draft, call_data);
        assert_eq!(op.verdict.summary(), format!("refused: AA23 {error}"));
    }
    let batch = vec![good.clone(), good.clone(), case.bed.a_move(1, 11)];
    let draft = case.game.using(3).unwrap();
    let op = case.clone().act(&draft, &batch);
    assert_eq!(op.verdict.summary(), "refused: AA23 ValueOverLimit");

    assert_eq!(case.a_move().verdict.summary(), "executed", "none of this has done harm");
}

pub(crate) fn other_functions_of_the_account_are_out_of_reach(mut case: AccountCase) {
    case.enable_and_move();
    let draft = case.game.using(1).unwrap();
    let install = case.account.install_validator(case.bed.game, Bytes::new());

    let op = case.act_data(&draft, install);

    assert_eq!(op.verdict.summary(), "refused: AA23 UnsupportedCall");
}

pub(crate) fn wrong_signatures_are_failed_signatures(case: AccountCase) {
    let mut wrong_owner = case.clone();
    let mut signature = wrong_owner.game.owner_signature.to_vec();
    signature[30] ^= 1;
    wrong_owner.game.owner_signature = signature.into();
    assert_eq!(wrong_owner.enable_and_move().verdict.summary(), "refused: AA24");
    assert_eq!(wrong_owner.state(), (0, 0));

    let mut wrong_delegate = case;
    wrong_delegate.enable_and_move();
    wrong_delegate.game.delegate = key("mallory").unwrap();
    assert_eq!(wrong_delegate.a_move().verdict.summary(), "refused: AA24");
}

pub(crate) fn an_owner_signature_off_the_route_is_refused(mut case: AccountCase) {
    let mut signature = case.game.owner_signature.to_vec();
    signature[0] ^= 1;
    case.game.owner_signature = signature.into();

    assert_eq!(case.enable_and_move().verdict.summary(), "refused: AA23 WrongRoute");
}

pub(crate) fn a_native_budget_bounds_the_whole_session(mut case: AccountCase) {
    case.with_session(|session| {
        let amount = 25_000_000_000_000_000;
        session.budgets = vec![Budget { token: NATIVE, amount, period: 0 }];
    });
    let draft = case.game.enabling(2).unwrap();
    let batch =
        |case: &AccountCase, values: [u64; 2]| values.map(|value| case.bed.a_move(1, value));

    let calls = batch(&case, [10, 10]);
    assert_eq!(case.act(&draft, &calls).verdict.summary(), "executed");
    let calls = batch(&case, [5, 1]);
    assert_eq!(case.act(&draft, &calls).verdict.summary(), "refused: AA23 BudgetExceeded");
    let calls = batch(&case, [4, 1]);
    assert_eq!(case.act(&draft, &calls).verdict.summary(), "executed");
    assert_eq!(case.bed.chain.balance(case.bed.game), ether(25));
}

pub(crate) fn a_periodic_budget_fills_up_again(mut case: AccountCase) {
    case.with_session(|session| {
        let amount = 10_000_000_000_000_000;
        session.budgets = vec![Budget { token: NATIVE, amount, period: 3600 }];
    });
    let start = case.game.session.window.valid_after().seconds();
    let ten = [case.bed.a_move(1, 10)];
    let at = |case: &AccountCase, seconds: u64| case.game.enabling(1).unwrap().at_time(seconds);

    let draft = at(&case, start + 1);
    assert_eq!(case.act(&draft, &ten).verdict.summary(), "executed");
    let draft = at(&case, start + 2);
    assert_eq!(case.act(&draft, &ten).verdict.summary(), "refused: AA23 BudgetExceeded");
    let draft = at(&case, start + 3600);
    assert_eq!(case.act(&draft, &ten).verdict.summary(), "refused: AA22", "it is not yet time");
    case.bed.chain.warp(3600);
    assert_eq!(case.act(&draft, &ten).verdict.summary(), "executed");
}

pub(crate) fn a_token_budget_bounds_what_is_transferred(mut case: AccountCase) {
    let (account, bob) = (case.account.address(), Address::repeat_byte(0xb0));
    let token = case.bed.deploy("PermitToken").unwrap();
    let mint = IPermitToken::mintCall { to: account, amount: U256::from(1000) };
    let mint = Call::new(token, mint.abi_encode());
    assert_eq!(case.owner(case.account.execute(&mint)).verdict.summary(), "executed");
    case.with_session(|session| {
        let to_bob = U256::from_be_bytes(bob.into_word().0);
        session.permissions = vec![Permission {
            target: token,
            selector: IERC20::transferCall::SELECTOR,
            value_limit: U256::ZERO,
            rules: vec![ArgumentRule { index: 0, min: to_bob, max: to_bob }],
        }];
        session.budgets = vec![Budget { token, amount: 100, period: 0 }];
    });
    let draft = case.game.enabling(2).unwrap();
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
            case.act(&draft, &batch(to, amounts)).verdict.summary(),
            expected,
            "{amounts:?}"
        );
    }
    let balance = IPermitToken::balanceOfCall { owner: bob };
    assert_eq!(case.bed.ask(token, &balance).unwrap(), U256::from(100));
}

pub(crate) fn the_windows_edges_are_those_of_the_entry_point(mut case: AccountCase) {
    let now = case.bed.chain.timestamp();
    case.with_session(|session| session.window = window(now + 1000, now + 2000).unwrap());
    let version = case.bed.entry_point.version;
    let first_second = if version.includes_first_second() { "executed" } else { "refused: AA22" };
    for (second, expected) in [
        (now + 999, "refused: AA22"),
        (now + 1000, first_second),
        (now + 1001, "executed"),
        (now + 2000, "executed"),
        (now + 2001, "refused: AA22"),
    ] {
        let mut case = case.clone();
        case.bed.chain.set_timestamp(second);
        assert_eq!(case.enable_and_move().verdict.summary(), expected, "{}", second - now);
    }
}

pub(crate) fn a_revoked_session_is_refused_for_ever(mut case: AccountCase) {
    case.enable_and_move();
    let session_id = case.game.session.id();

    let op = case.owner_calls_module(&ISmartSession::revoke_0Call { sessionId: session_id });

    assert_eq!(op.verdict.summary(), "executed");
    assert_eq!(case.a_move().verdict.summary(), "refused: AA23 SessionRevokedForEver");
    assert_eq!(case.enable_and_move().verdict.summary(), "refused: AA23 SessionRevokedForEver");
    assert_eq!(case.state(), (2, 1));
}

pub(crate) fn revoking_all_voids_every_session(mut case: AccountCase) {
    case.enable_and_move();

    let op =
        case.owner_calls_module(&ISmartSession::revokeAll_0Call { salt: B256::repeat_byte(1) });

    assert_eq!(op.verdict.summary(), "executed");
    assert_eq!(case.a_move().verdict.summary(), "refused: AA23 WrongEpoch");
    assert_eq!(case.enable_and_move().verdict.summary(), "refused: AA23 WrongEpoch");
}

pub(crate) fn nothing_revives_when_the_module_is_installed_again(mut case: AccountCase) {
    case.enable_and_move();
    let account = case.account.address();
    let call_data = case.account.uninstall_validator(case.bed.module, Bytes::new());

    assert_eq!(case.owner(call_data).verdict.summary(), "executed");
    assert!(!case.ask(&ISmartSession::isInitializedCall { account }));
    let verdict = case.a_move().verdict;
    assert!(matches!(verdict, Verdict::Refused { .. }), "{verdict:?}");

    case.bed.install(&*case.account.clone()).unwrap();
    assert!(case.ask(&ISmartSession::isInitializedCall { account }));
    assert_eq!(case.a_move().verdict.summary(), "refused: AA23 WrongEpoch");
    assert_eq!(case.enable_and_move().verdict.summary(), "refused: AA23 WrongEpoch");

    let epoch = case.ask(&ISmartSession::epochCall { account });
    case.with_session(|session| session.chains[0].epoch = epoch);
    assert_eq!(case.enable_and_move().verdict.summary(), "executed", "a new session holds");
    assert_eq!(case.moves(), U256::from(2));
}
