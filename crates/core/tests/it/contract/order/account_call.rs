//! The account's call that an order brings.

use std::rc::Rc;

use alloy_primitives::Bytes;
use alloy_sol_types::{SolCall, SolValue};
use session_model::session::NATIVE;
use session_model::strategy::GAME;
use session_model::{Budget, Operation, Session, eip712};
use smart_session::host::off_chain::{Call, Chain, Hostio};
use smart_session_core::abi::ISmartSession as Abi;

use super::{TERMS, Terms, bring, order};
use crate::contract::{ACCOUNT, ANYONE, MODULE, enabled, enabling, kept, module, next_order};
use crate::module::{error, whole};
use crate::refused::{call, operation, session};
use crate::world::{Accounts, Reaction};

#[test]
fn anyone_brings_an_order_and_gets_the_accounts_answer() {
    let module = enabled(2);
    let two = Operation {
        executions: vec![call(GAME, "move(uint8)", &[1]); 2],
        indices: vec![0, 0],
        ..operation()
    };

    assert_eq!(bring(&module, &operation(), &TERMS), Ok(vec![vec![7; 33].into()]));
    let second = Terms { nonce: 1, ..TERMS };
    assert_eq!(bring(&module, &two, &second), Ok(vec![vec![7; 33].into(); 2]));

    assert_eq!(kept(&module), (1, 3, 0, 0), "calls are counted, fees are not");
    assert_eq!(next_order(&module), 2);
    assert_eq!(module.chain.world.ran.borrow().len(), 2);
}

#[test]
fn an_order_that_fails_spends_nothing_and_may_be_tried_again() {
    let mut module = enabled(2);
    let fails = Reaction(Rc::new(|_: &Chain<Accounts>, _: &Call<'_>| Err(vec![1, 2, 3])));
    module.chain.world.reactions.insert(ACCOUNT, fails);
    let data = order(&session(), &operation(), &TERMS).abi_encode();
    assert_eq!(module.chain.send(ANYONE, &data), Err(vec![1, 2, 3]));
    let idle = Reaction(Rc::new(|_: &Chain<Accounts>, _: &Call<'_>| Ok(vec![])));
    module.chain.world.reactions.insert(ACCOUNT, idle);
    assert_eq!(bring(&module, &operation(), &TERMS), Err("NothingExecuted".into()));
    assert_eq!((kept(&module), next_order(&module)), ((1, 0, 0, 0), 0));

    module.chain.world.reactions.clear();
    assert!(bring(&module, &operation(), &TERMS).is_ok());
}

/// An account that brings more from within its call.
fn brings(calls: Vec<Vec<u8>>) -> Reaction {
    let reaction = move |chain: &Chain<Accounts>, _: &Call<'_>| {
        for call in &calls {
            chain.send(ANYONE, call)?;
        }
        Ok(vec![Bytes::new()].abi_encode())
    };
    Reaction(Rc::new(reaction))
}

#[test]
fn an_order_from_within_an_order_is_counted_and_none_runs_twice() {
    let budgeted =
        Session { budgets: vec![Budget { token: NATIVE, amount: 3, period: 0 }], ..session() };
    let nth = |nonce: u32| order(&budgeted, &operation(), &Terms { nonce, ..TERMS }).abi_encode();
    let outcome = |inner: Vec<Vec<u8>>| {
        let mut module = module(2);
        module.send(ACCOUNT, &Abi::enable_0Call { session: whole(&budgeted) }).unwrap();
        // The first call of the account brings these; theirs bring nothing.
        let first = std::cell::Cell::new(true);
        let Reaction(bring) = brings(inner);
        let reaction = move |chain: &Chain<Accounts>, call: &Call<'_>| {
            if first.replace(false) {
                bring(chain, call)
            } else {
                Ok(vec![Bytes::new()].abi_encode())
            }
        };
        module.chain.world.reactions.insert(ACCOUNT, Reaction(Rc::new(reaction)));
        let outcome = module.chain.send(ANYONE, &nth(0));
        let call =
            Abi::sessionStateCall { account: ACCOUNT, sessionId: eip712::session_id(&budgeted) };
        let state = module.view(&call).unwrap();
        let counted = (state.calls, state.nativeSpent.to::<u64>(), state.orderNonce.to::<u32>());
        (outcome.map(|_| ()).map_err(|data| error(&data)), counted)
    };

    assert_eq!(outcome(vec![nth(1), nth(2)]), (Ok(()), (3, 3, 3)));
    assert_eq!(outcome(vec![nth(0)]), (Err("WrongOrderNonce".into()), (0, 0, 0)));
    let fourth = outcome(vec![nth(1), nth(2), nth(3)]);
    assert_eq!(fourth, (Err("BudgetExceeded".into()), (0, 0, 0)));
}

#[test]
fn the_account_is_asked_statically_before_anything_is_written() {
    let module = module(2);
    module.chain.take_hostios();
    bring(&module, &enabling(), &TERMS).unwrap();

    let hostios = module.chain.take_hostios();
    let asked = hostios.iter().rposition(|it| matches!(it, Hostio::StaticCall(..))).unwrap();
    let written = hostios.iter().position(|it| matches!(it, Hostio::Write(_))).unwrap();
    assert!(asked < written, "{hostios:?}");
    assert!(hostios.contains(&Hostio::StaticCall(ACCOUNT, u64::MAX)));
    assert_ne!(MODULE, ACCOUNT);
}
