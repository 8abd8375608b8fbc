//! The session behind a context: how it is enabled, its window and its periods.

use session_model::session::NATIVE;
use session_model::{Budget, Session};
use smart_session_core::abi::ISmartSession as Abi;

use super::{in_force, one, redeem, send};
use crate::contract::{ACCOUNT, ANYONE, OWNER, context, enabling, id, kept, module, signed};
use crate::module::Module;
use crate::refused::{operation, session};

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

#[test]
fn the_owners_signature_in_a_context_takes_the_accounts_route() {
    let module = module(0);
    let routed = vec![2, 1, 0xee, 0];
    module.send(ACCOUNT, &Abi::onInstallCall { data: routed.into() }).unwrap();
    assert_eq!(send(&module, &one(&enabling())), Err("WrongRoute".into()));
    assert_eq!(signed(OWNER, id()).len(), 65);
}
