//! Install data that name sessions.

use alloy_primitives::Bytes;
use alloy_sol_types::SolCall;
use devchain::Transaction;
use harness::GameSession;
use session_core::abi::ISmartSession;

use super::play::Play;

/// Returns install data as a validator, with the owner's enable route and sessions.
fn install_data(play: &Play, games: &[GameSession]) -> Bytes {
    let route = play.account.owner_route();
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
pub(crate) fn a_session_revoked_before_the_install_that_names_it_does_not_block_it(mut play: Play) {
    let uninstall = play.account.uninstall_validator(play.stage.module, vec![0x01].into());
    assert_eq!(play.owner(uninstall).verdict.summary(), "executed", "{play}");
    let account = play.account.address();
    let epoch = play.ask(&ISmartSession::epochCall { account });
    let games = [1, 2].map(|salt| {
        play.with_session(|session| {
            session.chains[0].epoch = epoch;
            session.salt = salt;
        });
        play.game.clone()
    });
    let delegate = games[0].delegate.address();
    let session = games[0].session.pack().unwrap().into();
    let revoke = ISmartSession::revoke_1Call { account, session, signature: Bytes::new() };
    let revoke = Transaction::new(delegate, play.stage.module).with_data(revoke.abi_encode());
    assert!(play.stage.chain.transact(revoke).unwrap().is_success(), "{play}");

    let install = play.account.install_validator(play.stage.module, install_data(&play, &games));
    assert_eq!(play.owner(install).verdict.summary(), "executed", "{play}");

    let [revoked, enabled] = games;
    play.game = revoked;
    assert_eq!(play.state().0, 2, "{play}");
    assert_eq!(play.a_move().verdict.summary(), "refused: AA23 SessionRevokedForEver", "{play}");
    play.game = enabled;
    assert_eq!(play.a_move().verdict.summary(), "executed", "{play}");
}
