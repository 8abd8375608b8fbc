//! What can never be enabled, and what has no packed form at all.

use alloy_primitives::Address;

use crate::Place;
use crate::refusal::Refusal;
use crate::session::{
    ANY_CALLDATA, ANY_PAYMASTER, NATIVE, PLAIN_TRANSFER, Session, UNCOUNTED_FEES,
};

/// Says what of a session no decoder takes.
///
/// # Errors
/// [`Refusal`], the first found.
pub fn check_form(session: &Session) -> Result<(), Refusal> {
    let end = 1_u64 << 47;
    let window = session.valid_until > session.valid_after && session.valid_until < end;
    let rules = session.permissions.iter().map(|permission| permission.rules.len());
    let longest = rules.chain(session.signing.iter().map(|scope| scope.rules.len())).max();
    let caps = session.chains.len() <= 16
        && session.permissions.len() <= 64
        && session.budgets.len() <= 16
        && session.signing.len() <= 16
        && longest.unwrap_or(0) <= 16;
    demand(window, "the window has no end, no second moment, or is past 2^47")?;
    demand(session.delegate_kind <= 2, "the delegate's kind is unknown")?;
    demand(session.fee_limit <= UNCOUNTED_FEES, "the fee limit has more than 96 bits")?;
    demand(caps, "a list is over its cap")
}

/// Says what of a session can never be enabled.
///
/// # Errors
/// [`Refusal`], the first found.
pub fn check(session: &Session, place: &Place) -> Result<(), Refusal> {
    let is_nobody =
        |who: Address| who == Address::ZERO || who == place.account || who == place.module;
    let is_sponsored = session.paymaster != Address::ZERO && session.paymaster != ANY_PAYMASTER;
    check_form(session)?;
    demand(!is_nobody(session.delegate), "the delegate is nobody, the account or the module")?;
    demand(session.max_calls > 0, "no call at all is allowed")?;
    demand(
        session.fee_limit != UNCOUNTED_FEES || is_sponsored,
        "fees are uncounted and nobody else is named to pay",
    )?;
    let chains: Vec<_> = session.chains.iter().map(|chain| chain.id).collect();
    demand(all_differ(&chains), "two entries are of one chain")?;
    for permission in &session.permissions {
        let is_exact = ![ANY_CALLDATA, PLAIN_TRANSFER].contains(&permission.selector);
        demand(permission.rules.is_empty() || is_exact, "rules without an exact selector")?;
    }
    for budget in &session.budgets {
        let is_long = budget.period == 0 || budget.period >= 60;
        let is_in_one_word = budget.token == NATIVE && budget.period == 0;
        demand(budget.amount > 0, "a budget of nothing")?;
        demand(!is_nobody(budget.token), "a budget of nobody's token")?;
        demand(is_long, "a period under a minute")?;
        demand(!is_in_one_word || budget.amount < 1 << 96, "a native total over 96 bits")?;
    }
    let budgets: Vec<_> =
        session.budgets.iter().map(|budget| (budget.token, budget.period)).collect();
    demand(all_differ(&budgets), "two budgets of one token and period")
}

pub(crate) fn demand(holds: bool, else_refused: &'static str) -> Result<(), Refusal> {
    if holds { Ok(()) } else { Err(Refusal(else_refused)) }
}

fn all_differ<T: PartialEq>(items: &[T]) -> bool {
    items.iter().enumerate().all(|(at, item)| items.iter().skip(at + 1).all(|next| next != item))
}
