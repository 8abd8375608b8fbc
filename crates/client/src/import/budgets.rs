//! Budgets that permit no more than a source's totals.
//!
//! Periods begin at `validAfter` here and at a date of their own in the source. Where the two do not
//! fall together, one period there would meet two here and allow the amount twice: refused.

use alloy_primitives::U256;
use alloy_sol_types::SolCall;
use smart_session_core::abi::IERC20;
use smart_session_core::policy::budget::{NATIVE, SHORTEST_PERIOD};
use smart_session_core::session::Budget;

use super::draft::{BudgetGrant, Draft, Every};
use super::range::say_word;

/// The functions whose amounts a token's budget counts. It refuses every other call of the token.
const COUNTED: [[u8; 4]; 4] = [
    IERC20::transferCall::SELECTOR,
    IERC20::transferFromCall::SELECTOR,
    IERC20::approveCall::SELECTOR,
    IERC20::increaseAllowanceCall::SELECTOR,
];

/// The session's window, both ends included.
#[derive(Clone, Copy, Debug)]
pub(super) struct Window {
    pub(super) after: U256,
    pub(super) until: U256,
}

/// Returns a draft's budgets, in a window.
pub(super) fn settle(draft: &mut Draft<'_>, window: Window) -> Vec<Budget> {
    let mut settled: Vec<Budget> = Vec::new();
    for grant in draft.budgets.clone() {
        let Some(period) = settle_period(draft, &grant, window) else { continue };
        let BudgetGrant { path, token, amount, .. } = grant;
        if amount.is_zero() {
            let remedy = "drop it, and the calls that it is for";
            draft.findings.refuse(path, "the total is nothing", remedy);
            continue;
        }
        let (most, bits) =
            if token == NATIVE && period == 0 { (u128::MAX >> 32, 96) } else { (u128::MAX, 128) };
        let kept = u128::try_from(amount).map_or(most, |amount| amount.min(most));
        if U256::from(kept) < amount {
            let words = format!("a total of {}", say_word(amount));
            draft.findings.narrower(&path, words, format!("2^{bits} − 1, the most"));
        }
        let twin = |budget: &&mut Budget| budget.token == token && budget.period == period;
        match settled.iter_mut().find(twin) {
            Some(twin) => twin.amount = twin.amount.min(kept),
            None => settled.push(Budget { token, amount: kept, period }),
        }
    }
    refuse_uncounted(draft, &settled);
    settled
}

fn settle_period(draft: &mut Draft<'_>, grant: &BudgetGrant, window: Window) -> Option<u32> {
    let BudgetGrant { path, every, .. } = grant;
    let Some(Every { period, start }) = *every else { return Some(0) };
    let Window { after, until } = window;
    let since = |moment: U256| moment.saturating_sub(start);
    let (Some(first), Some(last), Some(late)) = (
        since(after).checked_div(period),
        since(until).checked_div(period),
        since(after).checked_rem(period),
    ) else {
        draft.findings.refuse(path, "a period of no seconds", "give the period in seconds");
        return None;
    };
    // Within one period of the source, its amount is a total.
    if first == last {
        return Some(0);
    }
    if !late.is_zero() {
        let next = after.saturating_sub(late).saturating_add(period);
        draft.findings.refuse(
            path,
            format!(
                "its periods begin each {period} seconds from {start} on, the session begins \
                 {late} seconds into one"
            ),
            format!(
                "let the session begin (terms.validAfter) at {next}, when the next period does"
            ),
        );
        return None;
    }
    let Ok(seconds) = u32::try_from(period) else {
        let words = format!("an amount for each {} seconds", say_word(period));
        draft.findings.narrower(path, words, "one total");
        return Some(0);
    };
    if seconds >= SHORTEST_PERIOD {
        return Some(seconds);
    }
    let longer = SHORTEST_PERIOD.checked_next_multiple_of(seconds)?;
    let words = format!("an amount for each {seconds} seconds");
    draft.findings.narrower(path, words, format!("the same for each {longer}"));
    Some(longer)
}

/// A budgeted token takes no other calls than those whose amount can be counted.
fn refuse_uncounted(draft: &mut Draft<'_>, budgets: &[Budget]) {
    for grant in &draft.grants {
        let target = grant.target;
        let has_budget = budgets.iter().any(|budget| budget.token == target);
        if has_budget && !COUNTED.contains(&grant.selector) {
            draft.findings.refuse(
                &grant.path,
                format!(
                    "{target} has a total, and the module refuses every call of such a token that \
                     it cannot count"
                ),
                "grant this function in a session of its own",
            );
        }
    }
}
