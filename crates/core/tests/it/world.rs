//! The world around the module: accounts with owners, and the precompiles.
//!
//! A signature of these tests is 65 bytes that name who signed what, so that thousands of random
//! cases need no elliptic curve; P-256 and SHA-256 are the real ones.

use std::cell::RefCell;
use std::collections::HashMap;
use std::fmt;
use std::rc::Rc;

use alloy_primitives::{Address, B256, Bytes, FixedBytes, U256, address, keccak256};
use alloy_sol_types::{SolCall, SolValue};
use p256::ecdsa::signature::hazmat::PrehashVerifier;
use sha2::{Digest, Sha256};
use smart_session::host::off_chain::{Call, Chain, World};
use smart_session_core::abi::{Execution, IAccount};

pub(crate) const ECRECOVER: Address = address!("0000000000000000000000000000000000000001");
const SHA256: Address = address!("0000000000000000000000000000000000000002");
const P256_VERIFY: Address = address!("0000000000000000000000000000000000000100");

/// What a call of an account comes to.
pub(crate) type Outcome = Result<Vec<u8>, Vec<u8>>;

/// Answers a call of an account.
type Answering = dyn Fn(&Chain<Accounts>, &Call<'_>) -> Outcome;

/// What an account does instead of what accounts do.
#[derive(Clone)]
pub(crate) struct Reaction(pub(crate) Rc<Answering>);

impl fmt::Debug for Reaction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Reaction")
    }
}

/// Every account, and the precompiles.
#[derive(Clone, Debug, Default)]
pub(crate) struct Accounts {
    /// If there is one, every signature holds, and the delegate's is of this address.
    pub(crate) signer_of_all: Option<Address>,
    /// Who owns which account.
    pub(crate) owners: HashMap<Address, Address>,
    /// Accounts that behave in a way of their own.
    pub(crate) reactions: HashMap<Address, Reaction>,
    /// The digests that signers were recovered for.
    pub(crate) recovered: RefCell<Vec<B256>>,
    /// What accounts ran: the account, and the calls.
    pub(crate) ran: RefCell<Vec<(Address, Vec<Execution>)>>,
    /// Precompiles that fail, as for want of gas.
    pub(crate) failing: Vec<Address>,
}

/// Returns a key's signature over a digest: r names the signer, s binds both, v is 27.
pub(crate) fn sign(signer: Address, digest: B256) -> [u8; 65] {
    let mut signature = [0; 65];
    signature[12..32].copy_from_slice(signer.as_slice());
    let mut bound = keccak256([signer.as_slice(), digest.as_slice()].concat());
    // A low s.
    bound[0] &= 0x3f;
    signature[32..64].copy_from_slice(bound.as_slice());
    signature[64] = 27;
    signature
}

/// Returns who signed a digest, if anybody did.
fn signer(digest: B256, signature: &[u8]) -> Option<Address> {
    let signer = Address::from_slice(signature.get(12..32)?);
    (sign(signer, digest) == signature).then_some(signer)
}

impl Accounts {
    fn recover(&self, input: &[u8]) -> Vec<u8> {
        // digest, v, r, s: a word each.
        let digest = B256::from_slice(&input[..32]);
        self.recovered.borrow_mut().push(digest);
        let signature = [&input[64..128], &input[63..64]].concat();
        let signer = self.signer_of_all.or_else(|| signer(digest, &signature));
        signer.map(|signer| signer.into_word().to_vec()).unwrap_or_default()
    }

    fn is_owners(&self, account: Address, call: &IAccount::isValidSignatureCall) -> bool {
        let owner = self.owners.get(&account);
        let holds = owner.is_some() && signer(call.hash, &call.signature).as_ref() == owner;
        self.signer_of_all.is_some() || holds
    }

    fn account(&self, call: &Call<'_>) -> Vec<u8> {
        if let Ok(asked) = IAccount::isValidSignatureCall::abi_decode(call.data) {
            let answer =
                if self.is_owners(call.to, &asked) { [0x16, 0x26, 0xba, 0x7e] } else { [0xff; 4] };
            return FixedBytes(answer).abi_encode();
        }
        let Ok(run) = IAccount::executeFromExecutorCall::abi_decode(call.data) else {
            return vec![];
        };
        let executions = executions(run.mode, &run.executionCalldata);
        let answer = vec![Bytes::from(vec![7; 33]); executions.len()];
        self.ran.borrow_mut().push((call.to, executions));
        answer.abi_encode()
    }
}

/// Reads executions as an account does.
fn executions(mode: B256, calldata: &[u8]) -> Vec<Execution> {
    if mode[0] == 1 {
        return Vec::<Execution>::abi_decode(calldata).expect("an array of executions");
    }
    let (target, rest) = calldata.split_at(20);
    let (value, data) = rest.split_at(32);
    vec![Execution {
        target: Address::from_slice(target),
        value: U256::from_be_slice(value),
        callData: data.to_vec().into(),
    }]
}

/// Verifies hash ‖ r ‖ s ‖ x ‖ y, as EIP-7951 says.
fn verify_p256(input: &[u8]) -> Option<()> {
    let point = [&[4], input.get(96..160)?].concat();
    let key = p256::ecdsa::VerifyingKey::from_sec1_bytes(&point).ok()?;
    let signature = p256::ecdsa::Signature::from_slice(input.get(32..96)?).ok()?;
    key.verify_prehash(input.get(..32)?, &signature).ok()
}

impl World for Accounts {
    fn answer(&self, chain: &Chain<Self>, call: &Call<'_>) -> Outcome {
        if self.failing.contains(&call.to) {
            return Err(vec![]);
        }
        if let Some(reaction) = self.reactions.get(&call.to) {
            return (reaction.0)(chain, call);
        }
        Ok(match call.to {
            ECRECOVER => self.recover(call.data),
            SHA256 => Sha256::digest(call.data).to_vec(),
            P256_VERIFY if self.signer_of_all.is_some() => B256::with_last_byte(1).to_vec(),
            P256_VERIFY => verify_p256(call.data)
                .map(|()| B256::with_last_byte(1).to_vec())
                .unwrap_or_default(),
            _ => self.account(call),
        })
    }
}
