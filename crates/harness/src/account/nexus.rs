//! Biconomy's Nexus 1.0.1.

use alloy_primitives::{Address, B256, Bytes, aliases::U192};
use alloy_sol_types::{SolCall, SolValue};
use session_client::SoftwareKey;

use super::{SmartAccount, behind_sentinel};
use crate::abi::INexus;
use crate::stage::{Stage, StageError};

/// Biconomy's Nexus with an ECDSA validator for its owner and no registry of modules.
#[derive(Clone, Debug)]
pub struct NexusAccount {
    address: Address,
    owner: SoftwareKey,
    owner_validator: Address,
}

impl NexusAccount {
    pub(crate) fn create(
        stage: &mut Stage,
        owner: SoftwareKey,
        salt: B256,
    ) -> Result<Self, StageError> {
        let implementation = Self::implementation(stage)?;
        let arguments = (implementation, stage.entry_point.bundler).abi_encode_params();
        let factory = stage.library("NexusFactory", &arguments)?;
        let init_data = Self::initialization(stage, &owner)?;
        let create = INexus::createAccountCall { initData: init_data, salt };
        let address = stage.made("creating Nexus", factory, &create)?;
        Ok(Self { address, owner, owner_validator: stage.owner_validator })
    }

    /// Has an EOA delegate its code (EIP-7702); its own key is the owner.
    pub(crate) fn delegate(stage: &mut Stage, owner: SoftwareKey) -> Result<Self, StageError> {
        let delegate = Self::implementation(stage)?;
        let init_data = Self::initialization(stage, &owner)?;
        let init = INexus::initializeAccountCall { initData: init_data }.abi_encode();
        let address = owner.address();
        stage.delegated("delegating to Nexus", address, delegate, init.into())?;
        Ok(Self { address, owner, owner_validator: stage.owner_validator })
    }

    fn implementation(stage: &mut Stage) -> Result<Address, StageError> {
        let arguments = stage.entry_point.address.abi_encode();
        stage.library("Nexus", &arguments)
    }

    /// The contract to delegate the initialization to, and what it is called with.
    fn initialization(stage: &mut Stage, owner: &SoftwareKey) -> Result<Bytes, StageError> {
        let bootstrap = stage.library("NexusBootstrap", &[])?;
        let call = INexus::initNexusWithSingleValidatorCall {
            validator: stage.owner_validator,
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

    fn owner_route(&self) -> Bytes {
        Bytes::copy_from_slice(self.owner_validator.as_slice())
    }

    fn uninstall_data(&self, data: Bytes) -> Bytes {
        behind_sentinel(data)
    }
}
