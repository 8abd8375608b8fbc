//! What may be called.

use alloy_primitives::Address;
use session_model::operation::selector;
use session_model::session::{ANY_CALLDATA, ENTRY_POINTS};
use session_model::strategy::PLACE;

use crate::refused::{MOVE, OTHER, ask};

#[test]
fn an_empty_list_permits_nothing() {
    assert_eq!(ask(|session, _| session.permissions.clear()), "UnknownPermission");
}

#[test]
fn another_target_is_refused() {
    assert_eq!(ask(|_, operation| operation.executions[0].target = OTHER), "TargetNotPermitted");
}

#[test]
fn banned_targets_are_refused_at_use_although_permitted() {
    let banned = [Address::ZERO, PLACE.account, PLACE.module];
    for target in banned.into_iter().chain(ENTRY_POINTS) {
        for selector in [selector(MOVE), ANY_CALLDATA] {
            assert_eq!(
                ask(|session, operation| {
                    session.permissions[0].target = target;
                    session.permissions[0].selector = selector;
                    operation.executions[0].target = target;
                }),
                "BannedTarget",
                "{target}"
            );
        }
    }
}
