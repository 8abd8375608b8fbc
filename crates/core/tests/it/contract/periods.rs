//! Periods on the direct path: the clock, the view and a claimed time agree on which one it is.

use alloy_primitives::aliases::U48;
use session_model::session::NATIVE;
use session_model::{Budget, Operation, Session};
use smart_session_core::abi::ISmartSession as Abi;

use super::{ACCOUNT, OWNER, execute_call, module, operate};
use crate::module::{Module, whole};
use crate::refused::{operation, session};

const START: u64 = 1_000;
const PERIOD: u32 = 60;

/// A session of so many seconds that may spend 1 wei a minute.
fn paid(length: u64) -> Session {
    Session {
        valid_after: START,
        valid_until: START + length,
        budgets: vec![Budget { token: NATIVE, amount: 1, period: PERIOD }],
        ..session()
    }
}

/// Which period a time is in, by counting: each has 60 seconds, the last one the last second too;
/// what is before the window is in the first, what is after it in the last.
fn period(length: u64, time: u64) -> u64 {
    let starts = (0..).map(|index| START + 60 * index);
    let starts: Vec<u64> = starts.take_while(|start| *start < START + length).collect();
    let begun = starts.iter().filter(|start| **start <= time).count();
    u64::try_from(begun.saturating_sub(1)).unwrap()
}

/// Both ends of the window, and each edge of a period with its neighbours.
fn times(length: u64) -> Vec<u64> {
    let edges =
        [0, 60, 120, 180].into_iter().flat_map(|edge: u64| edge.saturating_sub(1)..edge + 2);
    let mut times: Vec<u64> =
        edges.chain([length - 1, length]).filter(|at| *at <= length).map(|at| START + at).collect();
    times.sort_unstable();
    times.dedup();
    times
}

fn in_force(session: &Session, types: u8) -> Module {
    let module = module(types);
    module.send(ACCOUNT, &Abi::enable_0Call { session: whole(session) }).unwrap();
    module
}

fn run(module: &Module, session: &Session) -> Result<(), String> {
    let call = execute_call(session, &operation(), OWNER);
    module.send(session.delegate, &call).map(|_| ())
}

fn spent(module: &Module, session: &Session, at: u64) -> u128 {
    let call = Abi::budgetsCall { account: ACCOUNT, session: whole(session), at: U48::from(at) };
    module.view(&call).unwrap()[0].spent
}

/// Windows of n · period − 1, n · period and n · period + 1 seconds.
const LENGTHS: [u64; 6] = [119, 120, 121, 179, 180, 181];

#[test]
fn a_direct_call_spends_of_the_period_that_the_view_shows() {
    for length in LENGTHS {
        let session = paid(length);
        for first in times(length) {
            let mut module = in_force(&session, 2);
            module.chain.timestamp = first;
            assert_eq!(run(&module, &session), Ok(()), "{length}: at {first}");
            let outside = [0, START - 1, START + length + 1, START + length + 600];
            for at in times(length).into_iter().chain(outside) {
                // A later period is not begun; an earlier one shows what the latest has spent.
                let is_later = period(length, at) > period(length, first);
                assert_eq!(spent(&module, &session, at), u128::from(!is_later), "{length}: {at}");
            }
            for second in times(length).into_iter().filter(|second| *second >= first) {
                let mut module = module.clone();
                module.chain.timestamp = second;
                let is_same = period(length, first) == period(length, second);
                let expected = if is_same { Err("BudgetExceeded".into()) } else { Ok(()) };
                assert_eq!(run(&module, &session), expected, "{length}: {first}, {second}");
            }
        }
    }
}

#[test]
fn an_operation_that_claims_a_time_may_run_in_the_period_that_the_clock_is_in_then() {
    for length in LENGTHS {
        let session = paid(length);
        let module = in_force(&session, 3);
        for claimed in times(length) {
            let timed = Operation { claimed_time: Some(claimed), ..operation() };
            let call = operate(&session, &timed, OWNER, session.delegate);
            let mut answered = module.clone();
            let answer = answered.chain.send(ACCOUNT, &call).unwrap();
            let number = |bytes: &[u8]| bytes.iter().fold(0, |sum, it| sum << 8 | u64::from(*it));
            let (after, until) = (number(&answer[..6]), number(&answer[6..12]));

            for at in times(length) {
                let is_same = period(length, at) == period(length, claimed);
                assert_eq!((after..=until).contains(&at), is_same, "{length}: {claimed}, {at}");
                // What the operation has spent is gone for a direct call in that period.
                answered.chain.timestamp = at;
                let refused = match period(length, at).cmp(&period(length, claimed)) {
                    std::cmp::Ordering::Less => Err("PeriodPassed".into()),
                    std::cmp::Ordering::Equal => Err("BudgetExceeded".into()),
                    std::cmp::Ordering::Greater => Ok(()),
                };
                assert_eq!(run(&answered.clone(), &session), refused, "{length}: {claimed}, {at}");
            }
        }
    }
}
