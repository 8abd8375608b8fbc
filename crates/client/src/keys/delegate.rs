//! Who signs for a session.

use std::future::Future;

use alloy_primitives::{Address, B256, Bytes};
use smart_session_core::packed::DelegateKind;
use smart_session_core::session::Session;

use crate::keys::software_key::SoftwareKey;
use crate::refusal::{Refusal, RefusalCode};
use crate::session::description::key_kind;

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
            "the session's delegate is {wanted} ({}), the key is {got} ({})",
            key_kind(session.delegate_kind),
            key_kind(delegate.kind())
        ),
        "use the key that the session was granted to",
    ))
}

/// Bytes of the shortest authenticator data, which is what passkeys give.
const AUTHENTICATOR_DATA: u8 = 37;
/// Bytes of client data to estimate with. Browsers write 113 and the origin; Chromium adds 109 to
/// some signatures, Android 40 to each. 32 more cost the module some 15 gas more.
const CLIENT_DATA: u16 = 256;

/// Returns a signature of the right shape that never holds and costs the module the same gas as
/// a real one; of a passkey, that of an origin of usual length, to within 50 gas.
///
/// Its bytes are not zero, because bundlers count the bytes too.
pub(crate) fn dummy_signature(kind: DelegateKind) -> Vec<u8> {
    match kind {
        DelegateKind::Secp256k1 => vec![0xff; 65],
        DelegateKind::P256 => vec![0xff; 128],
        DelegateKind::WebAuthn => {
            let blob = |length: u16| {
                let filler = core::iter::repeat_n(0xff, length.into());
                length.to_be_bytes().into_iter().chain(filler)
            };
            let client_data = blob(CLIENT_DATA);
            blob(AUTHENTICATOR_DATA.into()).chain(client_data).chain([0xff; 128]).collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The longest client data that browsers are known to write, for an origin.
    fn client_data(origin: &str) -> String {
        let challenge = "A".repeat(43);
        let more = "do not compare clientDataJSON against a template. See https://goo.gl/yabPex";
        format!(
            r#"{{"type":"webauthn.get","challenge":"{challenge}","origin":"{origin}","crossOrigin":false,"other_keys_can_be_added_here":"{more}"}}"#
        )
    }

    #[test]
    fn a_passkeys_dummy_is_about_as_long_as_real_signatures_get() {
        // Bytes by which a real signature may be longer: 50 gas at 15 for 32 bytes.
        let tolerance = 100;
        let dummy = dummy_signature(DelegateKind::WebAuthn);
        let android = r#","androidPackageName":"com.android.chrome""#;

        let longest = client_data("https://a-game-with-quite-a-long-name.example").len();
        let longest = 2 + 37 + 2 + longest + android.len() + 128;

        assert!(dummy.len() + tolerance >= longest, "{} and {longest}", dummy.len());
        assert_eq!(&dummy[..2], [0, 37]);
        assert_eq!(&dummy[39..41], 256_u16.to_be_bytes());
        assert_eq!(dummy.len(), 2 + 37 + 2 + 256 + 128);
    }
}
