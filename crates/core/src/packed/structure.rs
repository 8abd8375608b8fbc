//! What must hold of a session before it is ever enabled.

use super::{Entry, PackedSession, paymaster};
use crate::Environment;
use crate::abi::ISmartSession as Abi;
use crate::policy::budget::{self, SHORTEST_PERIOD};
use crate::policy::{Place, fee, selector};
use crate::refusal::{Refusal, Refused, refuse};
use crate::word::{self, Word};

impl PackedSession<'_> {
    /// Checks what must hold of a session before it is ever enabled.
    ///
    /// What depends on the moment of use (banned targets, chain, epoch, status) is not checked
    /// here but at every use.
    ///
    /// # Errors
    /// The first refusal that is found.
    #[inline(never)]
    pub fn check_structure<E: Environment>(
        &self,
        environment: E,
        place: &Place,
    ) -> Result<(), Refused> {
        if is_nobody(self.delegate(), place) {
            let mut refusal = Refusal::of::<Abi::RefusedDelegate>();
            return Err(refusal.word(self.delegate()).tell(environment));
        }
        if self.max_calls() == 0 {
            return Err(refuse::<Abi::RefusedMaxCalls>(environment));
        }
        let names_sponsor =
            !word::is_zero(self.paymaster()) && !paymaster::is_any(self.paymaster());
        if self.fee_limit() == fee::UNCOUNTED && !names_sponsor {
            return Err(refuse::<Abi::FeesUncounted>(environment));
        }
        for (index, chain) in self.chains.entries(environment).flatten().enumerate() {
            let is_twin = |other: &Entry<'_>| word::equal(other.field::<0>(), chain.field::<0>());
            if self.chains.entries(environment).flatten().take(index).any(|it| is_twin(&it)) {
                let mut refusal = Refusal::of::<Abi::DuplicateChain>();
                return Err(refusal.word(chain.field::<0>()).tell(environment));
            }
        }
        for (index, permission) in self.permissions.entries(environment).flatten().enumerate() {
            let selector = selector::of_word(permission.field::<1>());
            if !permission.rules.is_empty() && !selector::is_exact(selector) {
                let mut refusal = Refusal::of::<Abi::RulesWithoutSelector>();
                return Err(refusal.size(index).tell(environment));
            }
        }
        for (index, budget) in self.budgets.entries(environment).flatten().enumerate() {
            if !is_budget(&budget, place) {
                let mut refusal = Refusal::of::<Abi::RefusedBudget>();
                return Err(refusal.size(index).tell(environment));
            }
            let is_twin = |other: &Entry<'_>| {
                word::equal(other.field::<0>(), budget.field::<0>())
                    && word::equal(other.field::<2>(), budget.field::<2>())
            };
            if self.budgets.entries(environment).flatten().take(index).any(|it| is_twin(&it)) {
                let mut refusal = Refusal::of::<Abi::DuplicateBudget>();
                return Err(refusal.size(index).tell(environment));
            }
        }
        Ok(())
    }
}

/// Returns whether an address can be neither a delegate nor a token.
#[inline(never)]
fn is_nobody(address: &Word, place: &Place) -> bool {
    word::is_zero(address)
        || word::equal(address, &place.account)
        || word::equal(address, &place.module)
}

/// Returns whether a budget is of something, of somebody's token, and for long enough.
fn is_budget(budget: &Entry<'_>, place: &Place) -> bool {
    let [token, amount, period] = [budget.field::<0>(), budget.field::<1>(), budget.field::<2>()];
    let amount = word::low_u128(amount);
    let period = word::low_u64(period);
    let is_too_much = budget::is_in_session_word(budget) && amount >> 96 != 0;
    let is_too_short = (1..SHORTEST_PERIOD.into()).contains(&period);
    amount != 0 && !is_too_much && !is_too_short && !is_nobody(token, place)
}
