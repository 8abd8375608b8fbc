//! How an account leaves the module: what it must call, in one batch.

use alloy_primitives::{Address, Bytes, U256};
use alloy_sol_types::{SolCall, sol};
use smart_session_core::abi::ISmartSession;

use crate::account::call::Call;
use crate::account::install::InstallAs;
use crate::account::kind::AccountKind;
use crate::account::uninstall::{uninstall_data, uninstall_module};
use crate::refusal::{Refusal, RefusalCode};
use crate::revocation::RevocationSalt;
use crate::rpc::act_error::ActError;
use crate::rpc::error::NodeError;
use crate::rpc::module::Module;

sol! {
    /// What accounts tell about their modules.
    interface IModules {
        function getValidatorsPaginated(address cursor, uint256 size)
            returns (address[] memory array, address next);
        function getExecutorsPaginated(address cursor, uint256 size)
            returns (address[] memory array, address next);
        /// MSA's name for the first.
        function getValidatorPaginated(address cursor, uint256 size)
            returns (address[] memory array, address next);
    }
}

/// Where accounts that keep their modules in linked lists begin: what follows it was installed
/// last.
const SENTINEL: Address = Address::with_last_byte(1);
/// Modules of a list that are asked for at once.
const PAGE: u64 = 32;
/// Most pages that are read: an account has a handful of modules.
const MOST_PAGES: usize = 32;

impl Module<'_> {
    /// Returns the calls by which an account ends all its sessions and uninstalls the module, of
    /// every type that it is installed as. They belong into one batch.
    ///
    /// The account's own `revokeAll` and `onUninstall` come first: Nexus, Kernel and Safe7579 swallow
    /// what goes wrong in a module's `onUninstall` when they uninstall it. A bundler that looks for
    /// the least gas that passes finds so little for Nexus that it runs out there, if the program is
    /// not cached: the module would keep the account as installed, and refuse to be installed again.
    ///
    /// # Errors
    /// [`ActError`] if the account cannot be asked, or there is no randomness for the salts.
    pub async fn leave_calls(
        &self,
        kind: AccountKind,
        account: Address,
    ) -> Result<Vec<Call>, ActError> {
        let data = uninstall_data(InstallAs::Both, RevocationSalt::random()?);
        let told = ISmartSession::onUninstallCall { data }.abi_encode();
        let revoked = self.revoke_all_call(RevocationSalt::random()?);
        let mut calls = vec![revoked, Call::new(self.address, told)];
        for types in [InstallAs::Executor, InstallAs::Validator] {
            let module_type = types.flags();
            if self.node.has_module(account, module_type, self.address, Bytes::new()).await? {
                let predecessor = self.predecessor(kind, account, types).await?;
                let data = uninstall_data(types, RevocationSalt::random()?);
                let module = self.address;
                calls.push(uninstall_module(kind, account, module, module_type, predecessor, data));
            }
        }
        Ok(calls)
    }

    /// Returns what comes before the module in the account's list of a type. Accounts without
    /// such lists are not asked.
    async fn predecessor(
        &self,
        kind: AccountKind,
        account: Address,
        types: InstallAs,
    ) -> Result<Address, ActError> {
        match kind {
            AccountKind::OpenZeppelin | AccountKind::Kernel => return Ok(SENTINEL),
            AccountKind::Msa | AccountKind::Safe7579 | AccountKind::Nexus => {}
        }
        let mut before = SENTINEL;
        for _ in 0..MOST_PAGES {
            let (modules, next) = self.page(kind, account, types, before).await?;
            for module in modules {
                if module == self.address {
                    return Ok(before);
                }
                before = module;
            }
            if next == SENTINEL || next.is_zero() {
                break;
            }
        }
        Err(Refusal::new(
            RefusalCode::Malformed,
            format!("account {account} does not list the module {} that it has", self.address),
            "uninstall it with the account's own wallet",
        )
        .into())
    }

    /// Reads a page of the account's list of a type.
    async fn page(
        &self,
        kind: AccountKind,
        account: Address,
        types: InstallAs,
        cursor: Address,
    ) -> Result<(Vec<Address>, Address), NodeError> {
        let size = U256::from(PAGE);
        let ask =
            async |data: Vec<u8>| self.node.call(None, account, data.into(), U256::ZERO).await;
        let answer = match types {
            InstallAs::Executor => {
                ask(IModules::getExecutorsPaginatedCall { cursor, size }.abi_encode()).await?
            }
            InstallAs::Validator | InstallAs::Both => {
                let usual = IModules::getValidatorsPaginatedCall { cursor, size }.abi_encode();
                match ask(usual).await {
                    Err(NodeError::Reverted { .. }) if kind == AccountKind::Msa => {
                        let other = IModules::getValidatorPaginatedCall { cursor, size };
                        ask(other.abi_encode()).await?
                    }
                    answer => answer?,
                }
            }
        };
        // All three answer alike.
        let page = IModules::getValidatorsPaginatedCall::abi_decode_returns(&answer)
            .map_err(|_| NodeError::Garbled { what: "the account's list of modules" })?;
        Ok((page.array, page.next))
    }
}
