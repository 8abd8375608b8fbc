//! Permissions of Kernel 3, as `@zerodev/permissions` 5 enables them.

use alloy_primitives::{Address, U256};
use alloy_sol_types::SolValue;
use serde_json::Value;
use smart_session_core::packed::DelegateKind;

use super::draft::{Draft, Payer};
use super::imported::Imported;
use super::kernel_entry::{Contract, Entry, read_entries};
use super::kernel_policy;
use super::smart_session::passkey;
use super::terms::ImportTerms;

/// Returns the session that says what a permission of Kernel says.
pub(super) fn import(source: &Value, terms: &ImportTerms) -> Imported {
    let mut draft = Draft::new(terms, "policies", Payer::Any);
    let mut policies = read_entries(&mut draft, source.get("enableData"));
    if let Some(signer) = policies.pop() {
        draft.delegate = read_signer(&mut draft, &signer);
        for (i, policy) in policies.iter().enumerate() {
            if policies.iter().take(i).any(|other| other.address == policy.address) {
                let meaning = "the same policy contract twice";
                draft.findings.refuse(&policy.path, meaning, "keep the one that is meant");
            }
        }
        let names_calls =
            |entry: &Entry| entry.contract == Some(Contract::Calls) && entry.is_for_operations;
        if !policies.iter().any(names_calls) {
            draft.findings.refuse(
                "policies",
                "every call of every target: no call policy is asked about operations",
                "add a call policy that names each target and function",
            );
        }
        // Others say nothing of operations, and messages are not imported at all.
        for policy in policies.iter().filter(|policy| policy.is_for_operations) {
            read_policy(&mut draft, policy);
        }
    }
    draft.findings.narrower("", "signing messages of any app (ERC-1271)", "signing nothing");
    draft.finish()
}

fn read_policy(draft: &mut Draft<'_>, policy: &Entry) {
    match policy.contract {
        Some(Contract::Sudo | Contract::SignatureCaller) => {}
        Some(Contract::Calls) => kernel_policy::read_calls(draft, policy),
        Some(Contract::Gas) => kernel_policy::read_gas(draft, policy),
        Some(Contract::RateLimit) => kernel_policy::read_rate_limit(draft, policy),
        Some(Contract::RateLimitWithReset) => {
            kernel_policy::read_rate_limit_with_reset(draft, policy);
        }
        Some(Contract::Timestamp) => kernel_policy::read_timestamp(draft, policy),
        Some(Contract::EcdsaSigner | Contract::WebAuthnSigner) | None => draft.findings.refuse(
            &policy.path,
            format!("what the policy {} checks is not known", policy.address),
            "use the policies of @zerodev/permissions 5 (call policy 0.0.4 or 0.0.5)",
        ),
    }
}

fn read_signer(draft: &mut Draft<'_>, signer: &Entry) -> Option<(Address, DelegateKind)> {
    let Entry { path, data, .. } = signer;
    let findings = &mut draft.findings;
    if !signer.is_for_operations {
        let meaning = "a permission that no operation may use (its flag)";
        findings.refuse(path, meaning, "use flag 0x0000");
    }
    if signer.contract == Some(Contract::EcdsaSigner) && data.len() == 20 {
        let key = Address::from_slice(data);
        findings.same(path, format!("the key of {key} signs"), format!("the delegate {key}"));
        return Some((key, DelegateKind::Secp256k1));
    }
    if signer.contract == Some(Contract::WebAuthnSigner)
        && data.len() == 3 * 32
        && let Ok((x, y, _)) = <(U256, U256, U256)>::abi_decode_params(data)
    {
        let delegate = passkey(x, y);
        findings.same(path, "one passkey signs", format!("the delegate {delegate}, the same"));
        return Some((delegate, DelegateKind::WebAuthn));
    }
    findings.refuse(
        path,
        format!("how the signer {} checks signatures is not known", signer.address),
        "let one secp256k1 key or one passkey act",
    );
    None
}
