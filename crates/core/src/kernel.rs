//! The wrapper that a Kernel account puts around what it asks its validators about.
//!
//! Kernel hands on the EIP-712 digest of `Kernel(bytes32 hash)` in its own domain. It is not
//! taken on trust: it is computed here, from the account, the chain and the names that Kernel
//! gives itself.

use alloy_primitives::b256;

use crate::place::Place;
use crate::word::{self, Constant, Word};
use crate::{Environment, eip712};

/// `keccak256("Kernel(bytes32 hash)")`.
const WRAPPER: Constant =
    Constant::new(b256!("1547321c374afde8a591d972a084b071c594c275e36724931ff96c25f2999c83"));
/// `EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)`.
const DOMAIN: Constant =
    Constant::new(b256!("8b73c3c69bb8fe3d512ecc4cf759cc79239f7b179b0ffacaa9a75d522b39400f"));
/// `keccak256("Kernel")`.
const NAME: Constant =
    Constant::new(b256!("32ba20807d2fff2dbb34e0bcfa82982565bef566d4c0c633dc57b700b81c3427"));
/// Versions 0.3.1 to 0.3.3, by their last character.
const PATCHES: [u8; 3] = [b'1', b'2', b'3'];

/// Returns whether a struct's type is that of the wrapper: its one word is a digest of anything.
pub fn is_wrapper_type(type_hash: &Word) -> bool {
    WRAPPER.is(type_hash)
}

/// Returns whether a hash is Kernel's wrapper of a digest, by the account and on the chain of
/// this place.
#[inline]
pub fn is_wrapper<E: Environment>(
    environment: E,
    hash: &Word,
    digest: &Word,
    place: &Place,
) -> bool {
    let contents = eip712::hash_words(environment, &[WRAPPER.word(), *digest]);
    PATCHES.into_iter().any(|patch| {
        let version = environment.keccak256(&[b'0', b'.', b'3', b'.', patch]).0;
        let domain = [DOMAIN.word(), NAME.word(), version, place.chain_id, place.account];
        let domain = eip712::hash_words(environment, &domain);
        word::equal(&eip712::digest(environment, &domain.0, &contents.0).0, hash)
    })
}

#[cfg(test)]
mod tests {
    use alloy_primitives::{Address, B256, U256, keccak256};
    use alloy_sol_types::{Eip712Domain, SolStruct, sol};

    use super::*;
    use crate::OffChain;

    sol! {
        struct Kernel { bytes32 hash; }
    }

    fn wrapped(digest: B256, version: &'static str, chain_id: u64, account: Address) -> B256 {
        let domain = Eip712Domain::new(
            Some("Kernel".into()),
            Some(version.into()),
            Some(U256::from(chain_id)),
            Some(account),
            None,
        );
        Kernel { hash: digest }.eip712_signing_hash(&domain)
    }

    #[test]
    fn the_constants_are_the_hashes_of_their_texts() {
        assert_eq!(WRAPPER.word(), keccak256("Kernel(bytes32 hash)").0);
        assert!(is_wrapper_type(&keccak256("Kernel(bytes32 hash)").0));
        assert!(!is_wrapper_type(&keccak256("Kernel(bytes32 hash2)").0));
        assert_eq!(
            DOMAIN.word(),
            keccak256(
                "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
            )
            .0
        );
        assert_eq!(NAME.word(), keccak256("Kernel").0);
    }

    #[test]
    fn the_wrapper_is_of_this_digest_account_chain_and_version() {
        let environment = &OffChain::default();
        let account = Address::repeat_byte(0xac);
        let place = Place::new(account, Address::repeat_byte(0x5e), 42_161);
        let digest = B256::repeat_byte(7);
        let is = |hash: B256| is_wrapper(environment, &hash.0, &digest.0, &place);

        for version in ["0.3.1", "0.3.2", "0.3.3"] {
            assert!(is(wrapped(digest, version, 42_161, account)), "{version}");
        }
        assert!(!is(digest));
        assert!(!is(wrapped(B256::repeat_byte(8), "0.3.1", 42_161, account)));
        assert!(!is(wrapped(digest, "0.3.4", 42_161, account)));
        assert!(!is(wrapped(digest, "0.3.1", 1, account)));
        assert!(!is(wrapped(digest, "0.3.1", 42_161, Address::repeat_byte(0xad))));
    }
}
