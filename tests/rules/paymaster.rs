//! The paymaster: who may pay for the gas.

use alloy_primitives::Address;
use alloy_primitives::aliases::U96;
use smart_session_core::abi::ISmartSession;
use smart_session_core::packed::Paymaster;
use testbed::SmartAccount;
use testbed::test_bed::ether;

use super::ran;
use crate::setup::Setup;

const SPONSOR: Address = Address::repeat_byte(0x5b);

#[test]
fn a_paymaster_that_the_session_does_not_name_is_refused() {
    let setup = Setup::enabled();
    let call_data = setup.alice.execute(&setup.bed.a_move(1, 10));
    let draft = setup.game.using(1).unwrap();
    let mut op =
        setup.bed.session_op(&setup.alice, &draft, &setup.game.delegate, call_data).unwrap();
    op.paymasterAndData = [0x5a; 52].into();

    // The EntryPoint would stop at a paymaster without code: ask the module as the account does.
    let outcome = setup.validate(op);

    assert_eq!(
        smart_session_client::explain(&outcome.output).unwrap(),
        "the paymaster is 0x5a5A5a5a5A5a5a5a5a5A5a5A5A5a5a5A5A5A5A5A, the session names \
         0x0000000000000000000000000000000000000000"
    );
}

/// The caller pays for the gas, so that neither the sponsor nor the fee limit applies: the
/// documents say that a named sponsor is no gate where the module is an executor.
#[test]
fn a_sponsored_session_is_used_directly_without_its_sponsor() {
    let mut setup = Setup::with_executor();
    setup.with_session(|session| {
        session.paymaster = Paymaster::One(SPONSOR);
        session.fee_limit = U96::from(1);
    });

    ran(&setup.execute(&[setup.bed.a_move(1, 10)]));

    let (account, session_id) = (setup.alice.address(), setup.game.session.id());
    let state = setup.ask(&ISmartSession::sessionStateCall { account, sessionId: session_id });
    assert_eq!((state.calls, state.fee), (1, U96::ZERO));
    assert_eq!(setup.bed.chain.balance(setup.bed.game), ether(10));
    assert_eq!(setup.a_move().verdict.summary(), "refused: AA23 PaymasterNotPermitted");
}
