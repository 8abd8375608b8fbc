//! `userOp.signature`: what is in it, in which order, and nothing else.

use alloy_primitives::{B256, U256, keccak256};
use proptest::prelude::*;
use session_model::operation::Hidden;
use session_model::session::NATIVE;
use session_model::strategy::{self, GAME, PLACE};
use session_model::{Budget, Chain, Operation, Permission, Scope, Session, eip712, packed};
use smart_session_core::state::Status;

use crate::module::{Module, SIGNATURE, validate_user_op};
use crate::refused::{call, operation, session};

/// Asks about an operation with that signature field, under a session that is in force.
fn ask(session: &Session, operation: &Operation, signature: Vec<u8>) -> String {
    let mut module = Module::installed(PLACE.account);
    module.set_status(PLACE.account, eip712::session_id(session), Status::Enabled);
    let call_data = packed::call_data(&operation.executions);
    let call = validate_user_op(PLACE.account, operation, call_data, signature);
    module.ask_raw(&PLACE, &call).map_or_else(|error| error, |_| "ok".into())
}

/// The field in full, for an operation that uses or enables.
fn field(session: &Session, operation: &Operation) -> Vec<u8> {
    packed::signature(session, operation, &[9; 65], &SIGNATURE)
}

fn enabling() -> Operation {
    Operation { enables: true, ..operation() }
}

fn periodic() -> (Session, Operation) {
    let mut session = session();
    session.budgets = vec![Budget { token: NATIVE, amount: 100, period: 60 }];
    (session, Operation { claimed_time: Some(1_000), ..operation() })
}

#[test]
fn all_modes_but_use_and_enable_are_refused() {
    let good = field(&session(), &operation());
    for mode in 2..=255 {
        let mut bad = good.clone();
        bad[0] = mode;
        assert_eq!(ask(&session(), &operation(), bad), "UnknownMode", "{mode}");
    }
}

#[test]
fn a_field_cut_off_anywhere_is_refused() {
    let (periodic, timed) = periodic();
    for (session, operation) in
        [(session(), operation()), (session(), enabling()), (periodic, timed)]
    {
        let good = field(&session, &operation);
        assert_eq!(ask(&session, &operation, good.clone()), "ok");
        for length in 0..good.len() {
            let got = ask(&session, &operation, good[..length].to_vec());
            assert_ne!(got, "ok", "{length}");
        }
    }
}

#[test]
fn anything_appended_is_refused() {
    for operation in [operation(), enabling()] {
        for extra in [1, 32, 65] {
            let mut longer = field(&session(), &operation);
            longer.extend(vec![0; extra]);
            assert_eq!(ask(&session(), &operation, longer), "MalformedDelegateSignature");
        }
    }
}

#[test]
fn there_is_exactly_one_index_for_each_execution() {
    for indices in [vec![], vec![0, 0], vec![0, 0, 0]] {
        let wrong = Operation { indices: indices.clone(), ..operation() };
        let got = ask(&session(), &operation(), field(&session(), &wrong));
        assert_eq!(got, "MalformedDelegateSignature", "{indices:?}");
    }
    let two = Operation {
        executions: vec![call(GAME, "move(uint8)", &[1]), call(GAME, "move(uint8)", &[2])],
        indices: vec![0, 0],
        ..operation()
    };
    assert_eq!(ask(&session(), &two, field(&session(), &two)), "ok");
}

#[test]
fn a_claimed_time_is_there_exactly_where_a_budget_has_a_period() {
    let (session_with, timed) = periodic();
    let untimed = Operation { claimed_time: None, ..timed.clone() };
    assert_ne!(ask(&session_with, &untimed, field(&session_with, &untimed)), "ok");
    assert_eq!(ask(&session(), &timed, field(&session(), &timed)), "MalformedDelegateSignature");
}

#[test]
fn a_claimed_time_outside_the_session_is_refused_to_the_second() {
    let (session, timed) = periodic();
    let got = |time: u64| {
        let operation = Operation { claimed_time: Some(time), ..timed.clone() };
        ask(&session, &operation, field(&session, &operation))
    };
    for (time, expected) in [
        (0, "ClaimedTimeOutsideWindow"),
        (999, "ClaimedTimeOutsideWindow"),
        (1_000, "ok"),
        (10_000, "ok"),
        (10_001, "ClaimedTimeOutsideWindow"),
        ((1 << 47) + 1_000, "ClaimedTimeOutsideWindow"),
        ((1 << 48) - 1, "ClaimedTimeOutsideWindow"),
    ] {
        assert_eq!(got(time), expected, "{time}");
    }
}

#[test]
fn the_window_returned_is_that_of_the_claimed_period_within_the_session() {
    let (session, timed) = periodic();
    let mut module = Module::installed(PLACE.account);
    module.set_status(PLACE.account, eip712::session_id(&session), Status::Enabled);
    let window = |time: u64, value: u64| {
        let mut operation = Operation { claimed_time: Some(time), ..timed.clone() };
        operation.executions[0].value = U256::from(value);
        module.ask(&PLACE, &session, &operation).unwrap().window
    };
    assert_eq!(window(1_000, 1), (1_000, 1_059));
    assert_eq!(window(1_059, 1), (1_000, 1_059));
    assert_eq!(window(1_060, 1), (1_060, 1_119));
    // 9,000 seconds are 150 periods: the last second is of the last of them.
    assert_eq!(window(9_939, 1), (9_880, 9_939));
    assert_eq!(window(9_940, 1), (9_940, 10_000));
    assert_eq!(window(10_000, 1), (9_940, 10_000));
    assert_eq!(window(1_060, 0), (1_000, 10_000), "0 touches no period");
}

#[test]
fn the_end_that_is_returned_is_never_zero() {
    // validAfter 0 and the shortest period: (0, 59), and not (0, 0), which means "no end".
    let (mut session, timed) = periodic();
    session.valid_after = 0;
    let mut module = Module::installed(PLACE.account);
    module.set_status(PLACE.account, eip712::session_id(&session), Status::Enabled);
    for time in [0, 1, 59] {
        let operation = Operation { claimed_time: Some(time), ..timed.clone() };
        assert_eq!(module.ask(&PLACE, &session, &operation).unwrap().window, (0, 59));
    }
}

#[test]
fn an_owners_signature_has_at_most_4096_bytes() {
    let got = |length: usize| {
        let signature = packed::signature(&session(), &enabling(), &vec![9; length], &[0; 65]);
        ask(&session(), &enabling(), signature)
    };
    assert_eq!(got(0), "ok");
    assert_eq!(got(4_096), "ok");
    assert_eq!(got(4_097), "OwnerSignatureTooLong");
    assert_eq!(got(65_535), "OwnerSignatureTooLong");
}

#[test]
fn a_secp256k1_signature_has_65_bytes_and_no_other_number() {
    for length in (0..130).filter(|length| *length != 65) {
        let signature = packed::signature(&session(), &operation(), &[], &vec![0; length]);
        let got = ask(&session(), &operation(), signature);
        assert_eq!(got, "MalformedDelegateSignature", "{length}");
    }
}

#[test]
fn what_enables_hides_nothing() {
    let mut session = session();
    session.chains.push(Chain { id: U256::from(1), epoch: 0 });
    session
        .permissions
        .push(Permission { value_limit: U256::ZERO, ..session.permissions[0].clone() });
    session.signing =
        vec![Scope { domain_separator: B256::ZERO, type_hash: B256::ZERO, rules: vec![] }];
    for hidden in [
        Hidden { chains: vec![1], ..Hidden::default() },
        Hidden { permissions: vec![1], ..Hidden::default() },
        Hidden { all_permissions: true, ..Hidden::default() },
        Hidden { scopes: vec![0], ..Hidden::default() },
        Hidden { all_scopes: true, ..Hidden::default() },
    ] {
        let operation = Operation { hidden: hidden.clone(), ..enabling() };
        let got = ask(&session, &operation, field(&session, &operation));
        assert_eq!(got, "HiddenPart", "{hidden:?}");
        let mut module = Module::installed(PLACE.account);
        let got = module.enable(PLACE.account, &packed::session(&session, &hidden));
        assert_eq!(got, Err("HiddenPart".into()), "{hidden:?}");
        let used = Operation { hidden, ..self::operation() };
        if !used.hidden.all_permissions {
            assert_eq!(ask(&session, &used, field(&session, &used)), "ok", "a use may hide");
        }
    }
}

#[test]
fn the_disclosure_is_everything_from_the_mode_to_the_claimed_time() {
    use alloy_sol_types::{SolStruct, eip712_domain};

    let (session, timed) = periodic();
    let domain = eip712_domain! {
        name: "Smart Session", version: "1", verifying_contract: PLACE.module,
    };
    for operation in [timed.clone(), Operation { enables: true, ..timed }] {
        let mut module = Module::installed(PLACE.account);
        let id = eip712::session_id(&session);
        module.set_status(PLACE.account, id, Status::Enabled);
        let mut disclosed = vec![u8::from(operation.enables)];
        disclosed.extend(packed::session(&session, &operation.hidden));
        disclosed.push(0);
        disclosed.extend([0, 0, 0, 0, 0x03, 0xe8]);
        let expected = smart_session_core::abi::SessionOperation {
            userOpHash: B256::ZERO,
            sessionId: id,
            disclosure: keccak256(disclosed),
        };
        let got = module.ask(&PLACE, &session, &operation).unwrap().digest;
        assert_eq!(got, expected.eip712_signing_hash(&domain));
    }
}

/// The least session, in the order of its fields.
fn fields() -> Vec<Vec<u8>> {
    vec![
        vec![1, 1, 2, 0xa4, 0xb1, 0], // one chain: 42161, epoch 0
        vec![0xde; 20],               // delegate
        vec![0],                      // secp256k1
        vec![0, 0, 0, 0, 0, 1],       // valid after
        vec![0, 0, 0, 0, 0, 2],       // valid until
        vec![1, 1],                   // one call
        vec![0],                      // fee limit 0
        vec![0],                      // no paymaster
        vec![0],                      // no permissions
        vec![0],                      // no budgets
        vec![0],                      // no signing scopes
        vec![0],                      // salt 0
    ]
}

fn enable_bytes(fields: &[Vec<u8>]) -> String {
    let mut module = Module::installed(PLACE.account);
    module.enable(PLACE.account, &fields.concat()).map_or_else(|error| error, |()| "ok".into())
}

/// Each number, by its field, what stands before it there, and its width in bytes.
fn numbers() -> Vec<(usize, Vec<u8>, usize, Vec<u8>)> {
    let permission = [&[1, 1][..], &[0x6a; 20], &[1, 2, 3, 4]].concat();
    let budget = [&[1][..], &[0x70; 20]].concat();
    let scope = [&[1, 1][..], &[0x11; 64], &[1, 0]].concat();
    vec![
        (0, vec![1, 1], 32, vec![0]),
        (0, vec![1, 1, 2, 0xa4, 0xb1], 8, vec![]),
        (5, vec![], 4, vec![]),
        (6, vec![], 12, vec![]),
        (8, permission.clone(), 32, vec![0]),
        (8, [&permission[..], &[0, 1, 0]].concat(), 32, vec![0]),
        (8, [&permission[..], &[0, 1, 0, 0]].concat(), 32, vec![]),
        (9, budget.clone(), 16, vec![0]),
        (9, [&budget[..], &[1, 1]].concat(), 4, vec![]),
        (10, scope.clone(), 32, vec![0]),
        (10, [&scope[..], &[0]].concat(), 32, vec![]),
        (11, vec![], 8, vec![]),
    ]
}

#[test]
fn every_number_has_a_width_and_no_byte_more() {
    assert_eq!(enable_bytes(&fields()), "ok");
    for (field, before, width, after) in numbers() {
        let got = |bytes: usize| {
            let number = [vec![u8::try_from(bytes).unwrap()], vec![1; bytes]].concat();
            let mut fields = fields();
            fields[field] = [before.clone(), number, after.clone()].concat();
            enable_bytes(&fields)
        };
        // At its width a number is read; what it then means is another matter.
        for bytes in 1..=width {
            assert_ne!(got(bytes), "NumberTooWide", "{field} {width} {bytes}");
            assert_ne!(got(bytes), "Truncated", "{field} {width} {bytes}");
        }
        for bytes in [width + 1, 33, 255] {
            assert_eq!(got(bytes), "NumberTooWide", "{field} {width} {bytes}");
        }
    }
}

#[test]
fn no_number_begins_with_a_zero_byte() {
    for (field, before, width, after) in numbers() {
        for bytes in [1, 2, width] {
            let mut number = vec![1; bytes];
            number[0] = 0;
            let mut fields = fields();
            let length = u8::try_from(bytes).unwrap();
            fields[field] = [before.clone(), vec![length], number, after.clone()].concat();
            assert_eq!(enable_bytes(&fields), "NonCanonicalNumber", "{field} {width} {bytes}");
        }
    }
}

#[test]
fn a_count_of_255_hides_grants_and_never_restrictions() {
    let hash = vec![0x11; 32];
    let hidden = [vec![0xff], hash].concat();
    for (field, expected) in [(0, "TooMany"), (9, "TooMany"), (8, "HiddenPart"), (10, "HiddenPart")]
    {
        let mut fields = fields();
        fields[field] = hidden.clone();
        assert_eq!(enable_bytes(&fields), expected, "{field}");
    }
    // Rules within a permission, and within a scope.
    for (field, before) in [
        (8, [&[1, 1][..], &[0x6a; 20], &[1, 2, 3, 4], &[0]].concat()),
        (10, [&[1, 1][..], &[0x11; 64]].concat()),
    ] {
        let mut fields = fields();
        fields[field] = [before, hidden.clone()].concat();
        assert_eq!(enable_bytes(&fields), "TooMany", "{field}");
    }
}

#[test]
fn more_than_16_rules_are_refused_in_permissions_and_scopes() {
    for (field, before) in [
        (8, [&[1, 1][..], &[0x6a; 20], &[1, 2, 3, 4], &[0]].concat()),
        (10, [&[1, 1][..], &[0x11; 64]].concat()),
    ] {
        let got = |count: u8| {
            let rules = vec![0; 3 * usize::from(count)];
            let mut fields = fields();
            fields[field] = [before.clone(), vec![count], rules].concat();
            enable_bytes(&fields)
        };
        assert_eq!(got(17), "TooMany", "{field}");
        assert_ne!(got(16), "TooMany", "{field}");
    }
}

#[test]
fn a_hidden_list_without_elements_has_no_second_form() {
    for field in [8, 10] {
        let mut fields = fields();
        fields[field] = [&[0xff][..], keccak256(b"").as_slice()].concat();
        assert_eq!(enable_bytes(&fields), "EmptyListHashed", "{field}");
    }
}

proptest! {
    /// Any session, as another encoder packs it, is read with the id of another EIP-712.
    #[test]
    fn prop_packing_and_reading_give_the_models_id(
        (session, operations) in strategy::with_operations(strategy::session(), 1),
    ) {
        let id = eip712::session_id(&session);
        let packed = packed::session(&session, &operations[0].hidden);
        prop_assert_eq!(crate::reading::id(&packed, PLACE.account), Ok(id));
    }

    /// No bytes whatever make the core panic.
    #[test]
    fn prop_any_signature_field_is_answered(
        bytes in prop::collection::vec(any::<u8>(), 0..400),
        small in prop::collection::vec(0_u8..4, 0..400),
    ) {
        ask(&session(), &operation(), bytes);
        ask(&session(), &operation(), small);
    }

    #[test]
    fn prop_any_arguments_are_answered(bytes in prop::collection::vec(any::<u8>(), 0..900)) {
        let _ = Module::installed(PLACE.account).ask_raw(&PLACE, &bytes);
    }

    /// One byte of a good field changed: refused, another session, or another disclosure.
    #[test]
    fn prop_a_changed_byte_never_means_the_same(
        at in any::<prop::sample::Index>(),
        flip in 1_u8..=255,
    ) {
        let (session, operation) = periodic();
        let mut module = Module::installed(PLACE.account);
        module.set_status(PLACE.account, eip712::session_id(&session), Status::Enabled);
        let good = module.ask(&PLACE, &session, &operation).unwrap();
        let mut signature = packed::disclosed(&session, &operation);
        let at = at.index(signature.len());
        signature[at] ^= flip;
        signature.extend([0; 65]);
        let call_data = packed::call_data(&operation.executions);
        let call = validate_user_op(PLACE.account, &operation, call_data, signature);
        if let Ok(other) = module.ask_raw(&PLACE, &call) {
            prop_assert_ne!(other.digest, good.digest);
        }
    }
}
