//! What a node tells about an account's hooks.

use alloy_primitives::{Address, Bytes, FixedBytes, U256};
use alloy_sol_types::{SolCall, sol};

use crate::account::hook::without_prefix;
use crate::account::kind::AccountKind;
use crate::operation::abi::UserOperation;
use crate::rpc::entry_point::EntryPoint;
use crate::rpc::error::NodeError;
use crate::rpc::node::Node;

sol! {
    /// What Kernel tells about the installation of a validator.
    interface IHookedAccount {
        function validationConfig(bytes21 validationId) returns (uint32 nonce, address hook);
    }

    /// A hook (ERC-7579, module type 4).
    interface IHook {
        function preCheck(address sender, uint256 value, bytes data) returns (bytes context);
        function postCheck(bytes context);
    }
}

/// Asks an account for the hook of its installation of a validator. Kernel alone has one for each.
///
/// # Errors
/// [`NodeError`] if the account cannot be asked.
pub async fn validator_hook(
    node: &Node,
    kind: AccountKind,
    account: Address,
    validator: Address,
) -> Result<Option<Address>, NodeError> {
    match kind {
        AccountKind::Kernel => Ok(answer(node.ask(account, &question(validator)).await?.hook)),
        AccountKind::OpenZeppelin
        | AccountKind::Msa
        | AccountKind::Safe7579
        | AccountKind::Nexus => Ok(None),
    }
}

/// Estimates what a hook costs before and behind the account's calls.
///
/// # Errors
/// [`NodeError`] if the hook refuses the calls, or the node cannot be asked.
pub(super) async fn estimate_hook(
    hook: Address,
    entry_point: &EntryPoint<'_>,
    op: &UserOperation,
) -> Result<u128, NodeError> {
    let EntryPoint { node, address: sender, .. } = *entry_point;
    let data = without_prefix(&op.callData);
    let before = IHook::preCheckCall { sender, value: U256::ZERO, data }.abi_encode();
    let before = node.estimate_gas(op.sender, hook, before.into(), U256::ZERO).await?;
    let behind = IHook::postCheckCall { context: Bytes::new() }.abi_encode();
    // A hook that wants the context of its first half cannot be estimated without it: it
    // counts as much as that.
    let behind = node.estimate_gas(op.sender, hook, behind.into(), U256::ZERO).await;
    Ok(before.saturating_add(behind.unwrap_or(before)).into())
}

/// Returns Kernel's question about a validator, which it names by its type (1) and its address.
fn question(validator: Address) -> IHookedAccount::validationConfigCall {
    let validation_id = FixedBytes::<1>::new([0x01]).concat_const::<20, 21>(validator.into());
    IHookedAccount::validationConfigCall { validationId: validation_id }
}

/// Reads the answer: 0 is a validator that is not installed, 1 one without a hook.
fn answer(hook: Address) -> Option<Address> {
    (hook > Address::with_last_byte(1)).then_some(hook)
}

#[cfg(test)]
mod tests {
    use alloy_sol_types::SolCall;

    use super::*;

    #[test]
    fn an_installation_without_a_hook_has_none() {
        assert_eq!(answer(Address::ZERO), None);
        assert_eq!(answer(Address::with_last_byte(1)), None);
        let hook = Address::with_last_byte(2);
        assert_eq!(answer(hook), Some(hook));
    }

    #[test]
    fn kernel_is_asked_about_a_validator_by_type_and_address() {
        let asked = question(Address::repeat_byte(0x5e)).abi_encode();

        assert_eq!(asked[4..25], [&[1][..], &[0x5e; 20]].concat());
        assert_eq!(asked[25..], [0; 11]);
    }
}
