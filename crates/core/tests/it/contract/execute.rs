//! The direct path: who may call, in which order it is counted and run, and what comes back.

use std::rc::Rc;

use alloy_primitives::{Address, Bytes, U256};
use alloy_sol_types::{SolCall, SolValue};
use session_model::session::NATIVE;
use session_model::strategy::GAME;
use session_model::{Budget, Execution, Operation, Session};
use smart_session::host::off_chain::{Call, Chain, Hostio};
use smart_session_core::abi::{IAccount, ISmartSession as Abi};

use super::{
    ACCOUNT, ANYONE, MODULE, OWNER, enabled, enabling, execute_call, kept, module, operate,
};
use crate::module::{Module, error, whole};
use crate::refused::{call, operation, session};
use crate::world::{Accounts, ECRECOVER, Reaction};

fn run(module: &Module, caller: Address, operation: &Operation) -> Result<Vec<Bytes>, String> {
    module.send(caller, &execute_call(&session(), operation, OWNER))
}

fn delegate() -> Address {
    session().delegate
}

#[test]
fn the_delegate_acts_and_gets_the_accounts_answer() {
    let module = enabled(2);
    let two = Operation {
        executions: vec![call(GAME, "move(uint8)", &[1]); 2],
        indices: vec![0, 0],
        ..operation()
    };

    assert_eq!(run(&module, delegate(), &operation()), Ok(vec![vec![7; 33].into()]));
    assert_eq!(run(&module, delegate(), &two), Ok(vec![vec![7; 33].into(); 2]));

    assert_eq!(kept(&module), (1, 3, 0, 0), "calls are counted, fees are not");
    let ran = module.chain.world.ran.borrow();
    assert_eq!(
        ran.iter().map(|(account, calls)| (*account, calls.len())).collect::<Vec<_>>(),
        [(ACCOUNT, 1), (ACCOUNT, 2)]
    );
}

#[test]
fn nobody_else_acts_and_no_other_kind_of_key_calls() {
    let module = enabled(2);
    for caller in [ANYONE, OWNER, ACCOUNT, Address::ZERO] {
        assert_eq!(run(&module, caller, &operation()), Err("NotDelegate".into()));
    }
    for kind in [1, 2] {
        let other = Session { delegate_kind: kind, ..session() };
        module.send(ACCOUNT, &Abi::enable_0Call { session: whole(&other) }).unwrap();
        let refused = module.send(other.delegate, &execute_call(&other, &operation(), OWNER));
        assert_eq!(refused, Err("NotDelegate".into()), "{kind}");
    }
    assert_eq!(kept(&module).1, 0);
}

#[test]
fn the_window_is_compared_with_the_clock_both_ends_included() {
    for (time, is_in) in [(999, false), (1_000, true), (10_000, true), (10_001, false)] {
        let mut module = enabled(2);
        module.chain.timestamp = time;
        let got = run(&module, delegate(), &operation()).map(|_| ());
        let expected = if is_in { Ok(()) } else { Err("OutsideWindow".into()) };
        assert_eq!(got, expected, "{time}");
    }
}

#[test]
fn the_module_must_be_installed_as_executor() {
    assert_eq!(run(&enabled(1), delegate(), &operation()), Err("NotInstalled".into()));
    assert!(run(&enabled(3), delegate(), &operation()).is_ok());
}

#[test]
fn the_first_call_enables_with_the_owners_signature_and_not_with_another() {
    let module = module(2);
    let forged = execute_call(&session(), &enabling(), ANYONE);
    assert_eq!(module.send(delegate(), &forged), Err("NotOwnersSignature".into()));
    assert_eq!(run(&module, delegate(), &operation()), Err("SessionNotEnabled".into()));
    assert_eq!(kept(&module), (0, 0, 0, 0));

    assert!(run(&module, delegate(), &enabling()).is_ok());
    assert_eq!(kept(&module), (1, 1, 0, 0));
}

#[test]
fn all_is_written_before_anything_runs_and_nothing_read_after() {
    let module = enabled(2);
    module.chain.take_hostios();
    run(&module, delegate(), &operation()).unwrap();

    let hostios = module.chain.take_hostios();
    let at = |wanted: fn(&Hostio) -> bool| hostios.iter().position(wanted).unwrap();
    let ran = at(|hostio| *hostio == Hostio::Call(ACCOUNT));
    assert!(at(|hostio| matches!(hostio, Hostio::Write(_))) < ran);
    assert_eq!(ran, hostios.len() - 1, "{hostios:?}");
}

/// A session of three calls, of which the game's sends 10 wei under a budget of 25.
fn nested() -> (Module, Session) {
    let mut session = Session {
        max_calls: 3,
        budgets: vec![Budget { token: NATIVE, amount: 25, period: 0 }],
        ..session()
    };
    session.permissions[0].value_limit = U256::from(10);
    let module = module(2);
    module.send(ACCOUNT, &Abi::enable_0Call { session: whole(&session) }).unwrap();
    (module, session)
}

fn worth(value: u64) -> Operation {
    let executions =
        vec![Execution { value: U256::from(value), ..operation().executions[0].clone() }];
    Operation { executions, ..operation() }
}

/// The account that runs a call comes back into the module as the delegate, so often.
fn coming_back(module: &mut Module, session: &Session, times: u64) {
    let again = execute_call(session, &worth(10), OWNER).abi_encode();
    let delegate = session.delegate;
    let reaction = move |chain: &Chain<Accounts>, _: &Call<'_>| {
        if nested_calls(chain) < times {
            chain.send(delegate, &again)?;
        }
        Ok(vec![Bytes::new()].abi_encode())
    };
    module.chain.world.reactions.insert(ACCOUNT, Reaction(Rc::new(reaction)));
}

/// How many calls the one session that was used has made.
fn nested_calls(chain: &Chain<Accounts>) -> u64 {
    let (_, session) = nested();
    let call = Abi::sessionStateCall {
        account: ACCOUNT,
        sessionId: session_model::eip712::session_id(&session),
    };
    let answer = chain.ask(Address::ZERO, &call.abi_encode()).unwrap();
    let state = Abi::sessionStateCall::abi_decode_returns(&answer).unwrap();
    state.calls.into()
}

#[test]
fn what_comes_back_is_counted_like_a_call_from_outside() {
    let (mut module, session) = nested();
    coming_back(&mut module, &session, 2);
    let first = execute_call(&session, &worth(10), OWNER);

    module.send(session.delegate, &first).unwrap();

    assert_eq!(nested_calls(&module.chain), 2, "two frames, two calls");
    let refused = module.send(session.delegate, &first);
    assert_eq!(refused, Err("BudgetExceeded".into()), "20 of 25 are spent");
}

#[test]
fn a_call_that_comes_back_once_too_often_reverts_all_of_it() {
    let (mut module, session) = nested();
    coming_back(&mut module, &session, 3);

    let refused = module.send(session.delegate, &execute_call(&session, &worth(10), OWNER));

    assert_eq!(refused, Err("BudgetExceeded".into()), "the third frame's reason comes up");
    assert_eq!(nested_calls(&module.chain), 0);
}

#[test]
fn what_the_account_reverts_with_is_passed_on_and_nothing_is_counted() {
    let mut module = enabled(2);
    let reason = vec![1, 2, 3, 4, 5];
    let told = reason.clone();
    let reaction = Reaction(Rc::new(move |_: &Chain<Accounts>, _: &Call<'_>| Err(told.clone())));
    module.chain.world.reactions.insert(ACCOUNT, reaction);

    let data = execute_call(&session(), &operation(), OWNER).abi_encode();

    assert_eq!(module.chain.send(delegate(), &data), Err(reason));
    assert_eq!(kept(&module).1, 0);
}

#[test]
fn an_answer_that_is_not_one_entry_for_each_call_means_that_nothing_ran() {
    let entries = |count: usize| vec![Bytes::from(vec![9; 40]); count].abi_encode();
    let dirty = {
        let mut bytes = entries(1);
        *bytes.last_mut().unwrap() = 1;
        bytes
    };
    for (answer, is_taken) in [
        (vec![], false),
        (entries(0), false),
        (entries(1), true),
        (entries(2), false),
        ([entries(1), vec![0; 32]].concat(), false),
        (entries(1)[..entries(1).len() - 1].to_vec(), false),
        (dirty, false),
        (U256::from(1).abi_encode(), false),
    ] {
        let mut module = enabled(2);
        let told = answer.clone();
        let reaction = Reaction(Rc::new(move |_: &Chain<Accounts>, _: &Call<'_>| Ok(told.clone())));
        module.chain.world.reactions.insert(ACCOUNT, reaction);
        let data = execute_call(&session(), &operation(), OWNER).abi_encode();

        let got = module.chain.send(delegate(), &data);

        if is_taken {
            assert_eq!(got, Ok(answer));
        } else {
            assert_eq!(got.map_err(|data| error(&data)), Err("NothingExecuted".into()));
        }
        assert_eq!(kept(&module).1, u32::from(is_taken));
    }
}

#[test]
fn the_account_is_called_with_what_was_checked() {
    let mut module = enabled(2);
    let seen = Rc::new(std::cell::RefCell::new(vec![]));
    let calls = Rc::clone(&seen);
    let reaction = move |_: &Chain<Accounts>, call: &Call<'_>| {
        assert_eq!((call.from, call.to, call.is_static), (MODULE, ACCOUNT, false));
        assert!(call.value.is_zero());
        calls.borrow_mut().push(call.data.to_vec());
        Ok(vec![Bytes::new()].abi_encode())
    };
    module.chain.world.reactions.insert(ACCOUNT, Reaction(Rc::new(reaction)));
    let sent = execute_call(&session(), &operation(), OWNER);
    module.send(delegate(), &sent).unwrap();

    let expected = IAccount::executeFromExecutorCall {
        mode: sent.mode,
        executionCalldata: sent.executionCalldata,
    };
    assert_eq!(*seen.borrow(), [expected.abi_encode()]);
}

#[test]
fn signers_are_recovered_in_static_calls_and_a_static_call_makes_no_other() {
    let recovered = delegate().into_word().to_vec();
    let used = operate(&session(), &operation(), OWNER, delegate());
    let ran = vec![Bytes::new()].abi_encode();
    let executed = execute_call(&session(), &operation(), OWNER).abi_encode();
    for is_static in [true, false] {
        assert!(asks(1, ACCOUNT, &used, is_static, ECRECOVER, &recovered));
        assert_eq!(asks(2, delegate(), &executed, is_static, ACCOUNT, &ran), is_static);
    }
}

/// Calls the module, which asks another contract once. Returns whether that is a static call.
fn asks(
    types: u8,
    from: Address,
    data: &[u8],
    is_static: bool,
    other: Address,
    answer: &[u8],
) -> bool {
    let mut module = enabled(types);
    let seen = Rc::new(std::cell::RefCell::new(vec![]));
    let (calls, answer) = (Rc::clone(&seen), answer.to_vec());
    let reaction = move |_: &Chain<Accounts>, call: &Call<'_>| {
        calls.borrow_mut().push(call.is_static);
        Ok(answer.clone())
    };
    module.chain.world.reactions.insert(other, Reaction(Rc::new(reaction)));
    let call = Call { from, to: MODULE, data, value: U256::ZERO, gas: 1, is_static };

    assert_eq!(module.chain.call(&call).is_ok(), !is_static);
    let [is_static] = seen.take()[..] else { panic!("asked once") };
    is_static
}
