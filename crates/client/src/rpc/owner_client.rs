//! An owner at work, with a key at hand: operations of the account itself, and signatures that
//! others relay.

use alloy_primitives::{Address, B256, Bytes, U256, eip191_hash_message};
use alloy_sol_types::SolStruct;
use session_core::abi::{RevokeAllSessions, RevokeSession};

use crate::account::kind::AccountKind;
use crate::keys::software_key::SoftwareKey;
use crate::operation::call::{Call, execute_call_data};
use crate::refusal::{Refusal, RefusalCode};
use crate::rpc::entry_point::{EntryPoint, IValidatingAccount, Mined, UserOperation, two_numbers};
use crate::rpc::node::{Node, NodeError, with_headroom};
use crate::rpc::session_client::{ActError, estimate};

/// An account whose owner's key is at hand.
#[derive(Clone, Copy, Debug)]
pub struct OwnerClient<'a> {
    /// The node.
    pub node: &'a Node,
    /// The EntryPoint.
    pub entry_point: Address,
    /// The account.
    pub account: Address,
    /// What it is.
    pub kind: AccountKind,
    /// The account's validator that checks its owner's signatures.
    pub validator: Address,
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
        let chain_id = self.node.chain_id().await?;
        let digest = self.kind.owner_digest(chain_id, self.account, digest);
        let signature = self.key.sign(digest).map_err(Refusal::from)?;
        Ok(self.kind.owner_signature(self.validator, &signature))
    }

    /// Signs that a session ends: anybody may relay it.
    ///
    /// # Errors
    /// [`ActError`] if the key does not sign.
    pub async fn sign_revoke(&self, module: Address, id: B256) -> Result<Bytes, ActError> {
        self.sign(revoke_digest(module, self.account, id)).await
    }

    /// Signs that all sessions of this chain and epoch end: anybody may relay it.
    ///
    /// # Errors
    /// [`ActError`] if the key does not sign, or the chain cannot be asked.
    pub async fn sign_revoke_all(&self, module: Address, epoch: u64) -> Result<Bytes, ActError> {
        let chain_id = U256::from(self.node.chain_id().await?);
        let message = RevokeAllSessions { account: self.account, chainId: chain_id, epoch };
        self.sign(message.eip712_signing_hash(&domain(module))).await
    }

    /// Has the account make calls of its own, in an operation that its owner signs and `sender`
    /// carries to the EntryPoint.
    ///
    /// Owner validators differ in whether they want the operation's hash as it is or as a
    /// message of EIP-191: the account is asked which of the two it takes.
    ///
    /// # Errors
    /// [`ActError`] if the account refuses both, or the operation fails.
    pub async fn act(&self, calls: &[Call], sender: &SoftwareKey) -> Result<Mined, ActError> {
        let entry_point = EntryPoint { node: self.node, address: self.entry_point };
        let key = self.kind.owner_nonce_key(self.validator)?;
        let price = with_headroom(self.node.gas_price().await?);
        let mut op = UserOperation {
            sender: self.account,
            nonce: entry_point.nonce(self.account, key).await?,
            initCode: Bytes::new(),
            callData: execute_call_data(calls)?,
            accountGasLimits: two_numbers(AMPLE, AMPLE),
            preVerificationGas: U256::ZERO,
            gasFees: two_numbers(0, price),
            paymasterAndData: Bytes::new(),
            signature: vec![0xff; 65].into(),
        };
        let needs = estimate(entry_point, &op, true).await?;
        op.accountGasLimits = two_numbers(needs.verification, needs.call);
        op.preVerificationGas = U256::from(needs.pre_verification);
        let hash = entry_point.hash(&op).await?;
        op.signature = self.accepted_signature(&op, hash).await?;
        let data = EntryPoint::handle_op(op, sender.address());
        let receipt = self.node.transact(sender, self.entry_point, data, U256::ZERO).await?;
        Ok(entry_point.mined(hash, &receipt)?)
    }

    async fn accepted_signature(&self, op: &UserOperation, hash: B256) -> Result<Bytes, ActError> {
        for digest in [hash, eip191_hash_message(hash)] {
            let signature = self.key.sign(digest).map_err(Refusal::from)?;
            let signature = Bytes::copy_from_slice(&signature);
            let call = IValidatingAccount::validateUserOpCall {
                userOp: UserOperation { signature: signature.clone(), ..op.clone() },
                userOpHash: hash,
                missingAccountFunds: U256::ZERO,
            };
            match self.node.ask_as(Some(self.entry_point), self.account, &call).await {
                // The lowest 160 bits: 0 for a signature that holds (ERC-4337).
                Ok(answer) if answer.wrapping_shl(96).is_zero() => return Ok(signature),
                Ok(_) | Err(NodeError::Reverted { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(Refusal::new(
            RefusalCode::WrongKey,
            format!("account {} does not take {} as its owner", self.account, self.key.address()),
            "use the owner's key, and name the validator that knows it",
        )
        .into())
    }
}

/// Returns the digest by which an owner, or a delegate, ends a session.
pub fn revoke_digest(module: Address, account: Address, id: B256) -> B256 {
    RevokeSession { account, sessionId: id }.eip712_signing_hash(&domain(module))
}

fn domain(module: Address) -> alloy_sol_types::Eip712Domain {
    alloy_sol_types::eip712_domain! {
        name: session_core::eip712::DOMAIN_NAME,
        version: session_core::eip712::DOMAIN_VERSION,
        verifying_contract: module,
    }
}
