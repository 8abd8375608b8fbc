//! Every limit of a session on the direct path, where the module itself reads the clock.

use alloy_primitives::aliases::U96;
use alloy_primitives::{Address, U256, address};
use alloy_sol_types::SolCall;
use devchain::Outcome;
use harness::abi::IPermitToken;
use harness::game::window;
use harness::stage::ether;
use harness::{Call, SmartAccount};
use session_core::abi::IERC20;
use session_core::abi::ISmartSession::{self, ISmartSessionErrors as E};
use session_core::packed::Paymaster;
use session_core::session::{ArgumentRule, Budget, Permission};

use crate::scene::{Scene, module_error};

const SHOP: Address = Address::repeat_byte(0x50);
const SPONSOR: Address = Address::repeat_byte(0x5b);

/// Asserts that the calls ran.
fn ran(outcome: &Outcome) {
    assert!(outcome.is_success(), "{}", outcome.output);
}

#[test]
fn both_ends_of_the_window_are_within_it() {
    let mut scene = Scene::with_executor();
    let now = scene.stage.chain.timestamp();
    scene.with_session(|session| session.window = window(now + 1000, now + 2000).unwrap());
    for (second, is_within) in
        [(999, false), (1000, true), (1500, true), (2000, true), (2001, false)]
    {
        let mut scene = scene.clone();
        scene.stage.chain.set_timestamp(now + second);

        let outcome = scene.execute(&[scene.stage.a_move(1, 10)]);

        if is_within {
            ran(&outcome);
            continue;
        }
        let E::OutsideWindow(error) = module_error(&outcome) else { panic!("{second}") };
        let told: [u64; 3] = [error.got.to(), error.validAfter.to(), error.validUntil.to()];
        assert_eq!(told, [now + second, now + 1000, now + 2000]);
    }
}

#[test]
fn executions_are_counted_a_batch_of_two_as_two() {
    let mut scene = Scene::with_executor();
    scene.with_session(|session| session.max_calls = 3);
    let a_move = scene.stage.a_move(1, 0);

    ran(&scene.execute(&[a_move.clone(), a_move.clone()]));
    let two_more = scene.execute(&[a_move.clone(), a_move.clone()]);
    assert!(matches!(module_error(&two_more), E::CallsOverLimit(_)));
    ran(&scene.execute(std::slice::from_ref(&a_move)));
    let a_fourth = scene.execute(&[a_move]);
    assert!(matches!(module_error(&a_fourth), E::CallsOverLimit(_)));
    assert_eq!(scene.state(), (1, 3));
}

#[test]
fn operations_and_direct_calls_are_counted_together() {
    let mut scene = Scene::with_executor();
    scene.with_session(|session| session.max_calls = 2);
    let a_move = scene.stage.a_move(1, 0);

    assert_eq!(scene.enable_and_move().verdict.summary(), "executed");
    ran(&scene.execute(std::slice::from_ref(&a_move)));
    let a_third = scene.execute(&[a_move]);

    assert!(matches!(module_error(&a_third), E::CallsOverLimit(_)));
    assert_eq!(scene.a_move().verdict.summary(), "refused: AA23 CallsOverLimit");
}

#[test]
fn a_token_budget_bounds_what_is_moved_whole_and_in_each_period() {
    let mut scene = Scene::with_executor();
    let token = scene.stage.deploy("PermitToken").unwrap();
    let mint = IPermitToken::mintCall { to: scene.alice.address(), amount: U256::from(1000) };
    let alice = scene.alice.clone();
    let mint = alice.execute(&Call::new(token, mint.abi_encode()));
    scene.stage.expect_executed("minting", &alice, mint).unwrap();
    scene.with_session(|session| {
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
    let start = scene.game.session.window.valid_after().seconds();

    ran(&scene.execute(&[pay(SHOP, 40), pay(SHOP, 20)]));
    let too_much_an_hour = scene.execute(&[pay(SHOP, 1)]);
    assert!(matches!(module_error(&too_much_an_hour), E::BudgetExceeded(_)));
    let elsewhere = scene.execute(&[pay(Address::repeat_byte(0x51), 0)]);
    assert!(matches!(module_error(&elsewhere), E::ArgumentOutOfBounds(_)));
    let approval =
        Call::new(token, IERC20::approveCall { spender: SHOP, amount: U256::ZERO }.abi_encode());
    assert!(matches!(module_error(&scene.execute(&[approval])), E::SelectorNotPermitted(_)));

    scene.stage.chain.set_timestamp(start + 3600);
    let too_much_in_all = scene.execute(&[pay(SHOP, 41)]);
    assert!(matches!(module_error(&too_much_in_all), E::BudgetExceeded(_)));
    ran(&scene.execute(&[pay(SHOP, 40)]));
    let balance = IPermitToken::balanceOfCall { owner: SHOP };
    assert_eq!(scene.stage.ask(token, &balance).unwrap(), U256::from(100));
}

#[test]
fn every_banned_target_is_refused_although_permitted() {
    for target in [
        Address::ZERO,
        Scene::new().alice.address(),
        Scene::new().stage.module,
        address!("5FF137D4b0FDCD49DcA30c7CF57E578a026d2789"),
        address!("0000000071727De22E5E9d8BAf0edAc6f37da032"),
        address!("4337084D9E255Ff0702461CF8895CE9E3b5Ff108"),
        address!("433709009B8330FDa32311DF1C2AFA402eD8D009"),
    ] {
        let mut scene = Scene::with_executor();
        scene.with_session(|session| {
            let any = Permission { target, selector: [0xff; 4], ..session.permissions[0].clone() };
            session.permissions.insert(0, any);
        });

        let outcome = scene.execute(&[Call::new(target, vec![])]);

        let E::BannedTarget(error) = module_error(&outcome) else { panic!("{target}") };
        assert_eq!(error.target, target);
    }
}

#[test]
fn a_chain_that_is_not_listed_is_refused() {
    let mut scene = Scene::with_executor();
    scene.with_session(|session| session.chains[0].chain_id = U256::from(42_161));

    let outcome = scene.execute(&[scene.stage.a_move(1, 0)]);

    assert!(matches!(module_error(&outcome), E::ChainNotListed(_)));
}

/// The caller pays for the gas, so that neither the sponsor nor the fee limit applies: the
/// documents say that a named sponsor is no gate where the module is an executor.
#[test]
fn a_sponsored_session_is_used_directly_without_its_sponsor() {
    let mut scene = Scene::with_executor();
    scene.with_session(|session| {
        session.paymaster = Paymaster::One(SPONSOR);
        session.fee_limit = U96::from(1);
    });

    ran(&scene.execute(&[scene.stage.a_move(1, 10)]));

    let (account, session_id) = (scene.alice.address(), scene.game.session.id());
    let state = scene.ask(&ISmartSession::sessionStateCall { account, sessionId: session_id });
    assert_eq!((state.calls, state.fee), (1, U96::ZERO));
    assert_eq!(scene.stage.chain.balance(scene.stage.game), ether(10));
    assert_eq!(scene.a_move().verdict.summary(), "refused: AA23 PaymasterNotPermitted");
}
