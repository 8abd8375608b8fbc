//! Executions: how an account is asked to make calls.

use testbed::SmartAccount;
use testbed::account::{execute, mode, packed};

use super::try_call_data;
use crate::setup::Setup;

#[test]
fn an_operation_behind_an_execute_user_op_prefix_is_checked_alike() {
    let mut setup = Setup::enabled();
    let mut prefixed = vec![0x8d, 0xd7, 0x71, 0x2f];
    prefixed.extend(setup.alice.execute(&setup.bed.a_move(1, 20)));

    let op = setup.act(&setup.game.using(1).unwrap(), prefixed.into());

    assert_eq!(op.verdict.summary(), "refused: AA23 ValueOverLimit");
}

#[test]
fn delegatecall_staticcall_try_and_unknown_modes_are_refused() {
    let setup = Setup::enabled();
    let call = setup.bed.a_move(1, 10);
    for (call_type, exec_type) in
        [(0xff, 0), (0xfe, 0), (0x00, 1), (0x01, 1), (0x02, 0), (0xff, 1), (0x00, 2)]
    {
        let mut setup = setup.clone();
        let call_data = execute(mode(call_type, exec_type), packed(&call));

        assert_eq!(
            try_call_data(&mut setup, call_data),
            "refused: AA23 UnsupportedExecutionMode",
            "{call_type:02x} {exec_type:02x}"
        );
    }
}

#[test]
fn a_mode_selector_or_payload_is_refused() {
    let setup = Setup::enabled();
    for byte in 2..32 {
        let mut setup = setup.clone();
        let mut mode = mode(0, 0);
        mode[byte] = 1;
        let call_data = execute(mode, packed(&setup.bed.a_move(1, 10)));

        assert_eq!(
            try_call_data(&mut setup, call_data),
            "refused: AA23 UnsupportedExecutionMode",
            "byte {byte}"
        );
    }
}

#[test]
fn a_batch_whose_third_call_is_bad_is_refused_as_a_whole() {
    let mut setup = Setup::enabled();
    let (good, bad) = (setup.bed.a_move(1, 10), setup.bed.a_move(1, 11));
    let call_data = setup.alice.execute_batch(&[good.clone(), good.clone(), bad, good]);

    let op = setup.act(&setup.game.using(4).unwrap(), call_data);

    assert_eq!(op.verdict.summary(), "refused: AA23 ValueOverLimit");
    assert!(op.verdict.reason().unwrap().starts_with("execution 2 "));
}

#[test]
fn a_doubled_execute_user_op_prefix_is_refused() {
    let mut setup = Setup::enabled();
    let mut prefixed = [0x8d, 0xd7, 0x71, 0x2f].repeat(2);
    prefixed.extend(setup.alice.execute(&setup.bed.a_move(1, 10)));

    assert_eq!(try_call_data(&mut setup, prefixed.into()), "refused: AA23 UnsupportedCall");
}
