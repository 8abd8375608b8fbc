//! Who signs for a session.

use std::future::Future;

use alloy_primitives::{Address, B256, Bytes};
use session_core::packed::DelegateKind;
use session_core::session::Session;

use crate::keys::software_key::SoftwareKey;
use crate::refusal::{Refusal, RefusalCode};

/// A delegate: a key that signs digests as the module reads them.
///
/// Implement it for a key that is kept elsewhere: a device, a service, a browser.
pub trait Delegate {
    /// Returns the kind of key.
    fn kind(&self) -> DelegateKind;

    /// Returns what stands for the key in a session.
    fn address(&self) -> Address;

    /// Signs a digest that EIP-712 has made, in the form that the module reads for this kind.
    fn sign_digest(&self, digest: B256) -> impl Future<Output = Result<Bytes, Refusal>> + Send;
}

impl Delegate for SoftwareKey {
    fn kind(&self) -> DelegateKind {
        DelegateKind::Secp256k1
    }

    fn address(&self) -> Address {
        Self::address(self)
    }

    async fn sign_digest(&self, digest: B256) -> Result<Bytes, Refusal> {
        Ok(Bytes::copy_from_slice(&self.sign(digest)?))
    }
}

/// Checks that a key is a session's delegate.
///
/// # Errors
/// [`RefusalCode::WrongKey`] if it is not.
pub fn check_delegate_key(session: &Session, delegate: &impl Delegate) -> Result<(), Refusal> {
    let (wanted, got) = (session.delegate, delegate.address());
    if got == wanted && delegate.kind() == session.delegate_kind {
        return Ok(());
    }
    Err(Refusal::new(
        RefusalCode::WrongKey,
        format!(
            "the session's delegate is {wanted} (kind {}), the key is {got} (kind {})",
            session.delegate_kind.to_byte(),
            delegate.kind().to_byte()
        ),
        "use the key that the session was granted to",
    ))
}

/// Returns a signature of the right shape that never holds and costs the module the same gas as
/// a real one.
///
/// Its bytes are not zero, because bundlers count the bytes too.
pub(crate) fn dummy_signature(kind: DelegateKind) -> Vec<u8> {
    match kind {
        DelegateKind::Secp256k1 => vec![0xff; 65],
        DelegateKind::P256 => vec![0xff; 128],
        DelegateKind::WebAuthn => {
            // Authenticator data of its shortest 37 bytes, client data of the usual 134.
            let blob = |length: u8| {
                let filler = core::iter::repeat_n(0xff, length.into());
                [0, length].into_iter().chain(filler)
            };
            blob(37).chain(blob(134)).chain([0xff; 128]).collect()
        }
    }
}
