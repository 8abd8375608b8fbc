//! Budgets: totals of wei and of tokens.

use alloy_primitives::{Address, U256};
use alloy_sol_types::SolCall;
use smart_session_core::abi::IERC20;
use smart_session_core::abi::ISmartSession::ISmartSessionErrors as E;
use smart_session_core::session::{ArgumentRule, Budget, Permission};
use testbed::abi::{IGame, IPermitToken};
use testbed::{Call, GameSession, SmartAccount};

use super::{NATIVE, act, enable_with, moves, ran, setup_with};
use crate::setup::{Setup, module_error};

const SHOP: Address = Address::repeat_byte(0x50);

/// A session for any call to a token, which has a budget of 100.
fn token_setup() -> (Setup, Address) {
    // The "token" is the game: it takes any calldata for refused calls, and the module decides
    // before it is called.
    let setup = setup_with(|setup, session| {
        let token = setup.bed.game;
        session.permissions[0].selector = [0xff; 4];
        session.budgets = vec![Budget { token, amount: 100, period: 0 }];
    });
    let token = setup.bed.game;
    (setup, token)
}

#[test]
fn a_native_budget_bounds_the_whole_session() {
    let mut setup = setup_with(|_, session| {
        let amount = 25_000_000_000_000_000;
        session.budgets = vec![Budget { token: NATIVE, amount, period: 0 }];
    });
    let batch = moves(&setup, &[10, 10]);
    assert_eq!(act(&mut setup, &batch), "executed");

    let too_much = moves(&setup, &[5, 1]);
    assert_eq!(act(&mut setup, &too_much), "refused: AA23 BudgetExceeded");
    let rest = moves(&setup, &[5]);
    assert_eq!(act(&mut setup, &rest), "executed");
    let one_more = moves(&setup, &[1]);
    assert_eq!(act(&mut setup, &one_more), "refused: AA23 BudgetExceeded");
    let free = moves(&setup, &[0]);
    assert_eq!(act(&mut setup, &free), "executed", "0 moves nothing");
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
        let (mut setup, token) = token_setup();
        let call = |n: u64| Call::new(token, calls(n)[index].clone());

        // The game has no such functions, so the operation is validated and its call reverts:
        // counters move all the same.
        assert_eq!(act(&mut setup, &[call(60)]), "reverted", "{index}");
        assert_eq!(act(&mut setup, &[call(41)]), "refused: AA23 BudgetExceeded", "{index}");
        assert_eq!(act(&mut setup, &[call(20), call(21)]), "refused: AA23 BudgetExceeded");
        assert_eq!(act(&mut setup, &[call(20), call(20)]), "reverted");
    }
}

#[test]
fn an_amount_of_2_to_the_128_is_over_every_budget() {
    let (mut setup, token) = token_setup();
    let huge = IERC20::transferCall { to: token, amount: U256::from(1) << 128 }.abi_encode();

    assert_eq!(act(&mut setup, &[Call::new(token, huge)]), "refused: AA23 BudgetExceeded");
}

#[test]
fn every_other_call_to_a_budgeted_token_is_refused_even_if_permitted() {
    let (setup, token) = token_setup();
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
        let mut setup = setup.clone();
        let call = Call::new(token, data.clone());
        assert_eq!(
            act(&mut setup, &[call]),
            "refused: AA23 UncountableTokenCall",
            "{}",
            alloy_primitives::hex::encode(&data)
        );
    }
}

#[test]
fn budget_words_stand_right_behind_their_session() {
    use alloy_primitives::{B256, keccak256};

    let (mut setup, token) = token_setup();
    let to = Address::repeat_byte(0x70);
    let call = IERC20::transferCall { to, amount: U256::from(60) }.abi_encode();
    act(&mut setup, &[Call::new(token, call)]);

    let account = setup.alice.address().into_word();
    let session: B256 = keccak256([account, setup.game.session.id()].concat());
    let slot = U256::from_be_bytes(session.0) + U256::from(1);
    let word = setup.bed.chain.storage(setup.bed.module, slot);
    assert_eq!(word, U256::from(60) << 128, "spent u128, then period u64");
}

#[test]
fn a_token_budget_bounds_what_is_moved_whole_and_in_each_period() {
    let mut setup = Setup::with_executor();
    let token = setup.bed.deploy("PermitToken").unwrap();
    let mint = IPermitToken::mintCall { to: setup.alice.address(), amount: U256::from(1000) };
    let alice = setup.alice.clone();
    let mint = alice.execute(&Call::new(token, mint.abi_encode()));
    setup.bed.expect_executed("minting", &alice, mint).unwrap();
    setup.with_session(|session| {
        let shop = U256::from_be_bytes(SHOP.into_word().0);
        session.permissions = vec![Permission {
            target: token,
            selector: IERC20::transferCall::SELECTOR,
            value_limit: U256::ZERO,
            rules: vec![ArgumentRule { index: 0, min: shop, max: shop }],
        }];
        let budget = |amount, period| Budget { token, amount, period };
        session.budgets = vec![budget(100, 0), budget(60, 3600)];
    });
    let pay = |to: Address, amount: u64| {
        let transfer = IERC20::transferCall { to, amount: U256::from(amount) };
        Call::new(token, transfer.abi_encode())
    };
    let start = setup.game.session.window.valid_after().seconds();

    ran(&setup.execute(&[pay(SHOP, 40), pay(SHOP, 20)]));
    let too_much_an_hour = setup.execute(&[pay(SHOP, 1)]);
    assert!(matches!(module_error(&too_much_an_hour), E::BudgetExceeded(_)));
    let elsewhere = setup.execute(&[pay(Address::repeat_byte(0x51), 0)]);
    assert!(matches!(module_error(&elsewhere), E::ArgumentOutOfBounds(_)));
    let approval =
        Call::new(token, IERC20::approveCall { spender: SHOP, amount: U256::ZERO }.abi_encode());
    assert!(matches!(module_error(&setup.execute(&[approval])), E::SelectorNotPermitted(_)));

    setup.bed.chain.set_timestamp(start + 3600);
    let too_much_in_all = setup.execute(&[pay(SHOP, 41)]);
    assert!(matches!(module_error(&too_much_in_all), E::BudgetExceeded(_)));
    ran(&setup.execute(&[pay(SHOP, 40)]));
    let balance = IPermitToken::balanceOfCall { owner: SHOP };
    assert_eq!(setup.bed.ask(token, &balance).unwrap(), U256::from(100));
}

#[test]
fn budgets_that_can_mean_nothing_are_refused() {
    let native = alloy_primitives::Address::repeat_byte(0xee);
    let setup = Setup::new();
    let good = Budget { token: native, amount: 1, period: 0 };
    let refused = "refused: AA23 RefusedBudget";

    for bad in [
        Budget { amount: 0, ..good },
        Budget { amount: 1 << 96, ..good },
        Budget { token: alloy_primitives::Address::ZERO, ..good },
        Budget { token: setup.alice.address(), ..good },
        Budget { token: setup.bed.module, ..good },
    ] {
        assert_eq!(enable_with(|session| session.budgets = vec![bad]), refused, "{bad:?}");
    }
    for period in [1, 59] {
        let mut setup = setup.clone();
        setup.game = GameSession::with(&setup.bed, &setup.alice, |session| {
            session.budgets = vec![Budget { period, ..good }];
        })
        .unwrap();
        let now = setup.bed.chain.timestamp();
        let draft = setup.game.enabling(1).unwrap().at_time(now);
        let call_data = setup.alice.execute(&setup.bed.a_move(1, 0));
        assert_eq!(setup.act(&draft, call_data).verdict.summary(), refused, "{period}");
    }
    assert_eq!(
        enable_with(|session| session.budgets = vec![good, good]),
        "refused: AA23 DuplicateBudget"
    );
}
