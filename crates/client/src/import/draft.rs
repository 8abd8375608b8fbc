//! What a converter has gathered of a session: the source's limits, before the terms narrow them.

use alloy_primitives::{Address, U256};
use smart_session_core::packed::DelegateKind;
use smart_session_core::session::SigningScope;

use super::call_grant::CallGrant;
use super::findings::Findings;
use super::terms::ImportTerms;

/// A total that a source keeps: over everything, or over each period from a start on.
#[derive(Clone, Debug)]
pub(super) struct BudgetGrant {
    /// Where it stands in the input.
    pub(super) path: String,
    pub(super) token: Address,
    pub(super) amount: U256,
    pub(super) every: Option<Every>,
}

/// Periods in seconds, from a moment on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Every {
    pub(super) period: U256,
    pub(super) start: U256,
}

/// Which paymaster a source lets pay for gas.
#[derive(Clone, Copy, Debug)]
pub(super) enum Payer {
    /// None: the account pays.
    None,
    /// Any, or none.
    Any,
    /// One must pay, whichever.
    Required,
    /// This one must pay.
    One(Address),
}

/// A session as far as it is known.
#[derive(Debug)]
pub(super) struct Draft<'a> {
    pub(super) terms: &'a ImportTerms,
    pub(super) findings: Findings,
    pub(super) delegate: Option<(Address, DelegateKind)>,
    pub(super) valid_after: U256,
    pub(super) valid_until: Option<U256>,
    pub(super) max_calls: Option<U256>,
    pub(super) fee_limit: Option<U256>,
    pub(super) payer: Payer,
    pub(super) payer_path: String,
    pub(super) grants: Vec<CallGrant>,
    pub(super) budgets: Vec<BudgetGrant>,
    pub(super) signing: Vec<(String, SigningScope)>,
}

impl<'a> Draft<'a> {
    /// Begins a draft that limits nothing yet, and grants nothing.
    pub(super) fn new(terms: &'a ImportTerms, payer_path: &str, payer: Payer) -> Self {
        Self {
            terms,
            findings: Findings::default(),
            delegate: None,
            valid_after: U256::ZERO,
            valid_until: None,
            max_calls: None,
            fee_limit: None,
            payer,
            payer_path: payer_path.into(),
            grants: Vec::new(),
            budgets: Vec::new(),
            signing: Vec::new(),
        }
    }

    /// Lets the session begin at a moment, or later.
    pub(super) fn begin_at(&mut self, moment: U256) {
        self.valid_after = self.valid_after.max(moment);
    }

    /// Lets the session end with a moment, or earlier.
    pub(super) fn end_with(&mut self, moment: U256) {
        lower(&mut self.valid_until, moment);
    }

    /// Lets the session make so many calls in total, or fewer.
    pub(super) fn count_calls(&mut self, calls: U256) {
        lower(&mut self.max_calls, calls);
    }

    /// Lets the session spend so much on gas in total, or less.
    pub(super) fn limit_fees(&mut self, wei: U256) {
        lower(&mut self.fee_limit, wei);
    }
}

fn lower(limit: &mut Option<U256>, to: U256) {
    *limit = Some(limit.map_or(to, |before| before.min(to)));
}
