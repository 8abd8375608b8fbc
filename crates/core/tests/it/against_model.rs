//! The core against a naive model of what a session means.

use alloy_primitives::{U256, U512};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use session_model::history::Event;
use session_model::operation::Hidden;
use session_model::session::{NATIVE, UNCOUNTED_CALLS, UNCOUNTED_FEES};
use session_model::strategy::{PLACE, session, with_operations};
use session_model::{History, Operation, Session, eip712, judge, judge::judge_enable, packed};
use smart_session_core::state::Status;

use crate::module::{Answer, Module, supported};
use crate::pair::Pair;

/// Gas that costs nothing.
const FREE: session_model::Gas =
    session_model::Gas { verification: 1, call: 1, pre_verification: U256::ZERO, max_fee: 0 };

/// A session that can be enabled, with operations under it.
fn sound(most: usize) -> impl Strategy<Value = (Session, Vec<Operation>)> {
    let sound = session().prop_map(supported).prop_filter("it can never be enabled", |session| {
        judge_enable(session, &History::installed(), &PLACE).is_ok()
    });
    with_operations(sound, most)
}

proptest! {
    #[test]
    fn prop_the_core_lets_through_what_the_model_does_and_counts_alike(
        (session, operations) in sound(8),
    ) {
        let mut pair = Pair::in_force(&session);
        for operation in &operations {
            pair.ask(operation)?;
        }
    }

    #[test]
    fn prop_enabling_operations_are_let_through_as_the_model_does(
        (session, operations) in with_operations(session().prop_map(supported), 3),
    ) {
        let mut pair = Pair::signed(&session);
        for operation in &operations {
            pair.ask(operation)?;
        }
    }

    #[test]
    fn prop_what_may_be_enabled_is_what_the_model_says(session in session()) {
        let session = supported(session);
        let expected = judge_enable(&session, &History::installed(), &PLACE);
        let packed = packed::session(&session, &Hidden::default());
        let mut module = Module::installed(PLACE.account);
        let got = module.enable(PLACE.account, &packed);

        prop_assert_eq!(expected.is_ok(), got.is_ok(), "{:?} {:?}", expected, got);
        if got.is_ok() {
            let id = eip712::session_id(&session);
            prop_assert_eq!(module.session(PLACE.account, id).status(), Status::Enabled);
        }
    }

    /// Stated without the model's judgement: limits, over everything that was let through.
    #[test]
    fn prop_what_is_let_through_never_exceeds_a_limit((session, operations) in sound(8)) {
        let mut pair = Pair::in_force(&session);
        for operation in &operations {
            if let Ok(answer) = pair.module.ask(&PLACE, &session, operation) {
                pair.module.keep(&answer);
                pair.accepted.push(operation.clone());
            }
        }
        let all = || pair.accepted.iter();
        for operation in all() {
            for (execution, index) in operation.executions.iter().zip(&operation.indices) {
                let permission = &session.permissions[usize::from(*index)];
                prop_assert!(execution.value <= permission.value_limit);
                prop_assert_eq!(execution.target, permission.target);
            }
        }
        let calls: usize = all().map(|operation| operation.executions.len()).sum();
        if session.max_calls != UNCOUNTED_CALLS {
            prop_assert!(calls <= usize::try_from(session.max_calls).unwrap());
        }
        let fees: U512 = all().map(Operation::fee).sum();
        if session.fee_limit != UNCOUNTED_FEES {
            prop_assert!(fees <= U512::from(session.fee_limit));
        }
        for budget in &session.budgets {
            // Sums by period, straight from the calls.
            let mut sums = std::collections::BTreeMap::<u64, U512>::new();
            for operation in all() {
                let length = session.valid_until - session.valid_after;
                let period = operation.claimed_time.filter(|_| budget.period > 0).map_or(0, |time| {
                    let index = |elapsed: u64| elapsed / u64::from(budget.period);
                    index(time - session.valid_after).min(index(length - 1))
                });
                for execution in &operation.executions {
                    let amount = if budget.token == NATIVE {
                        execution.value
                    } else if execution.target == budget.token {
                        execution.erc20_amount().expect("only what can be counted")
                    } else {
                        U256::ZERO
                    };
                    *sums.entry(period).or_default() += U512::from(amount);
                }
            }
            for sum in sums.values() {
                prop_assert!(*sum <= U512::from(budget.amount));
            }
        }
    }

    /// A session with less in it permits nothing that the session with more did not.
    #[test]
    fn prop_adding_a_restriction_never_permits_more(
        (session, operations) in sound(5),
        what in 0_usize..9,
        at in any::<prop::sample::Index>(),
    ) {
        let mut less = session.clone();
        restrict(&mut less, what, at);
        let has_periods = less.has_periods();
        let (mut before, mut after) = (Pair::in_force(&session), Pair::in_force(&less));
        for operation in &operations {
            let narrowed = Operation {
                claimed_time: operation.claimed_time
                    .or(Some(less.valid_after))
                    .filter(|_| has_periods),
                ..operation.clone()
            };
            // Both sides see the same operations: those that the restricted session lets through.
            if after.ask(&narrowed)? {
                prop_assert!(before.ask(operation)?, "{what}");
            }
        }
    }

    /// Hiding takes power away or leaves it, but for what the operation does not use.
    #[test]
    fn prop_hiding_a_grant_never_permits_more(
        (session, operations) in sound(6),
        hidden in prop::collection::vec(any::<bool>(), 8),
        all in prop::bool::weighted(0.1),
    ) {
        let mut pair = Pair::in_force(&session);
        for operation in &operations {
            let shown = Operation { hidden: Hidden::default(), ..operation.clone() };
            let places = |len: usize| -> Vec<usize> {
                (0..len).filter(|at| hidden.get(*at) == Some(&true)).collect()
            };
            let veiled = Operation {
                enables: false,
                hidden: Hidden {
                    chains: places(session.chains.len()),
                    permissions: places(session.permissions.len()),
                    all_permissions: all && !session.permissions.is_empty(),
                    scopes: places(session.signing.len()),
                    all_scopes: all && !session.signing.is_empty(),
                },
                ..operation.clone()
            };
            let whole = pair.module.ask(&PLACE, &session, &shown);
            let part = pair.module.ask(&PLACE, &session, &veiled);
            if let Ok(part) = part {
                let whole = whole.as_ref().map_err(|error| {
                    TestCaseError::fail(format!("{error}, but not where grants are hidden"))
                })?;
                let id = eip712::session_id(&session);
                let kept = |answer: &Answer| answer.after.session(PLACE.account, id);
                prop_assert_eq!((part.window, kept(&part)), (whole.window, kept(whole)));
            }
            pair.ask(&shown)?;
        }
    }

    /// A batch is let through where its calls would be one by one, and counts as they do.
    #[test]
    fn prop_a_batch_equals_its_calls_in_order((session, operations) in sound(4)) {
        let mut batched = Pair::in_force(&session);
        for operation in &operations {
            // Gas and paymaster are of the operation, not of its calls.
            let free = Operation {
                enables: false,
                gas: FREE,
                ..operation.clone()
            };
            let mut singles = batched.clone();
            let mut all = true;
            let mut windows = vec![];
            for (execution, index) in free.executions.iter().zip(&free.indices) {
                let single = Operation {
                    executions: vec![execution.clone()],
                    indices: vec![*index],
                    ..free.clone()
                };
                let answer = singles.module.ask(&PLACE, &session, &single);
                all &= answer.is_ok();
                if let Ok(answer) = answer {
                    windows.push(answer.window);
                    singles.module.keep(&answer);
                }
            }
            let batch = batched.module.ask(&PLACE, &session, &free);
            prop_assert_eq!(batch.is_ok(), all, "{:?}", batch);
            if let Ok(batch) = batch {
                let first = windows.iter().map(|window| window.0).max();
                let last = windows.iter().map(|window| window.1).min();
                prop_assert_eq!((Some(batch.window.0), Some(batch.window.1)), (first, last));
                batched.module.keep(&batch);
                let id = eip712::session_id(&session);
                prop_assert_eq!(
                    batched.module.session(PLACE.account, id),
                    singles.module.session(PLACE.account, id)
                );
                for budget in 0..session.budgets.len() {
                    prop_assert_eq!(
                        batched.module.budget(PLACE.account, id, budget),
                        singles.module.budget(PLACE.account, id, budget)
                    );
                }
            }
        }
    }
}

/// Takes something away from a session.
fn restrict(session: &mut Session, what: usize, at: prop::sample::Index) {
    use session_model::{Budget, Rule};

    let permission = match session.permissions.len() {
        0 => return,
        len => &mut session.permissions[at.index(len)],
    };
    match what {
        0 => permission.value_limit >>= 1,
        1 => permission.rules.push(Rule { index: 0, min: U256::ZERO, max: U256::from(3) }),
        2 => permission.target = session_model::strategy::SPONSOR,
        3 => {
            if permission.selector == session_model::session::ANY_CALLDATA {
                permission.selector = session_model::session::PLAIN_TRANSFER;
            }
        }
        4 => session.budgets.push(Budget { token: NATIVE, amount: 4, period: 97 }),
        5 => session.budgets.push(Budget {
            token: session_model::strategy::TOKEN,
            amount: 4,
            period: 0,
        }),
        6 => session.max_calls = session.max_calls.min(2),
        7 => session.fee_limit = session.fee_limit.min(100),
        _ => {
            let mut length = (session.valid_until - session.valid_after).div_ceil(2);
            // Where a period begins with the last second, that second is of the period before: a
            // claim that had passed would come back with the shorter window.
            let periods: Vec<u64> = session.budgets.iter().map(|it| it.period.into()).collect();
            while periods.iter().any(|period| *period > 0 && length.is_multiple_of(*period)) {
                length -= 1;
            }
            session.valid_until = session.valid_after + length;
        }
    }
}

/// The generators are of use only where much is let through and much is refused.
#[test]
fn arbitrary_operations_are_often_let_through_and_often_refused() {
    let mut runner = TestRunner::deterministic();
    let (mut accepted, mut refused) = (0, std::collections::BTreeMap::<&str, u32>::new());
    for _ in 0..150 {
        let (session, operations) = sound(8).new_tree(&mut runner).unwrap().current();
        let mut history = History::installed();
        history.events.push(Event::Enabled(eip712::session_id(&session)));
        for operation in operations {
            match judge(&session, &operation, &history, &PLACE) {
                Ok(_) => {
                    accepted += 1;
                    let id = eip712::session_id(&session);
                    history.events.push(Event::Used(id, Box::new(operation)));
                }
                Err(refusal) => *refused.entry(refusal.0).or_default() += 1,
            }
        }
    }
    assert!(accepted > 100, "{accepted} let through, refused: {refused:?}");
    assert!(refused.len() >= 14, "{refused:?}");
    for reason in refused.values() {
        assert!(*reason > 0);
    }
}
