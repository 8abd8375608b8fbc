//! ERC-7579 accounts, and how each of them wants to be spoken to.
//!
//! What they are sent is encoded with [`crate::abi`], not by the client.

mod deployer;
mod kernel;
mod kind;
mod msa;
mod nexus;
mod oz;
mod safe;

use core::fmt::Debug;

use alloy_primitives::{Address, B256, Bytes, U256, aliases::U192};
use alloy_sol_types::{SolCall, SolValue};
pub use smart_session_client::Call;
use smart_session_client::{KeyError, SoftwareKey};

use crate::abi::{Execution, IAccount7579};

pub use deployer::Deployer;
pub use kernel::KernelAccount;
pub use kind::AccountKind;
pub use msa::MsaAccount;
pub use nexus::NexusAccount;
pub use oz::OzAccount;
pub use safe::SafeAccount;

/// A type of module (ERC-7579).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ModuleType {
    /// Type 1.
    Validator,
    /// Type 2.
    Executor,
}

impl ModuleType {
    /// Returns its number.
    pub fn id(self) -> U256 {
        match self {
            Self::Validator => U256::from(1),
            Self::Executor => U256::from(2),
        }
    }
}

/// Where accounts with linked lists of modules (Safe7579, Nexus, MSA) begin: the module
/// that was installed last follows it.
const SENTINEL: Address = Address::with_last_byte(1);

/// One kind of ERC-7579 account: where its owner signs and how it is called.
pub trait SmartAccount: Debug + Send + Sync {
    /// Returns its address.
    fn address(&self) -> Address;

    /// Returns the owner's key.
    fn owner(&self) -> &SoftwareKey;

    /// Returns the validator that the owner's signatures go through.
    fn owner_validator(&self) -> Address;

    /// Returns the nonce key that selects a validator.
    fn nonce_key(&self, validator: Address) -> U192;

    /// Returns the nonce key of the owner's own operations.
    fn owner_nonce_key(&self) -> U192 {
        self.nonce_key(self.owner_validator())
    }

    /// Returns the contracts that the account calls in order to run itself: its calls of them are
    /// not what an operation asked for.
    fn plumbing(&self) -> Vec<Address> {
        Vec::new()
    }

    /// Returns the bytes that route an ERC-1271 signature to a validator.
    fn route(&self, validator: Address) -> Bytes {
        Bytes::copy_from_slice(validator.as_slice())
    }

    /// Returns the bytes that route an ERC-1271 signature to the owner's validator: the
    /// account's enable route.
    fn owner_route(&self) -> Bytes {
        self.route(self.owner_validator())
    }

    /// Returns what the account asks a validator about where it is asked about a digest itself.
    fn asked_about(&self, digest: B256) -> B256 {
        digest
    }

    /// Signs a digest as the account's ERC-1271 wants it.
    ///
    /// # Errors
    /// [`KeyError`] if the owner's key cannot sign.
    fn owner_signature(&self, digest: B256) -> Result<Bytes, KeyError> {
        let mut signature = self.owner_route().to_vec();
        signature.extend(self.owner().sign(self.asked_about(digest))?);
        Ok(signature.into())
    }

    /// Encodes a single call.
    fn execute(&self, call: &Call) -> Bytes {
        execute(B256::ZERO, packed(call))
    }

    /// Encodes a batch of calls.
    fn execute_batch(&self, calls: &[Call]) -> Bytes {
        execute(batch_mode(), encoded(calls))
    }

    /// Wraps what a module is installed with, as the account wants it.
    fn install_data(&self, _module_type: ModuleType, data: Bytes) -> Bytes {
        data
    }

    /// Wraps what a module is uninstalled with, as the account wants it. The module must be the
    /// last of its type that was installed.
    fn uninstall_data(&self, data: Bytes) -> Bytes {
        data
    }

    /// Encodes the installation of a module.
    fn install_module(&self, module_type: ModuleType, module: Address, data: Bytes) -> Bytes {
        let init_data = self.install_data(module_type, data);
        IAccount7579::installModuleCall {
            moduleTypeId: module_type.id(),
            module,
            initData: init_data,
        }
        .abi_encode()
        .into()
    }

    /// Encodes the removal of a module.
    fn uninstall_module(&self, module_type: ModuleType, module: Address, data: Bytes) -> Bytes {
        IAccount7579::uninstallModuleCall {
            moduleTypeId: module_type.id(),
            module,
            deInitData: self.uninstall_data(data),
        }
        .abi_encode()
        .into()
    }

    /// Encodes the installation of a validator.
    fn install_validator(&self, module: Address, data: Bytes) -> Bytes {
        self.install_module(ModuleType::Validator, module, data)
    }

    /// Encodes the removal of a validator.
    fn uninstall_validator(&self, module: Address, data: Bytes) -> Bytes {
        self.uninstall_module(ModuleType::Validator, module, data)
    }
}

/// Returns the mode of a plain batch: call type 0x01, the rest zero.
pub fn batch_mode() -> B256 {
    mode(0x01, 0x00)
}

/// Returns a mode with a call type and an exec type, the rest zero.
pub fn mode(call_type: u8, exec_type: u8) -> B256 {
    B256::right_padding_from(&[call_type, exec_type])
}

/// Encodes `execute(mode, executionCalldata)`.
pub fn execute(mode: B256, calldata: impl Into<Bytes>) -> Bytes {
    IAccount7579::executeCall { mode, executionCalldata: calldata.into() }.abi_encode().into()
}

/// Returns `abi.encode(Execution[])`, as ERC-7579 wants a batch.
pub fn encoded(calls: &[Call]) -> Vec<u8> {
    let executions: Vec<Execution> = calls
        .iter()
        .map(|call| Execution {
            target: call.target,
            value: call.value,
            callData: call.data.clone(),
        })
        .collect();
    executions.abi_encode()
}

/// Returns target ‖ value ‖ calldata, packed as ERC-7579 wants a single call.
pub fn packed(call: &Call) -> Vec<u8> {
    let mut bytes = call.target.to_vec();
    bytes.extend(call.value.to_be_bytes::<32>());
    bytes.extend(&call.data);
    bytes
}

/// Returns a validator as the highest 20 of the 24 bytes of a nonce key.
fn leading(validator: Address) -> U192 {
    let mut key = [0; 24];
    for (to, from) in key.iter_mut().zip(validator) {
        *to = from;
    }
    U192::from_be_bytes(key)
}

/// Returns uninstall data of an account with linked lists: the module's predecessor, and the data.
fn behind_sentinel(data: Bytes) -> Bytes {
    (SENTINEL, data).abi_encode_params().into()
}
