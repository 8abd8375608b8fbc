//! Which permission is found for a call.

use alloy_primitives::{Address, U256};
use alloy_sol_types::SolCall;
use session_model::operation::Hidden;
use session_model::session::{ANY_CALLDATA, PLAIN_TRANSFER};
use session_model::strategy::{GAME, TOKEN};
use session_model::{Execution, Operation, Permission, Rule, Session};

use super::{doing, in_force, permission, redeem};
use crate::contract::ACCOUNT;
use crate::refused::{call, operation, session};

#[test]
fn what_the_search_refused_on_its_way_is_no_answer() {
    let mut session = session();
    session.permissions.insert(0, permission(TOKEN, "other()"));
    let module = in_force(&session);
    let data = redeem(&[(&session, &operation())]).abi_encode();

    assert_eq!(module.chain.send(session.delegate, &data), Ok(vec![]));
}

#[test]
fn each_call_of_a_batch_finds_a_permission_of_its_own() {
    let mut session = session();
    session.permissions = vec![
        permission(TOKEN, "approve(address,uint256)"),
        permission(GAME, "jump()"),
        permission(GAME, "move(uint8)"),
    ];
    let module = in_force(&session);
    let batch = doing(vec![
        call(GAME, "move(uint8)", &[1]),
        call(TOKEN, "approve(address,uint256)", &[1, 2]),
        call(GAME, "jump()", &[]),
        call(GAME, "move(uint8)", &[2]),
    ]);

    assert_eq!(module.send(session.delegate, &redeem(&[(&session, &batch)])).map(|_| ()), Ok(()));
    let ran = module.chain.world.ran.borrow();
    assert_eq!(ran[0].1.len(), 4);
}

/// A permission that refuses takes nothing away from another one that covers the call.
#[test]
fn any_permission_that_covers_the_call_will_do() {
    let rule = Rule { index: 0, min: U256::from(7), max: U256::from(7) };
    let strict = Permission { rules: vec![rule], ..permission(GAME, "move(uint8)") };
    let poor = Permission { value_limit: U256::ZERO, ..permission(GAME, "move(uint8)") };
    let good = permission(GAME, "move(uint8)");
    for permissions in [
        vec![strict.clone(), poor.clone(), good.clone()],
        vec![good.clone(), strict.clone(), poor.clone()],
        vec![poor.clone(), Permission { selector: ANY_CALLDATA, ..good.clone() }],
    ] {
        let session = Session { permissions, ..session() };
        let module = in_force(&session);
        let run = redeem(&[(&session, &doing(vec![call(GAME, "move(uint8)", &[1])]))]);
        assert_eq!(module.send(session.delegate, &run).map(|_| ()), Ok(()));
    }
}

#[test]
fn a_call_that_none_covers_is_refused_for_the_nearest_reason() {
    let rule = Rule { index: 0, min: U256::from(7), max: U256::from(7) };
    let strict = Permission { rules: vec![rule], ..permission(GAME, "move(uint8)") };
    let plain = Permission { selector: PLAIN_TRANSFER, ..permission(TOKEN, "") };
    let session = Session { permissions: vec![plain, strict], ..session() };
    let module = in_force(&session);
    let refused = |execution: Execution| {
        let run = redeem(&[(&session, &doing(vec![execution]))]);
        module.send(session.delegate, &run).map(|_| ()).unwrap_err()
    };
    let moves = |step| call(GAME, "move(uint8)", &[step]);

    assert_eq!(refused(moves(8)), "ArgumentOutOfBounds");
    assert_eq!(refused(Execution { value: U256::from(11), ..moves(7) }), "ValueOverLimit");
    assert_eq!(refused(call(GAME, "jump()", &[])), "CallNotPermitted");
    assert_eq!(refused(Execution { target: TOKEN, ..moves(7) }), "CallNotPermitted");
    assert_eq!(refused(Execution { target: ACCOUNT, ..moves(7) }), "CallNotPermitted");
    let none = Session { permissions: vec![], ..session.clone() };
    let run = redeem(&[(&none, &operation())]);
    let refused = in_force(&none).send(none.delegate, &run).map(|_| ());
    assert_eq!(refused, Err("CallNotPermitted".into()));
}

#[test]
fn a_banned_target_is_banned_whatever_is_permitted() {
    let module_itself = crate::contract::MODULE;
    for target in [Address::ZERO, ACCOUNT, module_itself] {
        let permissions = vec![Permission { target, ..permission(GAME, "move(uint8)") }];
        let session = Session { permissions, ..session() };
        let run = redeem(&[(&session, &doing(vec![call(target, "move(uint8)", &[1])]))]);
        let refused = in_force(&session).send(session.delegate, &run).map(|_| ());
        assert_eq!(refused, Err("BannedTarget".into()), "{target}");
    }
}

#[test]
fn hidden_permissions_permit_nothing() {
    let mut twice = session();
    twice.permissions.push(permission(TOKEN, "jump()"));
    let module = in_force(&twice);
    let hiding = |hidden: Hidden| Operation { hidden, ..operation() };
    let run = |operation: &Operation| {
        module.send(twice.delegate, &redeem(&[(&twice, operation)])).map(|_| ())
    };

    let other = Hidden { permissions: vec![1], ..Hidden::default() };
    assert_eq!(run(&hiding(other)), Ok(()), "the one that is not needed");
    let this = Hidden { permissions: vec![0], ..Hidden::default() };
    assert_eq!(run(&hiding(this)), Err("CallNotPermitted".into()));
    let all = Hidden { all_permissions: true, ..Hidden::default() };
    assert_eq!(run(&hiding(all)), Err("CallNotPermitted".into()));
}
