//! The entries of a permission of Kernel: which contract each is for, and what that is.

use alloy_primitives::{Address, Bytes, address};
use alloy_sol_types::{SolType, sol_data};
use serde_json::Value;

use super::draft::Draft;

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
    pub(super) is_for_operations: bool,
    pub(super) address: Address,
    pub(super) contract: Option<Contract>,
    pub(super) data: Bytes,
}

/// Reads the entries: the policies, and the signer as the last one.
pub(super) fn read_entries(draft: &mut Draft<'_>, data: Option<&Value>) -> Vec<Entry> {
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
