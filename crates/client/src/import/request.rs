//! Requests of ERC-7715.

use alloy_primitives::{Address, U256};
use alloy_sol_types::SolCall;
use serde_json::Value;
use smart_session_core::abi::IERC20;
use smart_session_core::packed::DelegateKind;
use smart_session_core::policy::budget::NATIVE;
use smart_session_core::policy::selector::PLAIN_TRANSFER;
use smart_session_core::word;

use super::call_grant::{CallGrant, WordBound};
use super::caveat::say_every;
use super::draft::{BudgetGrant, Draft, Every, Payer};
use super::imported::{ImportRefusal, Imported};
use super::range::{one_of, say_word};
use super::terms::ImportTerms;
use crate::json_value::{read_whole, tell};

/// What a request, its permission and its rules may say. What else stands there may restrict
/// anything, so it is refused.
const REQUEST: [&str; 5] = ["chainId", "from", "permission", "rules", "to"];
const PERMISSION: [&str; 3] = ["data", "isAdjustmentAllowed", "type"];
const RULE: [&str; 2] = ["data", "type"];
/// What the data of every known type may say.
const DATA: [&str; 2] = ["justification", "startTime"];
/// Types that have no equal: what they mean, and what to do instead.
const UNSAYABLE: [(&str, &str, &str); 3] = [
    (
        "erc20-token-revocation",
        "revoking allowances of any token",
        "name each token: a session with approve and the amount 0",
    ),
    (
        "token-approval-revocation",
        "revoking allowances of any token",
        "name each token: a session with approve and the amount 0",
    ),
    (
        "erc721-token-allowance",
        "transfers of NFTs of a contract",
        "a session with transferFrom and rules for the receiver and the token id",
    ),
];
/// Seconds; the period that is offered instead of a stream.
const DAY: U256 = U256::from_limbs([86_400, 0, 0, 0]);

/// Whether a type of permission is an app's own, which wallet and app know: none of native value or
/// of tokens, whose types are public.
pub(super) fn is_own_type(kind: &str) -> bool {
    let family = kind.split('-').next().unwrap_or_default().to_ascii_lowercase();
    let standard = family.strip_prefix("erc");
    let is_of_standard = standard.is_some_and(|number| {
        !number.is_empty() && number.chars().all(|digit| digit.is_ascii_digit())
    });
    !(is_of_standard || ["", "native", "token"].contains(&family.as_str()))
}

/// Returns the session that says what a request asks for.
pub(super) fn import(source: &Value, terms: &ImportTerms) -> Imported {
    let mut draft = Draft::new(terms, "permission", Payer::Any);
    read_parties(&mut draft, source);
    let (payees, is_adjustment_allowed) = read_frame(&mut draft, source);
    read_permission(&mut draft, source, payees.as_deref());
    let imported = draft.finish();
    if is_adjustment_allowed { imported } else { refuse_adjusted(imported) }
}

/// Reads what a request says whatever is asked for, beside its parties: who may be paid, if its
/// rules say so, and whether less may be granted.
pub(super) fn read_frame(draft: &mut Draft<'_>, source: &Value) -> (Option<Vec<Address>>, bool) {
    let permission = source.get("permission");
    refuse_unknown(draft, "", Some(source), &REQUEST);
    refuse_unknown(draft, "permission", permission, &PERMISSION);
    let payees = read_rules(draft, source);
    let adjustment = permission.and_then(|permission| permission.get("isAdjustmentAllowed"));
    let is_allowed = adjustment.and_then(Value::as_bool);
    if is_allowed.is_none() {
        draft.findings.refuse(
            "permission.isAdjustmentAllowed",
            format!("{} is neither true nor false", tell(adjustment)),
            "say whether less than what is asked may be granted",
        );
    }
    (payees, is_allowed.unwrap_or(true))
}

/// A request that allows no adjustment is granted as it is, or not at all.
fn refuse_adjusted(imported: Imported) -> Imported {
    let Imported { comparisons, outcome } = imported;
    let is_adjusted = |path: &str| {
        ["permission.data", "terms.receivers", "terms.valid"]
            .iter()
            .any(|place| path.starts_with(place))
    };
    let adjusted: Vec<ImportRefusal> = comparisons
        .iter()
        .filter(|it| it.is_narrower && is_adjusted(&it.path))
        .map(|it| ImportRefusal {
            path: it.path.clone(),
            meaning: format!(
                "{} becomes {}, and the request allows no adjustment",
                it.source, it.session
            ),
            remedy: "ask with isAdjustmentAllowed, or for what a session can say".into(),
        })
        .collect();
    let outcome = match outcome {
        Ok(session) if adjusted.is_empty() => Ok(session),
        Ok(_) => Err(adjusted),
        Err(refusals) => Err([refusals, adjusted].concat()),
    };
    Imported { comparisons, outcome }
}

/// Refuses what is said beside the fields that are known. Fields that are `null` count as left out.
fn refuse_unknown(draft: &mut Draft<'_>, place: &str, object: Option<&Value>, known: &[&str]) {
    let fields = object.and_then(Value::as_object).into_iter().flatten();
    for (name, value) in fields {
        if value.is_null() || known.contains(&name.as_str()) {
            continue;
        }
        let is_plain =
            name.chars().all(|c| c.is_ascii_alphanumeric()) && (1..=40).contains(&name.len());
        let path = match (place, is_plain) {
            ("", true) => name.clone(),
            (_, true) => format!("{place}.{name}"),
            (_, false) => place.into(),
        };
        draft.findings.refuse(path, "something that is not known", "leave it out");
    }
}

fn read_parties(draft: &mut Draft<'_>, source: &Value) {
    let (here, account) = (draft.terms.chain_id, draft.terms.account);
    let findings = &mut draft.findings;
    let chain_id = findings.whole("chainId", source.get("chainId"), 256);
    if let Some(chain_id) = chain_id.filter(|id| *id != U256::from(here)) {
        findings.refuse(
            "chainId",
            format!("it asks on chain {chain_id}, the import is for {here}"),
            "answer it with the terms of its own chain",
        );
    }
    if let Some(from) = source.get("from").filter(|from| !from.is_null())
        && let Some(from) = findings.address("from", Some(from))
        && from != account
    {
        findings.refuse(
            "from",
            format!("it asks {from}, the import is for {account}"),
            "ask the account that it names",
        );
    }
    if let Some(delegate) = findings.address("to", source.get("to")) {
        findings.same("to", format!("{delegate} redeems"), format!("the delegate {delegate}"));
        draft.delegate = Some((delegate, DelegateKind::Secp256k1));
    }
}

/// Reads the rules, and returns who may be paid, if they say so.
///
/// A rule that is not known may restrict anything, so it is refused.
fn read_rules(draft: &mut Draft<'_>, source: &Value) -> Option<Vec<Address>> {
    let mut payees: Option<Vec<Address>> = None;
    let rules = source.get("rules").filter(|rules| !rules.is_null())?;
    for (i, rule) in draft.findings.list("rules", Some(rules)).iter().enumerate() {
        let path = format!("rules[{i}]");
        let data = |name: &str| rule.get("data").and_then(|data| data.get(name));
        let place = format!("{path}.data.addresses");
        let kind = rule.get("type").and_then(Value::as_str);
        refuse_unknown(draft, &path, Some(rule), &RULE);
        let known = if kind == Some("expiry") { "timestamp" } else { "addresses" };
        refuse_unknown(draft, &format!("{path}.data"), rule.get("data"), &[known]);
        match kind {
            Some("expiry") => {
                read_expiry(draft, &format!("{path}.data.timestamp"), data("timestamp"));
            }
            Some("payee") => {
                let named = read_addresses(draft, &place, data("addresses"));
                let before = payees.unwrap_or_else(|| named.clone());
                payees = Some(before.into_iter().filter(|each| named.contains(each)).collect());
            }
            Some("redeemer") => {
                let redeemers = read_addresses(draft, &place, data("addresses"));
                let asks = draft.delegate.map(|(delegate, _)| delegate);
                if !asks.is_some_and(|asks| redeemers.contains(&asks)) {
                    draft.findings.refuse(
                        place,
                        "the one who asks (to) may not redeem it",
                        "name it among the redeemers, or let the redeemer ask",
                    );
                }
            }
            _ => draft.findings.refuse(
                format!("{path}.type"),
                format!("the rule {}, which is not known", tell(rule.get("type"))),
                "use expiry, payee and redeemer",
            ),
        }
    }
    if payees.as_ref().is_some_and(Vec::is_empty) {
        let meaning = "nobody may be paid by all rules \"payee\"";
        draft.findings.refuse("rules", meaning, "keep one of them");
    }
    payees
}

/// The permission has ended at the timestamp; a session ends with its last second.
fn read_expiry(draft: &mut Draft<'_>, path: &str, timestamp: Option<&Value>) {
    let Some(moment) = draft.findings.whole(path, timestamp, 64) else { return };
    let Some(last) = moment.checked_sub(U256::ONE) else {
        let meaning = "it has ended before it begins";
        return draft.findings.refuse(path, meaning, "give a later moment");
    };
    draft.end_with(last);
    draft.findings.same(path, format!("before {moment}"), format!("until {last}, included"));
}

fn read_addresses(draft: &mut Draft<'_>, path: &str, value: Option<&Value>) -> Vec<Address> {
    let list = draft.findings.list(path, value);
    let read = |(i, each)| draft.findings.address(&format!("{path}[{i}]"), Some(each));
    list.iter().enumerate().filter_map(read).collect()
}

/// Reads what is asked for, of the types that are known, and refuses others.
pub(super) fn read_permission(draft: &mut Draft<'_>, source: &Value, payees: Option<&[Address]>) {
    let permission = source.get("permission");
    let field = |name: &str| permission.and_then(|permission| permission.get(name));
    let kind = field("type").and_then(Value::as_str).unwrap_or_default();
    if let Some((_, meaning, remedy)) = UNSAYABLE.iter().find(|(name, ..)| *name == kind) {
        return draft.findings.refuse("permission.type", *meaning, *remedy);
    }
    let parts = kind.split_once("-token-").filter(|(what, how)| {
        ["native", "erc20"].contains(what) && ["allowance", "periodic", "stream"].contains(how)
    });
    let Some((what, how)) = parts else {
        return draft.findings.refuse(
            "permission.type",
            format!("the type {}, which is not known", tell(field("type"))),
            "ask for an allowance or a periodic amount, of native value or of an ERC-20",
        );
    };
    let data = field("data");
    if how == "stream" {
        return refuse_stream(draft, what, data);
    }
    // The field's name in the ERC's text, and in MetaMask's types.
    let of = |name: &str| data.and_then(|data| data.get(name)).filter(|value| !value.is_null());
    let total = if of("allowanceAmount").is_none() { "allowance" } else { "allowanceAmount" };
    let mut known = DATA.to_vec();
    if what == "erc20" {
        known.push("tokenAddress");
    }
    if how == "allowance" {
        known.push(total);
    } else {
        known.extend(["periodAmount", "periodDuration"]);
    }
    refuse_unknown(draft, "permission.data", data, &known);
    let is_native = what == "native";
    let token = if is_native {
        Some(NATIVE)
    } else {
        draft.findings.address("permission.data.tokenAddress", of("tokenAddress"))
    };
    let start = read_start(draft, of("startTime"));
    let total = if how == "allowance" {
        let path = format!("permission.data.{total}");
        let amount = of("allowanceAmount").or_else(|| of("allowance"));
        draft.findings.whole(&path, amount, 256).map(|amount| (path, amount, None))
    } else {
        let path = "permission.data.periodAmount";
        let amount = draft.findings.whole(path, of("periodAmount"), 256);
        let duration = "permission.data.periodDuration";
        let period = draft.findings.whole(duration, of("periodDuration"), 256);
        amount
            .zip(period)
            .map(|(amount, period)| (path.to_owned(), amount, Some(Every { period, start })))
    };
    let (Some((path, amount, every)), Some(token)) = (total, token) else { return };
    let words = format!("{}{}", say_word(amount), say_every(every));
    draft.findings.same(&path, words, "a budget of that");
    draft.budgets.push(BudgetGrant { path, token, amount, every });
    if is_native {
        grant_native(draft, amount, payees);
    } else {
        grant_transfers(draft, token, payees);
    }
}

/// Periods begin when the permission does; one without a start begins when it is granted.
fn read_start(draft: &mut Draft<'_>, start: Option<&Value>) -> U256 {
    let Some(start) = start.filter(|start| !start.is_null()) else {
        if let Some(now) = draft.terms.valid_after {
            return U256::from(now);
        }
        draft.findings.refuse(
            "terms.validAfter",
            "the request begins when it is granted, and that is not said",
            "give the present, in unix seconds",
        );
        return U256::ZERO;
    };
    let path = "permission.data.startTime";
    let start = draft.findings.whole(path, Some(start), 47).unwrap_or_default();
    draft.begin_at(start);
    draft.findings.same(path, format!("from {start} on"), format!("from {start} on"));
    start
}

fn grant_native(draft: &mut Draft<'_>, amount: U256, payees: Option<&[Address]>) {
    let mut receivers = payees.unwrap_or(&draft.terms.receivers).to_vec();
    if receivers.is_empty() {
        return draft.findings.refuse(
            "permission.type",
            "native value may go to anybody",
            "name who may get it: a rule \"payee\", or terms.receivers",
        );
    }
    if payees.is_none() {
        let path = "terms.receivers";
        draft.findings.narrower(path, "transfers to anybody", "to the receivers named");
    }
    let mut seen = Vec::new();
    receivers.retain(|each| {
        let is_new = !seen.contains(each);
        seen.push(*each);
        is_new
    });
    for target in receivers {
        draft.grants.push(CallGrant {
            path: "permission".into(),
            target,
            selector: PLAIN_TRANSFER,
            value_limit: amount,
            words: Vec::new(),
        });
    }
}

fn grant_transfers(draft: &mut Draft<'_>, token: Address, payees: Option<&[Address]>) {
    let words = payees.map(|payees| WordBound {
        index: 0,
        ranges: one_of(payees.iter().map(|payee| U256::from_be_bytes(word::from_address(*payee)))),
    });
    draft.grants.push(CallGrant {
        path: "permission".into(),
        target: token,
        selector: IERC20::transferCall::SELECTOR,
        value_limit: U256::ZERO,
        words: words.into_iter().collect(),
    });
}

/// Refuses a stream, and offers the periodic permission that never lets more through.
///
/// By a moment t a stream has let through at most `initial + rate · (t − start)`. A day's worth in
/// each day stays below that from one day after the start on, or from the start on where the initial
/// amount is a day's worth.
fn refuse_stream(draft: &mut Draft<'_>, what: &str, data: Option<&Value>) {
    let of = |name: &str| data.and_then(|data| data.get(name)).filter(|it| !it.is_null());
    let now = Value::from(draft.terms.valid_after.unwrap_or(0));
    let nothing = Value::from(0);
    let findings = &mut draft.findings;
    let rate = findings.whole("permission.data.amountPerSecond", of("amountPerSecond"), 256);
    let initial = of("initialAmount").unwrap_or(&nothing);
    let initial = findings.whole("permission.data.initialAmount", Some(initial), 256);
    let start = of("startTime").unwrap_or(&now);
    let start = findings.whole("permission.data.startTime", Some(start), 47);
    let (Some(rate), Some(initial), Some(start)) = (rate, initial, start) else { return };
    let amount = rate.saturating_mul(DAY);
    let begin = if initial >= amount { start } else { start.saturating_add(DAY) };
    findings.refuse(
        "permission.type",
        format!("an amount that grows by {} each second", say_word(rate)),
        format!(
            "ask for {what}-token-periodic: periodAmount {amount:#x} ({}), periodDuration {DAY}, \
             startTime {begin}{}",
            say_word(amount),
            say_maximum(of("maxAmount"), amount)
        ),
    );
}

/// A stream ends when its maximum is reached; a periodic permission, with its expiry.
fn say_maximum(maximum: Option<&Value>, amount: U256) -> String {
    let days = maximum.and_then(read_whole).and_then(|maximum| maximum.checked_div(amount));
    days.map_or_else(String::new, |days| format!(", and a rule \"expiry\" after {days} days"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The shared vectors name the same: `unsayable` is compared with it by a test of their own, as
    /// the package does not carry them.
    #[test]
    fn types_without_an_equal_are_known_and_none_is_an_apps_own() {
        let streams = ["native-token-stream", "erc20-token-stream"];
        let known = streams.into_iter().chain(UNSAYABLE.iter().map(|(name, ..)| *name));
        let known: Vec<&str> = known.collect();

        let expected = [
            "native-token-stream",
            "erc20-token-stream",
            "erc20-token-revocation",
            "token-approval-revocation",
            "erc721-token-allowance",
        ];
        assert_eq!(known, expected);
        assert!(known.iter().all(|name| !is_own_type(name)));
        assert!(!is_own_type("") && !is_own_type("ERC1155-token-transfer"));
        assert!(is_own_type("game-moves") && is_own_type("ercade") && is_own_type("tokens"));
    }
}
