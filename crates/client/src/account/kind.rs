//! ERC-7579 accounts: how a nonce or a signature selects one of their validators.

use alloy_primitives::aliases::U192;
use alloy_primitives::{Address, B256, Bytes, b256, keccak256};
use alloy_sol_types::SolValue;

use crate::refusal::{Refusal, RefusalCode};

/// The ERC-7579 accounts that are known here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AccountKind {
    /// `OpenZeppelin`'s `AccountERC7579`.
    OpenZeppelin,
    /// The reference implementation.
    Msa,
    /// Safe with the Safe7579 adapter.
    Safe7579,
    /// Biconomy's Nexus.
    Nexus,
    /// `ZeroDev`'s Kernel, 3.1.
    Kernel,
}

impl AccountKind {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::OpenZeppelin, Self::Msa, Self::Safe7579, Self::Nexus, Self::Kernel];

    /// Returns its name, as files and commands have it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::OpenZeppelin => "openzeppelin",
            Self::Msa => "msa",
            Self::Safe7579 => "safe7579",
            Self::Nexus => "nexus",
            Self::Kernel => "kernel",
        }
    }

    /// Returns the kind with a name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Recognises an account by what its `accountId()` says (ERC-7579).
    pub fn from_account_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| id.starts_with(kind.account_id_start()))
    }

    const fn account_id_start(self) -> &'static str {
        match self {
            Self::OpenZeppelin => "@openzeppelin/contracts.AccountERC7579",
            Self::Msa => "uMSA.",
            Self::Safe7579 => "rhinestone.safe7579.",
            Self::Nexus => "biconomy.nexus.",
            Self::Kernel => "kernel.",
        }
    }

    /// Returns the nonce key (192 bits, ERC-4337) with which an account asks `validator`.
    ///
    /// | account | key |
    /// |---|---|
    /// | `OpenZeppelin`, MSA, Safe7579 | validator ‖ lane (4 bytes) |
    /// | Nexus | lane (3 bytes) ‖ mode 00 ‖ validator |
    /// | Kernel 3.1 | mode 00 ‖ type 01 ‖ validator ‖ lane (2 bytes) |
    ///
    /// Operations in different lanes do not wait for each other.
    ///
    /// # Errors
    /// [`RefusalCode::LaneTooWide`] if the lane does not fit.
    pub fn nonce_key(self, validator: Address, lane: u32) -> Result<U192, Refusal> {
        let [a, b, c, d] = lane.to_be_bytes();
        let validator = validator.as_slice();
        let parts: [&[u8]; 4] = match (self, [a, b]) {
            (Self::OpenZeppelin | Self::Msa | Self::Safe7579, _) => {
                [validator, &[a, b, c, d], &[], &[]]
            }
            (Self::Nexus, [0, _]) => [&[b, c, d], &[0x00], validator, &[]],
            (Self::Kernel, [0, 0]) => [&[0x00], &[0x01], validator, &[c, d]],
            (Self::Nexus | Self::Kernel, _) => {
                let most = if self == Self::Nexus { (1 << 24) - 1 } else { u32::from(u16::MAX) };
                return Err(Refusal::new(
                    RefusalCode::LaneTooWide,
                    format!("lane {lane} does not fit into a nonce of kind {}", self.name()),
                    format!("take one from 0 to {most}"),
                ));
            }
        };
        Ok(U192::from_be_slice(&parts.concat()))
    }

    /// Returns the nonce key with which an account asks its owner's validator.
    ///
    /// Kernel's root validator has a type of its own in the nonce; the others make no difference.
    ///
    /// # Errors
    /// As [`Self::nonce_key`], which lane 0 never causes.
    pub fn owner_nonce_key(self, validator: Address) -> Result<U192, Refusal> {
        match self {
            Self::Kernel => Ok(U192::ZERO),
            Self::OpenZeppelin | Self::Msa | Self::Safe7579 | Self::Nexus => {
                self.nonce_key(validator, 0)
            }
        }
    }

    /// Returns the enable route: how an owner's signature begins that `validator` is to check.
    ///
    /// It is set at install, so that no weaker validator of the account can enable sessions.
    pub fn enable_route(self, validator: Address) -> Bytes {
        match self {
            Self::Kernel => [&[0x01], validator.as_slice()].concat().into(),
            Self::OpenZeppelin | Self::Msa | Self::Safe7579 | Self::Nexus => {
                Bytes::copy_from_slice(validator.as_slice())
            }
        }
    }

    /// Returns the digest that the owner's key signs for the account to say yes to `digest`.
    ///
    /// Kernel wraps every digest in EIP-712 of its own, bound to the account and the chain; the
    /// validators of the others are asked about the digest as it is.
    pub fn owner_digest(self, chain_id: u64, account: Address, digest: B256) -> B256 {
        match self {
            Self::Kernel => kernel_digest(chain_id, account, digest),
            Self::OpenZeppelin | Self::Msa | Self::Safe7579 | Self::Nexus => digest,
        }
    }

    /// Returns whether an owner's signature holds on every chain of the session.
    pub const fn signature_is_for_all_chains(self) -> bool {
        !matches!(self, Self::Kernel)
    }

    /// Returns an owner's signature as the account's ERC-1271 takes it: the enable route, then
    /// what the key signed.
    pub fn owner_signature(self, validator: Address, signature: &[u8]) -> Bytes {
        [&self.enable_route(validator), signature].concat().into()
    }
}

/// `EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)`.
const DOMAIN: B256 = b256!("8b73c3c69bb8fe3d512ecc4cf759cc79239f7b179b0ffacaa9a75d522b39400f");

/// `Kernel(bytes32 hash)` in the domain of Kernel 3.1.
fn kernel_digest(chain_id: u64, account: Address, digest: B256) -> B256 {
    let (name, version) = (keccak256("Kernel"), keccak256("0.3.1"));
    let domain = keccak256((DOMAIN, name, version, chain_id, account).abi_encode());
    let message = keccak256((keccak256("Kernel(bytes32 hash)"), digest).abi_encode());
    keccak256([&[0x19, 0x01], domain.as_slice(), message.as_slice()].concat())
}

#[cfg(test)]
mod tests {
    use alloy_primitives::{address, hex};
    use alloy_sol_types::{SolStruct, eip712_domain, sol};

    use super::*;

    const VALIDATOR: Address = address!("5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e");

    #[test]
    fn each_kind_puts_the_validator_where_its_nonce_wants_it() {
        let key = |kind: AccountKind, lane| {
            hex::encode(kind.nonce_key(VALIDATOR, lane).unwrap().to_be_bytes::<24>())
        };
        let validator = hex::encode(VALIDATOR);

        assert_eq!(key(AccountKind::OpenZeppelin, 7), format!("{validator}00000007"));
        assert_eq!(key(AccountKind::Msa, 0), format!("{validator}00000000"));
        assert_eq!(key(AccountKind::Safe7579, u32::MAX), format!("{validator}ffffffff"));
        assert_eq!(key(AccountKind::Nexus, 7), format!("00000700{validator}"));
        assert_eq!(key(AccountKind::Kernel, 7), format!("0001{validator}0007"));
    }

    #[test]
    fn a_lane_that_does_not_fit_is_refused() {
        let nexus = AccountKind::Nexus.nonce_key(VALIDATOR, 1 << 24).unwrap_err();
        let kernel = AccountKind::Kernel.nonce_key(VALIDATOR, 1 << 16).unwrap_err();

        assert_eq!(nexus.remedy(), "take one from 0 to 16777215");
        assert_eq!(kernel.remedy(), "take one from 0 to 65535");
    }

    #[test]
    fn accounts_are_known_by_their_ids() {
        let known = |id| AccountKind::from_account_id(id).map(AccountKind::name);

        assert_eq!(known("kernel.advanced.v0.3.1"), Some("kernel"));
        assert_eq!(known("biconomy.nexus.1.0.0"), Some("nexus"));
        assert_eq!(known("rhinestone.safe7579.v1.0.0"), Some("safe7579"));
        assert_eq!(known("uMSA.advanced/withHook.v0.1"), Some("msa"));
        let openzeppelin = "@openzeppelin/contracts.AccountERC7579Hooked.v1.0.0";
        assert_eq!(known(openzeppelin), Some("openzeppelin"));
        assert_eq!(known("another.account.v1"), None);
    }

    #[test]
    fn kernel_wraps_digests_in_its_own_typed_data() {
        sol! {
            struct Kernel { bytes32 hash; }
        }
        let digest = B256::repeat_byte(0xd1);
        let domain = eip712_domain! {
            name: "Kernel", version: "0.3.1", chain_id: 42_161, verifying_contract: VALIDATOR,
        };

        let wrapped = AccountKind::Kernel.owner_digest(42_161, VALIDATOR, digest);

        assert_eq!(wrapped, Kernel { hash: digest }.eip712_signing_hash(&domain));
        assert_eq!(AccountKind::Nexus.owner_digest(42_161, VALIDATOR, digest), digest);
    }

    #[test]
    fn signatures_begin_with_the_route() {
        let plain = AccountKind::Msa.owner_signature(VALIDATOR, &[1, 2]);
        let kernel = AccountKind::Kernel.owner_signature(VALIDATOR, &[1, 2]);

        assert_eq!(hex::encode(plain), format!("{}0102", hex::encode(VALIDATOR)));
        assert_eq!(hex::encode(kernel), format!("01{}0102", hex::encode(VALIDATOR)));
    }
}
