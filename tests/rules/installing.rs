//! Installing the module, and what install data say.

use alloy_primitives::{Bytes, U256};
use alloy_sol_types::SolCall;
use smart_session_core::abi::ISmartSession;
use smart_session_core::abi::ISmartSession::ISmartSessionErrors as E;
use smart_session_core::session::ArgumentRule;
use stylus_devchain::Transaction;
use testbed::{GameSession, SmartAccount};

use super::{CAROL, install, install_data, uninstall};
use crate::setup::{Setup, module_error};

/// Sessions of the account's epoch, which differ in their salt.
fn sessions_of_now(setup: &Setup, count: u64) -> Vec<GameSession> {
    let epoch = setup.ask(&ISmartSession::epochCall { account: setup.alice.address() });
    let of_salt = |salt| {
        GameSession::with(&setup.bed, &setup.alice, |session| {
            session.chains[0].epoch = epoch;
            session.salt = salt;
        })
        .unwrap()
    };
    (1..=count).map(of_salt).collect()
}

#[test]
fn it_is_a_validator_and_an_executor_and_nothing_else() {
    let setup = Setup::new();
    for module_type in 0..=10_u64 {
        let call = ISmartSession::isModuleTypeCall { moduleTypeId: U256::from(module_type) };
        assert_eq!(setup.ask(&call), [1, 2].contains(&module_type), "{module_type}");
    }
    let huge = U256::from(1) + (U256::from(1) << 64);
    assert!(!setup.ask(&ISmartSession::isModuleTypeCall { moduleTypeId: huge }));
}

#[test]
fn it_is_initialized_where_it_is_installed() {
    let setup = Setup::new();

    assert!(setup.ask(&ISmartSession::isInitializedCall { account: setup.alice.address() }));
    assert!(!setup.ask(&ISmartSession::isInitializedCall { account: CAROL }));
}

#[test]
fn a_second_install_reverts() {
    let setup = Setup::new();

    for types in [1, 3] {
        let outcome = setup.call_module(setup.alice.address(), install(&[types, 0, 0]));
        assert!(matches!(module_error(&outcome), E::AlreadyInstalled(e) if e.moduleTypes == 1));
    }
}

#[test]
fn install_data_is_read_exactly() {
    let setup = Setup::new();
    let try_install = |data: &[u8]| setup.call_module(CAROL, install(data));

    for good in [&[1, 0, 0][..], &[2, 0, 0], &[3, 0, 0], &[1, 2, 9, 9, 0], &[1, 0xff, 0]] {
        assert!(try_install(good).is_success(), "{good:?}");
    }
    assert!(matches!(module_error(&try_install(&[])), E::EmptyInstallData(_)));
    assert!(matches!(module_error(&try_install(&[0, 0, 0])), E::UnknownModuleTypes(_)));
    assert!(matches!(module_error(&try_install(&[4, 0, 0])), E::UnknownModuleTypes(_)));
    assert!(matches!(module_error(&try_install(&[1, 2, 9])), E::Truncated(_)));
    assert!(matches!(module_error(&try_install(&[1])), E::Truncated(_)));
    assert!(matches!(module_error(&try_install(&[1, 0, 0, 0])), E::TrailingBytes(_)));
    let mut long = vec![1, 22];
    long.extend([9; 23]);
    *long.last_mut().unwrap() = 0;
    assert!(
        matches!(module_error(&try_install(&long)), E::RouteTooLong(e) if e.got == U256::from(22))
    );
}

#[test]
fn a_revoked_session_in_install_data_is_passed_over() {
    let mut setup = Setup::new();
    let account = setup.alice.address();
    setup.send_module(account, uninstall(&[]));
    let games = sessions_of_now(&setup, 3);
    // Its delegate knows it, and ends it before the account installs the module.
    let delegate = games[1].delegate.address();
    let renounce = ISmartSession::revoke_1Call {
        account,
        session: games[1].session.pack().unwrap().into(),
        signature: Bytes::new(),
    };
    assert!(setup.send_module(delegate, renounce.abi_encode()).is_success());

    let outcome = setup.send_module(account, install(&install_data(&games)));

    assert!(outcome.is_success(), "{}", outcome.output);
    assert_eq!(crate::setup::topics(&outcome, setup.bed.module).len(), 2, "two are enabled");
    for (game, status) in games.into_iter().zip([1, 2, 1]) {
        setup.game = game;
        assert_eq!(setup.state().0, status);
    }
}

#[test]
fn a_session_of_more_than_65535_bytes_is_enabled_with_the_install() {
    let mut setup = Setup::new();
    let account = setup.alice.address();
    setup.send_module(account, uninstall(&[]));
    let mut games = sessions_of_now(&setup, 1);
    let rule = ArgumentRule { index: 0, min: U256::MAX, max: U256::MAX };
    let permission = &mut games[0].session.permissions[0];
    permission.rules = vec![rule; 16];
    games[0].session.permissions = vec![permission.clone(); 64];
    assert!(games[0].session.pack().unwrap().len() > 65_535);

    let call =
        Transaction::new(account, setup.bed.module).with_data(install(&install_data(&games)));
    let outcome = setup.bed.chain.transact(call.with_gas_limit(30_000_000)).unwrap();

    assert!(outcome.is_success(), "{}", outcome.output);
    setup.game = games.remove(0);
    assert_eq!(setup.state().0, 1);
}

#[test]
fn sessions_in_install_data_are_enabled() {
    let mut setup = Setup::new();
    let account = setup.alice.address();
    setup.send_module(account, uninstall(&[]));
    let games = sessions_of_now(&setup, 8);

    let nine = [games.as_slice(), &games[..1]].concat();
    let outcome = setup.call_module(account, install(&install_data(&nine)));
    assert!(matches!(module_error(&outcome), E::TooManySessions(_)));
    let mut trailing = install_data(&games);
    trailing.push(0);
    let outcome = setup.call_module(account, install(&trailing));
    assert!(matches!(module_error(&outcome), E::TrailingBytes(_)));

    let outcome = setup.send_module(account, install(&install_data(&games)));

    assert!(outcome.is_success(), "{}", outcome.output);
    assert_eq!(crate::setup::topics(&outcome, setup.bed.module).len(), 8);
    for game in games {
        setup.game = game;
        assert_eq!(setup.a_move().verdict.summary(), "executed");
    }
}

#[test]
fn a_module_that_is_not_installed_validates_nothing() {
    let mut setup = Setup::enabled();
    setup.send_module(setup.alice.address(), uninstall(&[1]));

    assert_eq!(setup.a_move().verdict.summary(), "refused: AA23 NotInstalled");
}
