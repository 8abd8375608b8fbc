//! Responses: what a wallet says it has granted.

use alloy_primitives::Address;
use serde_json::{Value, json};
use smart_session_core::policy::budget::NATIVE;
use smart_session_core::policy::selector::PLAIN_TRANSFER;
use smart_session_core::session::{ArgumentRule, Budget, Permission, Session};

use super::parties::check_parties;
use super::{TRANSFER, no_equal};
use crate::refusal::{Refusal, RefusalCode};
use crate::session::address::parse_address;
use crate::session::grant::Grant;
use crate::session::structure::check_session;

/// The types of permission that a session can grant; others are an app's and a wallet's own.
const KNOWN: [&str; 4] = [
    "native-token-allowance",
    "native-token-periodic",
    "erc20-token-allowance",
    "erc20-token-periodic",
];

impl Grant {
    /// Returns the response that grants a permission, as far as ERC-7715 can say it. Its context
    /// is [`Self::to_permission_context`], its `delegationManager` the module.
    ///
    /// With the request that it answers, it repeats what the request says beside amounts and
    /// times, and a type of permission that is not known here with all its data: wallet and app
    /// know themselves what it means. A session may restrict more than a response can say, such as
    /// the number of calls; it never grants more.
    ///
    /// # Errors
    /// [`RefusalCode::NoEqual`] if the session grants more than one permission of ERC-7715 can say,
    /// [`RefusalCode::NotPermitted`] if it grants another one than is asked for,
    /// [`RefusalCode::WrongKey`] if its delegate cannot redeem, and otherwise if it is not for who
    /// asks, or can never be enabled.
    pub fn to_permission_response(&self, request: Option<&Value>) -> Result<Value, Refusal> {
        let session = &self.session;
        check_session(session, self.module)?;
        let context = self.to_permission_context()?;
        if let Some(request) = request {
            check_parties(session, request)?;
        }
        let ([chain], asked) = (session.chains.as_slice(), request.unwrap_or(&Value::Null)) else {
            return Err(too_much());
        };
        let (permission, rules) = granted(session, asked)?;
        Ok(json!({
            "chainId": format!("{:#x}", chain.chain_id),
            "from": text(session.account),
            "to": text(session.delegate),
            "permission": permission,
            "rules": rules,
            "context": context,
            "dependencies": [],
            "delegationManager": text(self.module),
        }))
    }
}

/// Returns the permission and the rules of a response.
fn granted(session: &Session, asked: &Value) -> Result<(Value, Vec<Value>), Refusal> {
    // At the timestamp the permission has ended; a session ends with its last second.
    let timestamp = session.window.valid_until().seconds().saturating_add(1);
    let mut rules = vec![json!({ "type": "expiry", "data": { "timestamp": timestamp } })];
    let is_of = |rule: &Value, names: &[&str]| {
        names.iter().any(|name| rule.get("type").is_some_and(|kind| kind == *name))
    };
    let repeated = |names: &[&str]| {
        let rules = asked.get("rules").and_then(Value::as_array).into_iter().flatten();
        rules.filter(|rule| !is_of(rule, names)).cloned().collect::<Vec<_>>()
    };
    let kind = asked.pointer("/permission/type").and_then(Value::as_str);
    if kind.is_some_and(|kind| !KNOWN.contains(&kind)) {
        rules.extend(repeated(&["expiry"]));
        return Ok((asked.get("permission").cloned().unwrap_or_default(), rules));
    }
    let ([budget], []) = (session.budgets.as_slice(), session.signing.as_slice()) else {
        return Err(too_much());
    };
    if !is_transfer_only(session, budget) {
        return Err(too_much());
    }
    let payees = session.permissions.iter().map(|permission| payee(permission, budget));
    if let Some(payees) = payees.collect::<Option<Vec<Address>>>() {
        let addresses: Vec<String> = payees.into_iter().map(text).collect();
        rules.push(json!({ "type": "payee", "data": { "addresses": addresses } }));
    }
    rules.extend(repeated(&["expiry", "payee"]));
    let asked = asked.get("permission").unwrap_or(&Value::Null);
    Ok((permission(session, budget, asked)?, rules))
}

/// Returns a permission as a session grants it: what was adjusted says so.
fn permission(session: &Session, budget: &Budget, asked: &Value) -> Result<Value, Refusal> {
    let what = if budget.token == NATIVE { "native-token" } else { "erc20-token" };
    let how = if budget.period == 0 { "allowance" } else { "periodic" };
    let kind = format!("{what}-{how}");
    let data = asked.get("data").and_then(Value::as_object).cloned().unwrap_or_default();
    let is_asked = |name: &str| data.get(name).is_some_and(|value| !value.is_null());
    let other = asked.get("type").and_then(Value::as_str).filter(|asked| *asked != kind);
    let token = data.get("tokenAddress").and_then(Value::as_str);
    let is_other_token = budget.token != NATIVE
        && !asked.is_null()
        && token.and_then(|token| parse_address(token).ok()) != Some(budget.token);
    if other.is_some() || is_other_token {
        let asked = other.unwrap_or("a permission for another token");
        return Err(Refusal::new(
            RefusalCode::NotPermitted,
            format!("the session grants {kind} of {}, and {asked} is asked for", budget.token),
            "grant a session of the request (session request read)",
        ));
    }
    let names_start = is_asked("startTime");
    // The field's name in MetaMask's types, and in the ERC's text.
    let allowance = if is_asked("allowanceAmount") { "allowanceAmount" } else { "allowance" };
    let mut data = data;
    let amount = json!(format!("{:#x}", budget.amount));
    if budget.token != NATIVE {
        data.insert("tokenAddress".into(), json!(text(budget.token)));
    }
    if budget.period > 0 {
        data.insert("periodAmount".into(), amount);
        data.insert("periodDuration".into(), json!(budget.period));
    } else {
        data.insert(allowance.into(), amount);
    }
    if budget.period > 0 || names_start {
        data.insert("startTime".into(), json!(session.window.valid_after().seconds()));
    }
    let mut permission = asked.as_object().cloned().unwrap_or_default();
    permission.entry("isAdjustmentAllowed").or_insert(json!(false));
    permission.insert("type".into(), json!(kind));
    permission.insert("data".into(), Value::Object(data));
    Ok(Value::Object(permission))
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

/// An address with its checksum (EIP-55).
fn text(address: Address) -> String {
    address.to_checksum(None)
}

fn too_much() -> Refusal {
    no_equal(
        "ERC-7715 has no type of permission for what the session says",
        "hand the session over as a file or text instead",
    )
}
