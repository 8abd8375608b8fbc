//! The caps of all lists.

use alloy_primitives::U256;
use session_model::strategy::{GAME, PLACE, TOKEN};
use session_model::{Budget, Chain, Rule, Session};

use crate::refused::{Case, MOVE, call, enable};

#[test]
fn all_lists_at_their_caps_are_taken() {
    let full = |session: &mut Session| {
        let rule = Rule { index: 0, min: U256::ZERO, max: U256::MAX };
        session.permissions[0].rules = vec![rule; 16];
        session.permissions = vec![session.permissions[0].clone(); 64];
        session.chains =
            (0..16).map(|id| Chain { id: U256::from(PLACE.chain_id + id), epoch: 0 }).collect();
        session.budgets =
            (0..16).map(|of| Budget { token: TOKEN, amount: 1, period: 60 + of }).collect();
    };
    assert_eq!(enable(full), "ok");
    let mut case = Case::new(|session, operation| {
        full(session);
        operation.claimed_time = Some(1_000);
    });
    case.operation.executions = vec![call(GAME, MOVE, &[7]); 32];
    case.operation.indices = (32..64).collect();
    assert_eq!(case.ask(), "ok");
}
