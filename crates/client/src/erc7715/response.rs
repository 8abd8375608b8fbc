//! Responses: what a wallet says it has granted.

use alloy_primitives::{Address, U256};
use serde_json::{Value, json};
use smart_session_core::session::Session;

use super::adjustment::check_unadjusted;
use super::granted::{expiry, granted, repeated, text, too_much};
use super::no_equal;
use super::parties::check_parties;
use crate::import::{ImportRefusal, ImportTerms, read_asked};
use crate::refusal::Refusal;
use crate::session::grant::Grant;
use crate::session::structure::check_session;

impl Grant {
    /// Returns the response that grants a permission, as far as ERC-7715 can say it. Its context
    /// is [`Self::to_permission_context`], its `delegationManager` the module.
    ///
    /// With the request that it answers, it says the same in the request's own words, as far as the
    /// session holds it, and repeats its justification. What no session holds is refused, as the
    /// [import](crate::import) does. A type of permission that is an app's own is repeated with all
    /// its data: wallet and app know themselves what it means. A session may restrict more than a
    /// response can say, such as the number of calls; it never grants more.
    ///
    /// # Errors
    /// [`NoEqual`](crate::RefusalCode::NoEqual) if the session grants more than one permission of
    /// ERC-7715 can say, or the request is malformed or asks for what no session holds;
    /// [`NotPermitted`](crate::RefusalCode::NotPermitted) if it grants something else than is asked
    /// for, or the request allows no adjustment and one was made;
    /// [`WrongKey`](crate::RefusalCode::WrongKey) if its delegate cannot redeem, and otherwise if it
    /// is not for who asks, or can never be enabled.
    pub fn to_permission_response(&self, request: Option<&Value>) -> Result<Value, Refusal> {
        let session = &self.session;
        check_session(session, self.module)?;
        let context = self.to_permission_context()?;
        if let Some(request) = request {
            check_parties(session, request)?;
        }
        let [chain] = session.chains.as_slice() else { return Err(too_much()) };
        let (permission, rules) = match request {
            Some(request) => answer(session, self.module, request)?,
            None => granted(session, None, &Value::Null)?,
        };
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

/// Returns the permission and the rules by which a response answers a request.
fn answer(
    session: &Session,
    module: Address,
    request: &Value,
) -> Result<(Value, Vec<Value>), Refusal> {
    let asked = read_asked(request, session.delegate, &terms(session, module));
    let asked = asked.map_err(|ImportRefusal { path, meaning, remedy }| {
        let place = if path.is_empty() { "the request" } else { &path };
        no_equal(format!("{place}: {meaning}"), remedy)
    })?;
    if asked.total.is_none() {
        check_unadjusted(session, None, None, &asked)?;
        let permission = request.get("permission").cloned().unwrap_or_default();
        return Ok((permission, [vec![expiry(session)], repeated(request)].concat()));
    }
    granted(session, Some(&asked), request)
}

/// A request is read for the session that answers it.
fn terms(session: &Session, module: Address) -> ImportTerms {
    let chain = session.chains.first().copied();
    ImportTerms {
        account: session.account,
        chain_id: chain.map_or(0, |chain| chain.chain_id.saturating_to()),
        epoch: chain.map_or(0, |chain| chain.epoch),
        module,
        fee_limit: U256::from(session.fee_limit),
        salt: session.salt,
        valid_after: Some(session.window.valid_after().seconds()),
        valid_until: Some(session.window.valid_until().seconds()),
        max_calls: None,
        paymaster: None,
        receivers: session.permissions.iter().map(|permission| permission.target).collect(),
    }
}
