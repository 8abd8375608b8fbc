//! Wallet requests (ERC-7715) as sessions, and sessions as granted responses.
//!
//! | request | session |
//! |---|---|
//! | `erc20-token-allowance` | `transfer` of the token, a budget for it |
//! | `erc20-token-periodic` | the same, the budget in periods from the start on |
//! | `native-token-allowance`, `-periodic` | plain transfers to named receivers, a budget |
//! | rule `expiry` | the end of the window; a request without it is refused |
//! | streams, ERC-721, anything else | no equal: refused |
//!
//! A response's `context` is the [text](crate::text) of the grant, as bytes. Nothing redeems it
//! by ERC-7710: `delegationManager` is zero, and the delegate acts as a session's delegate does.

use alloy_primitives::{Address, U256, hex};
use serde::Deserialize;
use serde_json::{Value, json};
use session_core::policy::budget::NATIVE;
use session_core::policy::calls;
use session_core::policy::selector::PLAIN_TRANSFER;
use session_core::session::{Budget, Session};

use crate::refusal::{Refusal, RefusalCode};
use crate::session::builder::{PermissionBuilder, SessionBuilder};
use crate::session::grant::Grant;

/// `transfer(address,uint256)` of ERC-20.
const TRANSFER: [u8; 4] = [0xa9, 0x05, 0x9c, 0xbb];

/// What a request leaves open, and the wallet says.
#[derive(Clone, Debug)]
pub struct WalletTerms {
    /// The account that is asked.
    pub account: Address,
    /// The account's epoch on the request's chain.
    pub epoch: u64,
    /// The present, in unix seconds: when the session begins if the request does not say.
    pub now: u64,
    /// The most wei that gas may cost.
    pub fee_limit: U256,
    /// Who may get native value. A session never lets ether go just anywhere.
    pub receivers: Vec<Address>,
    /// Makes the session differ from an equal one.
    pub salt: u64,
}

/// One request of `wallet_requestExecutionPermissions`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PermissionRequest {
    chain_id: U256,
    #[serde(default)]
    from: Option<Address>,
    to: Address,
    permission: RequestedPermission,
    #[serde(default)]
    rules: Vec<Rule>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct RequestedPermission {
    r#type: String,
    /// A session is granted as it was asked for, so this does not matter.
    #[serde(rename = "isAdjustmentAllowed")]
    _is_adjustment_allowed: bool,
    data: Value,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Rule {
    r#type: String,
    data: Value,
}

/// What the data of the known types say. The justification is for people.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Terms {
    token_address: Option<Address>,
    allowance: Option<U256>,
    period_amount: Option<U256>,
    period_duration: Option<u32>,
    start_time: Option<u64>,
    #[serde(rename = "justification")]
    _justification: Option<String>,
}

impl PermissionRequest {
    /// Returns the chain that it is for.
    ///
    /// # Errors
    /// [`Refusal`] if no chain has such a number.
    pub fn chain_id(&self) -> Result<u64, Refusal> {
        u64::try_from(self.chain_id)
            .map_err(|_| no_equal("chainId is no chain's", "name a chain id below 2^64"))
    }

    /// Returns the session that grants it.
    ///
    /// # Errors
    /// [`RefusalCode::NoEqual`] for what no session can say.
    pub fn to_session(&self, wallet: &WalletTerms) -> Result<Session, Refusal> {
        if self.from.is_some_and(|from| from != wallet.account) {
            return Err(Refusal::new(
                RefusalCode::NoEqual,
                format!("the request is to another account than {}", wallet.account),
                "ask the account that it names (from)",
            ));
        }
        let terms: Terms = serde_json::from_value(self.permission.data.clone())
            .map_err(|error| no_equal(&format!("permission.data: {error}"), "leave that out"))?;
        let start = terms.start_time.unwrap_or(wallet.now);
        let session = SessionBuilder::new(wallet.account, self.to)
            .on_chain(self.chain_id()?, wallet.epoch)
            .from(start)
            .until(self.expiry()?)
            .uncounted_calls()
            .most_fees(wallet.fee_limit)
            .salt(wallet.salt);
        let kind = self.permission.r#type.as_str();
        let (amount, period) = match kind {
            "erc20-token-allowance" | "native-token-allowance" => (terms.allowance, Some(0)),
            "erc20-token-periodic" | "native-token-periodic" => {
                (terms.period_amount, terms.period_duration)
            }
            other => {
                return Err(no_equal(
                    &format!("no session can say what {other:?} asks for"),
                    "ask for an allowance or a periodic amount of ether or of an ERC-20",
                ));
            }
        };
        let (Some(amount), Some(period)) = (amount, period) else {
            return Err(no_equal(
                &format!("permission.data says too little for {kind:?}"),
                "give allowance, or periodAmount and periodDuration",
            ));
        };
        let amount = u128::try_from(amount)
            .map_err(|_| no_equal("the amount has more than 128 bits", "ask for less"))?;
        if kind.starts_with("native") {
            return native(session, wallet, amount, period)?.build();
        }
        let token = terms
            .token_address
            .ok_or_else(|| no_equal("permission.data names no token", "give tokenAddress"))?;
        session
            .permit(PermissionBuilder::selector(token, TRANSFER))
            .budget_per_period(token, amount, period)
            .build()
    }

    fn expiry(&self) -> Result<u64, Refusal> {
        let mut expiry = None;
        for rule in &self.rules {
            let timestamp = match rule.r#type.as_str() {
                "expiry" => rule.data.get("timestamp").and_then(number),
                other => {
                    return Err(no_equal(
                        &format!("no session can say what the rule {other:?} asks for"),
                        "ask with the rule \"expiry\" only",
                    ));
                }
            };
            expiry = Some(timestamp.ok_or_else(|| {
                no_equal("the rule \"expiry\" has no timestamp", "give it in unix seconds")
            })?);
        }
        expiry.ok_or_else(|| {
            no_equal("the request never ends, and sessions do", "ask with a rule \"expiry\"")
        })
    }
}

/// A number as JSON has it, or as hex.
fn number(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| {
        let digits = value.as_str()?.strip_prefix("0x")?;
        u64::from_str_radix(digits, 16).ok()
    })
}

fn native(
    session: SessionBuilder,
    wallet: &WalletTerms,
    amount: u128,
    period: u32,
) -> Result<SessionBuilder, Refusal> {
    if wallet.receivers.is_empty() {
        return Err(no_equal(
            "the request lets ether go anywhere, and no session does",
            "name who may receive it",
        ));
    }
    let session = wallet.receivers.iter().fold(session, |session, receiver| {
        let permission = PermissionBuilder::plain_transfer(*receiver);
        session.permit(permission.with_value(U256::from(amount)))
    });
    Ok(session.budget_per_period(NATIVE, amount, period))
}

fn no_equal(reason: &str, remedy: &str) -> Refusal {
    Refusal::new(RefusalCode::NoEqual, reason, remedy)
}

impl Grant {
    /// Returns the response that grants a permission, as far as ERC-7715 can say it.
    ///
    /// # Errors
    /// [`RefusalCode::NoEqual`] if the session says more than one type of permission can.
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
            "rules": [{
                "type": "expiry",
                "data": { "timestamp": session.window.valid_until().seconds() },
            }],
            "context": hex::encode_prefixed(self.to_text()?),
            "dependencies": [],
            "delegationManager": Address::ZERO,
        }))
    }

    /// Reads the grant from the `context` of such a response.
    ///
    /// # Errors
    /// [`RefusalCode::Malformed`] if it is none of ours.
    pub fn from_permission_context(context: &[u8]) -> Result<Self, Refusal> {
        Self::from_text(core::str::from_utf8(context).unwrap_or_default())
    }
}

/// Whether a session lets nothing happen but transfers of what its budget is for.
fn is_transfer_only(session: &Session, budget: &Budget) -> bool {
    !session.permissions.is_empty()
        && session.permissions.iter().all(|permission| {
            if budget.token == NATIVE {
                return permission.selector == PLAIN_TRANSFER;
            }
            let is_transfer = permission.selector == TRANSFER && permission.target == budget.token;
            is_transfer && permission.value_limit.is_zero() && permission.rules.is_empty()
        })
}

fn too_much() -> Refusal {
    no_equal(
        "ERC-7715 has no type of permission for what the session says",
        "hand the session over as a file or text instead",
    )
}

#[cfg(test)]
mod tests {
    use alloy_primitives::address;

    use super::*;

    const TOKEN: Address = address!("00000000000000000000000000000000000070e7");
    const APP: Address = address!("000000000000000000000000000000000000a44f");

    fn wallet() -> WalletTerms {
        WalletTerms {
            account: address!("00000000000000000000000000000000000a11ce"),
            epoch: 3,
            now: 1_767_225_600,
            fee_limit: U256::from(1_000),
            receivers: Vec::new(),
            salt: 9,
        }
    }

    fn request(kind: &str, data: &Value) -> Value {
        json!({
            "chainId": "0xa4b1",
            "to": APP,
            "permission": { "type": kind, "isAdjustmentAllowed": true, "data": data },
            "rules": [{ "type": "expiry", "data": { "timestamp": 1_767_230_000 } }],
        })
    }

    fn session(request: Value, wallet: &WalletTerms) -> Result<Session, Refusal> {
        serde_json::from_value::<PermissionRequest>(request).unwrap().to_session(wallet)
    }

    fn weekly() -> Value {
        request(
            "erc20-token-periodic",
            &json!({
                "tokenAddress": TOKEN, "periodAmount": "0x64", "periodDuration": 604_800,
                "startTime": 1_767_226_000, "justification": "a subscription",
            }),
        )
    }

    #[test]
    fn a_periodic_amount_is_a_budget_in_periods_from_the_start_on() {
        let session = session(weekly(), &wallet()).unwrap();

        assert_eq!(session.delegate, APP);
        assert_eq!(session.chains[0].chain_id, 42_161);
        assert_eq!(session.chains[0].epoch, 3);
        assert_eq!(session.window.valid_after().seconds(), 1_767_226_000);
        assert_eq!(session.window.valid_until().seconds(), 1_767_230_000);
        assert_eq!(session.budgets, [Budget { token: TOKEN, amount: 100, period: 604_800 }]);
        assert_eq!(session.permissions.len(), 1);
        assert_eq!(session.permissions[0].target, TOKEN);
        assert_eq!(session.permissions[0].selector, TRANSFER);
        assert!(session.permissions[0].value_limit.is_zero());
    }

    #[test]
    fn ether_goes_to_named_receivers_only() {
        let asked = || request("native-token-allowance", &json!({ "allowance": "0x5" }));

        let refusal = session(asked(), &wallet()).unwrap_err();
        let named = WalletTerms { receivers: vec![APP], ..wallet() };
        let granted = session(asked(), &named).unwrap();

        assert!(refusal.reason().contains("anywhere"), "{refusal}");
        assert_eq!(granted.permissions[0].selector, PLAIN_TRANSFER);
        assert_eq!(granted.permissions[0].target, APP);
        assert_eq!(granted.budgets, [Budget { token: NATIVE, amount: 5, period: 0 }]);
    }

    #[test]
    fn what_has_no_equal_is_refused_with_the_reason() {
        let allowance = json!({ "tokenAddress": TOKEN, "allowance": "0x5" });
        let mut endless = request("erc20-token-allowance", &allowance);
        endless["rules"] = json!([]);
        let mut odd_rule = request("erc20-token-allowance", &allowance);
        odd_rule["rules"][0]["type"] = json!("rate-limit");
        let mut elsewhere = request("erc20-token-allowance", &allowance);
        elsewhere["from"] = json!(APP);
        let stream = request("erc20-token-stream", &json!({}));
        let more = request("erc20-token-allowance", &json!({ "allowance": "0x5", "minimum": 1 }));
        let nothing = request("erc20-token-periodic", &json!({ "tokenAddress": TOKEN }));

        for (request, why) in [
            (endless, "never ends"),
            (odd_rule, "rate-limit"),
            (elsewhere, "another account"),
            (stream, "erc20-token-stream"),
            (more, "unknown field `minimum`"),
            (nothing, "says too little"),
        ] {
            let refusal = session(request, &wallet()).unwrap_err();
            assert_eq!(refusal.code(), RefusalCode::NoEqual);
            assert!(refusal.reason().contains(why), "{refusal}");
        }
    }

    #[test]
    fn a_granted_response_says_what_was_asked_and_carries_the_session() {
        let session = session(weekly(), &wallet()).unwrap();
        let mut grant = Grant::unsigned(APP, session);
        grant.owner_signature = Some(vec![1, 2, 3].into());

        let response = grant.to_permission_response().unwrap();

        assert_eq!(response["chainId"], "0xa4b1");
        assert_eq!(response["permission"]["type"], "erc20-token-periodic");
        assert_eq!(response["permission"]["data"]["periodAmount"], "0x64");
        assert_eq!(response["permission"]["data"]["startTime"], 1_767_226_000);
        assert_eq!(response["rules"][0]["data"]["timestamp"], 1_767_230_000);
        assert_eq!(response["delegationManager"], json!(Address::ZERO));
        let context = hex::decode(response["context"].as_str().unwrap()).unwrap();
        assert_eq!(Grant::from_permission_context(&context), Ok(grant));
    }

    #[test]
    fn a_session_that_says_more_has_no_response() {
        let mut grant = Grant::unsigned(APP, session(weekly(), &wallet()).unwrap());
        grant.session.permissions[0].selector = [0xff; 4];

        assert_eq!(grant.to_permission_response().unwrap_err().code(), RefusalCode::NoEqual);
    }
}
