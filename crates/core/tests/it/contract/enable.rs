//! Sessions that come into force: by the account's call, by relay, with an operation.

use alloy_primitives::{Address, B256, Bytes};
use session_model::{Operation, Session};
use smart_session::host::off_chain::Hostio;
use smart_session_core::abi::ISmartSession as Abi;

use super::{ACCOUNT, ANYONE, OWNER, enabled, enabling, event, id, kept, module, operate, signed};
use crate::module::{Module, error, whole};
use crate::refused::{operation, session};

fn relay(module: &Module, session: &Session, signature: Bytes) -> Result<(), String> {
    let call = Abi::enable_1Call { account: ACCOUNT, session: whole(session), signature };
    module.send(ANYONE, &call).map(|_| ())
}

fn by_account(module: &Module, caller: Address) -> Result<(), String> {
    module.send(caller, &Abi::enable_0Call { session: whole(&session()) }).map(|_| ())
}

#[test]
fn the_account_enables_by_its_own_call_and_the_event_shows_the_session() {
    for types in 1..=3 {
        let module = module(types);
        assert_eq!(by_account(&module, ACCOUNT), Ok(()));

        assert_eq!(kept(&module), (1, 0, 0, 0));
        let logs = module.chain.logs();
        let shown = event::<Abi::SessionEnabled>(&logs[0]).unwrap();
        assert_eq!((shown.account, shown.sessionId), (ACCOUNT, id()));
        assert_eq!((shown.delegate, shown.session), (session().delegate, whole(&session())));
    }
}

#[test]
fn nobody_enables_where_the_module_is_not_installed() {
    assert_eq!(by_account(&module(0), ACCOUNT), Err("NotInstalled".into()));
    assert_eq!(by_account(&module(3), ANYONE), Err("NotInstalled".into()), "for itself");
    let signature = signed(OWNER, id());
    assert_eq!(relay(&module(0), &session(), signature), Err("NotInstalled".into()));
}

#[test]
fn anyone_relays_the_owners_signature_and_nobody_elses() {
    let module = module(1);
    for bad in [signed(ANYONE, id()), signed(OWNER, B256::ZERO), Bytes::new(), vec![9; 65].into()] {
        assert_eq!(relay(&module, &session(), bad), Err("NotOwnersSignature".into()));
    }
    assert_eq!(kept(&module).0, 0);

    assert_eq!(relay(&module, &session(), signed(OWNER, id())), Ok(()));
    assert_eq!(kept(&module).0, 1);
}

#[test]
fn an_enabled_session_is_enabled_again_without_a_word() {
    let module = enabled(1);
    let before = module.chain.logs().len();
    assert_eq!(by_account(&module, ACCOUNT), Ok(()));
    assert_eq!(relay(&module, &session(), Bytes::new()), Ok(()), "whatever the signature");
    assert_eq!(module.chain.logs().len(), before);
}

#[test]
fn a_revoked_session_is_never_enabled() {
    let module = enabled(1);
    module.send(ACCOUNT, &Abi::revoke_0Call { sessionId: id() }).unwrap();
    let expected = Err("SessionRevokedForEver".into());
    assert_eq!(by_account(&module, ACCOUNT), expected);
    assert_eq!(relay(&module, &session(), signed(OWNER, id())), expected);
    assert_eq!(operated(&module, &enabling(), OWNER), Err("SessionRevokedForEver".into()));
}

/// Has the account validate; returns the authorizer that the EntryPoint is told.
fn operated(module: &Module, operation: &Operation, owner: Address) -> Result<u8, String> {
    let call = operate(&session(), operation, owner, session().delegate);
    let answer = module.chain.send(ACCOUNT, &call).map_err(|data| error(&data))?;
    Ok(answer[31])
}

#[test]
fn an_operation_enables_with_the_owners_signature_and_counts_alike_without() {
    let good = module(1);
    assert_eq!(operated(&good, &enabling(), OWNER), Ok(0));
    assert_eq!(kept(&good), (1, 1, 3, 0));
    assert!(event::<Abi::SessionEnabled>(&good.chain.logs()[0]).is_some());

    let bad = module(1);
    assert_eq!(operated(&bad, &enabling(), ANYONE), Ok(1), "a failed signature is no revert");
    assert_eq!(kept(&bad), (0, 1, 3, 0), "counted, and not enabled");
    assert!(bad.chain.logs().is_empty());
}

#[test]
fn a_second_enabling_operation_is_a_use_and_asks_no_owner() {
    let module = enabled(1);
    module.chain.take_hostios();
    let before = module.chain.logs().len();

    assert_eq!(operated(&module, &enabling(), ANYONE), Ok(0));

    let asked = |hostio: &Hostio| matches!(hostio, Hostio::StaticCall(ACCOUNT, _));
    assert!(!module.chain.take_hostios().iter().any(asked));
    assert_eq!(module.chain.logs().len(), before);
}

#[test]
fn an_operation_that_uses_enables_nothing() {
    assert_eq!(operated(&module(1), &operation(), OWNER), Err("SessionNotEnabled".into()));
}

#[test]
fn a_signature_off_the_route_is_refused_before_the_owner_is_asked() {
    let module = module(0);
    module.send(ACCOUNT, &Abi::onInstallCall { data: vec![1, 2, 7, 7, 0].into() }).unwrap();
    module.chain.take_hostios();

    assert_eq!(relay(&module, &session(), signed(OWNER, id())), Err("WrongRoute".into()));
    assert_eq!(operated(&module, &enabling(), OWNER), Err("WrongRoute".into()));

    let asked = |hostio: &Hostio| matches!(hostio, Hostio::StaticCall(..));
    assert!(!module.chain.take_hostios().iter().any(asked));
}

#[test]
fn an_owner_check_that_fails_is_no_bad_signature() {
    let mut module = module(1);
    module.chain.world.failing.push(ACCOUNT);
    let expected = "OwnerCheckFailed";
    assert_eq!(relay(&module, &session(), signed(OWNER, id())), Err(expected.into()));
    assert_eq!(operated(&module, &enabling(), OWNER), Err(expected.into()));
}

/// The owner's check in validation has half of verificationGasLimit, and all there is outside.
#[test]
fn the_owner_is_asked_with_bounded_gas_in_validation() {
    let gas_of = |module: &Module| {
        module.chain.take_hostios().into_iter().find_map(|hostio| match hostio {
            Hostio::StaticCall(ACCOUNT, gas) => Some(gas),
            _ => None,
        })
    };
    let module = module(1);
    let mut operation = enabling();
    operation.gas.verification = 401;
    assert_eq!(operated(&module.clone(), &operation, OWNER), Ok(0));
    module.chain.take_hostios();
    operated(&module, &operation, OWNER).unwrap();
    assert_eq!(gas_of(&module), Some(200));

    let relayed = super::module(1);
    relay(&relayed, &session(), signed(OWNER, id())).unwrap();
    assert_eq!(gas_of(&relayed), Some(u64::MAX));
}
