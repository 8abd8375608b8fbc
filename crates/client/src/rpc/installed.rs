//! Whether an account has a module (ERC-7579).

use alloy_primitives::{Address, Bytes, U256};
use alloy_sol_types::sol;

use crate::rpc::error::{NodeError, if_told};
use crate::rpc::node::Node;

sol! {
    interface IModularAccount {
        function isModuleInstalled(uint256 moduleTypeId, address module, bytes additionalContext)
            returns (bool);
    }
}

impl Node {
    /// Asks an account whether it has a module of a type, in the context that the type wants. An
    /// account that does not have the function says no.
    pub(super) async fn has_module(
        &self,
        account: Address,
        module_type: u8,
        module: Address,
        context: Bytes,
    ) -> Result<bool, NodeError> {
        let question = IModularAccount::isModuleInstalledCall {
            moduleTypeId: U256::from(module_type),
            module,
            additionalContext: context,
        };
        says_yes(self.ask(account, &question).await)
    }
}

/// An account that does not have the function says no.
pub(super) fn says_yes(answer: Result<bool, NodeError>) -> Result<bool, NodeError> {
    Ok(if_told(answer)?.unwrap_or(false))
}
