//! What owners and delegates sign, as EIP-712 hashes.
//!
//! The functions take words that the decoder has at hand, so nothing is collected first. The
//! text of each type stands in [`crate::abi`]; the constants here are its `keccak256`, checked
//! by test against that declaration.

use alloy_primitives::{B256, b256};

use crate::Environment;
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
const SESSION_SIGNATURE: Constant =
    Constant::new(b256!("d73b36b70fc47c8c3b305976e3cec3cc7fed8d7ec2ced3c9926437ae39c4e421"));
const SESSION_EXECUTION: Constant =
    Constant::new(b256!("067aa0dc256b863dd282c4142f995a918f6a8e22921c72cd40b9de685b679402"));
const REVOKE_SESSION: Constant =
    Constant::new(b256!("872b4d1b3565ebdec68c1a9f8052d54438832a68092fcb192953e38da618111e"));
const REVOKE_ALL_SESSIONS: Constant =
    Constant::new(b256!("540e4767e8a0dcd73cec164fd12cbb0e16deb83ec9194c999ef4280106c3e0da"));

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
#[inline]
pub fn domain_separator(environment: impl Environment, module: &Word) -> B256 {
    hash_words(environment, &[DOMAIN.word(), NAME.word(), VERSION.word(), *module])
}

/// Returns the digest to sign: `keccak256(0x1901 ‖ domain separator ‖ struct hash)`.
#[inline(never)]
pub fn digest(environment: impl Environment, domain_separator: &Word, struct_hash: &Word) -> B256 {
    // 30 zeros, then the 66 bytes to hash.
    let mut message = [word::ZERO, *domain_separator, *struct_hash];
    message[0][30] = 0x19;
    message[0][31] = 0x01;
    environment.keccak256(message.as_flattened().get(30..).unwrap_or_default())
}

/// Returns the digest to sign of a struct in the module's domain.
#[inline(never)]
pub fn module_digest(environment: impl Environment, module: &Word, struct_hash: &B256) -> B256 {
    digest(environment, &domain_separator(environment, module).0, &struct_hash.0)
}

/// Hashes words, one after the other: a struct's type hash and fields, or an array's elements.
#[inline(never)]
pub(crate) fn hash_words(environment: impl Environment, words: &[Word]) -> B256 {
    environment.keccak256(words.as_flattened())
}

/// Hashes words into a place in a larger struct.
#[inline(never)]
pub(crate) fn hash_into(environment: impl Environment, words: &[Word], to: &mut Word) {
    *to = environment.keccak256(words.as_flattened()).0;
}

/// What a delegate signs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signed {
    /// `SessionOperation(bytes32 userOpHash,bytes32 sessionId,bytes32 disclosure)`.
    Operation,
    /// `SessionSignature(bytes32 hash,bytes32 sessionId,bytes32 disclosure)`.
    Message,
}

/// Returns `hashStruct` of what a delegate signs instead of the bare `userOpHash`, or the hash
/// that an app asks about.
///
/// `userOp.signature` is outside the `userOpHash`: without the session id and the `disclosure`
/// a bundler could swap in another session of the same key, or other permission indices.
#[inline]
pub fn delegate_struct(
    environment: impl Environment,
    signed: Signed,
    hash: &Word,
    session_id: &B256,
    disclosed: &[u8],
) -> B256 {
    let type_hash = match signed {
        Signed::Operation => SESSION_OPERATION,
        Signed::Message => SESSION_SIGNATURE,
    };
    let disclosure = environment.keccak256(disclosed);
    hash_words(environment, &[type_hash.word(), *hash, session_id.0, disclosure.0])
}

/// What a delegate signs in an order beside the order's own terms.
#[derive(Clone, Copy, Debug)]
pub struct Ordered<'a> {
    /// The id of the session.
    pub session_id: &'a B256,
    /// All bytes from the mode to the last index.
    pub disclosed: &'a [u8],
    /// The word of the chain.
    pub chain_id: &'a Word,
    /// The execution mode.
    pub mode: &'a Word,
    /// The executions' calldata.
    pub execution_calldata: &'a [u8],
}

/// Returns `hashStruct(SessionExecution)`, with an order's nonce, deadline, gas and relayer:
/// `SessionExecution(bytes32 sessionId,bytes32 disclosure,uint256 chainId,bytes32 mode,bytes32 executions,uint24 nonce,uint48 deadline,uint32 gas,address relayer)`.
#[inline]
pub fn session_execution(
    environment: impl Environment,
    ordered: &Ordered<'_>,
    [nonce, deadline, gas, relayer]: &[Word; 4],
) -> B256 {
    let words = [
        SESSION_EXECUTION.word(),
        ordered.session_id.0,
        environment.keccak256(ordered.disclosed).0,
        *ordered.chain_id,
        *ordered.mode,
        environment.keccak256(ordered.execution_calldata).0,
        *nonce,
        *deadline,
        *gas,
        *relayer,
    ];
    hash_words(environment, &words)
}

/// Returns `hashStruct(RevokeSession)`: `RevokeSession(address account,bytes32 sessionId)`.
#[inline]
pub fn revoke_session(environment: impl Environment, account: &Word, session_id: &Word) -> B256 {
    hash_words(environment, &[REVOKE_SESSION.word(), *account, *session_id])
}

/// Returns `hashStruct(RevokeAllSessions)`:
/// `RevokeAllSessions(address account,uint256 chainId,uint64 epoch,bytes32 salt)`.
#[inline]
pub fn revoke_all_sessions(
    environment: impl Environment,
    account: &Word,
    chain_id: &Word,
    epoch: u64,
    salt: &Word,
) -> B256 {
    let words = [REVOKE_ALL_SESSIONS.word(), *account, *chain_id, word::from_u64(epoch), *salt];
    hash_words(environment, &words)
}

#[cfg(test)]
mod tests {
    use alloy_primitives::Address;
    use alloy_sol_types::{SolStruct, eip712_domain};

    use super::*;
    use crate::{OffChain, abi};

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
        assert_eq!(SESSION_SIGNATURE.word(), type_hash::<abi::SessionSignature>());
        assert_eq!(SESSION_EXECUTION.word(), type_hash::<abi::SessionExecution>());
        assert_eq!(REVOKE_SESSION.word(), type_hash::<abi::RevokeSession>());
        assert_eq!(REVOKE_ALL_SESSIONS.word(), type_hash::<abi::RevokeAllSessions>());
    }

    #[test]
    fn the_domain_has_name_version_and_contract_and_no_chain() {
        let module = Address::repeat_byte(0x5e);
        let domain = eip712_domain! {
            name: DOMAIN_NAME, version: DOMAIN_VERSION, verifying_contract: module,
        };

        let separator = domain_separator(&OffChain::default(), &word::from_address(module));
        assert_eq!(separator, domain.hash_struct());
    }

    #[test]
    fn digests_are_those_of_the_typed_data() {
        fn check<T: SolStruct>(data: &T, struct_hash: B256) {
            let module = Address::repeat_byte(0x5e);
            let domain = eip712_domain! {
                name: DOMAIN_NAME, version: DOMAIN_VERSION, verifying_contract: module,
            };

            let digest =
                module_digest(&OffChain::default(), &word::from_address(module), &struct_hash);
            assert_eq!(digest, data.eip712_signing_hash(&domain));
        }

        let environment = &OffChain::default();
        let account = Address::repeat_byte(0xac);
        let [hash, id] = [1, 2].map(B256::repeat_byte);
        let disclosure = alloy_primitives::keccak256([9; 100]);
        let signed = |signed| delegate_struct(environment, signed, &hash.0, &id, &[9; 100]);

        let operation = abi::SessionOperation { userOpHash: hash, sessionId: id, disclosure };
        check(&operation, signed(Signed::Operation));
        check(&abi::SessionSignature { hash, sessionId: id, disclosure }, signed(Signed::Message));
        let word = word::from_address(account);
        check(
            &abi::SessionExecution {
                sessionId: id,
                disclosure,
                chainId: alloy_primitives::U256::from(42_161),
                mode: hash,
                executions: alloy_primitives::keccak256([8; 70]),
                nonce: alloy_primitives::aliases::U24::from(1),
                deadline: alloy_primitives::aliases::U48::from(2),
                gas: 3,
                relayer: account,
            },
            session_execution(
                environment,
                &Ordered {
                    session_id: &id,
                    disclosed: &[9; 100],
                    chain_id: &word::from_u64(42_161),
                    mode: &hash.0,
                    execution_calldata: &[8; 70],
                },
                &[word::from_u64(1), word::from_u64(2), word::from_u64(3), word],
            ),
        );
        check(
            &abi::RevokeSession { account, sessionId: id },
            revoke_session(environment, &word, &id.0),
        );
        check(
            &abi::RevokeAllSessions {
                account,
                chainId: alloy_primitives::U256::from(42_161),
                epoch: 7,
                salt: id,
            },
            revoke_all_sessions(environment, &word, &word::from_u64(42_161), 7, &id.0),
        );
    }
}
