//! What a request of ERC-7715 asks for, for who answers it.

use alloy_primitives::{Address, U256};
use serde_json::Value;
use smart_session_core::packed::DelegateKind;

use super::draft::{BudgetGrant, Draft, Payer};
use super::imported::ImportRefusal;
use super::request::{is_own_type, read_frame, read_permission};
use super::terms::ImportTerms;
use crate::json_value::tell;

/// What a request asks for, all of it such that a session can hold it.
#[derive(Debug)]
pub(crate) struct Asked {
    /// Whether something else than what is asked may be granted.
    pub(crate) is_adjustment_allowed: bool,
    /// The first second, where the request names one.
    pub(crate) first: Option<U256>,
    /// The last second; `None` if it never ends.
    pub(crate) last: Option<U256>,
    /// Who may be paid; `None` if anyone.
    pub(crate) payees: Option<Vec<Address>>,
    /// How much; `None` of a type that is an app's own.
    pub(crate) total: Option<Total>,
}

/// An amount, in total or in each period.
#[derive(Clone, Debug)]
pub(crate) struct Total {
    /// Where it stands in the request.
    pub(crate) path: String,
    pub(crate) token: Address,
    pub(crate) amount: U256,
    /// Seconds; 0 for one total.
    pub(crate) period: U256,
}

/// Reads what a request asks a delegate to be allowed, as the import reads it.
///
/// The types of an app's own are asked for with rules that hold for every session.
///
/// # Errors
/// The first thing that no session can hold, or that is malformed.
pub(crate) fn read_asked(
    request: &Value,
    delegate: Address,
    terms: &ImportTerms,
) -> Result<Asked, ImportRefusal> {
    let mut draft = Draft::new(terms, "permission", Payer::Any);
    draft.delegate = Some((delegate, DelegateKind::Secp256k1));
    let (payees, is_adjustment_allowed) = read_frame(&mut draft, request);
    let kind = request.pointer("/permission/type").and_then(Value::as_str).unwrap_or_default();
    let is_own_type = is_own_type(kind);
    let names_first = request.pointer("/permission/data/startTime").is_some_and(|it| !it.is_null());
    if is_own_type {
        check_own(&mut draft, request, payees.is_some());
    } else {
        read_permission(&mut draft, request, payees.as_deref());
    }
    let Draft { findings, valid_after, valid_until, budgets, .. } = draft;
    if let Some(refusal) = findings.refusals.into_iter().next() {
        return Err(refusal);
    }
    let total = budgets.into_iter().next().map(|BudgetGrant { path, token, amount, every }| {
        Total { path, token, amount, period: every.map_or(U256::ZERO, |every| every.period) }
    });
    let first = (names_first && !is_own_type).then_some(valid_after);
    Ok(Asked { is_adjustment_allowed, first, last: valid_until, payees, total })
}

/// Who may be paid is held for amounts only.
fn check_own(draft: &mut Draft<'_>, request: &Value, names_payees: bool) {
    let data = request.pointer("/permission/data");
    if !data.is_some_and(Value::is_object) {
        let meaning = format!("{} is not what belongs here", tell(data));
        draft.findings.refuse("permission.data", meaning, "give an object");
    }
    if names_payees {
        draft.findings.refuse("rules", "payees of no amount", "leave it out");
    }
}
