//! The accounts that there are.

use core::fmt;
use std::sync::Arc;

use alloy_primitives::B256;
use smart_session_client::SoftwareKey;

use super::{
    Deployer, KernelAccount, MsaAccount, NexusAccount, OzAccount, SafeAccount, SmartAccount,
};
use crate::error::TestBedError;
use crate::fixtures::EntryPointVersion;

/// A kind of account, and how it comes to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AccountKind {
    /// OpenZeppelin's `AccountERC7579Hooked`, compiled here from its published source.
    OpenZeppelin,
    /// Biconomy's Nexus 1.0.1.
    Nexus,
    /// Safe 1.4.1 with Safe7579.
    Safe7579,
    /// `ZeroDev`'s Kernel v3.1.
    Kernel,
    /// The reference implementation of ERC-7579.
    Msa,
    /// An EOA that delegates its code to OpenZeppelin's account (EIP-7702).
    OpenZeppelin7702,
    /// An EOA that delegates its code to Nexus (EIP-7702).
    Nexus7702,
}

impl AccountKind {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::OpenZeppelin,
        Self::Nexus,
        Self::Safe7579,
        Self::Kernel,
        Self::Msa,
        Self::OpenZeppelin7702,
        Self::Nexus7702,
    ];

    /// The five that are contracts.
    pub const CONTRACTS: [Self; 5] =
        [Self::OpenZeppelin, Self::Nexus, Self::Safe7579, Self::Kernel, Self::Msa];

    /// Returns why an account of this kind cannot be used with an EntryPoint, if so.
    pub fn skipped_on(self, entry_point: EntryPointVersion) -> Option<&'static str> {
        match (self, entry_point) {
            (Self::Safe7579, EntryPointVersion::V08 | EntryPointVersion::V09) => {
                Some("the registry's build of Safe7579 has EntryPoint v0.7 in its code")
            }
            (Self::Msa, EntryPointVersion::V08 | EntryPointVersion::V09) => {
                Some("the registry's build of MSA has EntryPoint v0.7 in its code")
            }
            (_, EntryPointVersion::V07)
            | (
                Self::OpenZeppelin
                | Self::Nexus
                | Self::Kernel
                | Self::OpenZeppelin7702
                | Self::Nexus7702,
                EntryPointVersion::V08 | EntryPointVersion::V09,
            ) => None,
        }
    }

    /// Creates an account of this kind.
    ///
    /// # Errors
    /// [`TestBedError`] if it cannot be created, or not with this EntryPoint.
    pub fn create(
        self,
        deployer: &mut impl Deployer,
        owner: SoftwareKey,
        salt: B256,
    ) -> Result<Arc<dyn SmartAccount>, TestBedError> {
        if let Some(reason) = self.skipped_on(deployer.entry_point().version) {
            return Err(TestBedError::failed("creating the account", reason));
        }
        Ok(match self {
            Self::OpenZeppelin => Arc::new(OzAccount::create(deployer, owner, salt)?),
            Self::Nexus => Arc::new(NexusAccount::create(deployer, owner, salt)?),
            Self::Safe7579 => Arc::new(SafeAccount::create(deployer, owner, salt)?),
            Self::Kernel => Arc::new(KernelAccount::create(deployer, owner, salt)?),
            Self::Msa => Arc::new(MsaAccount::create(deployer, owner, salt)?),
            Self::OpenZeppelin7702 => Arc::new(OzAccount::delegate(deployer, owner)?),
            Self::Nexus7702 => Arc::new(NexusAccount::delegate(deployer, owner)?),
        })
    }

    /// Whether its code is over Arbitrum's limit of 24,576 bytes: the registry's builds of these
    /// are not optimised.
    pub fn is_over_code_size_limit(self) -> bool {
        matches!(self, Self::Kernel | Self::Msa)
    }
}

impl fmt::Display for AccountKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::OpenZeppelin => "OpenZeppelin",
            Self::Nexus => "Nexus",
            Self::Safe7579 => "Safe7579",
            Self::Kernel => "Kernel",
            Self::Msa => "MSA",
            Self::OpenZeppelin7702 => "EOA as OpenZeppelin",
            Self::Nexus7702 => "EOA as Nexus",
        })
    }
}
