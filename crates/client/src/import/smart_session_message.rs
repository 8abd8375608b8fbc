//! What a session of SmartSession may sign through ERC-1271.

use alloy_primitives::{B256, U256, keccak256};
use serde_json::Value;
use smart_session_core::session::SigningScope;

use super::draft::Draft;
use super::smart_session_policy::{Policy, Terms, read_policies, refuse_unset};
use crate::json_value::tell;

/// Reads the contents that may be signed.
pub(super) fn read(draft: &mut Draft<'_>, source: Option<&Value>) {
    let field = |name: &str| source.and_then(|source| source.get(name));
    let path = "erc7739Policies.allowedERC7739Content";
    let contents = draft.findings.list(path, field("allowedERC7739Content"));
    let place = "erc7739Policies.erc1271Policies";
    let policies = read_policies(draft, place, field("erc1271Policies"));
    if field("erc1271Policies").and_then(Value::as_array).is_some_and(Vec::is_empty) {
        if !contents.is_empty() {
            draft.findings.same(path, "nothing: no policy for signatures", "nothing");
        }
        return;
    }
    if contents.is_empty() {
        return;
    }
    for policy in policies {
        apply(draft, policy);
    }
    for (i, content) in contents.iter().enumerate() {
        let at = format!("{path}[{i}]");
        let domain = draft
            .findings
            .array(&format!("{at}.appDomainSeparator"), content.get("appDomainSeparator"));
        let names = draft.findings.list(&format!("{at}.contentName"), content.get("contentName"));
        for (j, name) in names.iter().enumerate() {
            if let Some(domain) = domain {
                read_content(draft, format!("{at}.contentName[{j}]"), B256::new(domain), name);
            }
        }
    }
}

fn apply(draft: &mut Draft<'_>, Policy { path, terms }: Policy) {
    match terms {
        Terms::Sudo => {}
        Terms::TimeFrame { valid_after: U256::ZERO, valid_until: U256::ZERO } => {
            refuse_unset(draft, &path);
        }
        // For signatures the contract excludes the last second that user operations have.
        Terms::TimeFrame { valid_after, valid_until } => {
            draft.begin_at(valid_after);
            if let Some(last) = valid_until.checked_sub(U256::ONE) {
                draft.end_with(last);
            }
            let words = format!("signatures from {valid_after} on, before {valid_until}");
            draft.findings.narrower(&path, words, "the whole session in that time");
        }
        Terms::UniversalAction { .. }
        | Terms::SpendingLimits(_)
        | Terms::ValueLimit(_)
        | Terms::UsageLimit(_) => draft.findings.refuse(
            path,
            "a policy that is no policy for signatures: none would pass",
            "let nothing be signed (allowedERC7739Content: []), or use sudo or a time frame",
        ),
    }
}

fn read_content(draft: &mut Draft<'_>, path: String, domain_separator: B256, name: &Value) {
    let Some(text) = name.as_str().filter(|text| is_type_text(text)) else {
        return draft.findings.refuse(
            path,
            format!(
                "messages of the type {}, whose members are not said: any struct of that name \
                 could be signed",
                tell(Some(name))
            ),
            "give the whole type text, as in Permit(address owner,uint256 value)",
        );
    };
    let scope = SigningScope { domain_separator, type_hash: keccak256(text), rules: Vec::new() };
    if draft.signing.iter().any(|(_, other)| *other == scope) {
        return;
    }
    let words = format!("any content that says it is {}", tell(Some(name)));
    let ours = "messages of exactly this type, hashed by the module itself";
    draft.findings.narrower(&path, words, ours);
    draft.signing.push((path, scope));
}

/// Whether a text is an EIP-712 type with its members: one struct, then those it refers to.
fn is_type_text(text: &str) -> bool {
    let is_letter = |c: char| c.is_ascii_alphabetic() || c == '_' || c == '$';
    let is_name = |name: &str| {
        name.starts_with(is_letter) && name.chars().all(|c| is_letter(c) || c.is_ascii_digit())
    };
    let mut structs = text.split_inclusive(')').peekable();
    let is_upper = !text.starts_with(|c: char| c.is_ascii_lowercase());
    is_upper
        && structs.peek().is_some()
        && structs.all(|part| {
            let inner = part.strip_suffix(')').and_then(|part| part.split_once('('));
            inner.is_some_and(|(name, members)| is_name(name) && !members.contains('('))
        })
}
