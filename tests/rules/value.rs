//! The value limit: the most wei that a call may send.

use alloy_primitives::{B256, U256};
use smart_session_core::abi::ISmartSession::ISmartSessionErrors as E;
use stylus_devchain::Transaction;
use testbed::test_bed::ether;

use super::{direct_call, revoke, try_call, with_relay};
use crate::setup::{Setup, module_error};

#[test]
fn more_value_than_the_limit_is_refused() {
    let mut setup = Setup::enabled();
    let call = setup.bed.a_move(1, 10);
    let one_wei_more = call.value + U256::from(1);

    assert_eq!(
        try_call(&mut setup, &call.with_value(one_wei_more)),
        "refused: AA23 ValueOverLimit"
    );
}

#[test]
fn value_cannot_be_sent_along() {
    let (mut setup, _) = with_relay();
    let delegate = setup.game.delegate.address();
    setup.bed.chain.set_balance(delegate, ether(10_000));
    let blob = setup.game.enabling(1).unwrap().sealed(&[]);
    let data = direct_call(&setup, blob, &setup.bed.a_move(1, 10));

    let call = Transaction::new(delegate, setup.bed.module).with_data(data);
    let outcome = setup.bed.chain.transact(call.with_value(U256::from(1))).unwrap();

    assert!(matches!(module_error(&outcome), E::NotPayable(_)));
}

#[test]
fn value_is_refused() {
    let setup = Setup::new();
    let call = Transaction::new(setup.bed.entry_point.bundler, setup.bed.module)
        .with_data(revoke(B256::ZERO))
        .with_value(U256::from(1))
        .with_gas_limit(1_000_000);

    assert!(matches!(module_error(&setup.bed.chain.call(call).unwrap()), E::NotPayable(_)));
}
