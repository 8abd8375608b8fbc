//! Whatever bytes arrive: a typed revert or a failed signature, never a trap.

use alloy_primitives::Bytes;
use smart_session_client::error_name;
use testbed::SmartAccount;

use crate::random::Random;
use crate::setup::Setup;

/// Asserts that the module answered, or reverted with one of its errors.
fn assert_clean(outcome: &stylus_devchain::Outcome, what: &str) {
    if outcome.is_success() {
        assert_eq!(outcome.output.len(), 32, "{what}");
    } else {
        assert!(error_name(&outcome.output).is_some(), "{what}: {}", outcome.output);
    }
}

#[test]
fn any_flipped_byte_of_the_signature_is_refused_cleanly() {
    let setup = Setup::enabled();
    for draft in [setup.game.using(1).unwrap(), setup.game.enabling(1).unwrap()] {
        let op = setup.move_op(&draft);
        let good = setup.validate(op.clone());
        assert!(good.is_success() && good.output[31] == 0);
        // Enabling an enabled session asks no owner: those bytes are not looked at.
        let owner = setup.game.owner_signature.clone();
        let unread = op.signature.windows(owner.len()).position(|bytes| *bytes == *owner);
        for at in 0..op.signature.len() {
            if unread.is_some_and(|from| (from..from + owner.len()).contains(&at)) {
                continue;
            }
            let mut signature = op.signature.to_vec();
            signature[at] ^= 0x01;
            let mut op = op.clone();
            op.signature = signature.into();

            let outcome = setup.validate(op);

            assert_clean(&outcome, &format!("byte {at}"));
            assert!(!outcome.is_success() || outcome.output[31] == 1, "byte {at} is let through");
        }
    }
}

#[test]
fn a_signature_cut_anywhere_is_refused_cleanly() {
    let setup = Setup::enabled();
    for draft in [setup.game.using(1).unwrap(), setup.game.enabling(1).unwrap()] {
        let op = setup.move_op(&draft);
        for len in 0..op.signature.len() {
            let mut op = op.clone();
            op.signature = op.signature.slice(..len);

            let outcome = setup.validate(op);

            assert!(!outcome.is_success(), "{len}");
            assert_clean(&outcome, &format!("{len} bytes"));
        }
    }
}

#[test]
fn a_signature_with_something_appended_is_refused() {
    let setup = Setup::enabled();
    let mut op = setup.move_op(&setup.game.using(1).unwrap());
    let mut signature = op.signature.to_vec();
    signature.push(0);
    op.signature = signature.into();

    assert_eq!(error_name(&setup.validate(op).output), Some("MalformedDelegateSignature"));
}

#[test]
fn random_bytes_are_refused_cleanly() {
    let setup = Setup::enabled();
    let mut random = Random::new(0x9e37_79b9_7f4a_7c15);
    let op = setup.move_op(&setup.game.using(1).unwrap());
    for round in 0..300 {
        let mut op = op.clone();
        let mut noise = |most: usize| {
            let len = random.below(most);
            Bytes::from(
                (0..len).map(|_| u8::try_from(random.below(256)).unwrap()).collect::<Vec<_>>(),
            )
        };
        match round % 3 {
            0 => op.signature = noise(400),
            1 => op.callData = noise(400),
            _ => {
                op.signature = [&[u8::from(round % 2 == 0)][..], &noise(200)].concat().into();
                op.paymasterAndData = noise(60);
            }
        }
        let outcome = setup.validate(op);
        assert_clean(&outcome, &format!("round {round}"));
        assert!(!outcome.is_success() || outcome.output[31] == 1);
    }
}

#[test]
fn lengths_in_the_blob_cost_no_gas() {
    let setup = Setup::enabled();
    let op = setup.move_op(&setup.game.using(1).unwrap());
    // Counts and lengths as large as they get, in calldata of the same size.
    for fill in [0xff, 0x40, 0x10, 0x20, 0x7f] {
        let mut op = op.clone();
        op.signature = [&[0, 1, 1][..], &vec![fill; op.signature.len()]].concat().into();

        let outcome = setup.validate(op);

        assert!(!outcome.is_success());
        let frame = &outcome.frames[0];
        assert!(outcome.gas_used < 60_000, "{fill:02x}: {} {frame:?}", outcome.gas_used);
    }
}

#[test]
fn calldata_that_points_out_of_bounds_is_refused_cleanly() {
    use alloy_sol_types::SolCall;

    let setup = Setup::enabled();
    let op = setup.move_op(&setup.game.using(1).unwrap());
    let call =
        testbed::abi::IValidator::validateUserOpCall { userOp: op, userOpHash: [7; 32].into() };
    let good = call.abi_encode();
    // Each of the eleven head words of the call, and each length word behind them.
    for word in 0..(good.len() - 4) / 32 {
        for huge in [[0xff; 32], {
            let mut word = [0; 32];
            // 2^32 + 64: narrowed to 32 bits it reads 64.
            word[27] = 1;
            word[31] = 64;
            word
        }] {
            let mut data = good.clone();
            data[4 + 32 * word..36 + 32 * word].copy_from_slice(&huge);
            let outcome = setup.call_module(setup.alice.address(), data);
            assert_clean(&outcome, &format!("word {word}"));
        }
    }
    for len in 4..good.len() {
        let outcome = setup.call_module(setup.alice.address(), good[..len].to_vec());
        assert_clean(&outcome, &format!("{len} bytes"));
    }
}

#[test]
fn an_operation_of_another_sender_is_refused() {
    let setup = Setup::enabled();
    let mut op = setup.move_op(&setup.game.using(1).unwrap());
    op.sender = setup.bob.address();

    assert_eq!(error_name(&setup.validate(op).output), Some("SenderNotCaller"));
}
