//! What a delegate signs for an app, through the account's ERC-1271.

use alloy_primitives::{Address, B256, Bytes, keccak256};
use alloy_sol_types::SolStruct;
use smart_session_core::abi::SessionSignature;
use smart_session_core::session::{Disclosure, EncodeError, Session};

use crate::session::digest::domain;

/// A signature for an app before the delegate has signed it.
///
/// The module computes the app's digest itself, from the scope's domain and type and from the
/// words that are written out here, and compares it with what the app asks about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageDraft {
    session_id: B256,
    disclosed: Vec<u8>,
}

impl MessageDraft {
    /// Drafts a message within one scope of a session: `words` is the struct's `encodeData`
    /// without its type hash. No permission is shown, and of the scopes only the one in use.
    ///
    /// # Errors
    /// [`EncodeError`] if the session has no packed form, or there are more than 255 words.
    pub fn new(session: &Session, scope: u8, words: &[B256]) -> Result<Self, EncodeError> {
        let count = u8::try_from(words.len()).map_err(|_| EncodeError::TooMany {
            field: "words",
            got: words.len(),
            allowed: u8::MAX.into(),
        })?;
        let shown = [scope];
        let disclosure =
            Disclosure { permissions: Some(&[]), signing: Some(&shown), ..Disclosure::WHOLE };
        let mut disclosed = vec![0x02];
        disclosed.extend(session.pack_disclosing(&disclosure)?);
        disclosed.extend([scope, count]);
        disclosed.extend(words.iter().flatten());
        Ok(Self { session_id: session.id(), disclosed })
    }

    /// Returns the digest that the delegate signs for the hash that the account asks the module
    /// about: the app's digest, or Kernel's wrapper of it.
    pub fn digest(&self, module: Address, hash: B256) -> B256 {
        let signed = SessionSignature {
            hash,
            sessionId: self.session_id,
            disclosure: keccak256(&self.disclosed),
        };
        signed.eip712_signing_hash(&domain(module))
    }

    /// Returns what the module reads, with the delegate's signature. The account wants its own
    /// routing to the module before it.
    pub fn sealed(&self, delegate_signature: &[u8]) -> Bytes {
        [&self.disclosed, delegate_signature].concat().into()
    }
}
