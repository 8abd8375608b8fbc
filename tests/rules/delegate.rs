//! The delegate: whose key a session is for, and what it signs.

use alloy_primitives::{Address, U256};
use alloy_sol_types::SolCall;
use smart_session_core::abi::ISmartSession::ISmartSessionErrors as E;
use smart_session_core::packed::DelegateKind;
use stylus_devchain::Transaction;
use testbed::abi::IRelay;
use testbed::{GameSession, SmartAccount, test_bed};

use super::{direct_call, enable_with, send_as, with_relay};
use crate::setup::{Setup, module_error};

#[test]
fn a_wrong_delegate_key_is_a_failed_signature() {
    let mut setup = Setup::enabled();
    setup.game.delegate = test_bed::key("mallory").unwrap();

    assert_eq!(setup.a_move().verdict.summary(), "refused: AA24");
}

#[test]
fn a_contract_may_be_the_delegate() {
    let (mut setup, relay) = with_relay();
    setup.game = GameSession::with(&setup.bed, &setup.alice, |session| {
        session.delegate = relay;
    })
    .unwrap();
    let blob = setup.game.enabling(1).unwrap().sealed(&[]);
    let data = direct_call(&setup, blob, &setup.bed.a_move(1, 10));
    let call = IRelay::relayCall { to: setup.bed.module, data: data.into() }.abi_encode();
    let anyone = Address::repeat_byte(0x77);

    let transaction = Transaction::new(anyone, relay).with_data(call).with_gas_limit(5_000_000);
    let outcome = setup.bed.chain.transact(transaction).unwrap();

    assert!(IRelay::relayCall::abi_decode_returns(&outcome.output).unwrap().success);
    assert_eq!(setup.state(), (1, 1));
}

#[test]
fn only_an_ordinary_key_can_call() {
    let (mut setup, _) = with_relay();
    for kind in [DelegateKind::P256, DelegateKind::WebAuthn] {
        setup.game = GameSession::with(&setup.bed, &setup.alice, |session| {
            session.delegate_kind = kind;
        })
        .unwrap();
        let delegate = setup.game.delegate.address();
        let blob = setup.game.enabling(1).unwrap().sealed(&[]);
        let data = direct_call(&setup, blob, &setup.bed.a_move(1, 10));

        let outcome = send_as(&mut setup, delegate, data);

        assert!(matches!(module_error(&outcome), E::NotDelegate(_)), "{kind:?}");
    }
}

#[test]
fn a_delegate_that_is_nobody_the_account_or_the_module_is_refused() {
    let setup = Setup::new();
    for delegate in [alloy_primitives::Address::ZERO, setup.alice.address(), setup.bed.module] {
        assert_eq!(
            enable_with(|session| session.delegate = delegate),
            "refused: AA23 RefusedDelegate",
            "{delegate}"
        );
    }
}

#[test]
fn a_wrong_signature_of_a_low_or_high_s_is_a_failed_signature() {
    let setup = Setup::enabled();
    let op = setup.move_op(&setup.game.using(1).unwrap());
    let at = op.signature.len() - 65;
    // The twin of a signature: s' = n - s, v' = 55 - v. It recovers to the same key.
    let order = U256::from_be_bytes(alloy_primitives::hex!(
        "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141"
    ));
    let mut twin = op.signature.to_vec();
    let s = U256::from_be_slice(&twin[at + 32..at + 64]);
    twin[at + 32..at + 64].copy_from_slice(&(order - s).to_be_bytes::<32>());
    twin[at + 64] = 55 - twin[at + 64];
    let mut op = op;
    op.signature = twin.into();

    let outcome = setup.validate(op);

    assert!(outcome.is_success());
    assert_eq!(outcome.output[31], 1, "SIG_VALIDATION_FAILED");
}

#[test]
fn a_dummy_signature_costs_what_a_real_one_does_to_within_30_gas() {
    let setup = Setup::enabled();
    let draft = setup.game.using(1).unwrap();
    let real = setup.move_op(&draft);
    let mut dummy = real.clone();
    dummy.signature = draft.dummy();
    let module_gas = |op| {
        let outcome = setup.validate(op);
        assert!(outcome.is_success());
        let intrinsic: u64 = 21_000
            + outcome.frames[0]
                .input
                .iter()
                .map(|byte| if *byte == 0 { 4 } else { 16 })
                .sum::<u64>();
        outcome.gas_used - intrinsic
    };

    let (real, dummy) = (module_gas(real), module_gas(dummy));

    // Comparing two addresses takes longer the later they differ.
    assert!(real.abs_diff(dummy) <= 30, "{real} {dummy}");
}
