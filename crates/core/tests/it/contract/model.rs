//! The direct path against the model, in each of its ways.

use alloy_primitives::{Address, U256};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use session_model::history::Event;
use session_model::judge::{find_permissions, judge_direct, judge_enable};
use session_model::strategy::{PLACE, session, with_operations};
use session_model::{Gas, History, Operation, Session, eip712};
use smart_session_core::state::Status;

use super::order::{Terms, order};
use super::redeem::redeem;
use super::{ACCOUNT, ANYONE, OWNER, execute_call, module};
use crate::module::supported;
use crate::pair::Pair;

/// Gas that the account does not pay for.
const FREE: Gas = Gas { verification: 0, call: 0, pre_verification: U256::ZERO, max_fee: 0 };

/// How the calls are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Execute,
    Order,
    Redeem,
}

impl Pair {
    /// Both know the session as enabled, with the module as executor.
    fn direct(session: &Session) -> Self {
        let mut pair = Self::in_force(session);
        pair.module = module(2);
        pair.module.set_status(ACCOUNT, eip712::session_id(session), Status::Enabled);
        pair.history = History { events: vec![Event::Installed(false, true)] };
        pair.history.events.push(Event::Enabled(eip712::session_id(session)));
        pair
    }

    /// Makes the calls in a way, and compares. Returns whether they ran.
    fn run(&mut self, operation: &Operation, way: Way) -> Result<bool, TestCaseError> {
        let (session, now) = (self.session.clone(), self.module.chain.timestamp);
        let id = eip712::session_id(&session);
        let mut operation = Operation {
            enables: false,
            claimed_time: None,
            gas: FREE,
            paymaster_and_data: vec![].into(),
            ..operation.clone()
        };
        let named = match way {
            Way::Execute | Way::Order => Some(operation.indices.clone()),
            Way::Redeem => find_permissions(&session, &operation, &PLACE),
        };
        let expected = named.is_some_and(|indices| {
            let named = Operation { indices, ..operation.clone() };
            judge_direct(&session, &named, &self.history, &PLACE, now).is_ok()
        });
        let got = match way {
            Way::Execute => {
                let call = execute_call(&session, &operation, OWNER);
                self.module.send(session.delegate, &call).map(|_| ())
            }
            Way::Order => {
                let nonce = self.history.orders(id);
                let terms = Terms { nonce, deadline: now, gas: 1, relayer: Address::ZERO };
                self.module.send(ANYONE, &order(&session, &operation, &terms)).map(|_| ())
            }
            Way::Redeem => {
                let call = redeem(&[(&session, &operation)]);
                self.module.send(session.delegate, &call).map(|_| ())
            }
        };
        prop_assert_eq!(expected, got.is_ok(), "{:?} {:?} {:?}", way, operation, got);
        if expected {
            operation.claimed_time = session.has_periods().then_some(now);
            if way == Way::Order {
                self.history.events.push(Event::Ordered(id));
            }
            self.history.events.push(Event::Used(id, Box::new(operation)));
        }
        self.compare_words()?;
        let kept = self.module.session(ACCOUNT, id);
        prop_assert_eq!(kept.order_nonce(), self.history.orders(id));
        Ok(expected)
    }
}

/// A session, and operations each with a way and the seconds that pass before it.
type Case = ((Session, Vec<Operation>), Vec<(Way, u64)>);

fn any_case() -> impl Strategy<Value = Case> {
    let session = session().prop_map(supported).prop_filter("it can never be enabled", |session| {
        judge_enable(session, &History::installed(), &PLACE).is_ok()
    });
    let way = prop::sample::select(vec![Way::Execute, Way::Order, Way::Redeem]);
    let seconds = prop::sample::select(vec![0_u64, 0, 1, 59, 60]);
    (with_operations(session, 6), prop::collection::vec((way, seconds), 6))
}

/// Returns how many ran, and how many were refused.
fn tell(((session, operations), ways): &Case) -> Result<(u32, u32), TestCaseError> {
    let mut pair = Pair::direct(session);
    pair.module.chain.timestamp = session.valid_after;
    let (mut ran, mut refused) = (0, 0);
    for (operation, (way, seconds)) in operations.iter().zip(ways) {
        // A clock past 2^47 seconds reads as the last moment.
        let last = (1 << 47) - 1;
        let time = &mut pair.module.chain.timestamp;
        *time = last.min(*time + seconds);
        *if pair.run(operation, *way)? { &mut ran } else { &mut refused } += 1;
    }
    Ok((ran, refused))
}

proptest! {
    #[test]
    fn prop_the_direct_path_lets_through_what_the_model_does_and_counts_alike(case in any_case()) {
        tell(&case)?;
    }
}

#[test]
fn direct_calls_of_the_property_run_and_are_refused() {
    let mut runner = TestRunner::deterministic();
    let (mut ran, mut refused) = (0, 0);
    for _ in 0..50 {
        let case = any_case().new_tree(&mut runner).unwrap().current();
        let (some, others) = tell(&case).unwrap();
        (ran, refused) = (ran + some, refused + others);
    }
    assert!(ran > 25 && refused > 25, "{ran} ran, {refused} refused");
}
