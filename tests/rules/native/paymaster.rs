//! Who pays for gas.

use alloy_primitives::Address;
use session_model::session::ANY_PAYMASTER;
use session_model::strategy::SPONSOR;

use crate::refused::{OTHER, ask};

fn paid(session: Address, data: &[u8]) -> String {
    ask(|of, operation| {
        of.paymaster = session;
        operation.paymaster_and_data = data.to_vec().into();
    })
}

fn paymaster_data(who: Address) -> Vec<u8> {
    [who.as_slice(), &[0; 32]].concat()
}

#[test]
fn a_session_without_paymaster_takes_none() {
    assert_eq!(paid(Address::ZERO, &[]), "ok");
    assert_eq!(paid(Address::ZERO, &paymaster_data(SPONSOR)), "PaymasterNotPermitted");
}

#[test]
fn a_session_with_one_paymaster_takes_exactly_it_in_every_operation() {
    assert_eq!(paid(SPONSOR, &paymaster_data(SPONSOR)), "ok");
    assert_eq!(paid(SPONSOR, &paymaster_data(OTHER)), "PaymasterNotPermitted");
    assert_eq!(paid(SPONSOR, &[]), "PaymasterNotPermitted");
}

#[test]
fn a_session_for_any_paymaster_takes_any_or_none() {
    assert_eq!(paid(ANY_PAYMASTER, &paymaster_data(OTHER)), "ok");
    assert_eq!(paid(ANY_PAYMASTER, &[]), "ok");
}

#[test]
fn paymaster_data_that_is_cut_off_or_names_nobody_is_refused_for_every_session() {
    for session in [Address::ZERO, SPONSOR, ANY_PAYMASTER] {
        for length in 1..52 {
            let cut = &paymaster_data(SPONSOR)[..length];
            assert_eq!(paid(session, cut), "MalformedPaymasterData", "{length}");
        }
        assert_eq!(paid(session, &paymaster_data(Address::ZERO)), "MalformedPaymasterData");
    }
}
