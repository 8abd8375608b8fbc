//! What owners sign.

use alloy_primitives::{Address, B256};
use alloy_sol_types::{Eip712Domain, SolStruct, eip712_domain};
use smart_session_core::eip712::{DOMAIN_NAME, DOMAIN_VERSION};
use smart_session_core::session::Session;

/// Returns the EIP-712 digest of a session in the module's domain: what the owner signs.
pub fn session_digest(module: Address, session: &Session) -> B256 {
    session.to_abi().eip712_signing_hash(&domain(module))
}

/// Returns the module's EIP-712 domain, in which owners and delegates sign.
pub fn domain(module: Address) -> Eip712Domain {
    eip712_domain! { name: DOMAIN_NAME, version: DOMAIN_VERSION, verifying_contract: module, }
}
