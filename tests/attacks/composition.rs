//! Cases 26 to 36: policies that add up to something else.

use alloy_primitives::U256;
use smart_session_core::session::{Budget, Permission};
use testbed::Call;

use super::{act, act_under, enabled_with};

#[test]
fn zero_never_means_unlimited() {
    let mut no_value = enabled_with(|_, session| session.permissions[0].value_limit = U256::ZERO);
    let one_wei = Call { value: U256::from(1), ..no_value.bed.a_move(1, 0) };
    assert_eq!(act(&mut no_value, &[one_wei]), "refused: AA23 ValueOverLimit");

    let mut no_fees = enabled_with(|_, session| session.fee_limit = "0".parse().unwrap());
    let call = no_fees.bed.a_move(1, 0);
    assert_eq!(act(&mut no_fees, &[call]), "refused: AA23 FeeOverLimit");
}

#[test]
fn the_second_of_two_equal_permissions_grants_what_the_first_does_and_no_more() {
    let mut setup = enabled_with(|_, session| {
        let twin = session.permissions[0].clone();
        let narrower = Permission { value_limit: U256::ZERO, ..twin.clone() };
        session.permissions = vec![narrower, twin.clone(), twin];
    });
    let call = setup.bed.a_move(1, 10);
    let mut under = |index: u8| act_under(&mut setup, &[(index, call.clone())]);
    assert_eq!(under(0), "refused: AA23 ValueOverLimit", "the first is not passed over");
    assert_eq!(under(1), "executed");
    assert_eq!(under(2), "executed");
    assert_eq!(under(3), "refused: AA23 UnknownPermission");
}

#[test]
fn a_permission_that_limits_value_says_which_function_too() {
    let mut setup = enabled_with(|_, session| session.permissions[0].selector = [0; 4]);
    let call = setup.bed.a_move(1, 1);

    assert_eq!(act(&mut setup, &[call]), "refused: AA23 SelectorNotPermitted");
}

#[test]
fn several_windows_are_intersected_and_never_overwritten() {
    let native = alloy_primitives::Address::repeat_byte(0xee);
    let setup = enabled_with(|_, session| {
        let budget = |period| Budget { token: native, amount: u128::MAX, period };
        session.budgets = vec![budget(60), budget(3_600), budget(7_000)];
    });
    let start = setup.game.session.window.valid_after().seconds();
    let call = [setup.bed.a_move(1, 1)];
    let claim = |now: u64, time: u64| {
        let mut setup = setup.clone();
        setup.bed.chain.set_timestamp(now);
        let draft = setup.game.using(1).unwrap().at_time(time);
        super::act_drafted(&mut setup, &draft, &call)
    };
    assert_eq!(claim(start + 59, start), "executed");
    assert_eq!(claim(start + 60, start), "refused: AA22", "the minute has passed");
    assert_eq!(claim(start + 60, start + 60), "executed");
    assert_eq!(claim(start + 3_599, start + 3_600), "refused: AA22", "the hour has not begun");
    let end = setup.game.session.window.valid_until().seconds();
    assert_eq!(claim(end, end), "executed");
    assert_eq!(claim(end + 1, end), "refused: AA22", "the session has ended");
}

#[test]
fn one_call_cannot_satisfy_two_budgets_for_the_price_of_one() {
    let native = alloy_primitives::Address::repeat_byte(0xee);
    let mut setup = enabled_with(|_, session| {
        let budget = |amount, period| Budget { token: native, amount, period };
        session.budgets = vec![budget(3_000_000_000_000_000, 0), budget(2_000_000_000_000_000, 60)];
    });
    let start = setup.game.session.window.valid_after().seconds();
    let mut spend = |thousandths: u64, minute: u64| {
        setup.bed.chain.set_timestamp(start + 60 * minute);
        let call = [setup.bed.a_move(1, thousandths)];
        let draft = setup.game.using(1).unwrap().at_time(start + 60 * minute);
        super::act_drafted(&mut setup, &draft, &call)
    };
    assert_eq!(spend(2, 0), "executed");
    assert_eq!(spend(1, 0), "refused: AA23 BudgetExceeded", "the minute's");
    assert_eq!(spend(2, 1), "refused: AA23 BudgetExceeded", "the session's");
    assert_eq!(spend(1, 1), "executed");
    assert_eq!(spend(1, 2), "refused: AA23 BudgetExceeded");
}
