//! Sessions enabled, given up and revoked by others than the account itself.

use alloy_primitives::{Address, B256, Bytes, U256};
use alloy_sol_types::{SolCall, SolStruct, eip712_domain};
use smart_session_client::error_name;
use smart_session_core::abi::{ISmartSession, RevokeAllSessions, RevokeSession};
use stylus_devchain::{Outcome, Transaction};
use testbed::Verdict;

use super::case::AccountCase;

/// Who pays for transactions and has no other rights.
const MALLORY: Address = Address::repeat_byte(0x3a);

impl AccountCase {
    /// Calls the module as `from`, in a transaction.
    fn send(&mut self, from: Address, call: &impl SolCall) -> Outcome {
        let transaction = Transaction::new(from, self.bed.module)
            .with_data(call.abi_encode())
            .with_gas_limit(5_000_000);
        self.bed.chain.transact(transaction).unwrap()
    }

    /// Has the owner sign a struct in the module's domain, as the account's ERC-1271 takes it.
    fn owner_signs(&self, message: &impl SolStruct) -> Bytes {
        let domain = eip712_domain! {
            name: "Smart Session", version: "1", verifying_contract: self.bed.module,
        };
        self.account.owner_signature(message.eip712_signing_hash(&domain)).unwrap()
    }

    fn packed_session(&self) -> Bytes {
        self.game.session.pack().unwrap().into()
    }
}

pub(crate) fn anyone_relays_the_owners_signature_of_a_session(mut case: AccountCase) {
    let enable = ISmartSession::enable_1Call {
        account: case.account.address(),
        session: case.packed_session(),
        signature: case.game.owner_signature.clone(),
    };
    let mut forged = enable.clone();
    let mut signature = forged.signature.to_vec();
    signature[30] ^= 1;
    forged.signature = signature.into();

    let refused = case.send(MALLORY, &forged);
    assert_eq!(error_name(&refused.output), Some("NotOwnersSignature"));
    let outcome = case.send(MALLORY, &enable);

    assert!(outcome.is_success(), "{}", outcome.output);
    assert_eq!(case.state(), (1, 0));
    assert_eq!(case.a_move().verdict, Verdict::Executed);
}

pub(crate) fn anyone_relays_the_owners_signature_of_a_revocation(mut case: AccountCase) {
    case.enable_and_move();
    let (account, session_id) = (case.account.address(), case.game.session.id());
    let signature = case.owner_signs(&RevokeSession { account, sessionId: session_id });
    let revoke = ISmartSession::revokeForCall { account, sessionId: session_id, signature };

    let outcome = case.send(MALLORY, &revoke);

    assert!(outcome.is_success(), "{}", outcome.output);
    assert_eq!(case.a_move().verdict.summary(), "refused: AA23 SessionRevokedForEver");
}

pub(crate) fn anyone_relays_the_owners_signature_that_revokes_all(mut case: AccountCase) {
    case.enable_and_move();
    let account = case.account.address();
    let chain_id = U256::from(case.bed.chain.chain_id());
    let salt = B256::repeat_byte(0x5a);
    let all = RevokeAllSessions { account, chainId: chain_id, epoch: 0, salt };
    let signature = case.owner_signs(&all);
    let revoke = ISmartSession::revokeAll_1Call { account, salt, signature };

    let outcome = case.send(MALLORY, &revoke);

    assert!(outcome.is_success(), "{}", outcome.output);
    assert_eq!(case.a_move().verdict.summary(), "refused: AA23 WrongEpoch");
    let again = case.send(MALLORY, &revoke);
    assert!(!again.is_success(), "the signature named the former epoch");
}

pub(crate) fn the_delegate_gives_its_session_up(mut case: AccountCase) {
    case.enable_and_move();
    let revoke = ISmartSession::revoke_1Call {
        account: case.account.address(),
        session: case.packed_session(),
        signature: Bytes::new(),
    };

    let strangers = case.send(MALLORY, &revoke);
    assert_eq!(error_name(&strangers.output), Some("NotDelegate"));
    let outcome = case.send(case.game.delegate.address(), &revoke);

    assert!(outcome.is_success(), "{}", outcome.output);
    assert_eq!(case.a_move().verdict.summary(), "refused: AA23 SessionRevokedForEver");
}
