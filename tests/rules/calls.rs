//! The number of calls.

use alloy_primitives::U256;
use alloy_sol_types::SolCall;
use smart_session_core::abi::ISmartSession::ISmartSessionErrors as E;
use testbed::SmartAccount;
use testbed::test_bed::ether;

use super::{balance, enable_with, ran};
use crate::setup::{Setup, module_error};

#[test]
fn a_batch_of_five_counts_five() {
    let mut setup = Setup::enabled();
    let calls: Vec<_> = (2..7).map(|step| setup.bed.a_move(step, 10)).collect();
    let call_data = setup.alice.execute_batch(&calls);

    let op = setup.act(&setup.game.using(5).unwrap(), call_data);

    assert_eq!(op.verdict.summary(), "executed");
    assert_eq!(setup.state(), (1, 6));
    assert_eq!(balance(&setup), ether(60));
}

#[test]
fn calls_over_the_limit_are_refused() {
    let mut setup = Setup::enabled();
    // 99 calls are left: three batches of 32, then 3 calls.
    for size in [32_usize, 32, 32] {
        let calls = vec![setup.bed.a_move(1, 0); size];
        let call_data = setup.alice.execute_batch(&calls);
        let op = setup.act(&setup.game.using(size).unwrap(), call_data);
        assert_eq!(op.verdict.summary(), "executed");
    }
    let calls = vec![setup.bed.a_move(1, 0); 4];
    let call_data = setup.alice.execute_batch(&calls);

    let op = setup.act(&setup.game.using(4).unwrap(), call_data);

    assert_eq!(op.verdict.summary(), "refused: AA23 CallsOverLimit");
    assert_eq!(
        op.verdict.reason().unwrap(),
        "with this operation 101 calls are made, 100 are allowed"
    );
}

#[test]
fn counters_move_although_the_call_itself_fails() {
    use smart_session_core::session::Permission;
    use testbed::{Call, GameSession, abi::IGame};

    let mut setup = Setup::new();
    setup.game = GameSession::with(&setup.bed, &setup.alice, |session| {
        session.permissions = vec![Permission {
            target: setup.bed.game,
            selector: IGame::withdrawCall::SELECTOR,
            value_limit: U256::ZERO,
            rules: vec![],
        }];
    })
    .unwrap();
    let too_much = IGame::withdrawCall { amount: ether(5) }.abi_encode();
    let call = Call::new(setup.bed.game, too_much);
    let call_data = setup.alice.execute(&call);

    let op = setup.act(&setup.game.enabling(1).unwrap(), call_data);

    assert_eq!(op.verdict.summary(), "reverted");
    assert_eq!(setup.state(), (1, 1));
}

#[test]
fn executions_are_counted_a_batch_of_two_as_two() {
    let mut setup = Setup::with_executor();
    setup.with_session(|session| session.max_calls = 3);
    let a_move = setup.bed.a_move(1, 0);

    ran(&setup.execute(&[a_move.clone(), a_move.clone()]));
    let two_more = setup.execute(&[a_move.clone(), a_move.clone()]);
    assert!(matches!(module_error(&two_more), E::CallsOverLimit(_)));
    ran(&setup.execute(std::slice::from_ref(&a_move)));
    let a_fourth = setup.execute(&[a_move]);
    assert!(matches!(module_error(&a_fourth), E::CallsOverLimit(_)));
    assert_eq!(setup.state(), (1, 3));
}

#[test]
fn operations_and_direct_calls_are_counted_together() {
    let mut setup = Setup::with_executor();
    setup.with_session(|session| session.max_calls = 2);
    let a_move = setup.bed.a_move(1, 0);

    assert_eq!(setup.enable_and_move().verdict.summary(), "executed");
    ran(&setup.execute(std::slice::from_ref(&a_move)));
    let a_third = setup.execute(&[a_move]);

    assert!(matches!(module_error(&a_third), E::CallsOverLimit(_)));
    assert_eq!(setup.a_move().verdict.summary(), "refused: AA23 CallsOverLimit");
}

#[test]
fn a_session_for_no_calls_is_refused() {
    assert_eq!(enable_with(|session| session.max_calls = 0), "refused: AA23 RefusedMaxCalls");
}
