//! Budgets that can never be, several windows of one token, and what is told of them.

use alloy_primitives::{Address, U256};
use session_model::session::NATIVE;
use session_model::strategy::{GAME, PLACE, TOKEN};
use session_model::{Budget, Execution};

use crate::refused::{Case, MOVE, OTHER, call, enable};

pub(super) fn budgeted(budgets: &[(Address, u128, u32)]) -> String {
    enable(|session| session.budgets = list(budgets))
}

pub(super) fn list(budgets: &[(Address, u128, u32)]) -> Vec<Budget> {
    let budgets = budgets.iter();
    budgets
        .map(|(token, amount, period)| Budget { token: *token, amount: *amount, period: *period })
        .collect()
}

#[test]
fn a_budget_of_nothing_is_refused_at_enable() {
    assert_eq!(budgeted(&[(TOKEN, 0, 0)]), "RefusedBudget");
    assert_eq!(budgeted(&[(TOKEN, 1, 0), (NATIVE, 0, 60)]), "RefusedBudget");
    assert_eq!(budgeted(&[(TOKEN, 1, 0)]), "ok");
}

#[test]
fn a_budget_of_the_token_zero_account_or_module_is_refused_at_enable() {
    for token in [Address::ZERO, PLACE.account, PLACE.module] {
        assert_eq!(budgeted(&[(token, 1, 0)]), "RefusedBudget", "{token}");
    }
}

#[test]
fn a_native_total_over_96_bits_is_refused_at_enable() {
    assert_eq!(budgeted(&[(NATIVE, 1 << 96, 0)]), "RefusedBudget");
    assert_eq!(budgeted(&[(NATIVE, u128::MAX, 0)]), "RefusedBudget");
    assert_eq!(budgeted(&[(NATIVE, (1 << 96) - 1, 0)]), "ok");
    assert_eq!(budgeted(&[(NATIVE, u128::MAX, 60)]), "ok", "a periodic one has its own word");
    assert_eq!(budgeted(&[(TOKEN, u128::MAX, 0)]), "ok");
}

#[test]
fn two_budgets_of_one_token_and_period_are_refused_at_enable() {
    assert_eq!(budgeted(&[(TOKEN, 1, 0), (TOKEN, 2, 0)]), "DuplicateBudget");
    assert_eq!(budgeted(&[(TOKEN, 1, 60), (NATIVE, 2, 0), (TOKEN, 3, 60)]), "DuplicateBudget");
    assert_eq!(budgeted(&[(TOKEN, 1, 0), (TOKEN, 1, 60), (TOKEN, 1, 61), (OTHER, 1, 60)]), "ok");
}

#[test]
fn several_windows_for_one_token_must_all_hold() {
    let mut case = Case::new(|session, operation| {
        session.budgets = list(&[(NATIVE, 10, 60), (NATIVE, 15, 600), (NATIVE, 22, 0)]);
        operation.claimed_time = Some(1_000);
    });
    let mut got = |time: u64, value: u64| {
        case.operation.claimed_time = Some(time);
        case.call(vec![Execution { value: U256::from(value), ..call(GAME, MOVE, &[7]) }])
    };
    assert_eq!(got(1_000, 10), "ok");
    assert_eq!(got(1_059, 1), "BudgetExceeded", "the minute is used up");
    assert_eq!(got(1_060, 6), "BudgetExceeded", "the ten minutes have 5 left");
    assert_eq!(got(1_060, 5), "ok");
    assert_eq!(got(1_600, 8), "BudgetExceeded", "the session has 7 left");
    assert_eq!(got(1_600, 7), "ok");
    assert_eq!(got(9_999, 1), "BudgetExceeded");
    assert_eq!(got(9_999, 0), "ok");
}

#[test]
fn what_is_spent_of_a_token_in_the_whole_session_is_told_at_any_time() {
    let mut case = Case::new(|session, _| {
        session.permissions[0].target = TOKEN;
        session.permissions[0].selector = session_model::session::ANY_CALLDATA;
        session.budgets = list(&[(TOKEN, 9, 0)]);
    });
    assert_eq!(case.call(vec![call(TOKEN, "transfer(address,uint256)", &[1, 5])]), "ok");
    for time in [1_000, 10_000] {
        assert_eq!(case.module.spent_at(&case.session, 0, time), Ok(5));
    }
}
