//! Install data that name sessions.

use alloy_primitives::Bytes;
use smart_session_core::abi::ISmartSession;
use testbed::{Backend, GameSession};

use super::account_setup::AccountSetup;

/// Returns install data as a validator, with the owner's enable route and sessions.
fn install_data(setup: &AccountSetup<impl Backend>, games: &[GameSession]) -> Bytes {
    let route = setup.account.owner_route();
    let mut data = vec![0x01, u8::try_from(route.len()).unwrap()];
    data.extend(route);
    data.push(u8::try_from(games.len()).unwrap());
    for game in games {
        let packed = game.session.pack().unwrap();
        data.extend(u32::try_from(packed.len()).unwrap().to_be_bytes());
        data.extend(packed);
    }
    data.into()
}

/// The delegate of a session that install data name learns of it before the install lands.
pub(crate) fn a_session_revoked_before_the_install_that_names_it_does_not_block_it(
    mut setup: AccountSetup<impl Backend>,
) {
    let uninstall = setup.account.uninstall_validator(setup.bed.module, vec![0x01].into());
    assert_eq!(setup.owner(uninstall).verdict.summary(), "executed", "{setup}");
    let account = setup.account.address();
    let epoch = setup.ask(&ISmartSession::epochCall { account });
    let games = [1, 2].map(|salt| {
        setup.with_session(|session| {
            session.chains[0].epoch = epoch;
            session.salt = salt;
        });
        setup.game.clone()
    });
    let delegate = games[0].delegate.clone();
    let session = games[0].session.pack().unwrap().into();
    let revoke = ISmartSession::revoke_1Call { account, session, signature: Bytes::new() };
    assert!(setup.send(&delegate, &revoke).is_success(), "{setup}");

    let install = setup.account.install_validator(setup.bed.module, install_data(&setup, &games));
    assert_eq!(setup.owner(install).verdict.summary(), "executed", "{setup}");

    let [revoked, enabled] = games;
    setup.game = revoked;
    assert_eq!(setup.state().0, 2, "{setup}");
    assert_eq!(setup.a_move().verdict.summary(), setup.refused("SessionRevokedForEver"), "{setup}");
    setup.game = enabled;
    assert_eq!(setup.a_move().verdict.summary(), "executed", "{setup}");
}

/// A type that is not installed means both: nothing stays that blocks installing again.
pub(crate) fn uninstalling_a_type_that_is_not_installed_leaves_nothing(
    mut setup: AccountSetup<impl Backend>,
) {
    setup.enable_and_move();
    let data: Bytes = [&[0x02][..], &[0x5a; 32][..]].concat().into();
    let call_data = setup.account.uninstall_validator(setup.bed.module, data);

    assert_eq!(setup.owner(call_data).verdict.summary(), "executed", "{setup}");

    assert!(!setup.is_initialized(), "{setup}");
    assert_ne!(setup.epoch(), 0, "{setup}");
    let account = setup.account.clone();
    setup.bed.install(&*account).unwrap();
    assert_eq!(setup.a_move().verdict.summary(), setup.refused("WrongEpoch"), "{setup}");
}
