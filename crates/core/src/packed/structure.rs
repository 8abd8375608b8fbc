//! What must hold of a session before it is ever enabled.

use alloy_primitives::Address;

use super::error::Part;
use super::{DelegateKind, PackedBudgets, PackedSession, Paymaster};
use crate::policy;
use crate::policy::selector::{ANY, PLAIN_TRANSFER};
use crate::word::Word;

/// Why a session that reads well can never be enabled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StructureError {
    /// The delegate is nobody, the account or the module.
    Delegate {
        /// The delegate.
        got: Address,
    },
    /// `maxCalls` is 0.
    MaxCalls,
    /// `feeLimit` is uncounted, and no one paymaster is named that would pay.
    FeesUncounted,
    /// Two entries are for one chain.
    DuplicateChain {
        /// The chain.
        chain_id: Word,
    },
    /// A permission has argument rules but no one function that they could be for.
    RulesWithoutSelector {
        /// The permission.
        permission: usize,
    },
    /// A budget is of nothing, of nobody's token, of too much, or for too short a period.
    Budget {
        /// The budget.
        budget: usize,
    },
    /// Two budgets are for one token and period.
    DuplicateBudget {
        /// The second of them.
        budget: usize,
    },
    /// It uses a part of the format that this version does not have.
    NotSupported(Part),
}

impl PackedSession<'_> {
    /// Checks what must hold of a session before it is ever enabled.
    ///
    /// What depends on the moment of use (banned targets, chain, epoch, status) is not checked
    /// here but at every use.
    ///
    /// # Errors
    /// [`StructureError`], the first that is found.
    pub fn check_structure(&self, account: Address, module: Address) -> Result<(), StructureError> {
        if is_nobody(self.delegate, account, module) {
            return Err(StructureError::Delegate { got: self.delegate });
        }
        if self.max_calls == 0 {
            return Err(StructureError::MaxCalls);
        }
        if self.fee_limit == policy::fee::UNCOUNTED && !matches!(self.paymaster, Paymaster::One(_))
        {
            return Err(StructureError::FeesUncounted);
        }
        if self.delegate_kind != DelegateKind::Secp256k1 {
            return Err(StructureError::NotSupported(Part::DelegateKind));
        }
        if self.scopes > 0 {
            return Err(StructureError::NotSupported(Part::Signing));
        }
        self.chains.check_distinct()?;
        for (permission, item) in self.permissions.iter().enumerate() {
            if !item.rules.is_empty() && [ANY, PLAIN_TRANSFER].contains(&item.selector) {
                return Err(StructureError::RulesWithoutSelector { permission });
            }
        }
        check_budgets(&self.budgets, account, module)
    }
}

/// Returns whether an address can be neither a delegate nor a token.
#[inline(never)]
fn is_nobody(address: Address, account: Address, module: Address) -> bool {
    address == Address::ZERO || address == account || address == module
}

fn check_budgets(
    budgets: &PackedBudgets<'_>,
    account: Address,
    module: Address,
) -> Result<(), StructureError> {
    for (budget, item) in budgets.iter().enumerate() {
        let is_in_session_word = item.token == policy::budget::NATIVE && item.period == 0;
        let is_too_much = is_in_session_word && item.amount >> 96 != 0;
        let is_too_short = (1..policy::budget::SHORTEST_PERIOD).contains(&item.period);
        if item.amount == 0 || is_too_much || is_too_short || is_nobody(item.token, account, module)
        {
            return Err(StructureError::Budget { budget });
        }
        let is_twin =
            |other: super::PackedBudget| other.token == item.token && other.period == item.period;
        if budgets.iter().take(budget).any(is_twin) {
            return Err(StructureError::DuplicateBudget { budget });
        }
    }
    Ok(())
}
