//! How many executions there may be.

use session_model::strategy::GAME;

use crate::refused::{Case, MOVE, call};

#[test]
fn more_than_32_executions_are_refused() {
    assert_eq!(Case::new(|_, _| {}).call(vec![call(GAME, MOVE, &[7]); 33]), "TooManyExecutions");
}
