//! Requests: what an app asks a wallet for.

use alloy_primitives::{Address, U256};
use serde_json::Value;
use smart_session_core::policy::budget::NATIVE;
use smart_session_core::session::Session;

use super::fields::{Fields, address};
use super::{TRANSFER, no_equal};
use crate::refusal::Refusal;
use crate::session::builder::{PermissionBuilder, SessionBuilder};

/// The method of a whole JSON-RPC call.
const METHOD: &str = "wallet_requestExecutionPermissions";
/// How long a request may take from the app to the wallet: a start that much earlier is now.
const TRANSIT: u64 = 60;

/// What a request leaves open, and the wallet says.
#[derive(Clone, Debug)]
pub struct WalletTerms {
    /// The account that is asked.
    pub account: Address,
    /// The account's epoch on the request's chain.
    pub epoch: u64,
    /// The present, in unix seconds.
    pub now: u64,
    /// When the session begins if the request does not say.
    pub from: u64,
    /// The most wei that gas may cost.
    pub fee_limit: U256,
    /// Who may get native value. A session never lets ether go just anywhere.
    pub receivers: Vec<Address>,
    /// Makes the session differ from an equal one.
    pub salt: u64,
}

/// One request of `wallet_requestExecutionPermissions`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PermissionRequest {
    chain_id: u64,
    from: Option<Address>,
    to: Address,
    /// `None` for ether.
    token: Option<Address>,
    amount: u128,
    /// 0 for the whole session.
    period: u32,
    start: Option<u64>,
    expiry: u64,
    payees: Vec<Address>,
}

impl PermissionRequest {
    /// Reads a request: one object, a list with one, or the whole JSON-RPC call.
    ///
    /// # Errors
    /// [`RefusalCode::NoEqual`](crate::RefusalCode::NoEqual) for what is no request, and for what
    /// no session can say.
    pub fn read(document: &Value) -> Result<Self, Refusal> {
        let mut requests = document;
        if let Some(method) = document.get("method") {
            if method != METHOD {
                return Err(no_equal(
                    format!("the call is of {method}, not of {METHOD}"),
                    "give the call, or its parameters, by which an app asks for permissions",
                ));
            }
            requests = document.get("params").unwrap_or(&Value::Null);
        }
        match requests.as_array().map(Vec::as_slice) {
            None => Self::read_one(requests),
            Some([request]) => Self::read_one(request),
            Some(several) => Err(no_equal(
                format!("there are {} requests, and one session grants one", several.len()),
                "give them one at a time",
            )),
        }
    }

    fn read_one(request: &Value) -> Result<Self, Refusal> {
        let mut fields = Fields::of("the request", request)?;
        let chain_id = fields.small("chainId")?.ok_or_else(|| missing("chainId"))?;
        let from = fields.address("from")?;
        let to = fields.address("to")?.ok_or_else(|| missing("to"))?;
        let permission = fields.need("permission")?;
        let rules = fields.take("rules");
        fields.finish("ERC-7715")?;

        let mut fields = Fields::of("permission", permission)?;
        let kind = fields.text("type")?;
        // A session is granted as it was asked for, so the answer does not matter.
        if !fields.need("isAdjustmentAllowed")?.is_boolean() {
            return Err(no_equal(
                "permission.isAdjustmentAllowed is no boolean",
                "say true or false",
            ));
        }
        let data = fields.need("data")?;
        fields.finish("ERC-7715")?;

        let (is_token, is_periodic) = match kind {
            "erc20-token-allowance" => (true, false),
            "erc20-token-periodic" => (true, true),
            "native-token-allowance" => (false, false),
            "native-token-periodic" => (false, true),
            other => {
                return Err(no_equal(
                    format!("no session can say what {other:?} asks for"),
                    "ask for an allowance or a periodic amount of ether or of an ERC-20",
                ));
            }
        };
        let mut fields = Fields::of("permission.data", data)?;
        let missing_term = |name: &str| {
            no_equal(
                format!("permission.data says too little for {kind:?}"),
                format!("give {name}"),
            )
        };
        let token = if is_token {
            let token = fields.address("tokenAddress")?;
            Some(token.ok_or_else(|| missing_term("tokenAddress"))?)
        } else {
            None
        };
        let amount_name = if is_periodic { "periodAmount" } else { "allowance" };
        let amount = fields.small(amount_name)?.ok_or_else(|| missing_term(amount_name))?;
        let period = if is_periodic {
            fields.small("periodDuration")?.ok_or_else(|| missing_term("periodDuration"))?
        } else {
            0
        };
        if is_periodic && period == 0 {
            return Err(no_equal("permission.data.periodDuration is 0", "give it in seconds"));
        }
        let start = fields.small("startTime")?;
        // Words for people: nothing is granted by them.
        let _ = fields.take("justification");
        fields.finish(kind)?;

        let Rules { expiry, payees } = Rules::read(rules)?;
        Ok(Self { chain_id, from, to, token, amount, period, start, expiry, payees })
    }

    /// Returns the chain that it is for.
    pub const fn chain_id(&self) -> u64 {
        self.chain_id
    }

    /// Returns the session that grants it.
    ///
    /// # Errors
    /// [`Refusal`] for what no session can say.
    pub fn to_session(&self, wallet: &WalletTerms) -> Result<Session, Refusal> {
        if self.from.is_some_and(|from| from != wallet.account) {
            return Err(no_equal(
                format!("the request is to another account than {}", wallet.account),
                "ask the account that it names (from)",
            ));
        }
        if let Some(start) = self.start
            && start.saturating_add(TRANSIT) < wallet.now
        {
            return Err(no_equal(
                format!("the request starts in the past, at {start}; it is {}", wallet.now),
                "ask anew, with a startTime (unix seconds) that is still to come",
            ));
        }
        let session = SessionBuilder::new(wallet.account, self.to)
            .on_chain(self.chain_id, wallet.epoch)
            .from(self.start.unwrap_or(wallet.from))
            .until(self.expiry)
            .uncounted_calls()
            .most_fees(wallet.fee_limit)
            .salt(wallet.salt);
        let session = match self.token {
            Some(token) => self.permit_tokens(session, token),
            None => self.permit_ether(session, wallet)?,
        };
        let token = self.token.unwrap_or(NATIVE);
        session.budget_per_period(token, self.amount, self.period).build()
    }

    fn permit_tokens(&self, session: SessionBuilder, token: Address) -> SessionBuilder {
        let transfer = || PermissionBuilder::selector(token, TRANSFER);
        if self.payees.is_empty() {
            return session.permit(transfer());
        }
        self.payees.iter().fold(session, |session, payee| {
            let word = U256::from_be_bytes(payee.into_word().0);
            session.permit(transfer().argument_is(0, word))
        })
    }

    fn permit_ether(
        &self,
        session: SessionBuilder,
        wallet: &WalletTerms,
    ) -> Result<SessionBuilder, Refusal> {
        let receivers = match (self.payees.as_slice(), wallet.receivers.as_slice()) {
            ([], []) => {
                return Err(no_equal(
                    "the request lets ether go anywhere, and no session does",
                    "name who may receive it",
                ));
            }
            (payees, []) => payees,
            ([], receivers) => receivers,
            (payees, receivers) => {
                if let Some(other) = receivers.iter().find(|receiver| !payees.contains(receiver)) {
                    return Err(no_equal(
                        format!("the request does not let ether go to {other}"),
                        "name receivers among its payees, or none",
                    ));
                }
                receivers
            }
        };
        Ok(receivers.iter().fold(session, |session, receiver| {
            let permission = PermissionBuilder::plain_transfer(*receiver);
            session.permit(permission.with_value(U256::from(self.amount)))
        }))
    }
}

/// What the rules of a request say.
struct Rules {
    expiry: u64,
    payees: Vec<Address>,
}

impl Rules {
    fn read(rules: Option<&Value>) -> Result<Self, Refusal> {
        let rules = match rules {
            None => &[],
            Some(Value::Array(rules)) => rules.as_slice(),
            Some(_) => return Err(no_equal("rules is no list", "write it as ERC-7715 has it")),
        };
        let (mut expiry, mut payees) = (None, None);
        for (i, rule) in rules.iter().enumerate() {
            let mut fields = Fields::of(format!("rules[{i}]"), rule)?;
            let kind = fields.text("type")?;
            let data = fields.need("data")?;
            fields.finish("ERC-7715")?;
            let mut fields = Fields::of(format!("rules[{i}].data"), data)?;
            let is_second = match kind {
                "expiry" => {
                    let timestamp = fields.small("timestamp")?.ok_or_else(|| {
                        no_equal("the rule \"expiry\" has no timestamp", "give it in unix seconds")
                    })?;
                    expiry.replace(timestamp).is_some()
                }
                "payee" => payees.replace(addresses(i, fields.need("addresses")?)?).is_some(),
                other => {
                    return Err(no_equal(
                        format!("no session can say what the rule {other:?} asks for"),
                        "ask with the rules \"expiry\" and \"payee\" only",
                    ));
                }
            };
            fields.finish(&format!("the rule {kind:?}"))?;
            if is_second {
                return Err(no_equal(
                    format!("there are two rules {kind:?}, and nobody says which one holds"),
                    "keep one of them",
                ));
            }
        }
        let expiry = expiry.ok_or_else(|| {
            no_equal("the request never ends, and sessions do", "ask with a rule \"expiry\"")
        })?;
        Ok(Self { expiry, payees: payees.unwrap_or_default() })
    }
}

fn addresses(rule: usize, value: &Value) -> Result<Vec<Address>, Refusal> {
    let place = format!("rules[{rule}].data.addresses");
    let list = value.as_array().filter(|list| !list.is_empty()).ok_or_else(|| {
        no_equal(format!("{place} names nobody"), "list the addresses that may be paid")
    })?;
    list.iter().map(|value| address(&place, value)).collect()
}

fn missing(name: &str) -> Refusal {
    no_equal(format!("the request has no {name}"), format!("give {name}"))
}
