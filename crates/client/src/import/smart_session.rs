//! Sessions of SmartSession v1, as `@rhinestone/module-sdk` 0.4 has them.

use alloy_primitives::{Address, U256, address, keccak256};
use alloy_sol_types::{SolValue, sol_data};
use serde_json::Value;
use smart_session_core::packed::DelegateKind;
use smart_session_core::policy::budget::NATIVE;

use super::draft::{BudgetGrant, Draft, Payer};
use super::imported::Imported;
use super::range::say_word;
use super::smart_session_policy::{Policy, Terms, apply_time_frame, read_policies, refuse_unset};
use super::terms::ImportTerms;
use super::{smart_session_action, smart_session_message};

const OWNABLE_VALIDATOR: [Address; 2] = [
    address!("000000000013fdb5234e4e3162a810f54d9f7e98"),
    address!("2483da3a338895199e5e538530213157e931bf06"),
];
const WEBAUTHN_VALIDATOR: Address = address!("7ab16ff354acb328452f1d445b3ddee9a91e9e69");

/// Returns the session that says what a session of SmartSession says.
pub(super) fn import(source: &Value, terms: &ImportTerms) -> Imported {
    let path = "permitERC4337Paymaster";
    let is_permitted = source.get(path).and_then(Value::as_bool).unwrap_or(false);
    let payer = if is_permitted { Payer::Any } else { Payer::None };
    let mut draft = Draft::new(terms, path, payer);

    let chain_id = draft.findings.whole("chainId", source.get("chainId"), 256);
    if let Some(chain_id) = chain_id.filter(|id| *id != U256::from(terms.chain_id)) {
        draft.findings.refuse(
            "chainId",
            format!("it is for chain {chain_id}, the import is for {}", terms.chain_id),
            "import it with the terms of its own chain",
        );
    }
    draft.delegate = read_validator(&mut draft, source);
    let policies = read_policies(&mut draft, "userOpPolicies", source.get("userOpPolicies"));
    for policy in policies {
        apply_to_all(&mut draft, policy);
    }
    smart_session_action::read(&mut draft, source.get("actions"));
    smart_session_message::read(&mut draft, source.get("erc7739Policies"));
    draft.finish()
}

/// Reads who acts: the one owner of an `OwnableValidator`, or the passkey of a WebAuthn validator.
fn read_validator(draft: &mut Draft<'_>, source: &Value) -> Option<(Address, DelegateKind)> {
    let findings = &mut draft.findings;
    let path = "sessionValidatorInitData";
    let validator = findings.address("sessionValidator", source.get("sessionValidator"));
    let data = findings.bytes(path, source.get(path));
    let (validator, data) = (validator?, data?);
    if OWNABLE_VALIDATOR.contains(&validator) {
        type Owners = (sol_data::Uint<256>, sol_data::Array<sol_data::Address>);
        // threshold, offset, length, one owner
        let decoded = (data.len() == 4 * 32)
            .then(|| <Owners as alloy_sol_types::SolType>::abi_decode_params(&data).ok())
            .flatten();
        if let Some((threshold, owners)) = decoded
            && threshold == U256::ONE
            && let [owner] = owners.as_slice()
        {
            let words = (format!("the key of {owner} signs"), format!("the delegate {owner}"));
            findings.same(path, words.0, words.1);
            return Some((*owner, DelegateKind::Secp256k1));
        }
        findings.refuse(
            path,
            "several keys, or a threshold: a session has one delegate",
            "grant a session to each key, or let the delegate be one key",
        );
        return None;
    }
    if validator == WEBAUTHN_VALIDATOR {
        let Ok((x, y, _)) = <(U256, U256, U256)>::abi_decode_params(&data) else {
            let meaning = "not one passkey (x, y, authenticator)";
            findings.refuse(path, meaning, "name one passkey");
            return None;
        };
        if data.len() != 3 * 32 {
            let meaning = "not one passkey (x, y, authenticator)";
            findings.refuse(path, meaning, "name one passkey");
            return None;
        }
        let delegate = passkey(x, y);
        findings.same(path, "one passkey signs", format!("the delegate {delegate}, the same"));
        return Some((delegate, DelegateKind::WebAuthn));
    }
    findings.refuse(
        "sessionValidator",
        format!("how {validator} checks signatures is not known"),
        "let one secp256k1 key or one passkey act",
    );
    None
}

/// Returns what stands for a P-256 key in a session.
pub(super) fn passkey(x: U256, y: U256) -> Address {
    let point = [x.to_be_bytes::<32>(), y.to_be_bytes::<32>()].concat();
    Address::from_word(keccak256(point))
}

/// Applies a policy that is asked about each user operation as a whole.
fn apply_to_all(draft: &mut Draft<'_>, policy: Policy) {
    let Policy { path, terms } = policy;
    match terms {
        Terms::Sudo => {}
        Terms::TimeFrame { .. } => apply_time_frame(draft, &path, &terms, true),
        Terms::UsageLimit(U256::ZERO) | Terms::ValueLimit(U256::ZERO) => refuse_unset(draft, &path),
        Terms::UsageLimit(limit) => {
            draft.count_calls(limit);
            let words = format!("{limit} calls: a batch counts each of its calls");
            draft.findings.narrower(&path, format!("{limit} user operations"), words);
        }
        Terms::ValueLimit(limit) => {
            let words = format!("{} wei in total", say_word(limit));
            draft.findings.same(&path, words, "a budget of that");
            draft.budgets.push(BudgetGrant { path, token: NATIVE, amount: limit, every: None });
        }
        Terms::SpendingLimits(_) | Terms::UniversalAction { .. } => draft.findings.refuse(
            path,
            "a policy for actions that is asked about user operations: it has no such check, so \
             every operation fails",
            "put it with the actions that it is for",
        ),
    }
}
