//! How an owner's key signs a user operation of the account.

use alloy_primitives::{Address, B256, address, eip191_hash_message};

use crate::account::kind::AccountKind;

/// Rhinestone's `OwnableValidator`, at the same address on every chain. It takes operations as
/// messages, and digests of ERC-1271 as they are.
pub const OWNABLE_VALIDATOR: Address = address!("2483DA3A338895199E5e538530213157e931Bf06");

/// What the owner's key signs for a user operation.
///
/// It follows from the account's validator, or is said by the owner. It is never found out by
/// trying: a node that is asked which of two signatures holds gets both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OwnerSigning {
    /// The operation's hash, as it is.
    Digest,
    /// The operation's hash as a personal message (EIP-191).
    Message,
}

impl OwnerSigning {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Digest, Self::Message];

    /// Returns its name, as commands have it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Digest => "digest",
            Self::Message => "message",
        }
    }

    /// Returns how owners sign for an account's validator.
    ///
    /// Kernel's and Nexus' own validators take both forms, so the plain one serves; of the other
    /// accounts' validators the known ones are listed here.
    pub fn of(kind: AccountKind, validator: Address) -> Self {
        match kind {
            AccountKind::Kernel => Self::Digest,
            AccountKind::OpenZeppelin
            | AccountKind::Msa
            | AccountKind::Safe7579
            | AccountKind::Nexus => {
                if validator == OWNABLE_VALIDATOR {
                    Self::Message
                } else {
                    Self::Digest
                }
            }
        }
    }

    /// Returns what the key signs for an operation with this hash.
    pub fn digest(self, user_op_hash: B256) -> B256 {
        match self {
            Self::Digest => user_op_hash,
            Self::Message => eip191_hash_message(user_op_hash),
        }
    }
}

#[cfg(test)]
mod tests {
    use alloy_primitives::keccak256;

    use super::*;

    #[test]
    fn a_message_is_prefixed_as_eip_191_says() {
        let hash = B256::repeat_byte(0x11);
        let prefixed = [b"\x19Ethereum Signed Message:\n32".as_slice(), hash.as_slice()].concat();

        assert_eq!(OwnerSigning::Message.digest(hash), keccak256(prefixed));
        assert_eq!(OwnerSigning::Digest.digest(hash), hash);
    }

    #[test]
    fn only_known_validators_take_messages() {
        for kind in AccountKind::ALL {
            assert_eq!(OwnerSigning::of(kind, Address::repeat_byte(1)), OwnerSigning::Digest);
        }
        let ownable = OwnerSigning::of(AccountKind::Safe7579, OWNABLE_VALIDATOR);
        assert_eq!(ownable, OwnerSigning::Message);
    }
}
