//! Cases 65, 66, 83, 86, 87 and 95: accounts that answer the module's question in odd ways.

use alloy_primitives::{Address, B256, Bytes, hex};
use alloy_sol_types::{SolCall, SolValue};
use smart_session_core::abi::ISmartSession;
use stylus_devchain::{Outcome, Transaction};
use testbed::abi::IValidator;
use testbed::entry_point::two_u128;

use super::{module_call, said};
use crate::setup::Setup;

const FAKE: Address = Address::repeat_byte(0xfa);

/// An account of one's own code has installed the module, and asks about the setup's session.
fn asked_by(code: &[u8], route: &[u8]) -> (Setup, Outcome) {
    let mut setup = Setup::new();
    setup.bed.chain.set_code(FAKE, code.to_vec());
    let install = [&[1, u8::try_from(route.len()).unwrap()], route, &[0]].concat();
    let data = module_call("onInstall(bytes)", &(Bytes::from(install),).abi_encode_params());
    assert!(setup.send_module(FAKE, data).is_success());
    setup.game.session.account = FAKE;
    let draft = setup.game.enabling(1).unwrap();
    let mut op = setup.move_op(&draft);
    op.sender = FAKE;
    op.accountGasLimits = two_u128(400_000, 600_000);
    let hash = B256::repeat_byte(7);
    let digest = draft.digest(setup.bed.module, hash);
    op.signature = draft.sealed(&setup.game.delegate.sign(digest).unwrap());
    let call = IValidator::validateUserOpCall { userOp: op, userOpHash: hash };
    let transaction = Transaction::new(FAKE, setup.bed.module)
        .with_data(call.abi_encode())
        .with_gas_limit(5_000_000);
    let outcome = setup.bed.chain.transact(transaction).unwrap();
    (setup, outcome)
}

fn status(setup: &Setup) -> u8 {
    let session_id = setup.game.session.id();
    setup.ask(&ISmartSession::sessionStateCall { account: FAKE, sessionId: session_id }).status
}

/// Returns the ERC-1271 magic value, padded to a word.
const YES: &[u8] = &hex!("631626ba7e60e01b5f5260205ff3");

#[test]
fn the_answer_to_erc_1271_is_the_magic_value_and_nothing_like_it() {
    let (setup, outcome) = asked_by(YES, &[]);
    assert_eq!((said(&outcome), status(&setup)), ("valid", 1));
    for (what, code) in [
        ("one", &hex!("60015f5260205ff3")[..]),
        ("the magic value, right-aligned", &hex!("631626ba7e5f5260205ff3")),
        ("the magic value, one bit off", &hex!("631626ba7f60e01b5f5260205ff3")),
        ("ERC-1271's no", &hex!("63ffffffff60e01b5f5260205ff3")),
        ("nothing", &hex!("00")),
        ("no code at all", &[]),
    ] {
        let (setup, outcome) = asked_by(code, &[]);
        assert_eq!((said(&outcome), status(&setup)), ("signature failed", 0), "{what}");
    }
}

#[test]
fn an_answer_of_a_megabyte_is_not_copied() {
    // return(0, 2^20), of zeros.
    let (setup, outcome) = asked_by(&hex!("621000005ff3"), &[]);
    assert_eq!(status(&setup), 0);
    assert!(
        matches!(said(&outcome), "signature failed" | "OwnerCheckFailed"),
        "{}",
        said(&outcome)
    );
    assert!(outcome.gas_used < 3_000_000, "{}", outcome.gas_used);
}

#[test]
fn an_account_whose_check_fails_is_no_bad_signature() {
    for (what, code) in [
        ("it reverts", &hex!("5f5ffd")[..]),
        ("it is invalid", &hex!("fe")),
        ("it uses up its gas", &hex!("5b5f56")),
        ("it writes, in a staticcall", &hex!("60015f55")),
    ] {
        let (setup, outcome) = asked_by(code, &[]);
        assert_eq!((said(&outcome), status(&setup)), ("OwnerCheckFailed", 0), "{what}");
    }
}

/// The owner check is a staticcall, so nothing that it reaches can enable, revoke or spend.
#[test]
fn an_account_that_calls_back_into_the_module_changes_nothing() {
    let module = Setup::new().bed.module;
    // revokeAll(bytes32) of the module, with zeros for a salt, whatever comes of it, then the magic value.
    let mut code = hex!("63").to_vec();
    code.extend(&alloy_primitives::keccak256("revokeAll(bytes32)")[..4]);
    code.extend(hex!("60e01b5f525f5f60245f5f73"));
    code.extend(module);
    code.extend(hex!("620186a0f150"));
    code.extend(YES);
    let (setup, outcome) = asked_by(&code, &[]);

    assert_eq!((said(&outcome), status(&setup)), ("valid", 1));
    assert_eq!(setup.ask(&ISmartSession::epochCall { account: FAKE }), 0);
}

#[test]
fn an_account_that_says_yes_to_everything_is_still_asked_by_its_route() {
    let route = [0xaa; 20];
    let (setup, outcome) = asked_by(YES, &route);
    assert_eq!((said(&outcome), status(&setup)), ("WrongRoute", 0));
    assert!(outcome.frames_to(FAKE).next().is_none(), "it is not even asked");
}

#[test]
fn the_gas_of_the_owner_check_is_half_of_the_verification_gas() {
    let (_, outcome) = asked_by(YES, &[]);
    let frame = outcome.frames_to(FAKE).next().unwrap();

    assert_eq!(frame.gas_limit, 200_000);
}
