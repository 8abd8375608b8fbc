//! What the chain knows about a session that its owner is about to sign.

use alloy_primitives::{Address, B256, Bytes, U256, b256};
use alloy_sol_types::{Eip712Domain, SolCall, sol};
use serde_json::json;
use smart_session_core::session::Session;

use crate::rpc::error::{NodeError, if_told};
use crate::rpc::installed::says_yes;
use crate::rpc::module::Module;
use crate::rpc::node::Node;
use crate::session::grant::Grant;
use crate::session::warning::Facts;

sol! {
    interface ITellingAccount {
        // ERC-1271.
        function isValidSignature(bytes32 hash, bytes signature) returns (bytes4);
        // Safe.
        function isModuleEnabled(address module) returns (bool);
        // ERC-5267.
        function eip712Domain() returns (
            bytes1 fields, string name, string version, uint256 chainId,
            address verifyingContract, bytes32 salt, uint256[] extensions
        );
    }
}

/// Slots where accounts keep the address of a contract that they are made of.
const OWN_SLOTS: [B256; 3] = [
    // A Safe's singleton, and that of other proxies of its kind.
    B256::ZERO,
    // ERC-1967: the implementation.
    b256!("360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc"),
    // Safe: keccak256("fallback_manager.handler.address").
    b256!("6c9a6c4a39284e37ed1cf53d337577d14212a4870fb976a4366c693b939918d5"),
];
/// Module types of ERC-7579: validator, executor, fallback, hook.
const MODULE_TYPES: [u8; 4] = [1, 2, 3, 4];
/// What the code of an account with a delegation begins with (EIP-7702).
const DELEGATION: [u8; 3] = [0xef, 0x01, 0x00];
/// What the code of a minimal proxy begins with (ERC-1167).
const MINIMAL_PROXY: [u8; 10] = [0x36, 0x3d, 0x3d, 0x37, 0x3d, 0x3d, 0x3d, 0x36, 0x3d, 0x73];

impl Module<'_> {
    /// Returns what the chain knows about a session: the time, the account's epoch, the domain in
    /// which it takes signatures, and which of the session's targets it is made of itself.
    ///
    /// # Errors
    /// [`NodeError`] if the node cannot be asked.
    pub async fn facts(&self, session: &Session) -> Result<Facts, NodeError> {
        let (node, account) = (self.node, session.account);
        let chain_id = U256::from(node.chain_id().await?);
        // Where the module is still to be deployed, no account has left epoch 0.
        let is_there = !node.code(self.address).await?.is_empty();
        let epoch = if is_there { self.epoch(account).await? } else { 0 };
        let code = node.code(account).await?;
        let (mut account_domains, mut own_contracts) = (Vec::new(), Vec::new());
        if !code.is_empty() {
            account_domains.extend(account_domain(node, account).await?);
            let own = Own { node, account, made_of: made_of(node, account, &code).await? };
            for permission in &session.permissions {
                let target = permission.target;
                let is_known = own_contracts.contains(&target);
                if !is_known && own.has(target, permission.selector).await? {
                    own_contracts.push(target);
                }
            }
        }
        let now = Some(node.now().await?);
        Ok(Facts { now, epochs: vec![(chain_id, epoch)], account_domains, own_contracts })
    }
}

/// An account, and the contracts that its code and storage name.
struct Own<'a> {
    node: &'a Node,
    account: Address,
    made_of: Vec<Address>,
}

impl Own<'_> {
    /// Returns whether a contract is a part of the account.
    async fn has(&self, target: Address, selector: [u8; 4]) -> Result<bool, NodeError> {
        if self.made_of.contains(&target) {
            return Ok(true);
        }
        if self.node.code(target).await?.is_empty() {
            return Ok(false);
        }
        // A fallback handler is installed for a selector, which is asked about as the context.
        let mut context = selector.to_vec();
        context.resize(32, 0);
        for module_type in MODULE_TYPES {
            let context = context.clone().into();
            if self.node.has_module(self.account, module_type, target, context).await? {
                return Ok(true);
            }
        }
        let call = ITellingAccount::isModuleEnabledCall { module: target };
        says_yes(self.node.ask(self.account, &call).await)
    }
}

async fn made_of(node: &Node, account: Address, code: &Bytes) -> Result<Vec<Address>, NodeError> {
    let mut found = Vec::new();
    for prefix in [&DELEGATION[..], &MINIMAL_PROXY[..]] {
        let rest = code.strip_prefix(prefix).and_then(<[u8]>::first_chunk);
        found.extend(rest.map(|address| Address::new(*address)));
    }
    for slot in OWN_SLOTS {
        let word = node.request("eth_getStorageAt", json!([account, slot, "latest"])).await?;
        let word: U256 = serde_json::from_value(word)
            .map_err(|_| NodeError::Garbled { what: "a word of the account's storage" })?;
        if !word.is_zero() && word.bit_len() <= 160 {
            found.push(Address::from_word(word.into()));
        }
    }
    Ok(found)
}

/// Returns the separator of the account's own domain, if it has one (ERC-5267).
async fn account_domain(node: &Node, account: Address) -> Result<Option<B256>, NodeError> {
    let answer = node.ask(account, &ITellingAccount::eip712DomainCall {}).await;
    let Some(answer) = if_told(answer)? else { return Ok(None) };
    let [fields] = answer.fields.0;
    let has = |bit: u8| fields & (1 << bit) != 0;
    let domain = Eip712Domain::new(
        has(0).then_some(answer.name.into()),
        has(1).then_some(answer.version.into()),
        has(2).then_some(answer.chainId),
        has(3).then_some(answer.verifyingContract),
        has(4).then_some(answer.salt),
    );
    Ok(Some(domain.separator()))
}

/// Asks an account whether the signature of a grant is its owner's: by ERC-1271, as the module
/// would.
///
/// # Errors
/// [`NodeError`] if the node cannot be asked.
pub async fn owner_accepts(grant: &Grant, node: &Node) -> Result<bool, NodeError> {
    let call = ITellingAccount::isValidSignatureCall {
        hash: grant.digest(),
        signature: grant.owner_signature.clone().unwrap_or_default(),
    };
    let account = grant.session.account;
    let answer = if_told(node.ask_as(Some(grant.module), account, &call).await)?;
    Ok(answer.is_some_and(|answer| answer.0 == ITellingAccount::isValidSignatureCall::SELECTOR))
}
