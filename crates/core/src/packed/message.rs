//! What a delegate signs through ERC-1271: a message within one scope of its session.

use alloy_primitives::B256;

use super::{DelegateSignature, Entry, PackedSession, Reader, Scratch};
use crate::abi::ISmartSession as Abi;
use crate::refusal::{Refused, refuse};
use crate::word::Word;
use crate::{Environment, eip712};

/// The byte that a message's signature begins with, beside the modes of an operation.
const MODE: u8 = 2;

/// A message, written out: nothing opaque is ever signed.
///
/// ```text
/// 0x02 ‖ session ‖ u8 scope index ‖ u8 word count ‖ words ‖ delegate signature
/// ```
#[derive(Debug)]
pub struct Message<'a> {
    /// The session.
    pub session: PackedSession<'a>,
    /// What the delegate signed beside the hash and the session: all bytes before its signature.
    pub disclosed: &'a [u8],
    /// The delegate's signature.
    pub delegate_signature: DelegateSignature<'a>,
    /// The scope that the message is of.
    pub scope: Entry<'a>,
    /// The message's words, as EIP-712's `encodeData` writes them behind the type hash.
    pub words: &'a [u8],
}

impl<'a> Message<'a> {
    /// Reads a signature for `account`.
    ///
    /// # Errors
    /// If the bytes are not canonical, or name no scope that is disclosed.
    #[inline]
    pub fn read<E: Environment>(
        environment: E,
        signature: &'a [u8],
        account: &Word,
        scratch: Scratch<'a>,
    ) -> Result<Self, Refused> {
        let mut reader = Reader::new(environment, signature);
        if reader.byte()? != MODE {
            return Err(refuse::<Abi::HiddenPart>(environment));
        }
        let session = PackedSession::read(&mut reader, account, scratch)?;
        let index = reader.byte()?;
        let scope = session.signing.entries(environment).nth(index.into()).flatten();
        let scope = scope.ok_or_else(|| refuse::<Abi::HiddenPart>(environment))?;
        let count = usize::from(reader.byte()?);
        let words = reader.bytes(count.saturating_mul(32))?;
        let disclosed = reader.since(0);
        let delegate_signature = DelegateSignature::read(&mut reader, session.delegate_kind)?;
        Ok(Self { session, disclosed, delegate_signature, scope, words })
    }

    /// Returns the digest that the app asks about, computed from the scope and the words alone:
    /// `keccak256(0x1901 ‖ domainSeparator ‖ keccak256(typeHash ‖ words))`.
    #[inline]
    pub fn digest(&self, environment: impl Environment) -> B256 {
        let contents = environment.keccak256_joined([self.scope.type_hash(), self.words]);
        eip712::digest(environment, self.scope.domain_separator(), &contents.0)
    }
}
