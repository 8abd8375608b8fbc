//! Responses: what a wallet says it has granted.

use alloy_primitives::Address;
use serde_json::{Value, json};
use smart_session_core::policy::budget::NATIVE;
use smart_session_core::policy::calls;
use smart_session_core::policy::selector::PLAIN_TRANSFER;
use smart_session_core::session::{ArgumentRule, Budget, Permission, Session};

use super::{TRANSFER, no_equal};
use crate::refusal::Refusal;
use crate::session::grant::Grant;

impl Grant {
    /// Returns the response that grants a permission, as far as ERC-7715 can say it. Its context
    /// is [`Self::to_permission_context`], its `delegationManager` the module.
    ///
    /// # Errors
    /// [`RefusalCode::NoEqual`](crate::RefusalCode::NoEqual) if the session says more than one type
    /// of permission can, or its delegate cannot redeem.
    pub fn to_permission_response(&self) -> Result<Value, Refusal> {
        let session = &self.session;
        let ([chain], [budget], []) =
            (session.chains.as_slice(), session.budgets.as_slice(), session.signing.as_slice())
        else {
            return Err(too_much());
        };
        if !is_transfer_only(session, budget) || session.max_calls != calls::UNCOUNTED {
            return Err(too_much());
        }
        let context = self.to_permission_context()?;
        let what = if budget.token == NATIVE { "native-token" } else { "erc20-token" };
        let amount = format!("{:#x}", budget.amount);
        let mut data = match budget.period {
            0 => json!({ "allowance": amount }),
            period => json!({
                "periodAmount": amount,
                "periodDuration": period,
                "startTime": session.window.valid_after().seconds(),
            }),
        };
        if let (Some(fields), true) = (data.as_object_mut(), budget.token != NATIVE) {
            fields.insert("tokenAddress".into(), json!(budget.token));
        }
        let how = if budget.period == 0 { "allowance" } else { "periodic" };
        Ok(json!({
            "chainId": format!("{:#x}", chain.chain_id),
            "from": session.account,
            "to": session.delegate,
            "permission": {
                "type": format!("{what}-{how}"),
                "isAdjustmentAllowed": false,
                "data": data,
            },
            "rules": rules(session, budget),
            "context": context,
            "dependencies": [],
            "delegationManager": self.module,
        }))
    }
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

fn rules(session: &Session, budget: &Budget) -> Vec<Value> {
    // At the timestamp the permission has ended; a session ends with its last second.
    let timestamp = session.window.valid_until().seconds().saturating_add(1);
    let mut rules = vec![json!({ "type": "expiry", "data": { "timestamp": timestamp } })];
    let payees = session.permissions.iter().map(|permission| payee(permission, budget));
    if let Some(addresses) = payees.collect::<Option<Vec<Address>>>() {
        rules.push(json!({ "type": "payee", "data": { "addresses": addresses } }));
    }
    rules
}

fn too_much() -> Refusal {
    no_equal(
        "ERC-7715 has no type of permission for what the session says",
        "hand the session over as a file or text instead",
    )
}
