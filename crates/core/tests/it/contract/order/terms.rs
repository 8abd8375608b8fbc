//! What an order says beside the call: nonce, deadline, relayer and gas.

use alloy_primitives::{Address, B256};
use session_model::strategy::SPONSOR;
use session_model::{Session, eip712};
use smart_session::host::off_chain::Hostio;
use smart_session_core::abi::ISmartSession as Abi;
use smart_session_core::state::Status;
use smart_session_core::{OffChain, state, word};

use super::{TERMS, Terms, bring, change, order};
use crate::contract::{ACCOUNT, ANYONE, OWNER, enabled, execute_call, kept, next_order, operate};
use crate::module::{Module, whole};
use crate::refused::{operation, session};

fn at_nonce(module: &mut Module, nonce: u32) {
    let id = eip712::session_id(&session());
    let mut kept = module.session(ACCOUNT, id);
    kept.set_order_nonce(nonce);
    let slot = state::session_slot(&OffChain::default(), &word::from_address(ACCOUNT), &id.0);
    module.chain.set_word(slot, kept.0);
}

#[test]
fn orders_run_in_sequence_and_no_other_way_moves_the_nonce() {
    let module = enabled(3);
    let nth = |nonce: u32| Terms { nonce, ..TERMS };
    assert!(bring(&module, &operation(), &nth(0)).is_ok());
    for nonce in [0, 2] {
        assert_eq!(bring(&module, &operation(), &nth(nonce)), Err("WrongOrderNonce".into()));
    }
    let direct = execute_call(&session(), &operation(), OWNER);
    module.send(session().delegate, &direct).unwrap();
    let op = operate(&session(), &operation(), OWNER, session().delegate);
    assert_eq!(module.chain.send(ACCOUNT, &op).unwrap()[31], 0);
    assert_eq!(next_order(&module), 1);
    assert!(bring(&module, &operation(), &nth(1)).is_ok());

    // Each session counts its own.
    let other = Session { salt: 2, ..session() };
    module.send(ACCOUNT, &Abi::enable_0Call { session: whole(&other) }).unwrap();
    assert!(module.send(ANYONE, &order(&other, &operation(), &nth(0))).is_ok());
    assert_eq!(next_order(&module), 2);
}

#[test]
fn the_last_nonce_is_never_used() {
    let mut module = enabled(2);
    let end = (1 << 24) - 1;
    at_nonce(&mut module, end - 1);
    let last = Terms { nonce: end - 1, ..TERMS };
    assert!(bring(&module, &operation(), &last).is_ok());
    assert_eq!(next_order(&module), end);

    for nonce in [0, end - 1, end] {
        let refused = bring(&module, &operation(), &Terms { nonce, ..TERMS });
        assert_eq!(refused, Err("OrdersUsedUp".into()), "{nonce}");
    }
    let direct = execute_call(&session(), &operation(), OWNER);
    assert!(module.send(session().delegate, &direct).is_ok(), "the session goes on");
    assert_eq!(kept(&module), (1, 2, 0, 0), "the nonce runs into nothing");
}

#[test]
fn an_order_lives_until_its_deadline_within_the_window() {
    let at = |timestamp: u64, deadline: u64| {
        let mut module = enabled(2);
        module.chain.timestamp = timestamp;
        bring(&module, &operation(), &Terms { deadline, ..TERMS }).map(|_| ())
    };
    assert_eq!(at(6_000, 6_000), Ok(()));
    assert_eq!(at(6_001, 6_000), Err("DeadlinePassed".into()));
    let late = (1 << 48) - 1;
    assert_eq!(at(999, late), Err("OutsideWindow".into()));
    assert_eq!(at(1_000, late), Ok(()));
    assert_eq!(at(10_000, late), Ok(()));
    assert_eq!(at(10_001, late), Err("OutsideWindow".into()));
}

#[test]
fn the_relayer_that_is_named_brings_it_and_nobody_else() {
    let module = enabled(2);
    let named = Terms { relayer: SPONSOR, gas: 0, ..TERMS };
    let call = order(&session(), &operation(), &named);
    for caller in [ANYONE, OWNER, ACCOUNT, session().delegate, Address::ZERO] {
        assert_eq!(module.send(caller, &call), Err("WrongRelayer".into()), "{caller}");
    }
    assert!(module.send(SPONSOR, &call).is_ok());

    let unbound = Terms { nonce: 1, gas: 0, ..TERMS };
    assert_eq!(bring(&module, &operation(), &unbound), Err("NoMinimumGas".into()));
}

/// EIP-150: a call gets at most what is left less a 64th of it.
#[test]
fn the_call_gets_at_least_the_gas_that_is_ordered() {
    let data = order(&session(), &operation(), &TERMS).executionCalldata.len();
    // Selector, mode, offset, length, and the padded calldata.
    let calldata = 4 + 3 * 32 + data.next_multiple_of(32);
    let least = 101_588 + 6_000 + u64::try_from(calldata / 32).unwrap();
    for (left, is_enough) in [(0, false), (least - 1, false), (least, true), (least + 1, true)] {
        let mut module = enabled(2);
        module.chain.gas_left = left;
        let got = bring(&module, &operation(), &TERMS).map(|_| ());
        let expected = if is_enough { Ok(()) } else { Err("TooLittleGas".into()) };
        assert_eq!(got, expected, "{left}");
        assert_eq!(next_order(&module), u32::from(is_enough), "nothing is spent");
    }
    // Whoever is trusted with the gas needs none but the reserve.
    let trusted = Terms { gas: 0, relayer: ANYONE, ..TERMS };
    let mut module = enabled(2);
    module.chain.gas_left = 6_000 + u64::try_from(calldata / 32).unwrap() - 1;
    assert_eq!(bring(&module, &operation(), &trusted), Err("TooLittleGas".into()));
    module.chain.gas_left += 1;
    assert!(bring(&module, &operation(), &trusted).is_ok());
}

#[test]
fn gas_is_looked_at_last_and_only_for_orders() {
    let module = enabled(2);
    module.chain.take_hostios();
    bring(&module, &operation(), &TERMS).unwrap();
    let hostios = module.chain.take_hostios();
    let write = hostios.iter().position(|it| matches!(it, Hostio::Write(_))).unwrap();
    let [.., gas, ran] = hostios[..] else { panic!("{hostios:?}") };
    assert_eq!((gas, ran), (Hostio::GasLeft, Hostio::Call(ACCOUNT)));
    assert_eq!(write, hostios.len() - 3, "{hostios:?}");

    let direct = execute_call(&session(), &operation(), OWNER);
    module.send(session().delegate, &direct).unwrap();
    assert!(!module.chain.take_hostios().contains(&Hostio::GasLeft));
    let mut poor = module.clone();
    poor.chain.gas_left = 0;
    assert!(poor.send(session().delegate, &direct).is_ok());
}

/// Each of these is refused by a rule that comes before the next one's.
#[test]
fn an_order_is_checked_from_the_call_to_the_gas() {
    type Break = fn(&mut Module, &mut Abi::executeForCall);
    let breaks: [(&str, Break); 12] = [
        ("UnsupportedExecutionMode", |_, call| call.mode = B256::repeat_byte(1)),
        ("UnknownMode", |_, call| {
            call.session = [&[9], &call.session[1..]].concat().into();
        }),
        ("MalformedOrder", |_, call| call.order = vec![0; 32].into()),
        ("MalformedDelegateSignature", |_, call| {
            call.order = [&call.order[..], &[0]].concat().into();
        }),
        ("WrongRelayer", |_, call| change(call, |order| order[13] = 1)),
        ("DeadlinePassed", |_, call| change(call, |order| order[3..9].fill(0))),
        ("OutsideWindow", |module, _| module.chain.timestamp = 10_001),
        ("WrongOrderNonce", |_, call| change(call, |order| order[2] = 7)),
        ("SessionRevokedForEver", |module, _| {
            module.set_status(ACCOUNT, eip712::session_id(&session()), Status::Revoked);
        }),
        ("MalformedExecution", |_, call| call.executionCalldata = vec![0; 51].into()),
        ("NotDelegatesSignature", |_, call| change(call, |order| order[40] ^= 1)),
        ("TooLittleGas", |module, _| module.chain.gas_left = 0),
    ];
    for first in 0..breaks.len() {
        let mut module = enabled(2);
        let late = Terms { deadline: 20_000, ..TERMS };
        let mut call = order(&session(), &operation(), &late);
        // The last first: an order that is cut off has nothing left to change.
        for (_, break_it) in breaks[first..].iter().rev() {
            break_it(&mut module, &mut call);
        }
        assert_eq!(module.send(ANYONE, &call), Err(breaks[first].0.into()));
        assert_eq!(next_order(&module), 0);
    }
}
