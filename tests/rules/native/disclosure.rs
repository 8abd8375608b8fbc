//! Permissions that are named, unused or hidden.

use alloy_primitives::U256;
use session_model::session::ANY_CALLDATA;
use session_model::{Permission, Session};

use crate::refused::ask;

#[test]
fn only_the_permission_that_is_named_counts() {
    let two = |session: &mut Session| {
        let narrow = Permission { value_limit: U256::ZERO, ..session.permissions[0].clone() };
        session.permissions.insert(0, narrow);
    };
    let got = |index: u8| {
        ask(|session, operation| {
            two(session);
            operation.indices = vec![index];
        })
    };
    assert_eq!(got(0), "ValueOverLimit");
    assert_eq!(got(1), "ok");
    assert_eq!(got(2), "UnknownPermission");
    assert_eq!(got(255), "UnknownPermission");
}

#[test]
fn a_permission_that_an_operation_does_not_use_changes_nothing() {
    // "Exact beats wildcard" or a deny entry would make hiding profitable.
    let wide = |session: &mut Session| {
        let any = Permission { selector: ANY_CALLDATA, ..session.permissions[0].clone() };
        session.permissions[0].value_limit = U256::ZERO;
        session.permissions.push(any);
    };
    for hidden in [vec![], vec![0]] {
        assert_eq!(
            ask(|session, operation| {
                wide(session);
                operation.indices = vec![1];
                operation.hidden.permissions = hidden;
            }),
            "ok"
        );
    }
}

#[test]
fn a_hidden_permission_permits_nothing() {
    assert_eq!(ask(|_, operation| operation.hidden.permissions = vec![0]), "HiddenPermission");
    assert_eq!(ask(|_, operation| operation.hidden.all_permissions = true), "HiddenPermission");
}
