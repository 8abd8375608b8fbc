//! Install data that name sessions.

use alloy_primitives::Bytes;
use alloy_sol_types::SolCall;
use smart_session_core::abi::ISmartSession;
use stylus_devchain::Transaction;
use testbed::GameSession;

use super::case::AccountCase;

/// Returns install data as a validator, with the owner's enable route and sessions.
fn install_data(case: &AccountCase, games: &[GameSession]) -> Bytes {
    let route = case.account.owner_route();
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
    mut case: AccountCase,
) {
    let uninstall = case.account.uninstall_validator(case.bed.module, vec![0x01].into());
    assert_eq!(case.owner(uninstall).verdict.summary(), "executed", "{case}");
    let account = case.account.address();
    let epoch = case.ask(&ISmartSession::epochCall { account });
    let games = [1, 2].map(|salt| {
        case.with_session(|session| {
            session.chains[0].epoch = epoch;
            session.salt = salt;
        });
        case.game.clone()
    });
    let delegate = games[0].delegate.address();
    let session = games[0].session.pack().unwrap().into();
    let revoke = ISmartSession::revoke_1Call { account, session, signature: Bytes::new() };
    let revoke = Transaction::new(delegate, case.bed.module).with_data(revoke.abi_encode());
    assert!(case.bed.chain.transact(revoke).unwrap().is_success(), "{case}");

    let install = case.account.install_validator(case.bed.module, install_data(&case, &games));
    assert_eq!(case.owner(install).verdict.summary(), "executed", "{case}");

    let [revoked, enabled] = games;
    case.game = revoked;
    assert_eq!(case.state().0, 2, "{case}");
    assert_eq!(case.a_move().verdict.summary(), "refused: AA23 SessionRevokedForEver", "{case}");
    case.game = enabled;
    assert_eq!(case.a_move().verdict.summary(), "executed", "{case}");
}
