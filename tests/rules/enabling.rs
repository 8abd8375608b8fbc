//! Enabling: how a session comes into force.

use alloy_primitives::Bytes;
use alloy_sol_types::{SolCall, SolEvent, SolStruct, eip712_domain};
use smart_session_core::abi;
use smart_session_core::abi::ISmartSession;
use smart_session_core::abi::ISmartSession::ISmartSessionErrors as E;
use smart_session_core::session::SigningScope;
use testbed::SmartAccount;
use testbed::test_bed::ether;

use super::{CAROL, balance, enable_with};
use crate::setup::{Setup, module_error};

#[test]
fn the_first_operation_enables_and_moves() {
    let mut setup = Setup::new();
    assert_eq!(setup.state(), (0, 0));

    let op = setup.enable_and_move();

    assert_eq!(op.verdict.summary(), "executed");
    assert_eq!(setup.state(), (1, 1));
    assert_eq!(balance(&setup), ether(10));
}

#[test]
fn the_session_id_is_that_of_an_independent_eip_712() {
    let mut setup = Setup::new();
    let op = setup.enable_and_move();
    let log = op.outcome.logs.iter().find(|log| log.address == setup.bed.module).unwrap();
    let event = ISmartSession::SessionEnabled::decode_log(log).unwrap();

    // alloy's SolStruct, from the declared struct.
    assert_eq!(event.sessionId, setup.game.session.to_abi().eip712_hash_struct());
    assert_eq!(event.account, setup.alice.address());
    assert_eq!(event.delegate, setup.game.delegate.address());
    assert_eq!(event.session.to_vec(), setup.game.session.pack().unwrap());
}

#[test]
fn what_the_owner_signs_is_the_session_as_typed_data() {
    let setup = Setup::new();
    let domain = eip712_domain! {
        name: "Smart Session", version: "1", verifying_contract: setup.bed.module,
    };

    let digest = setup.game.session.to_abi().eip712_signing_hash(&domain);

    assert_eq!(setup.alice.owner_signature(digest).unwrap(), setup.game.owner_signature);
}

#[test]
fn a_second_enable_is_a_use() {
    let mut setup = Setup::enabled();

    let op = setup.enable_and_move();

    assert_eq!(op.verdict.summary(), "executed");
    assert_eq!(setup.state(), (1, 2));
    let module = setup.bed.module;
    assert!(crate::setup::topics(&op.outcome, module).is_empty(), "no second event");
}

#[test]
fn a_second_enable_asks_no_owner() {
    let mut setup = Setup::enabled();
    setup.game.owner_signature = Bytes::from(vec![0; 85]);

    assert_eq!(setup.enable_and_move().verdict.summary(), "executed");
}

#[test]
fn a_wrong_owner_signature_is_a_failed_signature_and_enables_nothing() {
    let mut setup = Setup::new();
    let digest = smart_session_client::session_digest(setup.bed.module, &setup.game.session);
    setup.game.owner_signature = setup.alice.owner_signature(digest).unwrap();
    let mut wrong = setup.game.owner_signature.to_vec();
    wrong[40] ^= 1;
    setup.game.owner_signature = wrong.into();

    let outcome = setup.validate(setup.move_op(&setup.game.enabling(1).unwrap()));
    assert!(outcome.is_success(), "not a revert");
    assert_eq!(outcome.output[31], 1, "SIG_VALIDATION_FAILED");
    assert!(crate::setup::topics(&outcome, setup.bed.module).is_empty());

    assert_eq!(setup.enable_and_move().verdict.summary(), "refused: AA24");
    assert_eq!(setup.state(), (0, 0));
}

#[test]
fn status_stays_unknown_where_the_account_ignores_the_verdict() {
    let mut setup = Setup::new();
    let mut wrong = setup.game.owner_signature.to_vec();
    wrong[40] ^= 1;
    setup.game.owner_signature = wrong.into();
    let op = setup.move_op(&setup.game.enabling(1).unwrap());
    let call = testbed::abi::IValidator::validateUserOpCall {
        userOpHash: setup.bed.entry_point.user_op_hash(&setup.bed.chain, &op).unwrap(),
        userOp: op,
    };
    let data = alloy_sol_types::SolCall::abi_encode(&call);

    // As an account would that calls the module outside the EntryPoint.
    let outcome = setup.send_module(setup.alice.address(), data);

    assert!(outcome.is_success());
    assert_eq!(setup.state(), (0, 1), "the counter moved, the status did not");
}

#[test]
fn a_signature_off_the_enable_route_is_refused() {
    let mut setup = Setup::new();
    let mut signature = setup.game.owner_signature.to_vec();
    signature[0] ^= 1;
    setup.game.owner_signature = signature.into();

    assert_eq!(setup.enable_and_move().verdict.summary(), "refused: AA23 WrongRoute");
}

#[test]
fn a_session_that_may_sign_is_enabled_like_any_other() {
    assert_eq!(
        enable_with(|session| {
            session.signing = vec![SigningScope {
                domain_separator: [1; 32].into(),
                type_hash: [2; 32].into(),
                rules: vec![],
            }];
        }),
        "executed"
    );
}

#[test]
fn the_account_enables_a_session_by_its_own_call() {
    let mut setup = Setup::new();
    let session = setup.game.session.pack().unwrap();
    let enable = ISmartSession::enable_0Call { session: session.into() }.abi_encode();

    let op = setup.owner_calls_module(enable.clone());

    assert_eq!(op.verdict.summary(), "executed");
    assert_eq!(crate::setup::topics(&op.outcome, setup.bed.module).len(), 1);
    assert_eq!(setup.a_move().verdict.summary(), "executed");
    let op = setup.owner_calls_module(enable);
    assert!(crate::setup::topics(&op.outcome, setup.bed.module).is_empty(), "idempotent");
    assert_eq!(setup.state(), (1, 1), "and nothing is counted anew");
}

#[test]
fn a_revoked_session_is_not_enabled_again_by_the_account() {
    let mut setup = Setup::enabled();
    let session_id = setup.game.session.id();
    setup.owner_calls_module(ISmartSession::revoke_0Call { sessionId: session_id }.abi_encode());
    let session = setup.game.session.pack().unwrap();
    let enable = ISmartSession::enable_0Call { session: session.into() }.abi_encode();

    let outcome = setup.call_module(setup.alice.address(), enable);

    assert_eq!(smart_session_client::error_name(&outcome.output), Some("SessionRevokedForEver"));
}

#[test]
fn the_typed_data_names_every_field() {
    assert_eq!(
        abi::Session::eip712_encode_type(),
        "Session(address account,Chain[] chains,address delegate,uint8 delegateKind,\
         uint48 validAfter,uint48 validUntil,uint32 maxCalls,uint96 feeLimit,address paymaster,\
         Permission[] permissions,Budget[] budgets,SigningScope[] signing,uint64 salt)\
         ArgumentRule(uint8 index,uint256 min,uint256 max)\
         Budget(address token,uint128 amount,uint32 period)\
         Chain(uint256 chainId,uint64 epoch)\
         Permission(address target,bytes4 selector,uint256 valueLimit,ArgumentRule[] rules)\
         SigningScope(bytes32 domainSeparator,bytes32 typeHash,ArgumentRule[] rules)"
    );
}

#[test]
fn a_module_that_is_not_installed_enables_nothing() {
    let setup = Setup::new();
    let session = setup.game.session.pack().unwrap();
    let enable = ISmartSession::enable_0Call { session: session.into() }.abi_encode();

    assert!(matches!(module_error(&setup.call_module(CAROL, enable)), E::NotInstalled(_)));
}
