//! Biconomy's Nexus 1.0.1.

use alloy_primitives::{Address, B256, Bytes, aliases::U192};
use alloy_sol_types::{SolCall, SolValue};
use session_client::SoftwareKey;

use super::{Ground, SmartAccount, behind_sentinel};
use crate::abi::INexus;
use crate::stage::StageError;

/// Biconomy's Nexus with an ECDSA validator for its owner and no registry of modules.
#[derive(Clone, Debug)]
pub struct NexusAccount {
    address: Address,
    owner: SoftwareKey,
    owner_validator: Address,
}

impl NexusAccount {
    pub(crate) fn create(
        ground: &mut impl Ground,
        owner: SoftwareKey,
        salt: B256,
    ) -> Result<Self, StageError> {
        let implementation = Self::implementation(ground)?;
        let arguments = (implementation, ground.entry_point().bundler).abi_encode_params();
        let factory = ground.library("NexusFactory", &arguments)?;
        let init_data = Self::initialization(ground, &owner)?;
        let create = INexus::createAccountCall { initData: init_data, salt };
        let address = ground.made("creating Nexus", factory, &create)?;
        Ok(Self { address, owner, owner_validator: ground.owner_validator() })
    }

    /// Has an EOA delegate its code (EIP-7702); its own key is the owner.
    pub(crate) fn delegate(
        ground: &mut impl Ground,
        owner: SoftwareKey,
    ) -> Result<Self, StageError> {
        let delegate = Self::implementation(ground)?;
        let init_data = Self::initialization(ground, &owner)?;
        let init = INexus::initializeAccountCall { initData: init_data }.abi_encode();
        let address = owner.address();
        ground.delegated("delegating to Nexus", &owner, delegate, init.into())?;
        Ok(Self { address, owner, owner_validator: ground.owner_validator() })
    }

    fn implementation(ground: &mut impl Ground) -> Result<Address, StageError> {
        let arguments = ground.entry_point().address.abi_encode();
        ground.library("Nexus", &arguments)
    }

    /// The contract to delegate the initialization to, and what it is called with.
    fn initialization(ground: &mut impl Ground, owner: &SoftwareKey) -> Result<Bytes, StageError> {
        let bootstrap = ground.library("NexusBootstrap", &[])?;
        let call = INexus::initNexusWithSingleValidatorCall {
            validator: ground.owner_validator(),
            data: Bytes::copy_from_slice(owner.address().as_slice()),
            registry: Address::ZERO,
            attesters: Vec::new(),
            threshold: 0,
        };
        Ok((bootstrap, Bytes::from(call.abi_encode())).abi_encode_params().into())
    }
}

impl SmartAccount for NexusAccount {
    fn address(&self) -> Address {
        self.address
    }

    fn owner(&self) -> &SoftwareKey {
        &self.owner
    }

    fn owner_validator(&self) -> Address {
        self.owner_validator
    }

    /// Three free bytes, the mode (0: validation), the validator.
    fn nonce_key(&self, validator: Address) -> U192 {
        U192::from_be_slice(validator.as_slice())
    }

    fn uninstall_data(&self, data: Bytes) -> Bytes {
        behind_sentinel(data)
    }
}
