//! Packed sessions that cannot be shown whole, or are not as packing gives them.

use alloy_primitives::aliases::U96;
use alloy_primitives::{Address, U256};
use smart_session_core::packed::{DelegateKind, Paymaster};
use smart_session_core::session::{Chain, Disclosure, Permission, Session, UnpackError};
use smart_session_core::window::{Timestamp, ValidityWindow};

/// A session of two permissions on the chain with the id 1.
fn session() -> Session {
    let permission = |target| Permission {
        target: Address::repeat_byte(target),
        selector: [1, 2, 3, 4],
        value_limit: U256::ZERO,
        rules: vec![],
    };
    let time = |seconds| Timestamp::new(seconds).unwrap();
    Session {
        account: Address::repeat_byte(0xac),
        chains: vec![Chain { chain_id: U256::from(1), epoch: 7 }],
        delegate: Address::repeat_byte(0xde),
        delegate_kind: DelegateKind::Secp256k1,
        window: ValidityWindow::new(time(1), time(2)).unwrap(),
        max_calls: 0,
        fee_limit: U96::ZERO,
        paymaster: Paymaster::None,
        permissions: vec![permission(1), permission(2)],
        budgets: vec![],
        signing: vec![],
        salt: 0,
    }
}

fn unpack(packed: &[u8]) -> Result<Session, UnpackError> {
    Session::unpack(session().account, packed)
}

#[test]
fn what_hides_a_part_says_so() {
    for shown in [&[0_u8][..], &[1], &[]] {
        let disclosure = Disclosure { chain_id: None, permissions: Some(shown), signing: None };
        let packed = session().pack_disclosing(&disclosure).unwrap();
        assert_eq!(unpack(&packed), Err(UnpackError::HiddenPart), "{shown:?}");
    }
}

#[test]
fn one_session_has_one_packing() {
    let packed = session().pack().unwrap();
    assert_eq!(unpack(&packed), Ok(session()));
    // One chain, in full, its id in one byte.
    let (chain, rest) = packed.split_at(4);
    assert_eq!(chain, [1, 1, 1, 1]);
    for (begin, error) in [
        // The same number in two bytes.
        (&[1, 1, 2, 0, 1][..], UnpackError::Malformed),
        // An unknown tag, and that of a chain as its hash.
        (&[1, 2, 1, 1], UnpackError::Malformed),
        (&[1, 0, 1, 1], UnpackError::HiddenPart),
    ] {
        assert_eq!(unpack(&[begin, rest].concat()), Err(error), "{begin:?}");
    }
    assert_eq!(unpack(&[&packed[..], &[0]].concat()), Err(UnpackError::Malformed));
}

#[test]
fn errors_are_told_apart() {
    let words = [UnpackError::HiddenPart, UnpackError::Malformed].map(|error| error.to_string());
    assert_eq!(
        words,
        ["the packed session hides a part of itself", "the bytes are no packed session"]
    );
}
