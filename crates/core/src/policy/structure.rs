//! What must hold of a session before it is ever enabled.

use super::budget::{self, SHORTEST_PERIOD};
use super::{fee, selector};
use crate::Environment;
use crate::abi::ISmartSession as Abi;
use crate::packed::{Entry, PackedSession, Paymaster};
use crate::place::Place;
use crate::refusal::{Refusal, Refused, refuse};
use crate::word::{self, Word};

/// Checks what must hold of a session before it is ever enabled.
///
/// What depends on the moment of use (banned targets, chain, epoch, status) is not checked
/// here but at every use.
///
/// # Errors
/// The first refusal that is found.
#[inline(never)]
pub fn check<E: Environment>(
    environment: E,
    session: &PackedSession<'_>,
    place: &Place,
) -> Result<(), Refused> {
    if is_nobody(session.delegate(), place) {
        let mut refusal = Refusal::of::<Abi::RefusedDelegate>();
        return Err(refusal.word(session.delegate()).tell(environment));
    }
    if session.max_calls() == 0 {
        return Err(refuse::<Abi::RefusedMaxCalls>(environment));
    }
    let names_sponsor =
        !word::is_zero(session.paymaster()) && !Paymaster::is_any(session.paymaster());
    if session.fee_limit() == fee::UNCOUNTED && !names_sponsor {
        return Err(refuse::<Abi::FeesUncounted>(environment));
    }
    for (index, chain) in session.chains.entries(environment).flatten().enumerate() {
        let is_twin = |other: &Entry<'_>| word::equal(other.chain_id(), chain.chain_id());
        if session.chains.entries(environment).flatten().take(index).any(|it| is_twin(&it)) {
            let mut refusal = Refusal::of::<Abi::DuplicateChain>();
            return Err(refusal.word(chain.chain_id()).tell(environment));
        }
    }
    for (index, permission) in session.permissions.entries(environment).flatten().enumerate() {
        let selector = selector::of_word(permission.selector());
        if !permission.rules.is_empty() && !selector::is_exact(selector) {
            let mut refusal = Refusal::of::<Abi::RulesWithoutSelector>();
            return Err(refusal.size(index).tell(environment));
        }
    }
    for (index, budget) in session.budgets.entries(environment).flatten().enumerate() {
        if !is_budget(&budget, place) {
            let mut refusal = Refusal::of::<Abi::RefusedBudget>();
            return Err(refusal.size(index).tell(environment));
        }
        let is_twin = |other: &Entry<'_>| {
            word::equal(other.token(), budget.token())
                && word::equal(other.period(), budget.period())
        };
        if session.budgets.entries(environment).flatten().take(index).any(|it| is_twin(&it)) {
            let mut refusal = Refusal::of::<Abi::DuplicateBudget>();
            return Err(refusal.size(index).tell(environment));
        }
    }
    Ok(())
}

/// Returns whether an address can be neither a delegate nor a token.
#[inline(never)]
fn is_nobody(address: &Word, place: &Place) -> bool {
    word::is_zero(address)
        || word::equal(address, &place.account)
        || word::equal(address, &place.module)
}

/// Returns whether a budget is of more than nothing, of a token, and for long enough.
fn is_budget(budget: &Entry<'_>, place: &Place) -> bool {
    let token = budget.token();
    let amount = word::low_u128(budget.amount());
    let period = word::low_u64(budget.period());
    let is_too_much = budget::is_in_session_word(budget) && amount >> 96 != 0;
    let is_too_short = (1..SHORTEST_PERIOD.into()).contains(&period);
    amount != 0 && !is_too_much && !is_too_short && !is_nobody(token, place)
}
