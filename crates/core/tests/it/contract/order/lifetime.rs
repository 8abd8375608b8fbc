//! The session behind an order: how it is enabled and when it ends, and what does not apply.

use session_model::strategy::SPONSOR;
use session_model::{Session, eip712};
use smart_session_core::abi::ISmartSession as Abi;

use super::{TERMS, Terms, bring, order};
use crate::contract::{ACCOUNT, ANYONE, SALT, enabled, enabling, kept, module, next_order};
use crate::module::{Module, whole};
use crate::refused::{operation, session};

#[test]
fn an_order_enables_with_the_owners_signature() {
    let module = module(2);
    assert_eq!(bring(&module, &operation(), &TERMS), Err("SessionNotEnabled".into()));
    let mut forged = order(&session(), &enabling(), &TERMS);
    let last = forged.session.len() - 30;
    let mut blob = forged.session.to_vec();
    blob[last] ^= 1;
    forged.session = blob.into();
    assert_eq!(module.send(ANYONE, &forged), Err("NotOwnersSignature".into()));
    assert_eq!((kept(&module), next_order(&module)), ((0, 0, 0, 0), 0));

    assert!(bring(&module, &enabling(), &TERMS).is_ok());
    assert_eq!((kept(&module), next_order(&module)), ((1, 1, 0, 0), 1));
    let again = Terms { nonce: 1, ..TERMS };
    assert!(bring(&module, &enabling(), &again).is_ok(), "of an enabled session it is a use");
}

/// The owner's signature is not in what the delegate signs: another good one does as well.
#[test]
fn the_owners_signature_is_not_what_the_delegate_signs() {
    let module = module(2);
    module.send(ACCOUNT, &Abi::enable_0Call { session: whole(&session()) }).unwrap();
    let mut call = order(&session(), &enabling(), &TERMS);
    let blob = &call.session[..call.session.len() - 67];
    call.session = [blob, &[0, 0]].concat().into();
    assert!(module.send(ANYONE, &call).is_ok());
}

#[test]
fn fees_and_paymaster_do_not_apply() {
    let sponsored = Session { paymaster: SPONSOR, fee_limit: 1, ..session() };
    let module = module(2);
    module.send(ACCOUNT, &Abi::enable_0Call { session: whole(&sponsored) }).unwrap();
    assert!(module.send(ANYONE, &order(&sponsored, &operation(), &TERMS)).is_ok());
}

#[test]
fn no_order_outlives_its_session() {
    let after = |end: fn(&Module)| {
        let module = enabled(3);
        end(&module);
        bring(&module, &operation(), &TERMS).map(|_| ())
    };
    let uninstall = |data: &'static [u8]| Abi::onUninstallCall { data: data.into() };
    assert_eq!(
        after(|module| {
            let id = eip712::session_id(&session());
            module.send(ACCOUNT, &Abi::revoke_0Call { sessionId: id }).unwrap();
        }),
        Err("SessionRevokedForEver".into())
    );
    assert_eq!(
        after(|module| {
            module.send(ACCOUNT, &Abi::revokeAll_0Call { salt: SALT }).unwrap();
        }),
        Err("WrongEpoch".into())
    );

    // Uninstalling the executor alone keeps the epoch, whole uninstalling does not.
    for (data, back) in [(&[2][..], Ok(())), (&[], Err("WrongEpoch".into()))] {
        let module = enabled(3);
        module.send(ACCOUNT, &uninstall(data)).unwrap();
        assert_eq!(bring(&module, &operation(), &TERMS), Err("NotInstalled".into()));
        module.send(ACCOUNT, &Abi::onInstallCall { data: vec![2, 0, 0].into() }).unwrap();
        assert_eq!(bring(&module, &operation(), &TERMS).map(|_| ()), back);
    }
}
