//! `ZeroDev`'s Kernel v3.1.

use alloy_primitives::{Address, B256, Bytes, FixedBytes, U256, aliases::U192, keccak256};
use alloy_sol_types::{SolCall, SolValue};
use smart_session_client::SoftwareKey;

use super::{Deployer, ModuleType, SmartAccount};
use crate::abi::{IAccount7579, IKernel};
use crate::error::TestBedError;

/// The nonce key and the ERC-1271 signature name a validator with this type before it.
const TYPE_VALIDATOR: u8 = 0x01;

/// Kernel with an ECDSA validator as its root.
#[derive(Clone, Debug)]
pub struct KernelAccount {
    address: Address,
    owner: SoftwareKey,
    owner_validator: Address,
    chain_id: u64,
}

impl KernelAccount {
    pub(crate) fn create(
        deployer: &mut impl Deployer,
        owner: SoftwareKey,
        salt: B256,
    ) -> Result<Self, TestBedError> {
        let arguments = deployer.entry_point().address.abi_encode();
        let implementation = deployer.library("Kernel", &arguments)?;
        let factory = deployer.library("KernelFactory", &implementation.abi_encode())?;
        let initialize = IKernel::initializeCall {
            rootValidator: identifier(deployer.owner_validator()),
            hook: Address::ZERO,
            validatorData: Bytes::copy_from_slice(owner.address().as_slice()),
            hookData: Bytes::new(),
            initConfig: Vec::new(),
        };
        let create = IKernel::createAccountCall { data: initialize.abi_encode().into(), salt };
        let address = deployer.create_account("creating Kernel", factory, &create)?;
        let (owner_validator, chain_id) = (deployer.owner_validator(), deployer.chain_id());
        Ok(Self { address, owner, owner_validator, chain_id })
    }

    /// Returns what a module is installed with that gets a hook, which is installed with it.
    pub fn hooked_install_data(hook: Address, module_type: ModuleType, data: Bytes) -> Bytes {
        // A byte for Kernel itself: the hook is to be told that it is installed.
        installation(hook, Bytes::from_static(&[0xff]), module_type, data)
    }

    /// Returns what Kernel asks its validator about instead of the digest: its own EIP-712 struct
    /// `Kernel(bytes32 hash)`.
    fn wrapped(&self, digest: B256) -> B256 {
        let domain = (
            keccak256(
                "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)",
            ),
            keccak256("Kernel"),
            keccak256("0.3.1"),
            U256::from(self.chain_id),
            self.address,
        );
        let contents = (keccak256("Kernel(bytes32 hash)"), digest);
        let [domain, contents] =
            [domain.abi_encode_params(), contents.abi_encode_params()].map(keccak256);
        keccak256([&[0x19, 0x01], domain.as_slice(), contents.as_slice()].concat())
    }
}

impl SmartAccount for KernelAccount {
    fn address(&self) -> Address {
        self.address
    }

    fn owner(&self) -> &SoftwareKey {
        &self.owner
    }

    fn owner_validator(&self) -> Address {
        self.owner_validator
    }

    /// Mode 0 (default), type 1 (validator), the validator, two free bytes.
    fn nonce_key(&self, validator: Address) -> U192 {
        let [mut key, shifted] =
            [U192::from(TYPE_VALIDATOR), U192::from_be_slice(validator.as_slice())];
        key = key.wrapping_shl(176);
        key | shifted.wrapping_shl(16)
    }

    /// Mode 0, type 0: the root validator, whoever that is.
    fn owner_nonce_key(&self) -> U192 {
        U192::ZERO
    }

    fn route(&self, validator: Address) -> Bytes {
        identifier(validator).into()
    }

    fn asked_about(&self, digest: B256) -> B256 {
        self.wrapped(digest)
    }

    /// No hook, then the module's data, the hook's, and for a validator the one function of the
    /// account that it may validate: `execute`.
    fn install_data(&self, module_type: ModuleType, data: Bytes) -> Bytes {
        installation(Address::ZERO, Bytes::new(), module_type, data)
    }
}

/// Returns what Kernel installs a module with: its hook, then the module's data and the hook's,
/// and for a validator the one function of the account that it may validate.
fn installation(hook: Address, hook_data: Bytes, module_type: ModuleType, data: Bytes) -> Bytes {
    let mut install = hook.to_vec();
    install.extend(match module_type {
        ModuleType::Validator => {
            let selector = Bytes::from(IAccount7579::executeCall::SELECTOR);
            (data, hook_data, selector).abi_encode_params()
        }
        ModuleType::Executor => (data, hook_data).abi_encode_params(),
    });
    install.into()
}

/// Returns Kernel's name for a validator.
fn identifier(validator: Address) -> FixedBytes<21> {
    FixedBytes::<1>::new([TYPE_VALIDATOR]).concat_const::<20, 21>(*validator)
}
