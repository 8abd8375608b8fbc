//! A session with everything that its delegate needs to use it.

use alloy_primitives::{Address, B256, Bytes};
use smart_session_core::packed::MAX_OWNER_SIGNATURE;
use smart_session_core::session::Session;

use crate::account::kind::AccountKind;
use crate::refusal::{Refusal, RefusalCode};
use crate::session::digest::session_digest;
use crate::session::structure::check_session;

/// A session, the module that it is for, and its owner's signature once there is one.
///
/// It travels to the delegate as a [file](crate::file) or as one [text](crate::text).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// The module, which is also the EIP-712 domain of the signature.
    pub module: Address,
    /// What is granted.
    pub session: Session,
    /// What the account is, if it is known.
    pub account_kind: Option<AccountKind>,
    /// The account's validator that checks its owner's signatures, if it is known.
    pub owner_validator: Option<Address>,
    /// The owner's signature, as the account's ERC-1271 takes it.
    pub owner_signature: Option<Bytes>,
}

impl Grant {
    /// Returns a session that its owner has not signed yet.
    pub const fn unsigned(module: Address, session: Session) -> Self {
        Self { module, session, account_kind: None, owner_validator: None, owner_signature: None }
    }

    /// Returns the session id.
    pub fn id(&self) -> B256 {
        self.session.id()
    }

    /// Returns the EIP-712 digest of the session: what the account's ERC-1271 is asked about.
    pub fn digest(&self) -> B256 {
        session_digest(self.module, &self.session)
    }

    /// Returns the digest that the owner's key signs, which an account may have wrapped.
    ///
    /// # Errors
    /// [`Refusal`] if the session can never work, the account's kind is not known, or its
    /// signatures hold on one chain only and the session is for several.
    pub fn owner_digest(&self) -> Result<B256, Refusal> {
        check_session(&self.session, self.module)?;
        let kind = self.kind()?;
        let chain_id = match self.session.chains.as_slice() {
            [chain] => u64::try_from(chain.chain_id).ok(),
            _ => None,
        };
        if kind.signature_is_for_all_chains() {
            return Ok(kind.owner_digest(0, self.session.account, self.digest()));
        }
        let chain_id = chain_id.ok_or_else(|| {
            Refusal::new(
                RefusalCode::NoEqual,
                format!("signatures of {} accounts hold on one chain only", kind.name()),
                "make a session for each chain",
            )
        })?;
        Ok(kind.owner_digest(chain_id, self.session.account, self.digest()))
    }

    /// Takes what the owner's secp256k1 key signed, and puts the account's route before it.
    ///
    /// # Errors
    /// [`Refusal`] if it is no such signature, the kind or the owner's validator is not known, or it is too long.
    pub fn sign(&mut self, signature: &[u8]) -> Result<(), Refusal> {
        let kind = self.kind()?;
        let validator = self.owner_validator.ok_or_else(|| {
            Refusal::new(
                RefusalCode::MissingField,
                "the account's validator for its owner's signatures is not known",
                "name it (ownerValidator, --owner-validator)",
            )
        })?;
        let signature = ecdsa_signature(&kind.enable_route(validator), signature)?;
        self.take_signature(kind.owner_signature(validator, &signature))
    }

    /// Takes an owner's signature that already is as the account's ERC-1271 takes it.
    ///
    /// # Errors
    /// [`RefusalCode::OwnerSignatureTooLong`].
    pub fn take_signature(&mut self, signature: Bytes) -> Result<(), Refusal> {
        check_owner_signature(&signature)?;
        self.owner_signature = Some(signature);
        Ok(())
    }

    /// Returns what the account is.
    ///
    /// # Errors
    /// [`RefusalCode::UnknownAccountKind`] if that is not known.
    pub fn kind(&self) -> Result<AccountKind, Refusal> {
        self.account_kind.ok_or_else(|| {
            Refusal::new(
                RefusalCode::UnknownAccountKind,
                format!("it is not known what kind of account {} is", self.session.account),
                "name it (accountKind, --account-kind): openzeppelin, msa, safe7579, nexus or kernel",
            )
        })
    }
}

/// Bytes of an ECDSA signature: r, s, v.
const ECDSA: usize = 65;

/// Returns what a wallet signed with v as 27 or 28, which some wallets write as 0 or 1.
fn ecdsa_signature(route: &[u8], signature: &[u8]) -> Result<[u8; ECDSA], Refusal> {
    let refuse = |reason: String, remedy: &str| {
        Err(Refusal::new(RefusalCode::UnusableSignature, reason, remedy))
    };
    let as_is = "give it as the wallet made it; one that the account takes whole is taken as it is \
                 (--as-is)";
    if signature.is_empty() {
        return refuse("the signature is empty".into(), as_is);
    }
    if signature.len() > ECDSA && signature.starts_with(route) {
        return refuse("the signature begins with the account's route already".into(), as_is);
    }
    let Ok(mut signature) = <[u8; ECDSA]>::try_from(signature) else {
        let got = signature.len();
        return refuse(format!("the signature has {got} bytes, an ECDSA signature has 65"), as_is);
    };
    let [.., v] = &mut signature;
    match *v {
        0 | 1 => *v = v.saturating_add(27),
        27 | 28 => {}
        other => return refuse(format!("the signature's v is {other}, not 27 or 28"), as_is),
    }
    Ok(signature)
}

pub(crate) fn check_owner_signature(signature: &[u8]) -> Result<(), Refusal> {
    let got = signature.len();
    if got > MAX_OWNER_SIGNATURE {
        return Err(Refusal::new(
            RefusalCode::OwnerSignatureTooLong,
            format!(
                "the owner's signature has {got} bytes, at most {MAX_OWNER_SIGNATURE} are allowed"
            ),
            "enable the session by a call of the account itself",
        ));
    }
    Ok(())
}
