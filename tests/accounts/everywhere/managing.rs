//! Sessions enabled, given up and revoked by others than the account itself.

use alloy_primitives::{B256, Bytes, U256};
use alloy_sol_types::{SolCall, SolStruct, eip712_domain};
use smart_session_client::{SoftwareKey, error_name};
use smart_session_core::abi::{ISmartSession, RevokeAllSessions, RevokeSession};
use stylus_devchain::Outcome;
use testbed::test_bed::key;
use testbed::{Backend, Verdict};

use super::account_setup::AccountSetup;

impl<B: Backend> AccountSetup<B> {
    /// Calls the module with a key, in a transaction.
    pub(super) fn send(&mut self, key: &SoftwareKey, call: &impl SolCall) -> Outcome {
        self.bed.chain.bring_as(key, self.bed.module, call.abi_encode().into()).unwrap()
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

/// Who pays for transactions and has no other rights.
fn mallory() -> SoftwareKey {
    key("mallory").unwrap()
}

pub(crate) fn anyone_relays_the_owners_signature_of_a_session(
    mut setup: AccountSetup<impl Backend>,
) {
    let enable = ISmartSession::enable_1Call {
        account: setup.account.address(),
        session: setup.packed_session(),
        signature: setup.game.owner_signature.clone(),
    };
    let mut forged = enable.clone();
    let mut signature = forged.signature.to_vec();
    signature[30] ^= 1;
    forged.signature = signature.into();

    let refused = setup.send(&mallory(), &forged);
    assert_eq!(error_name(&refused.output), Some("NotOwnersSignature"));
    let outcome = setup.send(&mallory(), &enable);

    assert!(outcome.is_success(), "{}", outcome.output);
    assert_eq!(setup.state(), (1, 0));
    assert_eq!(setup.a_move().verdict, Verdict::Executed);
}

pub(crate) fn anyone_relays_the_owners_signature_of_a_revocation(
    mut setup: AccountSetup<impl Backend>,
) {
    setup.enable_and_move();
    let (account, session_id) = (setup.account.address(), setup.game.session.id());
    let signature = setup.owner_signs(&RevokeSession { account, sessionId: session_id });
    let revoke = ISmartSession::revokeForCall { account, sessionId: session_id, signature };

    let outcome = setup.send(&mallory(), &revoke);

    assert!(outcome.is_success(), "{}", outcome.output);
    assert_eq!(setup.a_move().verdict.summary(), setup.refused("SessionRevokedForEver"));
}

pub(crate) fn anyone_relays_the_owners_signature_that_revokes_all(
    mut setup: AccountSetup<impl Backend>,
) {
    setup.enable_and_move();
    let account = setup.account.address();
    let chain_id = U256::from(Backend::chain_id(&setup.bed.chain));
    let salt = B256::repeat_byte(0x5a);
    let all = RevokeAllSessions { account, chainId: chain_id, epoch: 0, salt };
    let signature = setup.owner_signs(&all);
    let revoke = ISmartSession::revokeAll_1Call { account, salt, signature };

    let outcome = setup.send(&mallory(), &revoke);

    assert!(outcome.is_success(), "{}", outcome.output);
    assert_eq!(setup.a_move().verdict.summary(), setup.refused("WrongEpoch"));
    let again = setup.send(&mallory(), &revoke);
    assert!(!again.is_success(), "the signature named the former epoch");
}

pub(crate) fn the_delegate_gives_its_session_up(mut setup: AccountSetup<impl Backend>) {
    setup.enable_and_move();
    let revoke = ISmartSession::revoke_1Call {
        account: setup.account.address(),
        session: setup.packed_session(),
        signature: Bytes::new(),
    };

    let strangers = setup.send(&mallory(), &revoke);
    assert_eq!(error_name(&strangers.output), Some("NotDelegate"));
    let outcome = setup.send(&setup.game.delegate.clone(), &revoke);

    assert!(outcome.is_success(), "{}", outcome.output);
    assert_eq!(setup.a_move().verdict.summary(), setup.refused("SessionRevokedForEver"));
}
