//! Biconomy's Nexus 1.0.1.

use alloy_primitives::{Address, B256, Bytes, aliases::U192};
use alloy_sol_types::{SolCall, SolValue};
use smart_session_client::SoftwareKey;

use super::{Deployer, SmartAccount, behind_sentinel};
use crate::abi::INexus;
use crate::error::TestBedError;

/// Biconomy's Nexus with an ECDSA validator for its owner and no registry of modules.
#[derive(Clone, Debug)]
pub struct NexusAccount {
    address: Address,
    owner: SoftwareKey,
    owner_validator: Address,
}

impl NexusAccount {
    pub(crate) fn create(
        deployer: &mut impl Deployer,
        owner: SoftwareKey,
        salt: B256,
    ) -> Result<Self, TestBedError> {
        let implementation = Self::implementation(deployer)?;
        let arguments = (implementation, deployer.entry_point().bundler).abi_encode_params();
        let factory = deployer.library("NexusFactory", &arguments)?;
        let init_data = Self::initialization(deployer, &owner)?;
        let create = INexus::createAccountCall { initData: init_data, salt };
        let address = deployer.create_account("creating Nexus", factory, &create)?;
        Ok(Self { address, owner, owner_validator: deployer.owner_validator() })
    }

    /// Has an EOA delegate its code (EIP-7702); its own key is the owner.
    pub(crate) fn delegate(
        deployer: &mut impl Deployer,
        owner: SoftwareKey,
    ) -> Result<Self, TestBedError> {
        let delegate = Self::implementation(deployer)?;
        let init_data = Self::initialization(deployer, &owner)?;
        let init = INexus::initializeAccountCall { initData: init_data }.abi_encode();
        let address = owner.address();
        deployer.delegated("delegating to Nexus", &owner, delegate, init.into())?;
        Ok(Self { address, owner, owner_validator: deployer.owner_validator() })
    }

    fn implementation(deployer: &mut impl Deployer) -> Result<Address, TestBedError> {
        let arguments = deployer.entry_point().address.abi_encode();
        deployer.library("Nexus", &arguments)
    }

    /// The contract to delegate the initialization to, and what it is called with.
    fn initialization(
        deployer: &mut impl Deployer,
        owner: &SoftwareKey,
    ) -> Result<Bytes, TestBedError> {
        let bootstrap = deployer.library("NexusBootstrap", &[])?;
        let call = INexus::initNexusWithSingleValidatorCall {
            validator: deployer.owner_validator(),
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
