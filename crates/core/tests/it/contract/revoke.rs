//! Sessions that end: by the account, the owner's signature, the delegate; one or all.

use alloy_primitives::{Address, B256, Bytes};
use alloy_sol_types::SolStruct;
use session_model::signed::RevokeSession;
use smart_session_core::abi::ISmartSession as Abi;

use super::{
    ACCOUNT, ANYONE, OWNER, SALT, enabled, epoch, event, id, kept, module, revoke_all, signed,
};
use crate::module::{Module, whole};
use crate::refused::session;

fn revocation() -> B256 {
    RevokeSession { account: ACCOUNT, sessionId: id() }.eip712_hash_struct()
}

fn relay(module: &Module, signature: Bytes) -> Result<(), String> {
    let call = Abi::revokeForCall { account: ACCOUNT, sessionId: id(), signature };
    module.send(ANYONE, &call).map(|_| ())
}

fn as_delegate(module: &Module, caller: Address, signature: Bytes) -> Result<(), String> {
    let call = Abi::revoke_1Call { account: ACCOUNT, session: whole(&session()), signature };
    module.send(caller, &call).map(|_| ())
}

/// Account, id, revoker and former status of the last event, if it tells an end.
fn told(module: &Module) -> Option<(Address, B256, Address, u8)> {
    let end = event::<Abi::SessionRevoked>(module.chain.logs().last()?)?;
    Some((end.account, end.sessionId, end.revoker, end.formerStatus))
}

#[test]
fn the_account_ends_a_session_once_and_for_ever() {
    for (module, former) in [(enabled(1), 1), (module(1), 0), (module(0), 0)] {
        module.send(ACCOUNT, &Abi::revoke_0Call { sessionId: id() }).unwrap();
        assert_eq!(told(&module), Some((ACCOUNT, id(), ACCOUNT, former)));
        assert_eq!(kept(&module).0, 2);

        let before = module.chain.logs().len();
        module.send(ACCOUNT, &Abi::revoke_0Call { sessionId: id() }).unwrap();
        assert_eq!(module.chain.logs().len(), before, "once more says nothing");
    }
}

#[test]
fn a_stranger_ends_only_what_is_its_own() {
    let module = enabled(1);
    module.send(ANYONE, &Abi::revoke_0Call { sessionId: id() }).unwrap();
    assert_eq!(kept(&module).0, 1);
}

#[test]
fn the_owners_signature_ends_a_session_and_nobody_elses_does() {
    let module = enabled(1);
    for bad in [signed(ANYONE, revocation()), signed(OWNER, id()), Bytes::new()] {
        assert_eq!(relay(&module, bad), Err("NotOwnersSignature".into()));
    }
    assert_eq!(relay(&module, signed(OWNER, revocation())), Ok(()));
    assert_eq!(told(&module), Some((ACCOUNT, id(), ACCOUNT, 1)));
}

#[test]
fn the_delegate_ends_its_session_by_calling_or_by_signing() {
    let delegate = session().delegate;
    let by_call = enabled(1);
    assert_eq!(as_delegate(&by_call, delegate, Bytes::new()), Ok(()));
    assert_eq!(told(&by_call), Some((ACCOUNT, id(), delegate, 1)));

    let by_signature = enabled(1);
    assert_eq!(as_delegate(&by_signature, ANYONE, signed(delegate, revocation())), Ok(()));
    assert_eq!(told(&by_signature), Some((ACCOUNT, id(), delegate, 1)));
}

#[test]
fn nobody_else_ends_a_session_as_its_delegate() {
    let module = enabled(1);
    let delegate = session().delegate;
    for (caller, signature, expected) in [
        (ANYONE, Bytes::new(), "NotDelegate"),
        (OWNER, Bytes::new(), "NotDelegate"),
        (ANYONE, signed(ANYONE, revocation()), "NotDelegate"),
        (ANYONE, signed(delegate, id()), "NotDelegate"),
        (delegate, signed(ANYONE, revocation()), "NotDelegate"),
        (ANYONE, vec![0; 64].into(), "MalformedDelegateSignature"),
    ] {
        assert_eq!(as_delegate(&module, caller, signature), Err(expected.into()));
    }
    assert_eq!(kept(&module).0, 1);
}

#[test]
fn all_sessions_end_with_the_epoch() {
    let module = enabled(1);
    module.send(ACCOUNT, &Abi::revokeAll_0Call { salt: SALT }).unwrap();
    let moved = event::<Abi::EpochMoved>(module.chain.logs().last().unwrap()).unwrap();
    assert_eq!((moved.account, moved.formerEpoch, moved.epoch), (ACCOUNT, 0, epoch(&module)));
    assert_ne!(epoch(&module), 0);

    let stranger = enabled(1);
    stranger.send(ANYONE, &Abi::revokeAll_0Call { salt: SALT }).unwrap();
    assert_eq!(epoch(&stranger), 0, "its own alone");
}

#[test]
fn the_owners_signature_ends_all_sessions_once_with_its_salt_and_epoch() {
    let module = enabled(1);
    let other_salt = B256::repeat_byte(0x5b);
    let good = revoke_all(&module, 0, SALT, OWNER);
    for bad in [
        revoke_all(&module, 0, SALT, ANYONE),
        revoke_all(&module, 1, SALT, OWNER),
        Abi::revokeAll_1Call { salt: other_salt, ..good.clone() },
    ] {
        let refused = module.send(ANYONE, &bad).map(|_| ());
        assert_eq!(refused, Err("NotOwnersSignature".into()));
    }
    let mut elsewhere = module.clone();
    elsewhere.chain.chain_id += 1;
    let refused = elsewhere.send(ANYONE, &good).map(|_| ());
    assert_eq!(refused, Err("NotOwnersSignature".into()), "another chain");

    let own = module.clone();
    own.send(ACCOUNT, &Abi::revokeAll_0Call { salt: SALT }).unwrap();
    module.send(ANYONE, &good).unwrap();
    assert_eq!(epoch(&module), epoch(&own), "the epoch is that of the account's own call");

    let replayed = module.send(ANYONE, &good).map(|_| ());
    assert_eq!(replayed, Err("NotOwnersSignature".into()), "it names the former epoch");
}
