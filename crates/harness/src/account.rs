//! ERC-7579 accounts, and how each of them wants to be spoken to.

use alloy_primitives::{Address, B256, Bytes, U256, aliases::U192};
use alloy_sol_types::{SolCall, SolValue};
use session_client::{KeyError, SoftwareKey};

use crate::abi::{Execution, IAccount7579};

/// Module type validator (ERC-7579).
pub const TYPE_VALIDATOR: u64 = 1;

/// A call that an account shall make.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// The callee.
    pub target: Address,
    /// The wei that it is sent.
    pub value: U256,
    /// Its calldata.
    pub data: Bytes,
}

impl Call {
    /// Returns a call that sends no value.
    pub fn new(target: Address, data: impl Into<Bytes>) -> Self {
        Self { target, value: U256::ZERO, data: data.into() }
    }

    /// Sends value with it.
    #[must_use]
    pub fn with_value(mut self, value: U256) -> Self {
        self.value = value;
        self
    }
}

/// One kind of ERC-7579 account: where its owner signs and how it is called.
pub trait SmartAccount {
    /// Returns its address.
    fn address(&self) -> Address;

    /// Returns the owner's key.
    fn owner(&self) -> &SoftwareKey;

    /// Returns the validator that the owner's signatures go through.
    fn owner_validator(&self) -> Address;

    /// Returns the nonce key that selects a validator.
    fn nonce_key(&self, validator: Address) -> U192;

    /// Returns the bytes that route an ERC-1271 signature to the owner's validator: the
    /// account's enable route.
    fn owner_route(&self) -> Bytes;

    /// Signs a digest as the account's ERC-1271 wants it.
    ///
    /// # Errors
    /// [`KeyError`] if the owner's key cannot sign.
    fn owner_signature(&self, digest: B256) -> Result<Bytes, KeyError> {
        let mut signature = self.owner_route().to_vec();
        signature.extend(self.owner().sign(digest)?);
        Ok(signature.into())
    }

    /// Encodes a single call.
    fn execute(&self, call: &Call) -> Bytes {
        execute(B256::ZERO, packed(call))
    }

    /// Encodes a batch of calls.
    fn execute_batch(&self, calls: &[Call]) -> Bytes {
        let executions: Vec<Execution> = calls
            .iter()
            .map(|call| Execution {
                target: call.target,
                value: call.value,
                callData: call.data.clone(),
            })
            .collect();
        execute(batch_mode(), executions.abi_encode())
    }

    /// Encodes the installation of a validator.
    fn install_validator(&self, module: Address, data: Bytes) -> Bytes {
        let module_type = U256::from(TYPE_VALIDATOR);
        IAccount7579::installModuleCall { moduleTypeId: module_type, module, initData: data }
            .abi_encode()
            .into()
    }

    /// Encodes the removal of a validator.
    fn uninstall_validator(&self, module: Address, data: Bytes) -> Bytes {
        let module_type = U256::from(TYPE_VALIDATOR);
        IAccount7579::uninstallModuleCall { moduleTypeId: module_type, module, deInitData: data }
            .abi_encode()
            .into()
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

/// Returns target ‖ value ‖ calldata, packed as ERC-7579 wants a single call.
pub fn packed(call: &Call) -> Vec<u8> {
    let mut bytes = call.target.to_vec();
    bytes.extend(call.value.to_be_bytes::<32>());
    bytes.extend(&call.data);
    bytes
}

/// OpenZeppelin's `AccountERC7579Hooked` with an ECDSA validator for its owner.
#[derive(Clone, Debug)]
pub struct OzAccount {
    pub(crate) address: Address,
    pub(crate) owner: SoftwareKey,
    pub(crate) owner_validator: Address,
}

impl SmartAccount for OzAccount {
    fn address(&self) -> Address {
        self.address
    }

    fn owner(&self) -> &SoftwareKey {
        &self.owner
    }

    fn owner_validator(&self) -> Address {
        self.owner_validator
    }

    /// The validator in the highest 20 of 24 bytes.
    fn nonce_key(&self, validator: Address) -> U192 {
        let mut key = [0; 24];
        key[..20].copy_from_slice(validator.as_slice());
        U192::from_be_bytes(key)
    }

    fn owner_route(&self) -> Bytes {
        Bytes::copy_from_slice(self.owner_validator.as_slice())
    }
}
