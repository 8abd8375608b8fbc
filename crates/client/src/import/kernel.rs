//! Permissions of Kernel 3, as `@zerodev/permissions` 5 enables them.

use alloy_primitives::{Address, Bytes, U256, address};
use alloy_sol_types::{SolType, SolValue, sol_data};
use serde_json::Value;
use smart_session_core::packed::DelegateKind;

use super::draft::{Draft, Payer};
use super::smart_session::passkey;
use super::{ImportTerms, Imported, kernel_policy};

/// What a contract in a permission is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Contract {
    Sudo,
    Calls,
    Gas,
    RateLimit,
    RateLimitWithReset,
    Timestamp,
    SignatureCaller,
    EcdsaSigner,
    WebAuthnSigner,
}

/// `ZeroDev`'s contracts. Of the call policy: 0.0.4 and 0.0.5.
const CONTRACTS: [(Contract, Address); 13] = [
    (Contract::Sudo, address!("67b436cad8a6d025df6c82c5bb43fbf11fc5b9b7")),
    (Contract::Calls, address!("9a52283276a0ec8740df50bf01b28a80d880eaf2")),
    (Contract::Calls, address!("85770b902d1e503d5f5141d9eac16d0d08eeadd2")),
    (Contract::Gas, address!("aefc5abc67ffd258abd0a3e54f65e70326f84b23")),
    (Contract::RateLimit, address!("f63d4139b25c836334edd76641356c6b74c86873")),
    (Contract::RateLimitWithReset, address!("6a06358e6b283921deceabe7e8a3741d506cca9b")),
    (Contract::Timestamp, address!("b9f8f524be6ecd8c945b1b87f9ae5c192fdce20f")),
    (Contract::SignatureCaller, address!("f6a936c88d97e6fad13b98d2fd731ff17eed591d")),
    (Contract::EcdsaSigner, address!("6a6f069e2a08c2468e7724ab3250cdbfba14d4ff")),
    (Contract::WebAuthnSigner, address!("8aa55d4bfae101609078681a69b5bc3181516612")),
    (Contract::WebAuthnSigner, address!("58625164e306242c7613223bdeb68fbe11300606")),
    (Contract::WebAuthnSigner, address!("615d8641b6ce9406de7c3c01f57c552ab3a96f83")),
    (Contract::WebAuthnSigner, address!("65deec8fee717dc044d0cfd63ccf55f02ccac2b3")),
];

/// One entry of the enable data.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) path: String,
    /// Whether it has a say in user operations.
    is_for_operations: bool,
    address: Address,
    contract: Option<Contract>,
    pub(super) data: Bytes,
}

/// Returns the session that says what a permission of Kernel says.
pub(super) fn import(source: &Value, terms: &ImportTerms) -> Imported {
    let mut draft = Draft::new(terms, "policies", Payer::Anybody);
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

fn read_entries(draft: &mut Draft<'_>, data: Option<&Value>) -> Vec<Entry> {
    type Packed = (sol_data::Array<sol_data::Bytes>,);
    let Some(data) = draft.findings.bytes("enableData", data) else { return Vec::new() };
    let packed = Packed::abi_decode_params(&data).map(|(entries,)| entries).unwrap_or_default();
    if packed.is_empty() {
        let meaning = "not a list of policies and a signer";
        draft.findings.refuse("enableData", meaning, "give getEnableData()");
    }
    let mut entries = Vec::new();
    for (i, entry) in packed.iter().enumerate() {
        let is_last = i.checked_add(1) == Some(packed.len());
        let path = if is_last { "signer".into() } else { format!("policies[{i}]") };
        let parts = entry
            .split_first_chunk::<2>()
            .and_then(|(flag, rest)| Some((flag, rest.split_first_chunk::<20>()?)));
        let Some(([_, flag], (address, data))) = parts else {
            draft.findings.refuse(path, "less than a flag and a contract", "make it anew");
            continue;
        };
        let address = Address::from(*address);
        let contract = CONTRACTS.iter().find(|(_, known)| *known == address).map(|(it, _)| *it);
        entries.push(Entry {
            path,
            // Bit 0: not asked about user operations.
            is_for_operations: flag & 1 == 0,
            address,
            contract,
            data: Bytes::copy_from_slice(data),
        });
    }
    entries
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
