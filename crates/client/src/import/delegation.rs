//! Delegations of `MetaMask`'s delegation framework, as `@metamask/smart-accounts-kit` has them.

use alloy_primitives::{Address, address};
use serde_json::Value;
use smart_session_core::packed::DelegateKind;
use smart_session_core::policy::selector::PLAIN_TRANSFER;

use super::caveat::{self, Told};
use super::delegation_calls::Calls;
use super::draft::{Draft, Payer};
use super::enforcer::{SAYABLE, UNSAYABLE};
use super::imported::Imported;
use super::terms::ImportTerms;

/// The delegate that stands for everybody.
const ANY_DELEGATE: Address = address!("0000000000000000000000000000000000000a11");
/// The authority of a delegation that its delegator gives itself.
const ROOT: [u8; 32] = [0xff; 32];

/// Returns the session that says what a delegation says.
pub(super) fn import(source: &Value, terms: &ImportTerms) -> Imported {
    let mut draft = Draft::new(terms, "delegate", Payer::Any);
    read_delegate(&mut draft, source);
    let delegate = draft.delegate.map_or(ANY_DELEGATE, |(delegate, _)| delegate);
    let mut calls = Calls::every();
    for (i, caveat) in draft.findings.list("caveats", source.get("caveats")).iter().enumerate() {
        let path = format!("caveats[{i}]");
        let enforcer = draft.findings.address(&format!("{path}.enforcer"), caveat.get("enforcer"));
        let told = draft.findings.bytes(&format!("{path}.terms"), caveat.get("terms"));
        let (Some(address), Some(told)) = (enforcer, told) else { continue };
        if let Some((enforcer, _)) = SAYABLE.iter().find(|(_, known)| *known == address) {
            let told = Told { path: &path, terms: &told, delegate };
            caveat::read(&mut draft, &mut calls, *enforcer, told);
            continue;
        }
        match UNSAYABLE.iter().find(|(known, ..)| *known == address) {
            Some((_, meaning, remedy)) => draft.findings.refuse(path, *meaning, *remedy),
            None => draft.findings.refuse(
                path,
                format!("what the enforcer {address} checks is not known"),
                "say it by targets, functions, argument rules and budgets",
            ),
        }
    }
    name_receivers(&mut draft, &mut calls);
    calls.grant(&mut draft);
    draft.finish()
}

fn read_delegate(draft: &mut Draft<'_>, source: &Value) {
    let account = draft.terms.account;
    let findings = &mut draft.findings;
    let delegator = findings.address("delegator", source.get("delegator"));
    if let Some(delegator) = delegator.filter(|delegator| *delegator != account) {
        findings.refuse(
            "delegator",
            format!("it is of {delegator}, the import is for {account}"),
            "import it for its own account",
        );
    }
    let authority = source.get("authority").and_then(Value::as_str);
    let is_root = authority
        .and_then(|text| text.parse::<alloy_primitives::B256>().ok())
        .is_some_and(|authority| authority.0 == ROOT);
    if !is_root {
        findings.refuse(
            "authority",
            "it passes on a part of another delegation",
            "let the account grant this delegate a session of its own",
        );
    }
    let Some(delegate) = findings.address("delegate", source.get("delegate")) else { return };
    if delegate == ANY_DELEGATE {
        return findings.refuse("delegate", "everybody may redeem it", "name one delegate");
    }
    findings.narrower(
        "delegate",
        format!("{delegate} acts, or whoever it delegates to further"),
        format!("{delegate} acts, by its secp256k1 key"),
    );
    draft.delegate = Some((delegate, DelegateKind::Secp256k1));
}

/// Where transfers of native value may go to anybody, the client can name who may get it.
fn name_receivers(draft: &mut Draft<'_>, calls: &mut Calls) {
    let is_transfer = calls.selectors.as_deref() == Some(&[PLAIN_TRANSFER]);
    let receivers = &draft.terms.receivers;
    if calls.targets.is_some() || !is_transfer || receivers.is_empty() {
        return;
    }
    calls.allow_targets(receivers);
    let path = "terms.receivers";
    draft.findings.narrower(path, "transfers to anybody", "only to the receivers named");
}
