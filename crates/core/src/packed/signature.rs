//! A delegate's signature, as it travels.

use super::{DelegateKind, Reader};
use crate::Environment;
use crate::abi::ISmartSession as Abi;
use crate::refusal::{Refusal, Refused};
use crate::word::{self, Constant, Word};

/// Half the order of secp256k1: a signature with a higher `s` has a twin with a lower one.
const SECP256K1_HALF_ORDER: Constant = Constant::new(alloy_primitives::b256!(
    "7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0"
));
/// Half the order of P-256.
const P256_HALF_ORDER: Constant = Constant::new(alloy_primitives::b256!(
    "7fffffff800000007fffffffffffffffde737d56d38bcf4279dce5617e3192a8"
));

/// A delegate's signature of the shape that its kind of key has. Whether it holds is another
/// matter.
#[derive(Clone, Copy, Debug)]
pub enum DelegateSignature<'a> {
    /// r ‖ s ‖ v.
    Secp256k1 {
        /// r, s.
        r_s: &'a [u8; 64],
        /// 27 or 28.
        v: u8,
    },
    /// r ‖ s ‖ x ‖ y, over `sha256(digest)`.
    P256 {
        /// r, s, x, y.
        r_s_x_y: &'a [u8; 128],
    },
    /// Two blobs, each behind its length (u16), then r ‖ s ‖ x ‖ y.
    WebAuthn {
        /// What the authenticator says.
        authenticator_data: &'a [u8],
        /// What the browser says: JSON with the challenge.
        client_data: &'a [u8],
        /// r, s, x, y.
        r_s_x_y: &'a [u8; 128],
    },
}

impl<'a> DelegateSignature<'a> {
    /// Reads all that is left.
    ///
    /// A wrong length is a refusal; any content of the right shape that does not verify is a
    /// failed signature, so that dummies estimate well.
    ///
    /// # Errors
    /// `MalformedDelegateSignature` for a wrong length, which is told as 0 for `WebAuthn`.
    #[inline]
    pub fn read<E: Environment>(
        reader: &mut Reader<'a, E>,
        kind: DelegateKind,
    ) -> Result<Self, Refused> {
        let bytes = reader.rest();
        let (allowed, signature) = match kind {
            DelegateKind::Secp256k1 => (65, Self::secp256k1(bytes)),
            DelegateKind::P256 => (128, Self::p256(bytes)),
            DelegateKind::WebAuthn => (0, Self::web_authn(bytes)),
        };
        signature.ok_or_else(|| {
            let mut refusal = Refusal::of::<Abi::MalformedDelegateSignature>();
            refusal.size(bytes.len()).size(allowed).tell(reader.environment())
        })
    }

    fn secp256k1(bytes: &'a [u8]) -> Option<Self> {
        match bytes.split_first_chunk()? {
            (r_s, [v]) => Some(Self::Secp256k1 { r_s, v: *v }),
            _ => None,
        }
    }

    fn p256(bytes: &'a [u8]) -> Option<Self> {
        Some(Self::P256 { r_s_x_y: bytes.try_into().ok()? })
    }

    fn web_authn(bytes: &'a [u8]) -> Option<Self> {
        let (authenticator_data, bytes) = split_blob(bytes)?;
        let (client_data, bytes) = split_blob(bytes)?;
        Some(Self::WebAuthn { authenticator_data, client_data, r_s_x_y: bytes.try_into().ok()? })
    }

    /// Returns whether everything about the signature holds that needs no cryptography: a low
    /// `s`, a proper `v`, and for WebAuthn a user who was present and a client that was asked
    /// for exactly this digest.
    pub fn is_sound(&self, digest: &Word) -> bool {
        match self {
            Self::Secp256k1 { r_s, v } => {
                has_low_s(*r_s, &SECP256K1_HALF_ORDER.word()) & matches!(v, 27 | 28)
            }
            Self::P256 { r_s_x_y } => has_low_s(*r_s_x_y, &P256_HALF_ORDER.word()),
            Self::WebAuthn { authenticator_data, client_data, r_s_x_y } => {
                has_low_s(*r_s_x_y, &P256_HALF_ORDER.word())
                    && was_user_present(authenticator_data)
                    && answers_challenge(client_data, digest)
            }
        }
    }
}

/// Splits off a blob behind its length (u16).
#[inline(never)]
fn split_blob(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk::<2>()?;
    rest.split_at_checked(usize::from(u16::from_be_bytes(*length)))
}

#[inline(never)]
fn has_low_s(signature: &[u8], half_order: &Word) -> bool {
    let s = signature.get(32..).and_then(|rest| rest.first_chunk::<32>());
    s.is_some_and(|s| word::is_at_most(s, half_order))
}

/// Shortest authenticator data: 32 bytes of relying party, flags, a counter (WebAuthn 6.1).
const SHORTEST_AUTHENTICATOR_DATA: usize = 37;

/// The flag UP (user present) is bit 0 of byte 32 (WebAuthn 6.1).
fn was_user_present(authenticator_data: &[u8]) -> bool {
    authenticator_data.len() >= SHORTEST_AUTHENTICATOR_DATA
        && authenticator_data.get(32).is_some_and(|flags| flags & 1 != 0)
}

/// `{"type":"webauthn.get","challen`, and `ge":"`: what client data begins with, always in this
/// order (WebAuthn 5.8.1.1). The blob has no indices, so none can point elsewhere.
const CLIENT_DATA_START: Constant =
    Constant::new(alloy_primitives::B256::new(*b"{\"type\":\"webauthn.get\",\"challeng"));
const CLIENT_DATA_NEXT: u32 = u32::from_be_bytes(*b"e\":\"");

/// Returns whether client data begins as an assertion for `digest`, in base64url, ended by a
/// quotation mark.
#[inline(never)]
fn answers_challenge(client_data: &[u8], digest: &Word) -> bool {
    let Some((start, rest)) = client_data.split_first_chunk::<32>() else { return false };
    let Some((next, rest)) = rest.split_first_chunk::<4>() else { return false };
    let Some((challenge, rest)) = rest.split_at_checked(43) else { return false };
    *start == CLIENT_DATA_START.word()
        && u32::from_be_bytes(*next) == CLIENT_DATA_NEXT
        && rest.first() == Some(&b'"')
        && is_base64url(challenge, digest)
}

/// Returns whether 43 characters are the base64url of 32 bytes, without padding.
fn is_base64url(characters: &[u8], bytes: &Word) -> bool {
    let mut bits = 0_u32;
    let mut held = 0_u32;
    let mut bytes = bytes.iter();
    for character in characters {
        if held < 6 {
            // After the last byte come two bits of zero.
            bits = bits << 8 | bytes.next().map_or(0, |byte| u32::from(*byte));
            held = held.wrapping_add(8);
        }
        held = held.wrapping_sub(6);
        if *character != base64url(bits >> held & 0x3f) {
            return false;
        }
    }
    true
}

/// Returns the character of six bits (RFC 4648, section 5).
const fn base64url(bits: u32) -> u8 {
    let [.., bits] = bits.to_be_bytes();
    match bits {
        0..=25 => bits.wrapping_add(b'A'),
        26..=51 => bits.wrapping_add(b'a' - 26),
        52..=61 => bits.wrapping_sub(52).wrapping_add(b'0'),
        62 => b'-',
        _ => b'_',
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 32 bytes that need every part of the alphabet.
    const DIGEST: Word =
        alloy_primitives::hex!("00108310518720928b30d38f41149351559761969b71d79f8218a39259a7a29a");
    /// By another encoder.
    const CHALLENGE: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopo";

    fn client_data(challenge: &str) -> alloc::vec::Vec<u8> {
        alloc::format!(
            "{{\"type\":\"webauthn.get\",\"challenge\":\"{challenge}\",\"origin\":\"x\"}}"
        )
        .into_bytes()
    }

    #[test]
    fn the_challenge_is_the_digest_in_base64url() {
        assert!(answers_challenge(&client_data(CHALLENGE), &DIGEST));
        assert!(answers_challenge(&client_data(&"_".repeat(42).add('8')), &[0xff; 32]));
        assert!(answers_challenge(&client_data(&"A".repeat(43)), &[0; 32]));
    }

    trait Add {
        fn add(self, character: char) -> Self;
    }

    impl Add for alloc::string::String {
        fn add(mut self, character: char) -> Self {
            self.push(character);
            self
        }
    }

    #[test]
    fn any_other_character_fails() {
        for at in 0..43 {
            let mut bad = CHALLENGE.as_bytes().to_vec();
            bad[at] = if bad[at] == b'A' { b'B' } else { b'A' };
            let bad = core::str::from_utf8(&bad).unwrap();
            assert!(!answers_challenge(&client_data(bad), &DIGEST), "{at}");
        }
    }

    #[test]
    fn another_type_or_order_or_end_fails() {
        let good = client_data(CHALLENGE);
        for at in 0..=36 + 43 {
            let mut bad = good.clone();
            bad[at] ^= 1;
            assert!(!answers_challenge(&bad, &DIGEST), "{at}");
        }
        for len in 0..=36 + 43 {
            assert!(!answers_challenge(&good[..len], &DIGEST), "{len}");
        }
    }

    #[test]
    fn the_user_must_have_been_present() {
        let mut data = [0; 37];
        assert!(!was_user_present(&data));
        data[32] = 0xfe;
        assert!(!was_user_present(&data), "every other flag");
        data[32] = 1;
        assert!(was_user_present(&data));
        assert!(!was_user_present(&data[..36]), "too short");
    }

    #[test]
    fn a_passkeys_signature_is_sound_only_if_all_of_it_is() {
        let present = {
            let mut data = [0; 37];
            data[32] = 1;
            data
        };
        let client_data = client_data(CHALLENGE);
        let low = [1; 128];
        let mut high = low;
        high[32..64].fill(0xff);
        let is_sound = |authenticator_data: &[u8], client_data: &[u8], r_s_x_y: &[u8; 128]| {
            DelegateSignature::WebAuthn { authenticator_data, client_data, r_s_x_y }
                .is_sound(&DIGEST)
        };

        assert!(is_sound(&present, &client_data, &low));
        assert!(!is_sound(&present, &client_data, &high), "a high s");
        assert!(!is_sound(&[0; 37], &client_data, &low), "absent");
        assert!(!is_sound(&present, b"{}", &low), "another challenge");
        assert!(!is_sound(&[0; 37], b"{}", &low));
        assert!(!is_sound(&[0; 37], &client_data, &high));
        assert!(!is_sound(&present, b"{}", &high));
    }

    #[test]
    fn a_high_s_is_not_sound() {
        let half = SECP256K1_HALF_ORDER.word();
        let mut r_s = [1; 64];
        r_s[32..].copy_from_slice(&half);
        assert!(DelegateSignature::Secp256k1 { r_s: &r_s, v: 27 }.is_sound(&DIGEST));
        r_s[63] += 1;
        assert!(!DelegateSignature::Secp256k1 { r_s: &r_s, v: 27 }.is_sound(&DIGEST));

        let mut r_s_x_y = [1; 128];
        r_s_x_y[32..64].copy_from_slice(&P256_HALF_ORDER.word());
        assert!(DelegateSignature::P256 { r_s_x_y: &r_s_x_y }.is_sound(&DIGEST));
        r_s_x_y[63] += 1;
        assert!(!DelegateSignature::P256 { r_s_x_y: &r_s_x_y }.is_sound(&DIGEST));
    }

    #[test]
    fn all_v_but_27_and_28_are_not_sound() {
        let r_s = [1; 64];
        for v in 0..=255 {
            let signature = DelegateSignature::Secp256k1 { r_s: &r_s, v };
            assert_eq!(signature.is_sound(&DIGEST), v == 27 || v == 28, "{v}");
        }
    }
}
