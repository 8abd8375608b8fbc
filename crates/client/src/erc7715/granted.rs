//! What a session grants, as a permission of ERC-7715.

use alloy_primitives::{Address, U256};
use serde_json::{Value, json};
use smart_session_core::policy::budget::NATIVE;
use smart_session_core::policy::selector::PLAIN_TRANSFER;
use smart_session_core::session::{ArgumentRule, Budget, Permission, Session};

use super::adjustment::{Amount, check_unadjusted, other};
use super::{TRANSFER, no_equal};
use crate::import::Asked;
use crate::refusal::Refusal;

/// Returns what a session grants, as a permission of a known type, and rules.
///
/// # Errors
/// [`RefusalCode::NoEqual`](crate::RefusalCode::NoEqual) if it grants more than that can say,
/// [`RefusalCode::NotPermitted`](crate::RefusalCode::NotPermitted) if it is not what is asked for.
pub(super) fn granted(
    session: &Session,
    asked: Option<&Asked>,
    request: &Value,
) -> Result<(Value, Vec<Value>), Refusal> {
    let ([budget], []) = (session.budgets.as_slice(), session.signing.as_slice()) else {
        return Err(too_much());
    };
    if !is_transfer_only(session, budget) {
        return Err(too_much());
    }
    let payees = session.permissions.iter().map(|permission| payee(permission, budget));
    let payees = payees.collect::<Option<Vec<Address>>>();
    let mut rules = vec![expiry(session)];
    if let Some(payees) = &payees {
        let addresses: Vec<String> = payees.iter().copied().map(text).collect();
        rules.push(json!({ "type": "payee", "data": { "addresses": addresses } }));
    }
    rules.extend(repeated(request));
    let is_one_period = asked.is_some_and(|asked| is_one_period(session, budget, asked));
    let is_periodic = budget.period > 0 || is_one_period;
    let permission = request.get("permission").unwrap_or(&Value::Null);
    let kind = granted_kind(budget, is_periodic, asked, permission)?;
    if let Some(asked) = asked {
        let one_period = asked.total.as_ref().filter(|_| is_one_period);
        let period = one_period.map_or(U256::from(budget.period), |total| total.period);
        let granted = Amount { amount: budget.amount, period };
        check_unadjusted(session, Some(granted), payees, asked)?;
    }
    Ok((permission_of(session, budget, &kind, permission), rules))
}

/// Whether a total is the amount of one period: the one that is asked for ends after the session.
fn is_one_period(session: &Session, budget: &Budget, asked: &Asked) -> bool {
    let window = session.window;
    let seconds = window.valid_until().seconds().saturating_sub(window.valid_after().seconds());
    let period = asked.total.as_ref().map_or(U256::ZERO, |total| total.period);
    budget.period == 0 && U256::from(seconds) < period
}

/// Returns the type of the permission that a session grants.
///
/// # Errors
/// [`RefusalCode::NotPermitted`](crate::RefusalCode::NotPermitted) if it is not the one that is asked
/// for, or for another token.
fn granted_kind(
    budget: &Budget,
    is_periodic: bool,
    asked: Option<&Asked>,
    permission: &Value,
) -> Result<String, Refusal> {
    let what = if budget.token == NATIVE { "native-token" } else { "erc20-token" };
    let how = if is_periodic { "periodic" } else { "allowance" };
    let kind = format!("{what}-{how}");
    let Some(total) = asked.and_then(|asked| asked.total.as_ref()) else { return Ok(kind) };
    let asked = permission.get("type").and_then(Value::as_str).unwrap_or_default();
    if asked == kind && total.token == budget.token {
        return Ok(kind);
    }
    let granted = format!("{kind} of {}", budget.token);
    Err(other(&granted, &format!("{asked} of {}", total.token)))
}

/// Returns a permission as a session grants it: what was adjusted says so. The period is left as it
/// was asked for where the session ends before it.
fn permission_of(session: &Session, budget: &Budget, kind: &str, asked: &Value) -> Value {
    let mut data = asked.get("data").and_then(Value::as_object).cloned().unwrap_or_default();
    let is_asked = |name: &str| data.get(name).is_some_and(|value| !value.is_null());
    let names_start = is_asked("startTime");
    // The field's name in MetaMask's types, and in the ERC's text.
    let allowance = if is_asked("allowanceAmount") { "allowanceAmount" } else { "allowance" };
    let amount = json!(format!("{:#x}", budget.amount));
    if budget.token != NATIVE {
        data.insert("tokenAddress".into(), json!(text(budget.token)));
    }
    let is_periodic = kind.ends_with("periodic");
    data.insert(if is_periodic { "periodAmount" } else { allowance }.into(), amount);
    if budget.period > 0 {
        data.insert("periodDuration".into(), json!(budget.period));
    }
    if is_periodic || names_start {
        data.insert("startTime".into(), json!(session.window.valid_after().seconds()));
    }
    let mut permission = asked.as_object().cloned().unwrap_or_default();
    permission.entry("isAdjustmentAllowed").or_insert(json!(false));
    permission.insert("type".into(), json!(kind));
    permission.insert("data".into(), Value::Object(data));
    Value::Object(permission)
}

/// Whether a session lets nothing happen but transfers of what its budget is for.
fn is_transfer_only(session: &Session, budget: &Budget) -> bool {
    let permissions = session.permissions.as_slice();
    let are_transfers = permissions.iter().all(|permission| {
        if budget.token == NATIVE {
            return permission.selector == PLAIN_TRANSFER;
        }
        let is_transfer = permission.selector == TRANSFER && permission.target == budget.token;
        is_transfer && permission.value_limit.is_zero()
    });
    let is_open = matches!(permissions, [one] if one.rules.is_empty());
    let have_payees = permissions.iter().all(|one| payee(one, budget).is_some());
    !permissions.is_empty() && are_transfers && (is_open || have_payees)
}

/// Whom a permission lets be paid, if it is one address.
fn payee(permission: &Permission, budget: &Budget) -> Option<Address> {
    if budget.token == NATIVE {
        return Some(permission.target);
    }
    match permission.rules.as_slice() {
        [ArgumentRule { index: 0, min, max }] if min == max && min.bit_len() <= 160 => {
            Some(Address::from_word((*min).into()))
        }
        _ => None,
    }
}

/// At the timestamp the permission has ended; a session ends with its last second.
pub(super) fn expiry(session: &Session) -> Value {
    let timestamp = session.window.valid_until().seconds().saturating_add(1);
    json!({ "type": "expiry", "data": { "timestamp": timestamp } })
}

/// Returns the rules of a request that the session holds as they are.
pub(super) fn repeated(request: &Value) -> Vec<Value> {
    let rules = request.get("rules").and_then(Value::as_array).into_iter().flatten();
    rules.filter(|rule| rule["type"] == "redeemer").cloned().collect()
}

/// An address with its checksum (EIP-55).
pub(super) fn text(address: Address) -> String {
    address.to_checksum(None)
}

pub(super) fn too_much() -> Refusal {
    no_equal(
        "ERC-7715 has no type of permission for what the session says",
        "hand the session over as a file or text instead",
    )
}
