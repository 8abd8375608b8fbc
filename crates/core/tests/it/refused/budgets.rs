//! Budgets that can never be, windows of one token, and the caps of all lists.

use alloy_primitives::{Address, U256};
use session_model::session::NATIVE;
use session_model::strategy::{GAME, PLACE, TOKEN};
use session_model::{Budget, Chain, Execution, Rule, Session};

use super::{Case, MOVE, OTHER, call, enable};

fn budgeted(budgets: &[(Address, u128, u32)]) -> String {
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
fn a_period_under_a_minute_is_refused_at_enable() {
    for period in [1, 2, 59] {
        assert_eq!(budgeted(&[(TOKEN, 1, period)]), "RefusedBudget", "{period}");
    }
    for period in [0, 60, 61, u32::MAX] {
        assert_eq!(budgeted(&[(TOKEN, 1, period)]), "ok", "{period}");
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
fn all_lists_at_their_caps_are_taken() {
    let full = |session: &mut Session| {
        let rule = Rule { index: 0, min: U256::ZERO, max: U256::MAX };
        session.permissions[0].rules = vec![rule; 16];
        session.permissions = vec![session.permissions[0].clone(); 64];
        session.chains =
            (0..16).map(|id| Chain { id: U256::from(PLACE.chain_id + id), epoch: 0 }).collect();
        session.budgets =
            (0..16).map(|of| Budget { token: TOKEN, amount: 1, period: 60 + of }).collect();
    };
    assert_eq!(enable(full), "ok");
    let mut case = Case::new(|session, operation| {
        full(session);
        operation.claimed_time = Some(1_000);
    });
    case.operation.executions = vec![call(GAME, MOVE, &[7]); 32];
    case.operation.indices = (32..64).collect();
    assert_eq!(case.ask(), "ok");
}

#[test]
fn more_than_32_executions_are_refused() {
    assert_eq!(Case::new(|_, _| {}).call(vec![call(GAME, MOVE, &[7]); 33]), "TooManyExecutions");
}

/// The view of budgets: what was spent in a period is spent until the next one begins.
#[test]
fn what_is_spent_is_told_for_the_period_of_a_time() {
    let mut case = Case::new(|session, operation| {
        session.budgets = list(&[(NATIVE, 50, 0), (NATIVE, 20, 60), (TOKEN, 9, 0), (TOKEN, 9, 60)]);
        operation.claimed_time = Some(1_130);
    });
    let calls = vec![Execution { value: U256::from(7), ..call(GAME, MOVE, &[7]) }];
    assert_eq!(case.call(calls), "ok");
    let told = |budget: usize, time: u64| case.module.spent_at(&case.session, budget, time);
    // Period 2 of the second budget is 1120 to 1179.
    for time in [1_000, 1_119, 1_120, 1_179] {
        assert_eq!(told(1, time), Ok(7), "{time}: nothing older can be spent any more");
    }
    for time in [1_180, 10_000] {
        assert_eq!(told(1, time), Ok(0), "{time}");
    }
    for time in [1_000, 1_130, 10_000] {
        assert_eq!(told(0, time), Ok(7), "{time}: of the whole session");
        assert_eq!((told(2, time), told(3, time)), (Ok(0), Ok(0)), "{time}: of another token");
    }
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
