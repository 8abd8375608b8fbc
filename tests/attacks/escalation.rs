//! Cases 1 to 12 and 79: a session that reaches for more than it has.

use alloy_primitives::{Address, Bytes, U256};
use alloy_sol_types::SolCall;
use testbed::abi::IGame;
use testbed::{Call, SmartAccount};

use super::{act, act_under, enabled_with};
use crate::setup::Setup;

#[test]
fn a_call_of_the_account_on_itself_is_refused_wherever_it_stands_in_a_batch() {
    let mut setup = enabled_with(|setup, session| {
        session.permissions[0].selector = [0xff; 4];
        let mut on_itself = session.permissions[0].clone();
        on_itself.target = setup.alice.address();
        session.permissions.push(on_itself);
    });
    let inner = setup.bed.a_move(1, 10);
    let nested = Call::new(setup.alice.address(), setup.alice.execute(&inner));
    let plain = setup.bed.a_move(1, 0);
    for at in 0..3 {
        let mut calls = vec![(0, plain.clone()); 3];
        calls[at] = (1, nested.clone());
        assert_eq!(act_under(&mut setup, &calls), "refused: AA23 BannedTarget", "{at}");
    }
}

#[test]
fn no_session_calls_the_module_to_enable_a_bigger_one() {
    let mut setup = enabled_with(|setup, session| {
        session.permissions[0].target = setup.bed.module;
        session.permissions[0].selector = [0xff; 4];
    });
    let bigger = Bytes::from(setup.game.session.pack().unwrap());
    let module = setup.bed.module;
    for data in [
        super::module_call(
            "enable(bytes)",
            &alloy_sol_types::SolValue::abi_encode_params(&(bigger,)),
        ),
        super::module_call("revokeAll(bytes32)", &[1; 32]),
        vec![],
    ] {
        let call = Call::new(module, data);
        assert_eq!(act(&mut setup, &[call]), "refused: AA23 BannedTarget");
    }
}

/// OpenZeppelin's account rewrites the target zero to itself.
#[test]
fn the_target_zero_which_the_account_takes_for_itself_is_refused() {
    let mut setup = enabled_with(|_, session| {
        session.permissions[0].target = Address::ZERO;
        session.permissions[0].selector = [0xff; 4];
    });
    let inner = setup.alice.execute(&setup.bed.a_move(1, 10));
    let call = Call::new(Address::ZERO, inner);

    assert_eq!(act(&mut setup, &[call]), "refused: AA23 BannedTarget");
}

#[test]
fn a_permission_for_any_calldata_is_still_for_one_target() {
    let mut setup = enabled_with(|_, session| session.permissions[0].selector = [0xff; 4]);
    let any = Call::new(setup.bed.game, IGame::movesCall { player: Address::ZERO }.abi_encode());
    assert_eq!(act(&mut setup, std::slice::from_ref(&any)), "executed");

    for target in [setup.bed.owner_validator, setup.bob.address(), setup.bed.entry_point.bundler] {
        let call = Call { target, ..any.clone() };
        assert_eq!(act(&mut setup, &[call]), "refused: AA23 TargetNotPermitted", "{target}");
    }
}

#[test]
fn a_session_cannot_withdraw_the_deposit_of_the_account() {
    let mut setup = enabled_with(|setup, session| {
        session.permissions[0].target = setup.bed.entry_point.address;
        session.permissions[0].selector = [0xff; 4];
    });
    let words = [U256::from(7), U256::from(1)].map(|word| word.to_be_bytes::<32>()).concat();
    let data = super::module_call("withdrawTo(address,uint256)", &words);
    let call = Call::new(setup.bed.entry_point.address, data);

    assert_eq!(act(&mut setup, &[call]), "refused: AA23 BannedTarget");
}

/// What the account installs later is a target like any other: it must have been named.
#[test]
fn a_module_that_is_installed_later_is_no_target() {
    let mut setup = Setup::enabled();
    let later = setup.bed.chain.deploy(Bytes::from_static(&[0x5f, 0x5f, 0xf3])).unwrap();
    let call = Call::new(later, vec![1, 2, 3, 4]);

    assert_eq!(act(&mut setup, &[call]), "refused: AA23 TargetNotPermitted");
}
