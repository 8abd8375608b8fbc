//! What a session grants, in words: everything that an owner should see before signing.

use alloy_primitives::{U256, hex};
use smart_session_core::packed::{DelegateKind, Paymaster};
use smart_session_core::policy::budget::NATIVE;
use smart_session_core::policy::selector::{ANY, PLAIN_TRANSFER};
use smart_session_core::policy::{calls, fee};
use smart_session_core::session::{ArgumentRule, Budget, Permission, Session, SigningScope};

use super::grant::Grant;
use super::names::Names;
use super::word::WordType;
use crate::unit::{ether, format_duration, format_units, rfc3339};

/// One line of a description.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DescriptionLine {
    /// What is told, one or two words.
    pub label: &'static str,
    /// What it is.
    pub value: String,
}

/// Tells all that a session grants, one line for each thing, with the names that its file has.
pub fn describe(grant: &Grant, names: &Names) -> Vec<DescriptionLine> {
    let session = &grant.session;
    let mut lines = Vec::new();
    let mut line = |label, value: String| lines.push(DescriptionLine { label, value });
    line("session", grant.id().to_string());
    line("module", grant.module.to_string());
    let kind = grant.account_kind.map_or("of unknown kind", |kind| kind.name());
    line("account", format!("{} ({kind})", session.account));
    let validator = grant.owner_validator.map_or("not named".into(), |it| it.to_string());
    line("validator", validator);
    for chain in &session.chains {
        line("chain", format!("{} in epoch {}", chain.chain_id, chain.epoch));
    }
    line("delegate", format!("{} ({})", session.delegate, key_kind(session.delegate_kind)));
    line("from", time(session.window.valid_after().seconds()));
    line("expiry", time(session.window.valid_until().seconds()));
    line("signed", if grant.owner_signature.is_some() { "yes".into() } else { "no".into() });
    line("calls", calls_words(session));
    line("fees", fees_words(session));
    line("paymaster", paymaster_words(session.paymaster));
    if session.permissions.is_empty() {
        line("may call", "nothing".into());
    }
    for (i, permission) in session.permissions.iter().enumerate() {
        line("may call", permission_words(permission, i, names));
    }
    for (i, budget) in session.budgets.iter().enumerate() {
        line("budget", budget_words(session, budget, names.decimals(i)));
    }
    for scope in &session.signing {
        line("may sign", scope_words(scope));
    }
    line("salt", session.salt.to_string());
    lines
}

/// Writes a moment in words and in unix seconds.
pub fn time(seconds: u64) -> String {
    rfc3339(seconds).map_or_else(|| format!("{seconds}"), |text| format!("{text} ({seconds})"))
}

/// Returns what kind of key a delegate has, in words.
pub const fn key_kind(kind: DelegateKind) -> &'static str {
    match kind {
        DelegateKind::Secp256k1 => "secp256k1 key",
        DelegateKind::P256 => "P-256 key",
        DelegateKind::WebAuthn => "passkey",
    }
}

fn calls_words(session: &Session) -> String {
    match session.max_calls {
        calls::UNCOUNTED => "uncounted".into(),
        most => format!("at most {most}"),
    }
}

fn fees_words(session: &Session) -> String {
    match session.fee_limit.to::<u128>() {
        fee::UNCOUNTED => "uncounted".into(),
        most => format!("at most {} ETH", ether(U256::from(most))),
    }
}

fn paymaster_words(paymaster: Paymaster) -> String {
    match paymaster {
        Paymaster::None => "none: the account pays".into(),
        Paymaster::Any => "any, or none".into(),
        Paymaster::One(address) => format!("{address}, always"),
    }
}

fn permission_words(permission: &Permission, index: usize, names: &Names) -> String {
    let target = permission.target;
    let function = names.function(index, permission.selector);
    let selector = hex::encode_prefixed(permission.selector);
    let what = match (permission.selector, function) {
        (ANY, _) => format!("anything of {target}"),
        (PLAIN_TRANSFER, _) => format!("no function of {target}, a plain transfer"),
        (_, Some(function)) => format!("{function} ({selector}) of {target}"),
        (_, None) => format!("function {selector} of {target}"),
    };
    let value = if permission.value_limit.is_zero() {
        "no ether".into()
    } else {
        format!("up to {} ETH a call", ether(permission.value_limit))
    };
    let word = |rule: &ArgumentRule| function.and_then(|it| it.word(rule.index).ok().flatten());
    let takes_none = function.is_some_and(|function| function.parameters().is_empty());
    let arguments = match permission.selector {
        _ if !permission.rules.is_empty() => {
            let rules =
                permission.rules.iter().map(|rule| rule_words("argument", rule, word(rule)));
            rules.collect::<Vec<_>>().join(", ")
        }
        PLAIN_TRANSFER => return format!("{what}; {value}"),
        _ if takes_none => return format!("{what}; {value}"),
        _ => "any arguments".into(),
    };
    format!("{what}; {value}; {arguments}")
}

fn scope_words(scope: &SigningScope) -> String {
    let rules = if scope.rules.is_empty() {
        "any words".into()
    } else {
        let rules = scope.rules.iter().map(|rule| rule_words("word", rule, None));
        rules.collect::<Vec<_>>().join(", ")
    };
    format!("messages of type {} in domain {}; {rules}", scope.type_hash, scope.domain_separator)
}

fn rule_words(what: &str, rule: &ArgumentRule, word: Option<WordType>) -> String {
    let ArgumentRule { index, min, max } = *rule;
    let named = word.map_or(String::new(), |word| format!(" ({})", word.name()));
    let value = |value| word.and_then(|it| it.write(value)).unwrap_or_else(|| number(value));
    let (least, greatest) = word.map_or((U256::ZERO, U256::MAX), WordType::range);
    let bounds = match () {
        () if min == max => format!("is {}", value(min)),
        () if min <= least && max >= greatest => "is anything".into(),
        () if min <= least => format!("is at most {}", value(max)),
        () if max >= greatest => format!("is at least {}", value(min)),
        () => format!("is {} to {}", value(min), value(max)),
    };
    format!("{what} {index}{named} {bounds}")
}

/// Small numbers in decimal, others as words or addresses are written.
fn number(value: U256) -> String {
    match value.bit_len() {
        ..=64 => value.to_string(),
        65..=160 => format!("{value:#042x}"),
        _ => format!("{value:#066x}"),
    }
}

/// What a budget bounds, and what its periods come to.
fn budget_words(session: &Session, budget: &Budget, decimals: Option<u8>) -> String {
    let Budget { token, amount, period } = *budget;
    let once = amount_words(token, U256::from(amount), decimals);
    if period == 0 {
        return format!("at most {once} in all");
    }
    let window = session.window;
    let length = window.valid_until().seconds().saturating_sub(window.valid_after().seconds());
    let periods = length.div_ceil(period.into()).max(1);
    let total = U256::from(amount).saturating_mul(U256::from(periods));
    format!(
        "at most {once} in each {}: {periods} times, {} in all",
        format_duration(period.into()),
        amount_words(token, total, decimals)
    )
}

/// Writes an amount of a token, or of ether.
pub fn amount_words(
    token: alloy_primitives::Address,
    amount: U256,
    decimals: Option<u8>,
) -> String {
    if token == NATIVE {
        return format!("{} ETH", ether(amount));
    }
    match decimals {
        Some(decimals) => format!(
            "{} of token {token} ({amount} of its smallest unit)",
            format_units(amount, decimals)
        ),
        None => format!("{amount} of the smallest unit of token {token}"),
    }
}
