//! What is refused before anybody signs, one case for each.

use alloy_primitives::{Address, U256, address};
use smart_session_client::{PermissionBuilder, SessionBuilder, check_session};
use smart_session_core::packed::Paymaster;

use crate::any_grant::{ALICE, FRONTEND, GAME, MODULE, begun, game};

fn refusal(session: SessionBuilder) -> &'static str {
    check_session(&session.build().unwrap(), MODULE).unwrap_err().code().name()
}

#[test]
fn sessions_that_the_module_enables_are_let_through() {
    assert_eq!(check_session(&game(), MODULE), Ok(()));
    let nothing = begun().build().unwrap();
    assert_eq!(check_session(&nothing, MODULE), Ok(()), "it may call nothing");
    let sponsored = begun().sponsored_by(GAME).build().unwrap();
    assert_eq!(check_session(&sponsored, MODULE), Ok(()));
}

#[test]
fn the_delegate_is_a_key_of_its_own() {
    for delegate in [Address::ZERO, ALICE, MODULE] {
        let session = begun().build().unwrap();
        let session = smart_session_core::session::Session { delegate, ..session };
        let refusal = check_session(&session, MODULE).unwrap_err();
        assert_eq!(refusal.code().name(), "RefusedDelegate");
    }
}

#[test]
fn totals_that_mean_nothing_or_everything_are_refused() {
    assert_eq!(refusal(begun().most_calls(0)), "RefusedMaxCalls");
    assert_eq!(refusal(begun().uncounted_fees()), "FeesUncounted");
    let anybody = begun().uncounted_fees().paymaster(Paymaster::Any);
    assert_eq!(refusal(anybody), "FeesUncounted");
    assert_eq!(refusal(begun().sponsored_by(Address::ZERO)), "ReservedPaymaster");
}

#[test]
fn chains_are_there_and_distinct() {
    let none = SessionBuilder::new(ALICE, FRONTEND)
        .from(1)
        .lasting(2)
        .most_calls(3)
        .most_fees(U256::from(4));
    assert_eq!(refusal(none), "NoChain");
    assert_eq!(refusal(begun().on_chain(42_161, 7)), "DuplicateChain");
}

#[test]
fn banned_targets_are_refused() {
    let entry_points = [
        address!("5FF137D4b0FDCD49DcA30c7CF57E578a026d2789"),
        address!("0000000071727De22E5E9d8BAf0edAc6f37da032"),
        address!("4337084D9E255Ff0702461CF8895CE9E3b5Ff108"),
        address!("433709009B8330FDa32311DF1C2AFA402eD8D009"),
    ];
    for target in [Address::ZERO, ALICE, MODULE].into_iter().chain(entry_points) {
        let session = begun().permit(PermissionBuilder::function(target, "move(uint8)").unwrap());
        assert_eq!(refusal(session), "BannedTarget", "{target}");
    }
}

#[test]
fn rules_need_a_function_and_room() {
    let one = U256::from(1);
    for selector in [[0; 4], [0xff; 4]] {
        let permission = PermissionBuilder::selector(GAME, selector).argument_is(0, one);
        assert_eq!(refusal(begun().permit(permission)), "RulesWithoutSelector");
    }
    let empty = PermissionBuilder::function(GAME, "move(uint8)").unwrap().argument_between(
        0,
        U256::from(2),
        one,
    );
    assert_eq!(refusal(begun().permit(empty)), "EmptyRule");
}

#[test]
fn budgets_are_of_something_for_long_enough_and_distinct() {
    assert_eq!(refusal(begun().budget(GAME, 0)), "RefusedBudget");
    for token in [Address::ZERO, ALICE, MODULE] {
        assert_eq!(refusal(begun().budget(token, 1)), "RefusedBudget");
    }
    assert_eq!(refusal(begun().budget_per_period(GAME, 1, 59)), "RefusedBudget");
    assert_eq!(refusal(begun().native_budget(1 << 96)), "RefusedBudget");
    assert_eq!(refusal(begun().budget(GAME, 1).budget(GAME, 2)), "DuplicateBudget");
    let several = begun().budget(GAME, 1).budget_per_period(GAME, 1, 60);
    assert_eq!(check_session(&several.build().unwrap(), MODULE), Ok(()));
}

#[test]
fn lists_over_their_caps_are_refused() {
    let rules = (0..17)
        .fold(PermissionBuilder::function(GAME, "f()").unwrap(), |permission, index| {
            permission.argument_is(index, U256::from(1))
        });
    assert_eq!(refusal(begun().permit(rules)), "TooMany");
    let permissions = (0..65)
        .fold(begun(), |all, _| all.permit(PermissionBuilder::function(GAME, "f()").unwrap()));
    assert_eq!(refusal(permissions), "TooMany");
    let budgets = (0..17).fold(begun(), |all, i| all.budget_per_period(GAME, 1, 60 + i));
    assert_eq!(refusal(budgets), "TooMany");
    let chains = (0..16).fold(begun(), |all, i| all.on_chain(i, 0));
    assert_eq!(refusal(chains), "TooMany");
}
