//! What owners and delegates sign, as EIP-712 hashes.
//!
//! The functions take words that the decoder has at hand, so nothing is collected first. The
//! text of each type stands in [`crate::abi`]; the constants here are its `keccak256`, checked
//! by test against that declaration.

use alloy_primitives::{Address, B256, b256};

use crate::Keccak256;
use crate::word::{self, Constant, Word};

pub(crate) const SESSION: Constant =
    Constant::new(b256!("26dc6e68edfbde79678a739e6652199cd7dbefd8eff4b2a30277902dc77f4e8e"));
pub(crate) const CHAIN: Constant =
    Constant::new(b256!("7f806b520f9576d68ee4cc5721224fe02dd2facf4c58d9d412d66061518dd955"));
pub(crate) const PERMISSION: Constant =
    Constant::new(b256!("46578a50972070761faf7e15833740f95038efd9189e4108cb9f6637028d882b"));
pub(crate) const ARGUMENT_RULE: Constant =
    Constant::new(b256!("019e0ec1bdb83a01bc479160b0d6758a54ce156929ee83ed402808ebb1aa5eb6"));
pub(crate) const BUDGET: Constant =
    Constant::new(b256!("b98a6663947f4828df7683a1a370a566f9603bf95dfdd1e280a842b3d8bbb4bd"));
pub(crate) const SIGNING_SCOPE: Constant =
    Constant::new(b256!("c6dc84132cc22beed5894ad49f680633ae464ac1f512f783f4d2c5ae46cb80e0"));
const SESSION_OPERATION: Constant =
    Constant::new(b256!("21c4188a1817dac7184b12d0b018b39e9c55121012e297b9bae7f1e1d7312442"));

/// `EIP712Domain(string name,string version,address verifyingContract)`: there is no chain id,
/// because a session lists the chains that it holds on.
const DOMAIN: Constant =
    Constant::new(b256!("91ab3d17e3a50a9d89e63fd30b92be7f5336b03b287bb946787a83a9d62a2766"));
/// `keccak256("Smart Session")`.
const NAME: Constant =
    Constant::new(b256!("223adf1c4f92fc183da13bd6d6982127338e2e5f8eccfd6a61acba93f6fc06dc"));
/// `keccak256("1")`.
const VERSION: Constant =
    Constant::new(b256!("c89efdaa54c0f20c7adf612882df0950f5a951637e0307cdcb4c672f298b8bc6"));

/// The name in the module's EIP-712 domain.
pub const DOMAIN_NAME: &str = "Smart Session";
/// The version in the module's EIP-712 domain.
pub const DOMAIN_VERSION: &str = "1";

/// Returns the separator of the module's domain.
pub fn domain_separator(keccak: &impl Keccak256, module: Address) -> B256 {
    hash_words(keccak, &[DOMAIN.word(), NAME.word(), VERSION.word(), word::from_address(module)])
}

/// Returns the digest to sign: `keccak256(0x1901 ‖ domain separator ‖ struct hash)`.
pub fn digest(keccak: &impl Keccak256, domain_separator: &B256, struct_hash: &B256) -> B256 {
    // 30 zeros, then the 66 bytes to hash.
    let mut message = [word::ZERO, domain_separator.0, struct_hash.0];
    let [prefix, ..] = &mut message;
    word::put_last(prefix, [0x19, 0x01]);
    keccak.keccak256(message.as_flattened().get(30..).unwrap_or_default())
}

/// Hashes words, one after the other: a struct's type hash and fields, or an array's elements.
pub(crate) fn hash_words(keccak: &impl Keccak256, words: &[Word]) -> B256 {
    keccak.keccak256(words.as_flattened())
}

/// Hashes words into a place in a larger struct.
#[inline(never)]
pub(crate) fn hash_into(keccak: &impl Keccak256, words: &[Word], to: &mut Word) {
    *to = keccak.keccak256(words.as_flattened()).0;
}

/// Returns `hashStruct(SessionOperation)`, which the delegate signs instead of the bare
/// `userOpHash`.
///
/// `userOp.signature` is outside the `userOpHash`: without the session id and the `disclosure`
/// a bundler could swap in another session of the same key, or other permission indices.
pub fn session_operation(
    keccak: &impl Keccak256,
    user_op_hash: B256,
    session_id: B256,
    disclosure: B256,
) -> B256 {
    hash_words(keccak, &[SESSION_OPERATION.word(), user_op_hash.0, session_id.0, disclosure.0])
}

#[cfg(test)]
mod tests {
    use alloy_sol_types::{SolStruct, eip712_domain};

    use super::*;
    use crate::abi;
    use crate::keccak::SoftwareKeccak;

    #[test]
    fn type_hashes_are_those_of_the_declared_structs() {
        // alloy's SolStruct writes encodeType itself: an independent source.
        fn type_hash<T: SolStruct>() -> Word {
            alloy_primitives::keccak256(T::eip712_encode_type().as_bytes()).0
        }

        assert_eq!(SESSION.word(), type_hash::<abi::Session>());
        assert_eq!(CHAIN.word(), type_hash::<abi::Chain>());
        assert_eq!(PERMISSION.word(), type_hash::<abi::Permission>());
        assert_eq!(ARGUMENT_RULE.word(), type_hash::<abi::ArgumentRule>());
        assert_eq!(BUDGET.word(), type_hash::<abi::Budget>());
        assert_eq!(SIGNING_SCOPE.word(), type_hash::<abi::SigningScope>());
        assert_eq!(SESSION_OPERATION.word(), type_hash::<abi::SessionOperation>());
    }

    #[test]
    fn the_domain_has_name_version_and_contract_and_no_chain() {
        let module = Address::repeat_byte(0x5e);
        let domain = eip712_domain! {
            name: DOMAIN_NAME, version: DOMAIN_VERSION, verifying_contract: module,
        };

        assert_eq!(domain_separator(&SoftwareKeccak, module), domain.hash_struct());
    }

    #[test]
    fn the_digest_of_an_operation_is_that_of_its_typed_data() {
        let module = Address::repeat_byte(0x5e);
        let domain = eip712_domain! {
            name: DOMAIN_NAME, version: DOMAIN_VERSION, verifying_contract: module,
        };
        let [user_op_hash, session_id, disclosure] = [1, 2, 3].map(B256::repeat_byte);
        let operation =
            abi::SessionOperation { userOpHash: user_op_hash, sessionId: session_id, disclosure };

        let struct_hash = session_operation(&SoftwareKeccak, user_op_hash, session_id, disclosure);
        let separator = domain_separator(&SoftwareKeccak, module);

        assert_eq!(
            digest(&SoftwareKeccak, &separator, &struct_hash),
            operation.eip712_signing_hash(&domain)
        );
    }
}
