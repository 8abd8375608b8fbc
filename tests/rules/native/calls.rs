//! How many calls a session makes.

use session_model::eip712;
use session_model::session::UNCOUNTED_CALLS;
use session_model::strategy::{GAME, PLACE};

use crate::refused::{Case, MOVE, call, enable};

#[test]
fn no_calls_at_all_are_refused_at_enable() {
    assert_eq!(enable(|session| session.max_calls = 0), "RefusedMaxCalls");
    assert_eq!(enable(|session| session.max_calls = 1), "ok");
}

#[test]
fn a_batch_of_five_counts_five_calls() {
    let mut case = Case::new(|session, _| session.max_calls = 11);
    let five = || vec![call(GAME, MOVE, &[7]); 5];
    assert_eq!(case.call(five()), "ok");
    assert_eq!(case.call(five()), "ok");
    assert_eq!(case.call(five()), "CallsOverLimit");
    assert_eq!(case.call(vec![call(GAME, MOVE, &[7])]), "ok");
    assert_eq!(case.call(vec![call(GAME, MOVE, &[7])]), "CallsOverLimit");
}

#[test]
fn calls_are_not_counted_where_max_calls_is_the_highest_number() {
    let mut case = Case::new(|session, _| session.max_calls = UNCOUNTED_CALLS);
    assert_eq!(case.call(vec![call(GAME, MOVE, &[7]); 32]), "ok");
    let id = eip712::session_id(&case.session);
    assert_eq!(case.module.session(PLACE.account, id).calls(), 0);
}
