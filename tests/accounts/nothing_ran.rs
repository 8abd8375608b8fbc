//! Accounts that answer nothing: a call of an address without code succeeds, and so does a Safe
//! without its adapter. On the direct path that is no success.

use alloy_primitives::{Address, Bytes};
use alloy_sol_types::{SolCall, sol};
use smart_session_client::error_name;
use stylus_devchain::{Delegation, Transaction};
use testbed::fixtures::EntryPointVersion;
use testbed::{AccountKind, Call};

use super::everywhere::account_setup::AccountSetup;
use super::everywhere::direct;

sol! {
    interface ISafeHandler {
        function setFallbackHandler(address handler);
    }
}

/// Asserts that the delegate's direct call is refused, and nothing is counted.
fn assert_nothing_ran(setup: &mut AccountSetup) {
    let before = (setup.state(), setup.moves());
    let draft = setup.game.using(1).unwrap();
    let a_move = setup.bed.a_move(1, 10);

    for calls in [vec![a_move.clone()], vec![a_move; 2]] {
        let draft = if calls.len() == 1 { draft.clone() } else { setup.game.using(2).unwrap() };
        let outcome = direct::send(setup, &draft, &calls);

        assert_eq!(error_name(&outcome.output), Some("NothingExecuted"), "{setup}");
    }
    assert_eq!((setup.state(), setup.moves()), before, "{setup}");
}

#[test]
fn a_direct_call_of_an_eoa_without_delegation_is_refused() {
    for kind in [AccountKind::OpenZeppelin7702, AccountKind::Nexus7702] {
        let mut setup = AccountSetup::on(kind, EntryPointVersion::V07);
        direct::install(&mut setup);
        setup.enable_and_move();
        let (bundler, authority) = (setup.bed.entry_point.bundler, setup.account.address());
        let nonce = setup.bed.chain.nonce(authority);
        let taken_back = Delegation { authority, delegate: Address::ZERO, nonce };
        let transaction = Transaction::new(bundler, bundler).with_delegations(vec![taken_back]);
        assert!(setup.bed.chain.transact(transaction).unwrap().is_success());
        assert!(setup.bed.chain.code(authority).is_empty());

        assert_nothing_ran(&mut setup);
    }
}

/// The delegation points at a contract that takes any call and answers nothing.
#[test]
fn a_direct_call_of_an_eoa_that_delegates_to_no_account_is_refused() {
    let mut setup = AccountSetup::on(AccountKind::OpenZeppelin7702, EntryPointVersion::V07);
    direct::install(&mut setup);
    setup.enable_and_move();
    // A contract whose code is one STOP.
    let init_code = Bytes::from(alloy_primitives::hex!("600060005360016000f3"));
    let silent = setup.bed.chain.deploy(init_code).unwrap();
    let (bundler, authority) = (setup.bed.entry_point.bundler, setup.account.address());
    let nonce = setup.bed.chain.nonce(authority);
    let to_it = Delegation { authority, delegate: silent, nonce };
    let transaction = Transaction::new(bundler, bundler).with_delegations(vec![to_it]);
    assert!(setup.bed.chain.transact(transaction).unwrap().is_success());

    assert_nothing_ran(&mut setup);
}

#[test]
fn a_direct_call_of_a_safe_without_its_adapter_is_refused() {
    let mut setup = AccountSetup::on(AccountKind::Safe7579, EntryPointVersion::V07);
    direct::install(&mut setup);
    setup.enable_and_move();
    let remove = ISafeHandler::setFallbackHandlerCall { handler: Address::ZERO }.abi_encode();
    let remove = Call::new(setup.account.address(), remove);
    let remove = setup.account.execute(&remove);
    setup.owner(remove);

    assert_nothing_ran(&mut setup);
}
