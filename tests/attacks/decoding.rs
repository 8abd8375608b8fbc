//! Cases 13 to 25, 88 and 90: two readers of one calldata.

use alloy_primitives::{Bytes, U256};
use smart_session_client::OperationDraft;
use smart_session_core::session::{ArgumentRule, Disclosure};
use testbed::account::{batch_mode, execute, packed};
use testbed::{Call, SmartAccount};

use super::{act, enabled_with};
use crate::setup::Setup;

/// Sends calldata of one's own making for the account.
fn send(setup: &Setup, call_data: impl Into<Bytes>, calls: usize) -> String {
    let mut setup = setup.clone();
    let draft = setup.game.using(calls).unwrap();
    setup.act(&draft, call_data.into()).verdict.summary()
}

#[test]
fn an_empty_batch_is_refused_by_the_module() {
    let setup = Setup::enabled();
    let empty = setup.alice.execute_batch(&[]);

    assert_eq!(send(&setup, empty, 0), "refused: AA23 MalformedExecution");
}

#[test]
fn calldata_of_the_account_cut_off_anywhere_is_refused() {
    let setup = Setup::enabled();
    for whole in [
        setup.alice.execute(&setup.bed.a_move(1, 10)),
        setup.alice.execute_batch(&[setup.bed.a_move(1, 10)]),
    ] {
        assert_eq!(send(&setup, whole.clone(), 1), "executed");
        for length in 0..whole.len() {
            let got = send(&setup, whole.slice(..length), 1);
            assert!(got.starts_with("refused: AA23 "), "{length}: {got}");
            assert!(
                got.ends_with("MalformedExecution") || got.ends_with("UnsupportedCall"),
                "{got}"
            );
        }
    }
}

#[test]
fn anything_behind_the_accounts_calldata_is_refused() {
    let setup = Setup::enabled();
    for whole in [
        setup.alice.execute(&setup.bed.a_move(1, 10)),
        setup.alice.execute_batch(&[setup.bed.a_move(1, 10)]),
    ] {
        for extra in [1, 20, 32] {
            let longer = [whole.to_vec(), vec![0; extra]].concat();
            assert_eq!(send(&setup, longer, 1), "refused: AA23 MalformedExecution", "{extra}");
        }
    }
}

/// In WASM a length has 32 bits: 2^32 + 64 must not read as 64.
#[test]
fn no_offset_or_length_is_read_without_its_upper_bits() {
    let setup = Setup::enabled();
    let whole = setup.alice.execute_batch(&[setup.bed.a_move(1, 10)]);
    // selector, mode, then offset, length, offset of the array, its length, offset of the
    // element; the element: target, value, offset, length.
    for word in [1, 2, 3, 4, 5, 8, 9] {
        for byte in [0, 15, 23, 27] {
            let mut bad = whole.to_vec();
            bad[4 + 32 * word + byte] ^= 1;
            assert!(send(&setup, bad, 1).starts_with("refused: AA23 "), "{word} {byte}");
        }
    }
}

#[test]
fn two_elements_that_share_their_bytes_are_refused() {
    let setup = Setup::enabled();
    let whole =
        setup.alice.execute_batch(&[setup.bed.a_move(1, 10), setup.bed.a_move(1, 10)]).to_vec();
    let first = 4 + 5 * 32;
    let mut aliased = whole.clone();
    aliased.copy_within(first..first + 32, first + 32);
    assert_eq!(send(&setup, aliased, 2), "refused: AA23 MalformedExecution");
    let mut swapped = whole.clone();
    swapped[first..first + 32].copy_from_slice(&whole[first + 32..first + 64]);
    swapped[first + 32..first + 64].copy_from_slice(&whole[first..first + 32]);
    assert_eq!(send(&setup, swapped, 2), "refused: AA23 MalformedExecution");
}

#[test]
fn calldata_of_1_to_3_bytes_is_for_no_function() {
    let mut exact = Setup::enabled();
    let mut any = enabled_with(|_, session| session.permissions[0].selector = [0xff; 4]);
    for length in 1..=3 {
        let call = Call::new(exact.bed.game, vec![0; length]);
        let got = act(&mut exact, std::slice::from_ref(&call));
        assert_eq!(got, "refused: AA23 SelectorNotPermitted", "{length}");
        // The game takes none, so the call itself fails: but it was let through.
        assert_eq!(act(&mut any, &[call]), "reverted", "{length}");
    }
}

#[test]
fn a_plain_transfer_is_not_a_call_of_the_selector_zero() {
    let mut setup = enabled_with(|setup, session| {
        session.permissions[0].selector = [0; 4];
        session.permissions[0].target = setup.bed.entry_point.bundler;
    });
    let to = setup.bed.entry_point.bundler;
    let transfer = Call::new(to, vec![]).with_value(U256::from(5));
    assert_eq!(act(&mut setup, &[transfer]), "executed");
    let zero = Call::new(to, vec![0; 4]).with_value(U256::from(5));
    assert_eq!(act(&mut setup, &[zero]), "refused: AA23 SelectorNotPermitted");
}

/// A rule bounds the word at its place. For a dynamic argument that is the head: bounding it
/// too keeps the attacker from moving what the other rules bound.
#[test]
fn a_bounded_head_pointer_cannot_be_moved() {
    let mut setup = enabled_with(|_, session| {
        session.permissions[0].selector = [1, 2, 3, 4];
        let equal = |index, value: u64| ArgumentRule {
            index,
            min: U256::from(value),
            max: U256::from(value),
        };
        // f(bytes): head 0x20, length 1.
        session.permissions[0].rules = vec![equal(0, 0x20), equal(1, 1)];
    });
    let data = |words: &[u64]| {
        let words = words.iter().flat_map(|word| U256::from(*word).to_be_bytes::<32>());
        [1, 2, 3, 4].into_iter().chain(words).collect::<Vec<u8>>()
    };
    let target = setup.bed.game;
    let canonical = Call::new(target, data(&[0x20, 1, 7]));
    assert_eq!(act(&mut setup, &[canonical]), "reverted", "let through: the game has no such f");
    let moved = Call::new(target, data(&[0x60, 1, 7, 2, 8]));
    assert_eq!(act(&mut setup, &[moved]), "refused: AA23 ArgumentOutOfBounds");
}

#[test]
fn a_single_call_in_batch_mode_and_a_batch_in_single_mode_are_not_read_as_the_other() {
    let setup = Setup::enabled();
    let call = setup.bed.a_move(1, 10);
    let single_as_batch = execute(batch_mode(), packed(&call));
    assert_eq!(send(&setup, single_as_batch, 1), "refused: AA23 MalformedExecution");
    let elements = setup.alice.execute_batch(std::slice::from_ref(&call));
    // The mode's first byte says "batch".
    let mut batch_as_single = elements.to_vec();
    batch_as_single[4] = 0;
    let got = send(&setup, batch_as_single, 1);
    assert_eq!(got, "refused: AA23 BannedTarget", "its first 20 bytes are zeros of an offset");
}

#[test]
fn a_signature_field_of_huge_claimed_lengths_is_refused_for_little_gas() {
    let setup = Setup::enabled();
    let draft = OperationDraft::draft_use(&setup.game.session, &Disclosure::WHOLE, &[0]).unwrap();
    for at in 0..8 {
        let got = super::altered(&setup, &draft, |signature| signature[1 + at] = 0xff);
        assert!(got.starts_with("refused: "), "{at}: {got}");
    }
}
