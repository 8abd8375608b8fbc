//! OpenZeppelin's `AccountERC7579Hooked`.

use alloy_primitives::{Address, B256, Bytes, aliases::U192};
use alloy_sol_types::{SolCall, SolValue};
use smart_session_client::SoftwareKey;

use super::{Deployer, SmartAccount, leading};
use crate::abi::IOzAccount;
use crate::error::TestBedError;

/// OpenZeppelin's `AccountERC7579Hooked` with an ECDSA validator for its owner.
#[derive(Clone, Debug)]
pub struct OzAccount {
    address: Address,
    owner: SoftwareKey,
    owner_validator: Address,
}

impl OzAccount {
    pub(crate) fn create(
        deployer: &mut impl Deployer,
        owner: SoftwareKey,
        salt: B256,
    ) -> Result<Self, TestBedError> {
        let arguments = deployer.entry_point().address.abi_encode();
        let factory = deployer.library("OzAccountFactory", &arguments)?;
        let init = Self::initialization(deployer, &owner);
        let create = IOzAccount::createAccountCall { salt, init };
        let address =
            deployer.create_account("creating OpenZeppelin's account", factory, &create)?;
        Ok(Self { address, owner, owner_validator: deployer.owner_validator() })
    }

    /// Has an EOA delegate its code (EIP-7702); its own key is the owner.
    pub(crate) fn delegate(
        deployer: &mut impl Deployer,
        owner: SoftwareKey,
    ) -> Result<Self, TestBedError> {
        let arguments = deployer.entry_point().address.abi_encode();
        let delegate = deployer.library("OzAccount", &arguments)?;
        let init = Self::initialization(deployer, &owner);
        let address = owner.address();
        deployer.delegated("delegating to OpenZeppelin's account", &owner, delegate, init)?;
        Ok(Self { address, owner, owner_validator: deployer.owner_validator() })
    }

    fn initialization(deployer: &impl Deployer, owner: &SoftwareKey) -> Bytes {
        let call = IOzAccount::initializeAccountCall {
            validator: deployer.owner_validator(),
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
}
