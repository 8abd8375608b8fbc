//! The account that the authors of ERC-7579 wrote as its reference.

use alloy_primitives::{Address, B256, Bytes, aliases::U192};
use alloy_sol_types::{SolCall, SolValue};
use smart_session_client::SoftwareKey;

use super::{Deployer, SmartAccount, behind_sentinel, leading};
use crate::abi::{IMsa, ModuleConfig};
use crate::error::TestBedError;

/// MSA, the reference implementation of ERC-7579, with an ECDSA validator for its owner.
#[derive(Clone, Debug)]
pub struct MsaAccount {
    address: Address,
    owner: SoftwareKey,
    owner_validator: Address,
}

impl MsaAccount {
    pub(crate) fn create(
        deployer: &mut impl Deployer,
        owner: SoftwareKey,
        salt: B256,
    ) -> Result<Self, TestBedError> {
        let implementation = deployer.library("Msa", &[])?;
        let bootstrap = deployer.library("MsaBootstrap", &[])?;
        let validator = ModuleConfig {
            module: deployer.owner_validator(),
            data: Bytes::copy_from_slice(owner.address().as_slice()),
        };
        let init = IMsa::initMSACall {
            validators: vec![validator],
            executors: Vec::new(),
            hook: ModuleConfig { module: Address::ZERO, data: Bytes::new() },
            fallbacks: Vec::new(),
        };
        let data = (bootstrap, Bytes::from(init.abi_encode())).abi_encode_params();
        let initialize = IMsa::initializeAccountCall { data: data.into() }.abi_encode();
        let arguments = (implementation, Bytes::from(initialize)).abi_encode_params();
        let address = deployer.contract("MsaProxy", &arguments, salt)?;
        Ok(Self { address, owner, owner_validator: deployer.owner_validator() })
    }
}

impl SmartAccount for MsaAccount {
    fn address(&self) -> Address {
        self.address
    }

    fn owner(&self) -> &SoftwareKey {
        &self.owner
    }

    fn owner_validator(&self) -> Address {
        self.owner_validator
    }

    fn nonce_key(&self, validator: Address) -> U192 {
        leading(validator)
    }

    fn uninstall_data(&self, data: Bytes) -> Bytes {
        behind_sentinel(data)
    }
}
