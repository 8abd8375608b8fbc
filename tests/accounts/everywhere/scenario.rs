//! What must hold on every account, whichever way it does things.

use alloy_primitives::{Address, B256, Bytes, U256};
use alloy_sol_types::SolCall;
use smart_session_core::abi::{IERC20, ISmartSession};
use smart_session_core::session::{ArgumentRule, Budget, Permission};
use testbed::abi::{IGame, IPermitToken};
use testbed::account::{execute, mode, packed};
use testbed::test_bed::{ether, key};
use testbed::{Backend, Call, TestBed, Verdict};

use super::account_setup::AccountSetup;

const NATIVE: Address = Address::repeat_byte(0xee);

pub(crate) fn the_owners_own_operations_run(mut setup: AccountSetup<impl Backend>) {
    let call = setup.bed.a_move(1, 10);
    let one = setup.owner(setup.account.execute(&call));
    let five = setup.owner(setup.account.execute_batch(&vec![call; 5]));

    assert_eq!(one.verdict.summary(), "executed");
    assert_eq!(five.verdict.summary(), "executed");
    assert_eq!(setup.moves(), U256::from(6));
}

pub(crate) fn the_first_operation_enables_and_moves(mut setup: AccountSetup<impl Backend>) {
    assert_eq!(setup.state(), (0, 0));

    let op = setup.enable_and_move();

    assert_eq!(op.verdict.summary(), "executed");
    assert_eq!(setup.state(), (1, 1));
    assert_eq!(setup.moves(), U256::from(1));
    assert_eq!(setup.received(), ether(10));
}

pub(crate) fn the_account_enables_by_its_own_call(mut setup: AccountSetup<impl Backend>) {
    let session = setup.game.session.pack().unwrap().into();

    let op = setup.owner_calls_module(&ISmartSession::enable_0Call { session });

    assert_eq!(op.verdict.summary(), "executed");
    assert_eq!(setup.state(), (1, 0));
    assert_eq!(setup.a_move().verdict.summary(), "executed");
}

pub(crate) fn a_use_and_a_batch_of_five_make_six_moves(mut setup: AccountSetup<impl Backend>) {
    setup.enable_and_move();
    let draft = setup.game.using(5).unwrap();
    let calls = vec![setup.bed.a_move(1, 10); 5];

    let op = setup.act(&draft, &calls);

    assert_eq!(op.verdict.summary(), "executed");
    assert_eq!(setup.state(), (1, 6));
    assert_eq!(setup.moves(), U256::from(6));
}

pub(crate) fn what_the_session_does_not_permit_is_refused(mut setup: AccountSetup<impl Backend>) {
    setup.enable_and_move();
    let good = setup.bed.a_move(1, 10);
    let withdraw = IGame::withdrawCall { amount: U256::ZERO }.abi_encode();
    let refused: [(&str, Bytes); 7] = [
        (
            "TargetNotPermitted",
            setup.account.execute(&Call { target: setup.bed.owner_validator, ..good.clone() }),
        ),
        ("SelectorNotPermitted", setup.account.execute(&Call::new(setup.bed.game, withdraw))),
        ("ValueOverLimit", setup.account.execute(&setup.bed.a_move(1, 11))),
        (
            "BannedTarget",
            setup.account.execute(&Call { target: setup.account.address(), ..good.clone() }),
        ),
        ("BannedTarget", setup.account.execute(&Call { target: Address::ZERO, ..good.clone() })),
        ("UnsupportedExecutionMode", execute(mode(0xff, 0), packed(&good))),
        ("UnsupportedExecutionMode", execute(mode(0, 1), packed(&good))),
    ];
    let draft = setup.game.using(1).unwrap();
    for (error, call_data) in refused {
        let op = setup.clone().act_data(&draft, call_data);
        assert_eq!(op.verdict.summary(), setup.refused(error));
    }
    let batch = vec![good.clone(), good.clone(), setup.bed.a_move(1, 11)];
    let draft = setup.game.using(3).unwrap();
    let op = setup.clone().act(&draft, &batch);
    assert_eq!(op.verdict.summary(), setup.refused("ValueOverLimit"));

    assert_eq!(setup.a_move().verdict.summary(), "executed", "none of this has done harm");
}

pub(crate) fn other_functions_of_the_account_are_out_of_reach(
    mut setup: AccountSetup<impl Backend>,
) {
    setup.enable_and_move();
    let draft = setup.game.using(1).unwrap();
    let install = setup.account.install_validator(setup.bed.game, Bytes::new());

    let op = setup.act_data(&draft, install);

    assert_eq!(op.verdict.summary(), setup.refused("UnsupportedCall"));
}

pub(crate) fn wrong_signatures_are_failed_signatures(setup: AccountSetup<impl Backend>) {
    let mut wrong_owner = setup.clone();
    let mut signature = wrong_owner.game.owner_signature.to_vec();
    signature[30] ^= 1;
    wrong_owner.game.owner_signature = signature.into();
    assert_eq!(wrong_owner.enable_and_move().verdict.summary(), "refused: AA24");
    assert_eq!(wrong_owner.state(), (0, 0));

    let mut wrong_delegate = setup;
    wrong_delegate.enable_and_move();
    wrong_delegate.game.delegate = key("mallory").unwrap();
    assert_eq!(wrong_delegate.a_move().verdict.summary(), "refused: AA24");
}

pub(crate) fn an_owner_signature_off_the_route_is_refused(mut setup: AccountSetup<impl Backend>) {
    let mut signature = setup.game.owner_signature.to_vec();
    signature[0] ^= 1;
    setup.game.owner_signature = signature.into();

    assert_eq!(setup.enable_and_move().verdict.summary(), setup.refused("WrongRoute"));
}

pub(crate) fn a_native_budget_bounds_the_whole_session(mut setup: AccountSetup<impl Backend>) {
    setup.with_session(|session| {
        let amount = 25_000_000_000_000_000;
        session.budgets = vec![Budget { token: NATIVE, amount, period: 0 }];
    });
    let draft = setup.game.enabling(2).unwrap();
    let batch = |bed: &TestBed<_>, values: [u64; 2]| values.map(|value| bed.a_move(1, value));

    let calls = batch(&setup.bed, [10, 10]);
    assert_eq!(setup.act(&draft, &calls).verdict.summary(), "executed");
    let calls = batch(&setup.bed, [5, 1]);
    assert_eq!(setup.act(&draft, &calls).verdict.summary(), setup.refused("BudgetExceeded"));
    let calls = batch(&setup.bed, [4, 1]);
    assert_eq!(setup.act(&draft, &calls).verdict.summary(), "executed");
    assert_eq!(setup.received(), ether(25));
}

pub(crate) fn a_periodic_budget_bounds_its_period(mut setup: AccountSetup<impl Backend>) {
    setup.with_session(|session| {
        let budget =
            |thousandths, period| Budget { token: NATIVE, amount: ether(thousandths).to(), period };
        session.budgets = vec![budget(30, 0), budget(20, 3600)];
    });
    let start = setup.game.session.window.valid_after().seconds();
    let draft = setup.game.enabling(1).unwrap().at_time(start + 1);
    let mut sends = |thousandths| {
        let call = [setup.bed.a_move(1, thousandths)];
        setup.act(&draft, &call).verdict.summary()
    };

    let told = [10, 10, 1].map(&mut sends);

    assert_eq!(told, ["executed".into(), "executed".into(), setup.refused("BudgetExceeded")]);
}

pub(crate) fn a_token_budget_bounds_what_is_transferred(mut setup: AccountSetup<impl Backend>) {
    let (account, bob) = (setup.account.address(), setup.receiver());
    let token = setup.bed.deploy("PermitToken").unwrap();
    let mint = IPermitToken::mintCall { to: account, amount: U256::from(1000) };
    let mint = Call::new(token, mint.abi_encode());
    assert_eq!(setup.owner(setup.account.execute(&mint)).verdict.summary(), "executed");
    setup.with_session(|session| {
        let to_bob = U256::from_be_bytes(bob.into_word().0);
        session.permissions = vec![Permission {
            target: token,
            selector: IERC20::transferCall::SELECTOR,
            value_limit: U256::ZERO,
            rules: vec![ArgumentRule { index: 0, min: to_bob, max: to_bob }],
        }];
        session.budgets = vec![Budget { token, amount: 100, period: 0 }];
    });
    let draft = setup.game.enabling(2).unwrap();
    let batch = |to: Address, amounts: [u64; 2]| {
        amounts.map(|amount| {
            let transfer = IERC20::transferCall { to, amount: U256::from(amount) };
            Call::new(token, transfer.abi_encode())
        })
    };

    for (to, amounts, refused) in [
        (bob, [60, 20], None),
        (bob, [20, 1], Some("BudgetExceeded")),
        (account, [1, 1], Some("ArgumentOutOfBounds")),
        (bob, [19, 1], None),
        (bob, [1, 0], Some("BudgetExceeded")),
    ] {
        let expected = refused.map_or_else(|| "executed".into(), |error| setup.refused(error));
        let told = setup.act(&draft, &batch(to, amounts)).verdict.summary();
        assert_eq!(told, expected, "{amounts:?}");
    }
    let balance = IPermitToken::balanceOfCall { owner: bob };
    assert_eq!(setup.bed.ask(token, &balance).unwrap(), U256::from(100));
}

pub(crate) fn a_revoked_session_is_refused_for_ever(mut setup: AccountSetup<impl Backend>) {
    setup.enable_and_move();
    let session_id = setup.game.session.id();

    let op = setup.owner_calls_module(&ISmartSession::revoke_0Call { sessionId: session_id });

    assert_eq!(op.verdict.summary(), "executed");
    assert_eq!(setup.a_move().verdict.summary(), setup.refused("SessionRevokedForEver"));
    assert_eq!(setup.enable_and_move().verdict.summary(), setup.refused("SessionRevokedForEver"));
    assert_eq!(setup.state(), (2, 1));
}

pub(crate) fn revoking_all_voids_every_session(mut setup: AccountSetup<impl Backend>) {
    setup.enable_and_move();

    let op =
        setup.owner_calls_module(&ISmartSession::revokeAll_0Call { salt: B256::repeat_byte(1) });

    assert_eq!(op.verdict.summary(), "executed");
    assert_eq!(setup.a_move().verdict.summary(), setup.refused("WrongEpoch"));
    assert_eq!(setup.enable_and_move().verdict.summary(), setup.refused("WrongEpoch"));
}

pub(crate) fn nothing_revives_when_the_module_is_installed_again(
    mut setup: AccountSetup<impl Backend>,
) {
    setup.enable_and_move();
    let account = setup.account.address();
    let call_data = setup.account.uninstall_validator(setup.bed.module, Bytes::new());

    assert_eq!(setup.owner(call_data).verdict.summary(), "executed");
    assert!(!setup.ask(&ISmartSession::isInitializedCall { account }));
    let verdict = setup.a_move().verdict;
    assert!(matches!(verdict, Verdict::Refused { .. }), "{verdict:?}");

    setup.bed.install(&*setup.account.clone()).unwrap();
    assert!(setup.ask(&ISmartSession::isInitializedCall { account }));
    assert_eq!(setup.a_move().verdict.summary(), setup.refused("WrongEpoch"));
    assert_eq!(setup.enable_and_move().verdict.summary(), setup.refused("WrongEpoch"));

    let epoch = setup.ask(&ISmartSession::epochCall { account });
    setup.with_session(|session| session.chains[0].epoch = epoch);
    assert_eq!(setup.enable_and_move().verdict.summary(), "executed", "a new session holds");
    assert_eq!(setup.moves(), U256::from(2));
}
