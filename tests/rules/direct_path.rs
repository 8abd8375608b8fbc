//! The direct path: a delegate calls the module, which has the account make the calls.

use alloy_primitives::{Address, U256};
use alloy_sol_types::SolCall;
use smart_session_client::OperationDraft;
use smart_session_core::abi::ISmartSession;
use smart_session_core::abi::ISmartSession::ISmartSessionErrors as E;
use smart_session_core::session::{Budget, Disclosure, Permission};
use stylus_devchain::Transaction;
use testbed::abi::{IRelay, IValidator};
use testbed::account::packed;
use testbed::test_bed::ether;
use testbed::{Call, GameSession, SmartAccount};

use super::{direct_call, with_relay};
use crate::setup::{Setup, module_error};

fn install_as_executor() -> Vec<u8> {
    IValidator::onInstallCall { data: vec![2, 0, 0].into() }.abi_encode()
}

#[test]
fn calls_that_come_back_into_the_module_are_counted_like_any_other() {
    let (mut setup, relay) = with_relay();
    let delegate = relay;
    setup.game = GameSession::with(&setup.bed, &setup.alice, |session| {
        session.delegate = delegate;
        session.max_calls = 3;
        let of_game = session.permissions[0].clone();
        let of_relay = Permission {
            target: relay,
            selector: IRelay::relayCall::SELECTOR,
            value_limit: U256::ZERO,
            rules: vec![],
        };
        session.permissions = vec![of_game, of_relay];
        let token = smart_session_core::policy::budget::NATIVE;
        session.budgets = vec![Budget { token, amount: ether(25).to(), period: 0 }];
    })
    .unwrap();
    let module = setup.bed.module;
    let relayed = |data: Vec<u8>| IRelay::relayCall { to: module, data: data.into() }.abi_encode();
    let blob = |draft: OperationDraft| draft.sealed(&[]);
    let under = |setup: &Setup, index: u8| {
        OperationDraft::draft_use(&setup.game.session, &Disclosure::WHOLE, &[index]).unwrap()
    };
    setup.send_module(setup.alice.address(), {
        let session = setup.game.session.pack().unwrap().into();
        ISmartSession::enable_0Call { session }.abi_encode()
    });
    // From the outside in: the relay, the relay, a move; and once more within the second.
    let a_move = direct_call(&setup, blob(under(&setup, 0)), &setup.bed.a_move(1, 10));
    let second = direct_call(&setup, blob(under(&setup, 1)), &Call::new(relay, relayed(a_move)));
    let first = direct_call(&setup, blob(under(&setup, 1)), &Call::new(relay, relayed(second)));
    let call = Transaction::new(Address::repeat_byte(0x77), relay).with_data(relayed(first));

    let outcome = setup.bed.chain.transact(call.with_gas_limit(9_000_000)).unwrap();

    assert!(IRelay::relayCall::abi_decode_returns(&outcome.output).unwrap().success);
    assert_eq!(setup.state(), (1, 3), "three frames, three calls");
    let (account, session_id) = (setup.alice.address(), setup.game.session.id());
    let state = setup.ask(&ISmartSession::sessionStateCall { account, sessionId: session_id });
    assert_eq!(U256::from(state.nativeSpent), ether(10));
    let a_move = direct_call(&setup, blob(under(&setup, 0)), &setup.bed.a_move(1, 10));
    let call = Transaction::new(Address::repeat_byte(0x77), relay).with_data(relayed(a_move));
    let outcome = setup.bed.chain.transact(call.with_gas_limit(9_000_000)).unwrap();
    let told = IRelay::relayCall::abi_decode_returns(&outcome.output).unwrap();
    assert!(!told.success);
    assert_eq!(smart_session_client::error_name(&told.answer), Some("CallsOverLimit"));
}

/// Accounts of which only the answer to `executeFromExecutor` is there.
#[test]
fn an_account_that_did_not_run_every_call_is_told_apart() {
    let (setup, _) = with_relay();
    let fake = Address::repeat_byte(0xfa);
    let mut setup = setup;
    assert!(setup.send_module(fake, install_as_executor()).is_success());
    setup.game.session.account = fake;
    let session = setup.game.session.pack().unwrap().into();
    let enable = ISmartSession::enable_0Call { session }.abi_encode();
    assert!(setup.send_module(fake, enable).is_success());
    let delegate = setup.game.delegate.address();
    let blob = setup.game.using(1).unwrap().sealed(&[]);
    let data = ISmartSession::executeCall {
        account: fake,
        session: blob,
        mode: [0; 32].into(),
        executionCalldata: packed(&setup.bed.a_move(1, 0)).into(),
    }
    .abi_encode();
    let word = |number: u64| U256::from(number).to_be_bytes::<32>().to_vec();
    let words = |numbers: &[u64]| numbers.iter().flat_map(|number| word(*number)).collect();
    let answers: [(&str, Vec<u8>, bool); 9] = [
        ("nothing, as without code", vec![], false),
        ("one entry without bytes", words(&[0x20, 1, 0x20, 0]), true),
        ("one entry with a byte", words(&[0x20, 1, 0x20, 1, 0]), true),
        ("no entry", words(&[0x20, 0]), false),
        ("two entries", words(&[0x20, 2, 0x40, 0x60, 0, 0]), false),
        ("another offset", words(&[0x40, 1, 0x20, 0]), false),
        ("an entry elsewhere", words(&[0x20, 1, 0x40, 0, 0]), false),
        ("something behind it", words(&[0x20, 1, 0x20, 0, 0]), false),
        ("an entry cut off", words(&[0x20, 1, 0x20, 33, 0]), false),
    ];
    for (what, answer, is_taken) in answers {
        // Copies what follows these 12 bytes into the memory, and returns it.
        let size = u16::try_from(answer.len()).unwrap().to_be_bytes();
        let [high, low] = size;
        let code = [&[0x61, high, low, 0x80, 0x60, 12, 0x5f, 0x39, 0x5f, 0xf3, 0, 0], &answer[..]];
        setup.bed.chain.set_code(fake, code.concat());

        let outcome = setup.call_module(delegate, data.clone());

        if is_taken {
            assert_eq!(outcome.output, answer, "{what}");
            assert!(outcome.is_success(), "{what}");
        } else {
            assert!(matches!(module_error(&outcome), E::NothingExecuted(_)), "{what}");
        }
    }
}
