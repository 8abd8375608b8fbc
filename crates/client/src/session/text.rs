//! A grant as one URL-safe text: it fits into a link, a QR code or a chat.
//!
//! ```text
//! "session1." ‖ base64url( module (20) ‖ account (20) ‖ kind (1) ‖ [validator (20), iff kind has
//! bit 7] ‖ u32 length ‖ packed session ‖ owner signature, to the end )
//! ```
//!
//! The low bits of `kind` are 0 where the account's kind is not known, else its place among
//! [`AccountKind::ALL`], from 1 on.

use alloy_primitives::Address;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::account::kind::AccountKind;
use crate::refusal::{Refusal, RefusalCode};
use crate::session::grant::Grant;
use crate::session::unpacked::unpack_session;

/// What every such text begins with.
pub const PREFIX: &str = "session1.";
const HAS_VALIDATOR: u8 = 0x80;

impl Grant {
    /// Returns it as one URL-safe text.
    ///
    /// # Errors
    /// [`Refusal`] if the session has no packed form.
    pub fn to_text(&self) -> Result<String, Refusal> {
        let packed = self.session.pack()?;
        let mut bytes = self.module.to_vec();
        bytes.extend(self.session.account);
        let kind = (1_u8..)
            .zip(AccountKind::ALL)
            .find(|(_, kind)| Some(*kind) == self.account_kind)
            .map_or(0, |(place, _)| place);
        match self.owner_validator {
            None => bytes.push(kind),
            Some(validator) => {
                bytes.push(kind | HAS_VALIDATOR);
                bytes.extend(validator);
            }
        }
        let length = u32::try_from(packed.len()).map_err(|_| malformed())?;
        bytes.extend(length.to_be_bytes());
        bytes.extend(packed);
        bytes.extend(self.owner_signature.iter().flatten());
        Ok(format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(bytes)))
    }

    /// Reads a grant from its text. White space around it and in it does not matter: mail and chat
    /// programs break long lines.
    ///
    /// # Errors
    /// [`RefusalCode::Malformed`] if it is cut off or changed.
    pub fn from_text(text: &str) -> Result<Self, Refusal> {
        let text: String = text.split_whitespace().collect();
        let encoded = text.trim_start_matches('\u{feff}').strip_prefix(PREFIX);
        let encoded = encoded.ok_or_else(malformed)?;
        let bytes = URL_SAFE_NO_PAD.decode(encoded).map_err(|_| malformed())?;
        let (module, rest) = address(&bytes)?;
        let (account, rest) = address(rest)?;
        let (kind, mut rest) = rest.split_first().ok_or_else(malformed)?;
        let mut owner_validator = None;
        if kind & HAS_VALIDATOR != 0 {
            let (validator, behind) = address(rest)?;
            (owner_validator, rest) = (Some(validator), behind);
        }
        let account_kind = match usize::from(kind & !HAS_VALIDATOR).checked_sub(1) {
            None => None,
            Some(place) => Some(*AccountKind::ALL.get(place).ok_or_else(malformed)?),
        };
        let (length, rest) = rest.split_first_chunk::<4>().ok_or_else(malformed)?;
        let length = usize::try_from(u32::from_be_bytes(*length)).map_err(|_| malformed())?;
        let (packed, signature) = rest.split_at_checked(length).ok_or_else(malformed)?;
        let session = unpack_session(account, packed)?;
        let mut grant =
            Self { module, session, account_kind, owner_validator, owner_signature: None };
        if !signature.is_empty() {
            grant.take_signature(signature.to_vec().into())?;
        }
        Ok(grant)
    }
}

fn address(bytes: &[u8]) -> Result<(Address, &[u8]), Refusal> {
    let (address, rest) = bytes.split_first_chunk::<20>().ok_or_else(malformed)?;
    Ok((Address::new(*address), rest))
}

fn malformed() -> Refusal {
    Refusal::new(
        RefusalCode::Malformed,
        "the text is no session",
        format!("copy it whole, from {PREFIX} to its end"),
    )
}
