//! What goes into `userOp.signature`.

use alloy_primitives::{Address, B256, Bytes, keccak256};
use alloy_sol_types::SolStruct;
use smart_session_core::abi::SessionOperation;
use smart_session_core::packed::{DelegateKind, MAX_OWNER_SIGNATURE, Mode};
use smart_session_core::session::{Disclosure, EncodeError, Session};

use crate::keys::delegate::{Delegate, dummy_signature};
use crate::refusal::Refusal;
use crate::session::digest::domain;

/// `userOp.signature` before the delegate has signed it.
///
/// It is drafted as one says, sensible or not: [`Grant::draft`](crate::Grant::draft) makes one
/// that the session allows.
///
/// The delegate's signature covers the user operation's hash, the session, and everything that
/// is drafted here except the owner's signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OperationDraft {
    session_id: B256,
    delegate_kind: DelegateKind,
    disclosed: Vec<u8>,
    owner_signature: Option<Bytes>,
}

impl OperationDraft {
    /// Drafts the first operation of a session: it carries the owner's signature and enables.
    ///
    /// `permissions` has, for each execution, the index of the permission that covers it.
    ///
    /// # Errors
    /// [`EncodeError`] if the session cannot be packed, or the signature is too long.
    pub fn enable(
        session: &Session,
        permissions: &[u8],
        owner_signature: Bytes,
    ) -> Result<Self, EncodeError> {
        let got = owner_signature.len();
        if got > MAX_OWNER_SIGNATURE {
            let (field, allowed) = ("bytes of the owner's signature", MAX_OWNER_SIGNATURE);
            return Err(EncodeError::TooMany { field, got, allowed });
        }
        let owner_signature = Some(owner_signature);
        Self::new(Mode::Enable, session, &Disclosure::WHOLE, permissions, owner_signature)
    }

    /// Drafts an operation of a session that is enabled.
    ///
    /// # Errors
    /// [`EncodeError`] if the session cannot be packed.
    pub fn draft_use(
        session: &Session,
        disclosure: &Disclosure<'_>,
        permissions: &[u8],
    ) -> Result<Self, EncodeError> {
        Self::new(Mode::Use, session, disclosure, permissions, None)
    }

    fn new(
        mode: Mode,
        session: &Session,
        disclosure: &Disclosure<'_>,
        permissions: &[u8],
        owner_signature: Option<Bytes>,
    ) -> Result<Self, EncodeError> {
        let mut disclosed = vec![mode.to_byte()];
        disclosed.extend(session.pack_disclosing(disclosure)?);
        disclosed.extend(permissions);
        let delegate_kind = session.delegate_kind;
        Ok(Self { session_id: session.id(), delegate_kind, disclosed, owner_signature })
    }

    /// Claims a moment for which the session's periodic budgets are used, in unix seconds.
    ///
    /// The claim is proven by the window that the module hands to the EntryPoint. It is needed
    /// where the session has a periodic budget, and only there.
    #[must_use]
    pub fn at_time(mut self, seconds: u64) -> Self {
        let [_, _, time @ ..] = seconds.to_be_bytes();
        self.disclosed.extend(time);
        self
    }

    /// Returns the digest that the delegate signs for a user operation.
    pub fn digest(&self, module: Address, user_op_hash: B256) -> B256 {
        let operation = SessionOperation {
            userOpHash: user_op_hash,
            sessionId: self.session_id,
            disclosure: self.disclosure(),
        };
        operation.eip712_signing_hash(&domain(module))
    }

    /// Returns the hash of all that the delegate's signature covers of this.
    pub(super) fn disclosure(&self) -> B256 {
        keccak256(&self.disclosed)
    }

    /// Returns `userOp.signature` with the delegate's signature.
    pub fn sealed(&self, delegate_signature: &[u8]) -> Bytes {
        let mut signature = self.disclosed.clone();
        if let Some(owner_signature) = &self.owner_signature {
            let length = u16::try_from(owner_signature.len()).unwrap_or(u16::MAX);
            signature.extend(length.to_be_bytes());
            signature.extend(owner_signature);
        }
        signature.extend(delegate_signature);
        signature.into()
    }

    /// Returns `userOp.signature` with a delegate's signature that costs the same as a real one
    /// and never holds: for estimating gas.
    pub fn dummy(&self) -> Bytes {
        self.sealed(&dummy_signature(self.delegate_kind))
    }

    /// Has a delegate sign for a user operation, and returns its `signature`.
    ///
    /// # Errors
    /// [`Refusal`] if the delegate does not sign.
    pub async fn sign(
        &self,
        module: Address,
        user_op_hash: B256,
        delegate: &impl Delegate,
    ) -> Result<Bytes, Refusal> {
        let signature = delegate.sign_digest(self.digest(module, user_op_hash)).await?;
        Ok(self.sealed(&signature))
    }
}
