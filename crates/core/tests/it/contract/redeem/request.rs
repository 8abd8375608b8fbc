//! Who redeems, and what a request looks like.

use alloy_primitives::{Address, B256, U256};
use alloy_sol_types::SolCall;
use session_model::Session;
use smart_session_core::abi::ISmartSession as Abi;

use super::{in_force, one, redeem, send};
use crate::contract::{ACCOUNT, ANYONE, OWNER, enabled, kept};
use crate::refused::{operation, session};

#[test]
fn the_delegate_redeems_and_nothing_comes_back() {
    let module = enabled(2);
    let data = redeem(&[(&session(), &operation())]).abi_encode();

    assert_eq!(module.chain.send(session().delegate, &data), Ok(vec![]));

    assert_eq!(kept(&module), (1, 1, 0, 0));
    assert_eq!(crate::contract::next_order(&module), 0, "it is no order");
    assert_eq!(module.chain.world.ran.borrow()[0].0, ACCOUNT);
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
