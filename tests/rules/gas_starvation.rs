//! Too little gas: it is told as such, or breaks the call off, and never looks like a signature
//! that does not hold. Whoever estimates or bundles chooses the gas.

use std::collections::BTreeMap;

use alloy_primitives::{Address, Bytes};
use alloy_sol_types::{SolCall, SolStruct};
use smart_session_client::{OperationDraft, domain, error_name};
use smart_session_core::abi::{ISmartSession, RevokeSession};
use smart_session_core::packed::DelegateKind;
use stylus_devchain::{Status, Transaction};
use testbed::abi::{IValidator, PackedUserOperation};
use testbed::{GameSession, SmartAccount};

use super::keys::{Key, sign};
use crate::setup::Setup;

/// How calls of the module ended, and how often.
type Tally = BTreeMap<&'static str, u32>;

/// Calls the module as Alice's account with every gas limit from 40,000 below the least that
/// suffices, in steps.
fn starve(setup: &Setup, from: Address, data: &Bytes) -> Tally {
    let call = |gas: u64| {
        let call = Transaction::new(from, setup.bed.module).with_data(data.clone());
        setup.bed.chain.call(call.with_gas_limit(gas)).unwrap()
    };
    let said = |gas: u64| {
        let outcome = call(gas);
        match outcome.status {
            Status::Success if outcome.output.last().is_some_and(|byte| *byte == 1) => {
                "signature failed"
            }
            Status::Success => "valid",
            Status::Revert => error_name(&outcome.output).unwrap_or("no error of the module"),
            Status::Halt(_) => "out of gas",
        }
    };
    let (mut too_little, mut enough) = (call(5_000_000).intrinsic_gas, 5_000_000);
    while enough - too_little > 1 {
        let middle = too_little.midpoint(enough);
        if said(middle) == "valid" { enough = middle } else { too_little = middle }
    }
    let least = enough.saturating_sub(40_000).max(call(5_000_000).intrinsic_gas);
    let mut tally = Tally::new();
    for gas in (least..enough + 500).step_by(97) {
        *tally.entry(said(gas)).or_default() += 1;
    }
    tally
}

fn validation(setup: &Setup, op: PackedUserOperation) -> Bytes {
    let hash = setup.bed.entry_point.user_op_hash(&setup.bed.chain, &op).unwrap();
    IValidator::validateUserOpCall { userOp: op, userOpHash: hash }.abi_encode().into()
}

/// Returns a setup with a session of a kind of key in force.
fn enabled(kind: DelegateKind, key: &Key) -> Setup {
    let mut setup = Setup::new();
    setup.game = GameSession::with(&setup.bed, &setup.alice, |session| {
        if kind != DelegateKind::Secp256k1 {
            session.delegate_kind = kind;
            session.delegate = key.address();
        }
    })
    .unwrap();
    let session = setup.game.session.pack().unwrap().into();
    let enable = ISmartSession::enable_0Call { session }.abi_encode();
    assert!(setup.send_module(setup.alice.address(), enable).is_success());
    setup
}

/// Returns an operation of one move, signed by the delegate of a kind.
fn signed(
    setup: &Setup,
    draft: &OperationDraft,
    kind: DelegateKind,
    key: &Key,
) -> PackedUserOperation {
    if kind == DelegateKind::Secp256k1 {
        return setup.move_op(draft);
    }
    super::keys::op(setup, draft, |digest| sign(kind, key, digest))
}

const KINDS: [DelegateKind; 3] =
    [DelegateKind::Secp256k1, DelegateKind::P256, DelegateKind::WebAuthn];

#[test]
fn a_delegates_signature_that_cannot_be_checked_for_want_of_gas_is_told() {
    let key = Key::new("device");
    for kind in KINDS {
        let setup = enabled(kind, &key);
        let op = signed(&setup, &setup.game.using(1).unwrap(), kind, &key);

        let tally = starve(&setup, setup.alice.address(), &validation(&setup, op));

        let ends: Vec<&str> = tally.keys().copied().collect();
        assert_eq!(ends, ["SignatureCheckFailed", "out of gas", "valid"], "{kind:?}: {tally:?}");
    }
}

#[test]
fn an_owners_signature_that_cannot_be_checked_for_want_of_gas_is_told() {
    let setup = Setup::new();
    let op = setup.move_op(&setup.game.enabling(1).unwrap());

    let tally = starve(&setup, setup.alice.address(), &validation(&setup, op));

    assert!(tally.contains_key("OwnerCheckFailed"), "{tally:?}");
    assert!(!tally.contains_key("signature failed"), "{tally:?}");
}

#[test]
fn a_delegate_that_gives_its_session_up_with_too_little_gas_is_told_so() {
    let key = Key::new("device");
    let setup = enabled(DelegateKind::P256, &key);
    let (account, session_id) = (setup.alice.address(), setup.game.session.id());
    let revocation = RevokeSession { account, sessionId: session_id };
    let digest = revocation.eip712_signing_hash(&domain(setup.bed.module));
    let revoke = ISmartSession::revoke_1Call {
        account,
        session: setup.game.session.pack().unwrap().into(),
        signature: sign(DelegateKind::P256, &key, digest).into(),
    };

    let tally = starve(&setup, Address::repeat_byte(9), &revoke.abi_encode().into());

    assert!(tally.contains_key("SignatureCheckFailed"), "{tally:?}");
    assert!(!tally.contains_key("NotDelegate"), "{tally:?}");
}

/// The EntryPoint gives validation what the operation's signed limit says, no more.
#[test]
fn an_operation_with_too_low_a_limit_is_never_told_to_be_badly_signed() {
    let setup = Setup::enabled();
    let draft = setup.game.using(1).unwrap();
    let mut ends = Tally::new();
    for limit in (20_000_u128..60_000).step_by(397) {
        let op = setup.op_with_verification_gas(&draft, limit);
        let bed = &setup.bed;
        let outcome = bed.entry_point.try_op(&bed.chain, bed.module, op).unwrap();
        let summary = outcome.verdict.summary();
        assert_ne!(summary, "refused: AA24", "{limit}");
        let end = match summary.as_str() {
            "executed" => "executed",
            summary if summary.starts_with("refused: AA23") => "AA23",
            summary if summary.starts_with("refused: AA26") => "AA26",
            other => panic!("{limit}: {other}"),
        };
        *ends.entry(end).or_default() += 1;
    }
    assert!(ends.contains_key("executed") && ends.contains_key("AA23"), "{ends:?}");
}
