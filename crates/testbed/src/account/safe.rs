//! Safe 1.4.1 with the Safe7579 adapter.

use alloy_primitives::{Address, B256, Bytes, U256, aliases::U192, keccak256};
use alloy_sol_types::{SolCall, SolValue};
use smart_session_client::{KeyError, SoftwareKey};

use super::{Deployer, SmartAccount, behind_sentinel, leading};
use crate::abi::{ISafe, ModuleConfig};
use crate::error::TestBedError;

/// A Safe with one owner and the Safe7579 adapter, which has an ECDSA validator for the same owner
/// and no registry of modules.
#[derive(Clone, Debug)]
pub struct SafeAccount {
    address: Address,
    owner: SoftwareKey,
    owner_validator: Address,
    adapter: Address,
    chain_id: u64,
}

impl SafeAccount {
    pub(crate) fn create(
        deployer: &mut impl Deployer,
        owner: SoftwareKey,
        salt: B256,
    ) -> Result<Self, TestBedError> {
        let adapter = deployer.library("Safe7579", &[])?;
        let arguments = (deployer.entry_point().address, Address::ZERO).abi_encode_params();
        let launchpad = deployer.library("Safe7579Launchpad", &arguments)?;
        let singleton = deployer.library("SafeSingleton", &[])?;
        let factory = deployer.library("SafeProxyFactory", &[])?;
        let validator = ModuleConfig {
            module: deployer.owner_validator(),
            data: Bytes::copy_from_slice(owner.address().as_slice()),
        };
        let add = ISafe::addSafe7579Call {
            safe7579: adapter,
            validators: vec![validator],
            executors: Vec::new(),
            fallbacks: Vec::new(),
            hooks: Vec::new(),
            attesters: Vec::new(),
            threshold: 0,
        };
        let setup = ISafe::setupCall {
            owners: vec![owner.address()],
            threshold: U256::from(1),
            to: launchpad,
            data: add.abi_encode().into(),
            fallbackHandler: adapter,
            paymentToken: Address::ZERO,
            payment: U256::ZERO,
            paymentReceiver: Address::ZERO,
        };
        let create = ISafe::createProxyWithNonceCall {
            singleton,
            initializer: setup.abi_encode().into(),
            saltNonce: salt.into(),
        };
        let address = deployer.create_account("creating a Safe", factory, &create)?;
        let (owner_validator, chain_id) = (deployer.owner_validator(), deployer.chain_id());
        Ok(Self { address, owner, owner_validator, adapter, chain_id })
    }

    /// Signs a digest as the Safe's owners do, past all validators: no validator (20 zero bytes),
    /// then their signatures over the Safe's own EIP-712 struct `SafeMessage(bytes message)`.
    ///
    /// # Errors
    /// [`KeyError`] if the owner's key cannot sign.
    pub fn owners_signature(&self, digest: B256) -> Result<Bytes, KeyError> {
        let domain = (
            keccak256("EIP712Domain(uint256 chainId,address verifyingContract)"),
            U256::from(self.chain_id),
            self.address,
        );
        let contents = (keccak256("SafeMessage(bytes message)"), keccak256(digest));
        let [domain, contents] = [domain.abi_encode_params(), contents.abi_encode_params()];
        let [domain, contents] = [domain, contents].map(keccak256);
        let message = keccak256([&[0x19, 0x01], domain.as_slice(), contents.as_slice()].concat());
        let mut signature = Address::ZERO.to_vec();
        signature.extend(self.owner.sign(message)?);
        Ok(signature.into())
    }
}

impl SmartAccount for SafeAccount {
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

    /// The adapter is the Safe's fallback handler: the Safe calls it with whatever it is called.
    fn plumbing(&self) -> Vec<Address> {
        vec![self.adapter]
    }

    fn uninstall_data(&self, data: Bytes) -> Bytes {
        behind_sentinel(data)
    }
}
