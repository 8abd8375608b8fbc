//! Calls of the module: one encoding each.

use alloy_primitives::{B256, U256};
use alloy_sol_types::SolCall;
use smart_session_core::abi::ISmartSession;
use smart_session_core::abi::ISmartSession::ISmartSessionErrors as E;
use testbed::{GameSession, SmartAccount};

use super::{CAROL, install, revoke, revoke_all, uninstall};
use crate::setup::{Setup, module_error};

#[test]
fn a_call_with_something_appended_is_refused() {
    let setup = Setup::new();
    // What ERC-2771 forwarders and account fallbacks do: 20 bytes of the original sender.
    let session = setup.game.session.pack().unwrap().into();
    let enable = ISmartSession::enable_0Call { session }.abi_encode();
    let all = revoke_all(B256::repeat_byte(1));
    for mut data in [install(&[1, 0, 0]), uninstall(&[]), revoke(B256::ZERO), enable, all] {
        data.extend([0xaa; 20]);
        let outcome = setup.call_module(setup.alice.address(), data);
        assert!(matches!(module_error(&outcome), E::MalformedCall(_)));
    }
}

#[test]
fn a_call_whose_padding_is_somebodys_address_is_refused() {
    let setup = Setup::new();
    // 12 bytes and 20 of a sender are a whole word: the suffix stands where padding should.
    for encoded in [install(&[1, 9, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0]), uninstall(&[0; 12])] {
        assert_eq!(encoded.len(), 4 + 3 * 32);
        let mut data = encoded[..4 + 2 * 32 + 12].to_vec();
        data.extend([0xaa; 20]);

        let outcome = setup.call_module(CAROL, data);

        assert!(matches!(module_error(&outcome), E::MalformedCall(_)));
    }
    let mut game = setup.game.clone();
    let padded = |game: &GameSession| game.session.pack().unwrap().len() % 32 == 12;
    let mut salt = 1_u64;
    while !padded(&game) {
        game.session.permissions[0].value_limit =
            (game.session.permissions[0].value_limit << 8_usize) + U256::from(1);
        salt += 1;
        assert!(salt < 40, "some width fits");
    }
    let session = game.session.pack().unwrap();
    let len = session.len();
    let mut data = ISmartSession::enable_0Call { session: session.into() }.abi_encode();
    data.truncate(4 + 2 * 32 + len);
    data.extend([0xaa; 20]);
    let outcome = setup.call_module(setup.alice.address(), data);
    assert!(matches!(module_error(&outcome), E::MalformedCall(_)));
}

#[test]
fn an_unknown_function_is_named() {
    let setup = Setup::new();

    let outcome = setup.call_module(CAROL, vec![1, 2, 3, 4]);
    assert!(matches!(module_error(&outcome), E::UnknownFunction(e) if e.selector == [1, 2, 3, 4]));
    assert!(matches!(module_error(&setup.call_module(CAROL, vec![1, 2, 3])), E::MalformedCall(_)));
    assert!(matches!(module_error(&setup.call_module(CAROL, vec![])), E::MalformedCall(_)));
}
