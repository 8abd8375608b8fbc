//! How much wei a call sends.

use alloy_primitives::U256;
use session_model::Execution;
use session_model::strategy::GAME;

use crate::refused::{Case, MOVE, ask, call};

#[test]
fn each_call_sends_at_most_the_value_limit() {
    let got = |values: &[u64]| {
        let calls = values
            .iter()
            .map(|value| Execution { value: U256::from(*value), ..call(GAME, MOVE, &[7]) });
        Case::new(|_, _| {}).call(calls.collect())
    };
    assert_eq!(got(&[10, 10, 10]), "ok", "the limit is for each call");
    assert_eq!(got(&[11]), "ValueOverLimit");
    assert_eq!(got(&[0, 0, 11]), "ValueOverLimit");
}

#[test]
fn a_value_limit_of_zero_means_no_value() {
    let got = |value: U256| {
        ask(|session, operation| {
            session.permissions[0].value_limit = U256::ZERO;
            operation.executions[0].value = value;
        })
    };
    assert_eq!(got(U256::ZERO), "ok");
    for bit in [0, 63, 64, 128, 255] {
        assert_eq!(got(U256::from(1) << bit), "ValueOverLimit", "{bit}");
    }
}
