//! `validateUserOp`: the order of things, the verdict, and what validation may not do.

use alloy_primitives::{Address, U256};
use alloy_sol_types::SolCall;
use session_model::session::{UNCOUNTED_CALLS, UNCOUNTED_FEES};
use session_model::strategy::SPONSOR;
use session_model::{Operation, Session};
use smart_session::host::off_chain::{Call, Hostio};
use smart_session_core::abi::ISmartSession as Abi;

use super::{ACCOUNT, ANYONE, MODULE, OWNER, enabled, enabling, kept, module, nothing, operate};
use crate::module::{error, validate_user_op, whole};
use crate::refused::{operation, session};

#[test]
fn the_account_asks_about_its_own_operations_only() {
    let module = enabled(1);
    let call = operate(&session(), &operation(), OWNER, session().delegate);
    let refused = module.chain.send(ANYONE, &call).map_err(|data| error(&data));
    assert_eq!(refused, Err("SenderNotCaller".into()));
}

#[test]
fn the_answer_is_the_window_and_whether_the_delegate_signed() {
    for (signer, authorizer) in [(session().delegate, 0), (ANYONE, 1), (OWNER, 1)] {
        let module = enabled(1);
        let call = operate(&session(), &operation(), OWNER, signer);
        let answer = module.chain.send(ACCOUNT, &call).unwrap();

        let window = (U256::from(1_000) << 208_usize) | (U256::from(10_000) << 160_usize);
        let expected: U256 = window | U256::from(authorizer);
        assert_eq!(answer, expected.to_be_bytes::<32>());
        assert_eq!(kept(&module), (1, 1, 3, 0), "counted whoever signed");
    }
}

#[test]
fn what_is_wrong_otherwise_is_told_before_any_signature_is_looked_at() {
    let module = enabled(1);
    module.chain.take_hostios();
    let mut dear = operation();
    dear.gas.max_fee = 1_000;
    let call = operate(&session(), &dear, OWNER, ANYONE);
    let refused = module.chain.send(ACCOUNT, &call).map_err(|data| error(&data));
    assert_eq!(refused, Err("FeeOverLimit".into()));
    let asked = |hostio: &Hostio| matches!(hostio, Hostio::StaticCall(..));
    assert!(!module.chain.take_hostios().iter().any(asked));
    assert_eq!(kept(&module).1, 0);
}

#[test]
fn validation_reads_no_clock_and_no_block_and_calls_statically() {
    for (module, operation) in [(enabled(1), operation()), (module(1), enabling())] {
        module.chain.take_hostios();
        let call = operate(&session(), &operation, OWNER, session().delegate);
        module.chain.send(ACCOUNT, &call).unwrap();
        for hostio in module.chain.take_hostios() {
            let is_banned = matches!(hostio, Hostio::Clock | Hostio::Block | Hostio::Call(_));
            assert!(!is_banned, "{hostio:?}");
        }
    }
}

#[test]
fn one_word_is_read_for_the_account_and_one_for_the_session() {
    let module = enabled(1);
    module.chain.take_hostios();
    let call = operate(&session(), &operation(), OWNER, session().delegate);
    module.chain.send(ACCOUNT, &call).unwrap();
    let hostios = module.chain.take_hostios();
    let count = |wanted: fn(&Hostio) -> bool| hostios.iter().filter(|it| wanted(it)).count();
    assert_eq!(count(|hostio| matches!(hostio, Hostio::Load(_))), 2);
    assert_eq!(count(|hostio| matches!(hostio, Hostio::Write(_))), 1);
}

#[test]
fn a_session_without_counters_writes_nothing() {
    let uncounted = Session {
        max_calls: UNCOUNTED_CALLS,
        fee_limit: UNCOUNTED_FEES,
        paymaster: SPONSOR,
        ..session()
    };
    let sponsored = Operation {
        paymaster_and_data: [SPONSOR.as_slice(), &[0; 32]].concat().into(),
        hidden: nothing(),
        ..operation()
    };
    let module = module(1);
    module.send(ACCOUNT, &Abi::enable_0Call { session: whole(&uncounted) }).unwrap();
    module.chain.take_hostios();
    let call = operate(&uncounted, &sponsored, OWNER, uncounted.delegate);
    let answer = module.chain.send(ACCOUNT, &call).unwrap();
    assert_eq!(answer[31], 0);
    let written = |hostio: &Hostio| matches!(hostio, Hostio::Write(_));
    assert!(!module.chain.take_hostios().iter().any(written));
}

#[test]
fn nothing_is_changed_in_a_static_call() {
    let module = enabled(1);
    let data = operate(&session(), &operation(), OWNER, session().delegate);
    let revoke = Abi::revoke_0Call { sessionId: super::id() }.abi_encode();
    for data in [data, revoke] {
        let call = Call {
            from: ACCOUNT,
            to: MODULE,
            data: &data,
            value: U256::ZERO,
            gas: 1,
            is_static: true,
        };
        assert_eq!(module.chain.call(&call), Err(vec![]));
        assert_eq!(kept(&module), (1, 0, 0, 0));
    }
}

#[test]
fn value_and_unknown_functions_are_refused() {
    let module = enabled(1);
    let data = Abi::revoke_0Call { sessionId: super::id() }.abi_encode();
    let call = |data: &[u8], value: u64| {
        let (value, gas, is_static) = (U256::from(value), 1, false);
        let call = Call { from: ACCOUNT, to: MODULE, data, value, gas, is_static };
        module.chain.call(&call).map_err(|data| error(&data))
    };
    assert_eq!(call(&data, 1), Err("NotPayable".into()));
    assert_eq!(call(&[1, 2, 3, 4], 0), Err("UnknownFunction".into()));
    for length in 0..4 {
        assert_eq!(call(&data[..length], 0), Err("MalformedCall".into()), "{length}");
    }
    assert_eq!(kept(&module).0, 1);
}

#[test]
fn an_operation_cut_off_is_no_call() {
    let module = enabled(1);
    let good = validate_user_op(ACCOUNT, &operation(), vec![], vec![]);
    for length in (4..good.len()).step_by(32) {
        let refused = module.chain.send(ACCOUNT, &good[..length]).map_err(|data| error(&data));
        assert_eq!(refused, Err("MalformedCall".into()), "{length}");
    }
    let refused = module.chain.send(Address::ZERO, &good).map_err(|data| error(&data));
    assert_eq!(refused, Err("SenderNotCaller".into()));
}
