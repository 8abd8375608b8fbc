//! What a node tells about an account's hooks.

use alloy_primitives::{Address, Bytes, FixedBytes, U256};
use alloy_sol_types::{SolCall, sol};

use crate::account::hook::EXECUTE_USER_OP;
use crate::account::kind::AccountKind;
use crate::operation::abi::UserOperation;
use crate::rpc::error::NodeError;
use crate::rpc::estimate::GasNeeds;
use crate::rpc::node::Node;
use crate::rpc::session_client::{ActError, SessionClient};

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

impl SessionClient<'_> {
    /// Returns the hook that the account asks about the module's operations, if there is one.
    pub(super) async fn hook(&self, kind: AccountKind) -> Result<Option<Address>, NodeError> {
        validator_hook(self.node, kind, self.grant.session.account, self.grant.module).await
    }

    /// Estimates on the node what an operation needs, the account's hook included.
    ///
    /// # Errors
    /// [`ActError`] if the account, the module or the hook refuses the operation.
    pub(super) async fn estimate(
        &self,
        op: &UserOperation,
        enables: bool,
    ) -> Result<GasNeeds, ActError> {
        let mut needs = self.entry_point.estimate(op, enables).await?;
        if let Some(hook) = self.hook(self.kind().await?).await? {
            let work = self.hook_work(hook, &op.callData).await?;
            needs.call = needs.call.saturating_add(work).saturating_add(work / 4);
        }
        Ok(needs)
    }

    /// Estimates what a hook costs before and behind the account's calls.
    async fn hook_work(&self, hook: Address, call_data: &Bytes) -> Result<u128, NodeError> {
        let (account, sender) = (self.grant.session.account, self.entry_point.address);
        let data = without_prefix(call_data);
        let before = IHook::preCheckCall { sender, value: U256::ZERO, data }.abi_encode();
        let before = self.node.estimate_gas(account, hook, before.into(), U256::ZERO).await?;
        let behind = IHook::postCheckCall { context: Bytes::new() }.abi_encode();
        // A hook that wants the context of its first half cannot be estimated without it: it
        // counts as much as that.
        let behind = self.node.estimate_gas(account, hook, behind.into(), U256::ZERO).await;
        Ok(before.saturating_add(behind.unwrap_or(before)).into())
    }
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

/// Returns what the account runs of an operation's calldata.
pub(crate) fn without_prefix(call_data: &Bytes) -> Bytes {
    match call_data.strip_prefix(&EXECUTE_USER_OP) {
        Some(bare) => call_data.slice_ref(bare),
        None => call_data.clone(),
    }
}

#[cfg(test)]
mod tests {
    use alloy_sol_types::SolCall;

    use super::*;
    use crate::account::hook::behind_hook;

    #[test]
    fn one_prefix_is_taken_off() {
        let bare = Bytes::from_static(&[0xe9, 0xae, 0x5c, 0x53]);
        let hooked = behind_hook(&bare);

        assert_eq!(without_prefix(&hooked), bare);
        assert_eq!(without_prefix(&behind_hook(&hooked)), hooked);
        assert_eq!(without_prefix(&bare), bare);
        assert_eq!(without_prefix(&Bytes::new()), Bytes::new());
    }

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
