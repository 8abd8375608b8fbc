//! Several contexts in one request.

use std::rc::Rc;

use alloy_primitives::Bytes;
use alloy_sol_types::{SolCall, SolValue};
use session_model::session::NATIVE;
use session_model::strategy::GAME;
use session_model::{Budget, Session};
use smart_session::host::off_chain::{Call, Chain};
use smart_session_core::abi::ISmartSession as Abi;

use super::{doing, in_force, one, redeem, send};
use crate::contract::{ACCOUNT, ANYONE, SALT, enabled, id, kept};
use crate::module::{Module, error, whole};
use crate::refused::{call, operation, session};
use crate::world::{Accounts, Reaction};

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
        assert_eq!(crate::contract::epoch(&module), 0);
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
