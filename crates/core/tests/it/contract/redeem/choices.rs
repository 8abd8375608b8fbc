//! A search, compared with every choice of indices that a delegate could have made.

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use session_model::strategy::with_operations;
use session_model::{Operation, Session, eip712};
use smart_session_core::state::Status;

use super::redeem;
use crate::contract::{ACCOUNT, OWNER, execute_call, module};
use crate::module::{Module, supported};

/// All ways to name a permission for each of an operation's calls, if they are few.
fn choices(session: &Session, operation: &Operation) -> Option<Vec<Vec<u8>>> {
    let count = u8::try_from(session.permissions.len()).ok()?;
    let mut all = vec![vec![]];
    for _ in &operation.executions {
        all = all
            .iter()
            .flat_map(|named| (0..count).map(move |index| [&named[..], &[index]].concat()))
            .collect();
        if all.len() > 300 {
            return None;
        }
    }
    Some(all)
}

/// Asks both for each operation, and compares what is left. Returns how many were accepted, and how many
/// refused.
fn compare(
    session: &Session,
    operations: &[Operation],
    elapsed: u64,
) -> Result<(u32, u32), TestCaseError> {
    let (mut accepted, mut refused) = (0, 0);
    let mut module = module(2);
    let id = eip712::session_id(session);
    module.set_status(ACCOUNT, id, Status::Enabled);
    module.chain.timestamp = session.valid_after + elapsed;
    for operation in operations {
        let operation = Operation { enables: false, claimed_time: None, ..operation.clone() };
        let Some(choices) = choices(session, &operation) else { continue };
        let found = module.clone();
        let is_found = found.send(session.delegate, &redeem(&[(session, &operation)])).is_ok();
        let named = choices.into_iter().find_map(|indices| {
            let named = module.clone();
            let call = Operation { indices, ..operation.clone() };
            let call = execute_call(session, &call, OWNER);
            named.send(session.delegate, &call).is_ok().then_some(named)
        });
        prop_assert_eq!(is_found, named.is_some(), "{:?}", operation);
        let Some(named) = named else {
            refused += 1;
            continue;
        };
        accepted += 1;
        prop_assert_eq!(found.session(ACCOUNT, id), named.session(ACCOUNT, id));
        for budget in 0..session.budgets.len() {
            let kept = |module: &Module| module.budget(ACCOUNT, id, budget);
            prop_assert_eq!(kept(&found), kept(&named));
        }
        let last = |module: &Module| module.chain.world.ran.borrow().last().cloned();
        prop_assert_eq!(last(&found), last(&named), "the account runs the same");
        module = found;
    }
    Ok((accepted, refused))
}

/// A session with operations under it, and how far its window has gone.
fn any_redemption() -> impl Strategy<Value = ((Session, Vec<Operation>), u64)> {
    let session = session_model::strategy::session().prop_map(supported);
    (with_operations(session, 4), prop::sample::select(vec![0, 1, 59, 60, 100]))
}

proptest! {
    /// For every session and call the search accepts exactly if some choice of indices is accepted
    /// by `execute`, and leaves the same state.
    #[test]
    fn prop_a_search_permits_what_some_choice_of_indices_permits(
        ((session, operations), elapsed) in any_redemption(),
    ) {
        compare(&session, &operations, elapsed)?;
    }
}

#[test]
fn redemptions_are_accepted_and_refused() {
    let mut runner = TestRunner::deterministic();
    let (mut accepted, mut refused) = (0, 0);
    for _ in 0..60 {
        let ((session, operations), elapsed) =
            any_redemption().new_tree(&mut runner).unwrap().current();
        let (some, others) = compare(&session, &operations, elapsed).unwrap();
        (accepted, refused) = (accepted + some, refused + others);
    }
    assert!(accepted > 10 && refused > 10, "{accepted} accepted, {refused} refused");
}
