//! OpenZeppelin's `AccountERC7579Hooked`.

use alloy_primitives::{Address, B256, Bytes, aliases::U192};
use alloy_sol_types::{SolCall, SolValue};
use session_client::SoftwareKey;

use super::{SmartAccount, leading};
use crate::abi::IOzAccount;
use crate::stage::{Stage, StageError};

/// OpenZeppelin's `AccountERC7579Hooked` with an ECDSA validator for its owner.
#[derive(Clone, Debug)]
pub struct OzAccount {
    address: Address,
    owner: SoftwareKey,
    owner_validator: Address,
}

impl OzAccount {
    /// Takes an account that is there.
    pub fn new(address: Address, owner: SoftwareKey, owner_validator: Address) -> Self {
        Self { address, owner, owner_validator }
    }

    pub(crate) fn create(
        stage: &mut Stage,
        owner: SoftwareKey,
        salt: B256,
    ) -> Result<Self, StageError> {
        let arguments = stage.entry_point.address.abi_encode();
        let factory = stage.library("OzAccountFactory", &arguments)?;
        let init = Self::initialization(stage, &owner);
        let create = IOzAccount::createAccountCall { salt, init };
        let address = stage.made("creating OpenZeppelin's account", factory, &create)?;
        Ok(Self { address, owner, owner_validator: stage.owner_validator })
    }

    /// Has an EOA delegate its code (EIP-7702); its own key is the owner.
    pub(crate) fn delegate(stage: &mut Stage, owner: SoftwareKey) -> Result<Self, StageError> {
        let arguments = stage.entry_point.address.abi_encode();
        let delegate = stage.library("OzAccount", &arguments)?;
        let init = Self::initialization(stage, &owner);
        let address = owner.address();
        stage.delegated("delegating to OpenZeppelin's account", address, delegate, init)?;
        Ok(Self { address, owner, owner_validator: stage.owner_validator })
    }

    fn initialization(stage: &Stage, owner: &SoftwareKey) -> Bytes {
        let call = IOzAccount::initializeAccountCall {
            validator: stage.owner_validator,
            initData: Bytes::copy_from_slice(owner.address().as_slice()),
        };
        call.abi_encode().into()
    }
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

    fn nonce_key(&self, validator: Address) -> U192 {
        leading(validator)
    }

    fn owner_route(&self) -> Bytes {
        Bytes::copy_from_slice(self.owner_validator.as_slice())
    }
}
