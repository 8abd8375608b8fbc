//! ERC-7710: what is redeemed, in which order, and which permission is found.

use std::rc::Rc;

use alloy_primitives::{Address, B256, Bytes, U256};
use alloy_sol_types::{SolCall, SolValue};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use session_model::operation::{Hidden, selector};
use session_model::session::{ANY_CALLDATA, NATIVE, PLAIN_TRANSFER};
use session_model::strategy::{GAME, TOKEN, with_operations};
use session_model::{Budget, Execution, Operation, Permission, Rule, Session, eip712};
use smart_session::host::off_chain::{Call, Chain};
use smart_session_core::abi::ISmartSession as Abi;
use smart_session_core::state::Status;

use super::{
    ACCOUNT, ANYONE, OWNER, SALT, context, enabled, enabling, execute_call, id, kept, module,
    signed,
};
use crate::module::{Module, error, supported, whole};
use crate::refused::{call, operation, session};
use crate::world::{Accounts, Reaction};

/// Returns `redeemDelegations` of these.
pub(super) fn redeem(parts: &[(&Session, &Operation)]) -> Abi::redeemDelegationsCall {
    let runs = parts.iter().map(|(session, operation)| execute_call(session, operation, OWNER));
    let (modes, calldatas) = runs.map(|run| (run.mode, run.executionCalldata)).unzip();
    Abi::redeemDelegationsCall {
        permissionContexts: parts.iter().map(|(it, what)| context(it, what, OWNER)).collect(),
        modes,
        executionCallDatas: calldatas,
    }
}

fn one(operation: &Operation) -> Abi::redeemDelegationsCall {
    redeem(&[(&session(), operation)])
}

fn send(module: &Module, call: &Abi::redeemDelegationsCall) -> Result<(), String> {
    module.send(session().delegate, call).map(|_| ())
}

/// A module in which a session with these permissions and budgets is in force.
fn in_force(session: &Session) -> Module {
    let module = module(2);
    module.send(ACCOUNT, &Abi::enable_0Call { session: whole(session) }).unwrap();
    module
}

fn doing(executions: Vec<Execution>) -> Operation {
    Operation { executions, ..operation() }
}

fn permission(target: Address, function: &str) -> Permission {
    let (selector, value_limit) = (selector(function), U256::from(10));
    Permission { target, selector, value_limit, rules: vec![] }
}

#[test]
fn the_delegate_redeems_and_nothing_comes_back() {
    let module = enabled(2);
    let data = redeem(&[(&session(), &operation())]).abi_encode();

    assert_eq!(module.chain.send(session().delegate, &data), Ok(vec![]));

    assert_eq!(kept(&module), (1, 1, 0, 0));
    assert_eq!(super::next_order(&module), 0, "it is no order");
    assert_eq!(module.chain.world.ran.borrow()[0].0, ACCOUNT);
}

#[test]
fn what_the_search_refused_on_its_way_is_no_answer() {
    let mut session = session();
    session.permissions.insert(0, permission(TOKEN, "other()"));
    let module = in_force(&session);
    let data = redeem(&[(&session, &operation())]).abi_encode();

    assert_eq!(module.chain.send(session.delegate, &data), Ok(vec![]));
}

#[test]
fn nobody_else_redeems_and_no_other_kind_of_key() {
    let module = enabled(2);
    for caller in [ANYONE, OWNER, ACCOUNT, Address::ZERO] {
        assert_eq!(module.send(caller, &one(&operation())).map(|_| ()), Err("NotDelegate".into()));
    }
    for kind in [1, 2] {
        let other = Session { delegate_kind: kind, ..session() };
        let module = in_force(&other);
        let refused = module.send(other.delegate, &redeem(&[(&other, &operation())]));
        assert_eq!(refused.map(|_| ()), Err("NotDelegate".into()), "{kind}");
    }
}

#[test]
fn arrays_of_different_lengths_and_no_context_are_refused() {
    let module = enabled(2);
    let good = one(&operation());
    let none = Abi::redeemDelegationsCall {
        permissionContexts: vec![],
        modes: vec![],
        executionCallDatas: vec![],
    };
    assert_eq!(send(&module, &none), Err("NoContext".into()));
    let only_contexts = Abi::redeemDelegationsCall {
        permissionContexts: good.permissionContexts.clone(),
        ..none.clone()
    };
    let many_modes = Abi::redeemDelegationsCall { modes: vec![B256::ZERO; 2], ..good.clone() };
    let no_calldata = Abi::redeemDelegationsCall { executionCallDatas: vec![], ..good.clone() };
    let two_calldatas = Abi::redeemDelegationsCall {
        executionCallDatas: vec![good.executionCallDatas[0].clone(); 2],
        ..good.clone()
    };
    for different in [only_contexts, many_modes, no_calldata, two_calldatas] {
        assert_eq!(send(&module, &different), Err("ArrayLengthsDiffer".into()), "{different:?}");
    }
    let data = Abi::redeemDelegationsCall { modes: vec![B256::ZERO; 3], ..good }.abi_encode();
    let told = module.chain.send(session().delegate, &data).unwrap_err();
    let [contexts, modes, calldatas] = [1, 3, 1].map(U256::from);
    let expected = Abi::ArrayLengthsDiffer { contexts, modes, calldatas };
    assert_eq!(told, alloy_sol_types::SolError::abi_encode(&expected));
}

#[test]
fn a_context_is_an_account_and_a_session_without_indices() {
    let module = enabled(2);
    let with = |context: Vec<u8>| Abi::redeemDelegationsCall {
        permissionContexts: vec![context.into()],
        ..one(&operation())
    };
    let good = one(&operation()).permissionContexts[0].to_vec();
    for len in 0..20 {
        assert_eq!(send(&module, &with(good[..len].to_vec())), Err("MalformedContext".into()));
    }
    assert_eq!(send(&module, &with(good[..20].to_vec())), Err("Truncated".into()));
    let named = [&good[..], &[0]].concat();
    assert_eq!(send(&module, &with(named)), Err("TrailingBytes".into()), "an index");
    let mut foreign = good;
    foreign[0] ^= 1;
    assert_eq!(send(&module, &with(foreign)), Err("NotInstalled".into()), "another account");
}

#[test]
fn modes_that_may_fail_or_call_otherwise_are_refused() {
    let module = enabled(2);
    let mut tried = 0;
    for call_type in [0x00, 0x01, 0xfe, 0xff] {
        for exec_type in [0x00, 0x01] {
            let mut mode = B256::ZERO;
            (mode[0], mode[1]) = (call_type, exec_type);
            let call = Abi::redeemDelegationsCall { modes: vec![mode], ..one(&operation()) };
            let expected = match (call_type, exec_type) {
                (0x00, 0x00) => continue,
                // The calldata is that of a single call.
                (0x01, 0x00) => "MalformedExecution",
                _ => "UnsupportedExecutionMode",
            };
            assert_eq!(send(&module, &call), Err(expected.into()), "{mode}");
            tried += 1;
        }
    }
    assert_eq!((tried, kept(&module).1), (7, 0));
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
    let module_itself = super::MODULE;
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

#[test]
fn a_context_enables_with_the_owners_signature() {
    let module = module(2);
    assert_eq!(send(&module, &one(&operation())), Err("SessionNotEnabled".into()));
    let forged = Abi::redeemDelegationsCall {
        permissionContexts: vec![context(&session(), &enabling(), ANYONE)],
        ..one(&enabling())
    };
    assert_eq!(send(&module, &forged), Err("NotOwnersSignature".into()));
    assert_eq!(kept(&module), (0, 0, 0, 0));

    assert_eq!(send(&module, &one(&enabling())), Ok(()));
    assert_eq!(send(&module, &one(&enabling())), Ok(()), "the same context again is a use");
    assert_eq!(kept(&module), (1, 2, 0, 0));
}

#[test]
fn a_period_is_that_of_the_clock_and_the_window_holds() {
    let paid =
        Session { budgets: vec![Budget { token: NATIVE, amount: 1, period: 60 }], ..session() };
    let mut module = in_force(&paid);
    let run =
        |module: &Module| module.send(paid.delegate, &redeem(&[(&paid, &operation())])).map(|_| ());
    assert_eq!(run(&module), Ok(()));
    assert_eq!(run(&module), Err("BudgetExceeded".into()));
    module.chain.timestamp += 60;
    assert_eq!(run(&module), Ok(()));
    for time in [999, 10_001] {
        module.chain.timestamp = time;
        assert_eq!(run(&module), Err("OutsideWindow".into()), "{time}");
    }
}

/// Two accounts, each with a session of the same delegate.
fn two_accounts() -> (Module, Session, Session) {
    let module = enabled(2);
    let other = Session { account: ANYONE, salt: 9, ..session() };
    module.send(ANYONE, &Abi::onInstallCall { data: vec![2, 0, 0].into() }).unwrap();
    module.send(ANYONE, &Abi::enable_0Call { session: whole(&other) }).unwrap();
    (module, session(), other)
}

#[test]
fn contexts_run_in_order_each_on_its_own_account_all_or_none() {
    let (module, first, second) = two_accounts();
    let operation = operation();
    let both = redeem(&[(&second, &operation), (&first, &operation)]);
    assert_eq!(send(&module, &both), Ok(()));
    let ran: Vec<_> = module.chain.world.ran.borrow().iter().map(|(it, _)| *it).collect();
    assert_eq!(ran, [ANYONE, ACCOUNT]);

    let refused = doing(vec![call(GAME, "jump()", &[])]);
    let half = redeem(&[(&first, &operation), (&second, &refused)]);
    assert_eq!(send(&module, &half), Err("CallNotPermitted".into()));
    assert_eq!(kept(&module).1, 1, "the first context is undone");
}

#[test]
fn two_contexts_of_one_session_count_twice() {
    let budgeted = Session {
        max_calls: 3,
        budgets: vec![Budget { token: NATIVE, amount: 2, period: 0 }],
        ..session()
    };
    let module = in_force(&budgeted);
    let operation = operation();
    let times = |count: usize| redeem(&vec![(&budgeted, &operation); count]);
    let run = |count: usize| module.send(budgeted.delegate, &times(count)).map(|_| ());

    assert_eq!(run(3), Err("BudgetExceeded".into()));
    assert_eq!(run(2), Ok(()));
    assert_eq!(run(1), Err("BudgetExceeded".into()));
}

/// The call of the first context ends the session: what the account does in it is read anew.
#[test]
fn what_ends_between_two_contexts_has_ended_for_the_second() {
    let ends: [(&str, Vec<u8>); 4] = [
        ("SessionRevokedForEver", Abi::revoke_0Call { sessionId: id() }.abi_encode()),
        ("WrongEpoch", Abi::revokeAll_0Call { salt: SALT }.abi_encode()),
        ("NotInstalled", Abi::onUninstallCall { data: vec![].into() }.abi_encode()),
        ("NotInstalled", Abi::onUninstallCall { data: vec![2].into() }.abi_encode()),
    ];
    for (expected, end) in ends {
        let mut module = enabled(2);
        let reaction = move |chain: &Chain<Accounts>, call: &Call<'_>| {
            chain.send(call.to, &end)?;
            Ok(vec![Bytes::new()].abi_encode())
        };
        module.chain.world.reactions.insert(ACCOUNT, Reaction(Rc::new(reaction)));
        let operation = operation();
        let twice = redeem(&[(&session(), &operation), (&session(), &operation)]);

        assert_eq!(send(&module, &twice), Err(expected.into()));

        assert_eq!(kept(&module), (1, 0, 0, 0), "all is undone, also the end");
        assert_eq!(super::epoch(&module), 0);
        assert_eq!(send(&module, &one(&operation)), Ok(()), "one context runs");
    }
}

#[test]
fn a_redemption_from_within_a_redemption_is_counted() {
    let budgeted =
        Session { budgets: vec![Budget { token: NATIVE, amount: 2, period: 0 }], ..session() };
    let mut module = in_force(&budgeted);
    let again = redeem(&[(&budgeted, &operation())]).abi_encode();
    let (data, delegate) = (again.clone(), budgeted.delegate);
    let depth = std::cell::Cell::new(0);
    let reaction = move |chain: &Chain<Accounts>, _: &Call<'_>| {
        depth.set(depth.get() + 1);
        if depth.get() < 3 {
            chain.send(delegate, &again)?;
        }
        Ok(vec![Bytes::new()].abi_encode())
    };
    module.chain.world.reactions.insert(ACCOUNT, Reaction(Rc::new(reaction)));

    let refused = module.chain.send(delegate, &data).map_err(|data| error(&data));

    assert_eq!(refused, Err("BudgetExceeded".into()), "the third frame's");
}

#[test]
fn an_account_that_ran_nothing_or_reverts_undoes_all() {
    for answer in [Ok(vec![]), Ok(Vec::<Bytes>::new().abi_encode()), Err(vec![4, 5, 6, 7])] {
        let mut module = enabled(2);
        let told = answer.clone();
        let reaction = Reaction(Rc::new(move |_: &Chain<Accounts>, _: &Call<'_>| told.clone()));
        module.chain.world.reactions.insert(ACCOUNT, reaction);
        let data = one(&operation()).abi_encode();

        let refused = module.chain.send(session().delegate, &data).unwrap_err();

        match answer {
            Ok(_) => assert_eq!(error(&refused), "NothingExecuted"),
            Err(reason) => assert_eq!(refused, reason),
        }
        assert_eq!(kept(&module).1, 0);
    }
}

#[test]
fn the_owners_signature_in_a_context_takes_the_accounts_route() {
    let module = module(0);
    let routed = vec![2, 1, 0xee, 0];
    module.send(ACCOUNT, &Abi::onInstallCall { data: routed.into() }).unwrap();
    assert_eq!(send(&module, &one(&enabling())), Err("WrongRoute".into()));
    assert_eq!(signed(OWNER, id()).len(), 65);
}

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
