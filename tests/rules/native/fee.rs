//! How much gas a session pays for.

use alloy_primitives::{Address, U256};
use session_model::Gas;
use session_model::session::{ANY_PAYMASTER, UNCOUNTED_FEES};
use session_model::strategy::SPONSOR;

use crate::refused::{Case, ask, enable};

#[test]
fn each_of_the_five_gas_fields_counts_times_the_highest_price() {
    let data = |verification: u128, post_op: u128| -> Vec<u8> {
        let gas = [verification.to_be_bytes(), post_op.to_be_bytes()].concat();
        [SPONSOR.as_slice(), &gas].concat()
    };
    for field in 0..5 {
        let got = |units: u128| {
            let mut gas = [0; 5];
            gas[field] = units;
            ask(|session, operation| {
                session.fee_limit = 300;
                session.paymaster = SPONSOR;
                operation.paymaster_and_data = data(gas[3], gas[4]).into();
                operation.gas = Gas {
                    verification: gas[0],
                    call: gas[1],
                    pre_verification: U256::from(gas[2]),
                    max_fee: 3,
                };
            })
        };
        assert_eq!(got(100), "ok", "{field}");
        assert_eq!(got(101), "FeeOverLimit", "{field}");
        for huge in [u128::MAX, 1 << 127, u128::MAX / 3 + 1] {
            assert_eq!(got(huge), "FeeOverLimit", "field {field}, {huge}");
        }
    }
}

#[test]
fn fees_add_up_over_the_operations_of_a_session() {
    let mut case = Case::new(|session, operation| {
        session.fee_limit = 100;
        operation.gas =
            Gas { verification: 1, call: 2, pre_verification: U256::from(3), max_fee: 8 };
    });
    assert_eq!(case.ask(), "ok");
    assert_eq!(case.ask(), "ok");
    assert_eq!(case.ask(), "FeeOverLimit", "3 · 48 > 100");
    case.operation.gas.max_fee = 0;
    assert_eq!(case.ask(), "ok");
}

#[test]
fn a_sum_of_gas_that_no_entry_point_takes_is_refused_at_any_price() {
    for pre_verification in [U256::from(1) << 128, U256::MAX] {
        assert_eq!(
            ask(|_, operation| {
                operation.gas = Gas { pre_verification, max_fee: 0, ..operation.gas };
            }),
            "FeeOverLimit"
        );
    }
    let most = Gas { verification: u128::MAX, call: 1, pre_verification: U256::ZERO, max_fee: 0 };
    assert_eq!(ask(|_, operation| operation.gas = most), "FeeOverLimit");
}

#[test]
fn uncounted_fees_are_refused_at_enable_unless_one_paymaster_is_named() {
    let got = |paymaster| {
        enable(|session| {
            session.fee_limit = UNCOUNTED_FEES;
            session.paymaster = paymaster;
        })
    };
    assert_eq!(got(Address::ZERO), "FeesUncounted");
    assert_eq!(got(ANY_PAYMASTER), "FeesUncounted");
    assert_eq!(got(SPONSOR), "ok");
    assert_eq!(enable(|session| session.fee_limit = UNCOUNTED_FEES - 1), "ok");
}

#[test]
fn fees_are_not_counted_where_the_limit_is_the_highest_number() {
    assert_eq!(
        ask(|session, operation| {
            session.fee_limit = UNCOUNTED_FEES;
            operation.gas.call = u128::MAX;
            operation.gas.max_fee = u128::MAX;
        }),
        "ok"
    );
}
