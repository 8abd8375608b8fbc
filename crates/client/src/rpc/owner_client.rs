//! An owner at work, with a key at hand: operations of the account itself, and signatures that
//! others relay.

use alloy_primitives::{Address, B256, Bytes, U256};
use alloy_sol_types::SolStruct;
use smart_session_core::abi::{RevokeAllSessions, RevokeSession};

use crate::account::call::{Call, execute_call_data};
use crate::account::kind::AccountKind;
use crate::account::signing::OwnerSigning;
use crate::keys::software_key::SoftwareKey;
use crate::operation::abi::UserOperation;
use crate::refusal::{Refusal, RefusalCode};
use crate::revocation::RevocationSalt;
use crate::rpc::act_error::ActError;
use crate::rpc::entry_point::{EntryPoint, Mined};
use crate::rpc::error::NodeError;
use crate::rpc::failure::failure;
use crate::rpc::gas_needs::two_numbers;
use crate::session::digest::domain;

/// An account whose owner's key is at hand.
#[derive(Clone, Copy, Debug)]
pub struct OwnerClient<'a> {
    /// The EntryPoint, on a node's chain.
    pub entry_point: EntryPoint<'a>,
    /// The account.
    pub account: Address,
    /// What it is.
    pub kind: AccountKind,
    /// The account's validator that checks its owner's signatures.
    pub validator: Address,
    /// What the key signs for operations: [`OwnerSigning::of`], or what the owner says.
    pub signing: OwnerSigning,
    /// The owner's key.
    pub key: &'a SoftwareKey,
}

/// Gas that an estimate may use.
const AMPLE: u128 = 3_000_000;

impl OwnerClient<'_> {
    /// Signs a digest in the module's domain, as the account's ERC-1271 takes it.
    ///
    /// # Errors
    /// [`Refusal`] if the key does not sign.
    pub async fn sign(&self, digest: B256) -> Result<Bytes, ActError> {
        let chain_id = self.entry_point.node.chain_id().await?;
        let digest = self.kind.owner_digest(chain_id, self.account, digest);
        let signature = self.key.sign(digest).map_err(Refusal::from)?;
        Ok(self.kind.owner_signature(self.validator, &signature))
    }

    /// Signs that a session ends: anyone may relay it.
    ///
    /// # Errors
    /// [`ActError`] if the key does not sign.
    pub async fn sign_revoke(&self, module: Address, id: B256) -> Result<Bytes, ActError> {
        self.sign(revoke_digest(module, self.account, id)).await
    }

    /// Signs that all sessions of this chain and epoch end: anyone may relay it.
    ///
    /// # Errors
    /// [`ActError`] if the key does not sign, or the chain cannot be asked.
    pub async fn sign_revoke_all(
        &self,
        module: Address,
        epoch: u64,
        salt: RevocationSalt,
    ) -> Result<Bytes, ActError> {
        let message = RevokeAllSessions {
            account: self.account,
            chainId: U256::from(self.entry_point.node.chain_id().await?),
            epoch,
            salt: salt.bytes(),
        };
        self.sign(message.eip712_signing_hash(&domain(module))).await
    }

    /// Has the account make calls of its own, in an operation that its owner signs and `sender`
    /// carries to the EntryPoint.
    ///
    /// # Errors
    /// [`ActError`] if the account refuses the signature, the operation may cost more than the
    /// fee terms allow, or it fails.
    pub async fn act(&self, calls: &[Call], sender: &SoftwareKey) -> Result<Mined, ActError> {
        let EntryPoint { node, .. } = self.entry_point;
        let key = self.kind.owner_nonce_key(self.validator)?;
        let price = node.offered_price().await?;
        let mut op = UserOperation {
            sender: self.account,
            nonce: self.entry_point.nonce(self.account, key).await?,
            initCode: Bytes::new(),
            callData: execute_call_data(calls)?,
            accountGasLimits: two_numbers(AMPLE, AMPLE),
            preVerificationGas: U256::ZERO,
            gasFees: two_numbers(price.priority, price.most),
            paymasterAndData: Bytes::new(),
            signature: vec![0xff; 65].into(),
        };
        self.entry_point.estimate(&op, false).await?.put_into(&mut op);
        node.fees.check(op.most_cost(), None)?;
        let digest = self.signing.digest(self.entry_point.hash(&op).await?);
        op.signature = Bytes::copy_from_slice(&self.key.sign(digest).map_err(Refusal::from)?);
        let sent = self.entry_point.bundle(op, sender).await;
        sent.map_err(|error| self.refused_signature(&error).map_or(error, Into::into))
    }

    /// Says what to look at where the account has refused the owner's signature.
    fn refused_signature(&self, error: &ActError) -> Option<Refusal> {
        let ActError::Node(NodeError::Reverted { data }) = error else { return None };
        failure(data).sentence.contains("(AA24)").then(|| {
            let (account, key) = (self.account, self.key.address());
            let (got, other) = match self.signing {
                OwnerSigning::Digest => ("an operation's hash", OwnerSigning::Message),
                OwnerSigning::Message => ("a message", OwnerSigning::Digest),
            };
            Refusal::new(
                RefusalCode::WrongKey,
                format!("account {account} does not take {key} as its owner, who signed {got}"),
                format!(
                    "use the owner's key, name the validator that knows it, or have it sign \
                     otherwise (--owner-signs {})",
                    other.name()
                ),
            )
        })
    }
}

/// Returns the digest by which an owner, or a delegate, ends a session.
pub fn revoke_digest(module: Address, account: Address, id: B256) -> B256 {
    RevokeSession { account, sessionId: id }.eip712_signing_hash(&domain(module))
}
