//! Contexts: what a delegate shows the module when it redeems (ERC-7710).

use alloy_primitives::{Address, Bytes};
use serde_json::Value;
use smart_session_core::packed::{DelegateKind, Mode};
use smart_session_core::session::{Session, UnpackError};

use super::parties::{check_parties, read_address};
use crate::json_value::read_bytes;
use crate::refusal::{Refusal, RefusalCode};
use crate::session::grant::{Grant, check_owner_signature};
use crate::session::unpacked::refusal;

impl Grant {
    /// Returns the context by which the delegate redeems the session at the module: account ‖
    /// mode ‖ packed session ‖ \[length of the owner's signature (2) ‖ that signature\].
    ///
    /// With the owner's signature it enables the session where that is still to be done; without,
    /// the session must be enabled before.
    ///
    /// # Errors
    /// [`RefusalCode::WrongKey`] if the delegate's key has no address to call from, and
    /// [`Refusal`] if the session has no packed form.
    pub fn to_permission_context(&self) -> Result<Bytes, Refusal> {
        let session = &self.session;
        if session.delegate_kind != DelegateKind::Secp256k1 {
            return Err(Refusal::new(
                RefusalCode::WrongKey,
                "who redeems by ERC-7710 calls from an address, and the delegate's key has none",
                "let the delegate sign orders, which anyone may bring (session order)",
            ));
        }
        let mode = if self.owner_signature.is_some() { Mode::Enable } else { Mode::Use };
        let mut context = session.account.to_vec();
        context.push(mode.to_byte());
        context.extend(session.pack()?);
        if let Some(signature) = &self.owner_signature {
            check_owner_signature(signature)?;
            let length = u16::try_from(signature.len()).unwrap_or(u16::MAX);
            context.extend(length.to_be_bytes());
            context.extend(signature);
        }
        Ok(context.into())
    }

    /// Reads the session that a context of a module stands for.
    ///
    /// # Errors
    /// [`RefusalCode::MalformedContext`] if it is none, [`RefusalCode::HiddenPart`] if it hides a part
    /// of the session.
    pub fn from_permission_context(module: Address, context: &[u8]) -> Result<Self, Refusal> {
        let (account, rest) = context.split_first_chunk::<20>().ok_or_else(malformed)?;
        let (mode, rest) = rest.split_first().ok_or_else(malformed)?;
        let (session, rest) =
            Session::unpack_first(Address::new(*account), rest).map_err(|error| match error {
                UnpackError::HiddenPart => refusal(error),
                UnpackError::Malformed => malformed(),
            })?;
        let mut grant = Self::unsigned(module, session);
        match (*mode, rest) {
            (mode, []) if mode == Mode::Use.to_byte() => Ok(grant),
            (mode, [high, low, signature @ ..])
                if mode == Mode::Enable.to_byte()
                    && usize::from(u16::from_be_bytes([*high, *low])) == signature.len() =>
            {
                grant.take_signature(signature.to_vec().into())?;
                Ok(grant)
            }
            _ => Err(malformed()),
        }
    }

    /// Reads the session that a wallet's response grants: its context, at the module that it
    /// names as `delegationManager`. Whether that is a session module is for the caller to know.
    ///
    /// # Errors
    /// [`Refusal`] if a field is missing or malformed, or it says another chain, account or delegate
    /// than its context; [`RefusalCode::NoEqual`] if the account is still to be deployed.
    pub fn from_permission_response(response: &Value) -> Result<Self, Refusal> {
        let module = read_address(response, "delegationManager")?;
        let context = response.get("context").and_then(read_bytes).ok_or_else(malformed)?;
        let grant = Self::from_permission_context(module, &context)?;
        check_parties(&grant.session, response)?;
        let dependencies = response.get("dependencies").filter(|value| !value.is_null());
        if dependencies.is_some_and(|value| value.as_array().is_none_or(|list| !list.is_empty())) {
            return Err(Refusal::new(
                RefusalCode::NoEqual,
                "the account of the response is still to be deployed (dependencies)",
                "call the factories that it names, and take them out of the response",
            ));
        }
        Ok(grant)
    }
}

fn malformed() -> Refusal {
    Refusal::new(
        RefusalCode::MalformedContext,
        "the context is none of a session module's",
        "give the context as the wallet returned it, whole",
    )
}
