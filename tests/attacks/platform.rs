//! Cases 71 to 76: what the rules of bundlers and the chain leave room for.

use alloy_primitives::U256;
use smart_session_client::OperationDraft;
use smart_session_core::session::{ArgumentRule, Disclosure, Permission};

use super::enabled_with;

/// The biggest session there is: what an operation discloses of it is small.
#[test]
fn an_operation_under_a_session_of_64_permissions_stays_within_what_bundlers_take() {
    let mut setup = enabled_with(|_, session| {
        let rule = ArgumentRule { index: 0, min: U256::ZERO, max: U256::MAX };
        let permission = Permission { rules: vec![rule; 4], ..session.permissions[0].clone() };
        session.permissions = vec![permission; 64];
    });
    let shown = Disclosure { permissions: Some(&[63]), ..Disclosure::WHOLE };
    let draft = OperationDraft::draft_use(&setup.game.session, &shown, &[63]).unwrap();
    let op = setup.move_op(&draft);
    assert!(op.signature.len() < 3_000, "{}", op.signature.len());

    let outcome = setup.bed.send(op).unwrap();

    assert_eq!(outcome.verdict.summary(), "executed");
    // ERC-7562 leaves 500,000 gas for validation.
    assert!(outcome.module_gas.unwrap() < 60_000, "{:?}", outcome.module_gas);
}
