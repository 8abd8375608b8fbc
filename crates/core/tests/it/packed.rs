//! The packed format: canonical, complete, and never a panic.

use alloy_primitives::aliases::U96;
use alloy_primitives::{Address, B256, U256};
use proptest::prelude::*;
use smart_session_core::abi::ISmartSession::{self as abi, ISmartSessionErrors as Error};
use smart_session_core::packed::{Memory, PackedSession, Reader};
use smart_session_core::session::{Disclosure, Session, UnpackError};
use smart_session_core::{OffChain, word};

use crate::any_session::session;

/// Reads packed bytes to their end and returns what `look` sees.
fn read<T>(
    bytes: &[u8],
    account: Address,
    look: impl FnOnce(&PackedSession<'_>, &OffChain) -> T,
) -> Result<T, Error> {
    let mut memory = Memory::filled_with(0xa5);
    OffChain::ask(|environment| {
        let mut reader = Reader::new(environment, bytes);
        let account = word::from_address(account);
        let session = PackedSession::read(&mut reader, &account, memory.lend())?;
        reader.end()?;
        Ok(look(&session, environment))
    })
}

fn id(bytes: &[u8], account: Address) -> Result<B256, Error> {
    read(bytes, account, |session, _| session.id)
}

fn number(number: usize) -> U256 {
    U256::from(number)
}

proptest! {
    #[test]
    fn prop_the_id_is_that_of_an_independent_eip_712(session in session()) {
        // `Session::id` is alloy's `SolStruct`.
        prop_assert_eq!(id(&session.pack().unwrap(), session.account), Ok(session.id()));
    }

    #[test]
    fn prop_unpacking_gives_back_what_was_packed(session in session()) {
        prop_assert_eq!(Session::unpack(session.account, &session.pack().unwrap()), Ok(session));
    }

    #[test]
    fn prop_what_the_contract_refuses_is_not_unpacked(session in session(), at: usize, byte: u8) {
        let mut packed = session.pack().unwrap();
        let at = at % packed.len();
        packed[at] = byte;
        let read = read(&packed, session.account, |session, _| (session.id, session.is_whole));

        match Session::unpack(session.account, &packed) {
            Ok(session) => prop_assert_eq!(read, Ok((session.id(), true))),
            Err(UnpackError::HiddenPart | UnpackError::Malformed) => {
                prop_assert!(read.is_err() || read.is_ok_and(|(_, is_whole)| !is_whole));
            }
        }
    }

    #[test]
    fn prop_decoding_gives_back_what_was_encoded(session in session()) {
        read(&session.pack().unwrap(), session.account, |packed, environment| {
            assert_eq!(packed.delegate_address(), session.delegate);
            assert_eq!(packed.delegate_kind, session.delegate_kind);
            assert_eq!(packed.window, session.window);
            assert_eq!(packed.max_calls(), session.max_calls);
            assert_eq!(packed.fee_limit(), session.fee_limit.to::<u128>());
            assert_eq!(*packed.paymaster(), word::from_address(session.paymaster.address()));
            assert_eq!(packed.permissions.len(), session.permissions.len());
            for (index, expected) in (0..).zip(&session.permissions) {
                let permission = packed.permission(environment, index).unwrap().unwrap();
                assert_eq!(*permission.target(), word::from_address(expected.target));
                assert_eq!(*permission.selector(), word::from_bytes4(expected.selector));
                assert_eq!(U256::from_be_bytes(*permission.value_limit()), expected.value_limit);
                let rules: Vec<_> = permission.rules.entries(environment).flatten().collect();
                assert_eq!(rules.len(), expected.rules.len());
                for (rule, expected) in rules.iter().zip(&expected.rules) {
                    assert_eq!(*rule.index(), word::from_u64(expected.index.into()));
                    assert_eq!(U256::from_be_bytes(*rule.min()), expected.min);
                    assert_eq!(U256::from_be_bytes(*rule.max()), expected.max);
                }
            }
            for chain in &session.chains {
                {
                    let chain_id = chain.chain_id.to_be_bytes::<32>();
                    let first =
                        session.chains.iter().find(|other| other.chain_id == chain.chain_id);
                    let expected = first.map(|chain| word::from_u64(chain.epoch));
                    assert_eq!(packed.epoch_on(environment, &chain_id), expected);
                }
            }
        })
        .unwrap();
    }

    #[test]
    fn prop_hiding_grants_keeps_the_id(
        session in session(),
        shown in prop::collection::vec(0_u8..6, 0..4),
        chain in 0_usize..4,
    ) {
        let disclosure = Disclosure {
            chain_id: session.chains.get(chain).map(|chain| chain.chain_id),
            permissions: Some(&shown),
            signing: Some(&shown),
        };
        let packed = session.pack_disclosing(&disclosure).unwrap();

        prop_assert_eq!(id(&packed, session.account), Ok(session.id()));
        read(&packed, session.account, |packed, environment| {
            for index in 0..session.permissions.len().try_into().unwrap() {
                let is_shown = shown.contains(&index);
                if let Some(permission) = packed.permission(environment, index) {
                    assert_eq!(permission.is_some(), is_shown, "{index}");
                } else {
                    assert!(shown.is_empty(), "a list is hidden only where nothing is shown");
                }
            }
        })
        .unwrap();
    }

    #[test]
    fn prop_any_flipped_bit_changes_the_id_or_is_refused(
        session in session(),
        at in any::<prop::sample::Index>(),
        bit in 0_u8..8,
    ) {
        let mut packed = session.pack().unwrap();
        let at = at.index(packed.len());
        packed[at] ^= 1 << bit;

        if let Ok(other) = id(&packed, session.account) {
            prop_assert_ne!(other, session.id());
        }
    }

    #[test]
    fn prop_another_account_has_another_id(session in session(), other in any::<[u8; 20]>()) {
        let other = Address::new(other);
        prop_assume!(other != session.account);

        prop_assert_ne!(id(&session.pack().unwrap(), other).unwrap(), session.id());
    }

    #[test]
    fn prop_decoding_never_panics(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        let _ = id(&bytes, Address::ZERO);
    }

    #[test]
    fn prop_decoding_never_panics_on_small_bytes(
        bytes in prop::collection::vec(0_u8..4, 0..600),
    ) {
        let _ = id(&bytes, Address::ZERO);
    }

    #[test]
    fn prop_cut_off_sessions_are_refused(
        session in session(),
        at in any::<prop::sample::Index>(),
    ) {
        let packed = session.pack().unwrap();
        let cut = &packed[..at.index(packed.len())];

        prop_assert!(id(cut, session.account).is_err());
    }

    #[test]
    fn prop_trailing_bytes_are_refused(session in session(), extra in 1_usize..40) {
        let mut packed = session.pack().unwrap();
        let at = packed.len();
        packed.extend(vec![0; extra]);

        prop_assert_eq!(
            id(&packed, session.account),
            Err(Error::TrailingBytes(abi::TrailingBytes { offset: number(at), got: number(extra) }))
        );
    }
}

fn unknown_tag(at: usize, got: u8) -> Error {
    Error::UnknownTag(abi::UnknownTag { offset: number(at), got: number(got.into()) })
}

/// The least session: nothing listed, every number zero or one.
fn least() -> Session {
    use smart_session_core::packed::{DelegateKind, Paymaster};
    use smart_session_core::window::{Timestamp, ValidityWindow};

    let at = |seconds| Timestamp::new(seconds).unwrap();
    Session {
        account: Address::repeat_byte(0xac),
        chains: vec![],
        delegate: Address::repeat_byte(0xde),
        delegate_kind: DelegateKind::Secp256k1,
        window: ValidityWindow::new(at(1), at(2)).unwrap(),
        max_calls: 1,
        fee_limit: U96::ZERO,
        paymaster: Paymaster::None,
        permissions: vec![],
        budgets: vec![],
        signing: vec![],
        salt: 0,
    }
}

#[test]
fn the_least_session_is_written_out_byte_by_byte() {
    let expected = [
        &[0][..],            // no chains
        &[0xde; 20],         // delegate
        &[0],                // secp256k1
        &[0, 0, 0, 0, 0, 1], // valid after
        &[0, 0, 0, 0, 0, 2], // valid until
        &[1, 1],             // one call
        &[0],                // fee limit 0
        &[0],                // no paymaster
        &[0],                // no permissions
        &[0],                // no budgets
        &[0],                // no signing scopes
        &[0],                // salt 0
    ]
    .concat();

    assert_eq!(least().pack().unwrap(), expected);
    assert_eq!(id(&expected, least().account), Ok(least().id()));
}

#[test]
fn an_empty_list_must_not_travel_as_a_hash() {
    let mut packed = least().pack().unwrap();
    let at = packed.len() - 4;
    assert_eq!(packed[at], 0, "the count of permissions");
    packed.splice(at..=at, [&[0xff][..], alloy_primitives::KECCAK256_EMPTY.as_slice()].concat());

    assert_eq!(
        id(&packed, least().account),
        Err(Error::EmptyListHashed(abi::EmptyListHashed { offset: number(at) }))
    );
}

#[test]
fn all_tags_but_0_and_1_are_refused() {
    for tag in 2..=255 {
        let mut packed = least().pack().unwrap();
        let at = packed.len() - 4;
        packed.splice(at..=at, [1, tag].into_iter().chain([0; 32]));

        assert_eq!(id(&packed, least().account), Err(unknown_tag(at + 1, tag)),);
    }
}

#[test]
fn all_paymaster_tags_but_three_are_refused() {
    let packed = least().pack().unwrap();
    let at = packed.len() - 5;
    for tag in (2..=254).chain([]) {
        let mut packed = packed.clone();
        packed[at] = tag;
        assert_eq!(id(&packed, least().account), Err(unknown_tag(at, tag)));
    }
    for reserved in [0_u8, 0xff] {
        let mut packed = packed.clone();
        packed.splice(at..=at, [1].into_iter().chain([reserved; 20]));
        assert_eq!(
            id(&packed, least().account),
            Err(Error::ReservedPaymaster(abi::ReservedPaymaster { offset: number(at) }))
        );
    }
}

#[test]
fn all_delegate_kinds_but_three_are_refused() {
    for kind in 3..=255 {
        let mut packed = least().pack().unwrap();
        packed[21] = kind;
        assert_eq!(
            id(&packed, least().account),
            Err(Error::UnknownDelegateKind(abi::UnknownDelegateKind { got: number(kind.into()) }))
        );
    }
}

#[test]
fn a_window_without_an_end_past_47_bits_or_empty_is_refused() {
    for (after, until) in [(0, 0), (5, 5), (6, 5), (0, 1 << 47), (1 << 47, (1 << 47) + 1)] {
        let mut packed = least().pack().unwrap();
        packed[22..28].copy_from_slice(&u64::to_be_bytes(after)[2..]);
        packed[28..34].copy_from_slice(&u64::to_be_bytes(until)[2..]);
        assert_eq!(
            id(&packed, least().account),
            Err(Error::RefusedWindow(abi::RefusedWindow {
                validAfter: U256::from(after).to(),
                validUntil: U256::from(until).to(),
            }))
        );
    }
}

#[test]
fn lists_over_their_caps_are_refused() {
    let least = least();
    let packed = least.pack().unwrap();
    let len = packed.len();
    for (at, cap) in [(0, 16), (len - 4, 64), (len - 3, 16), (len - 2, 16)] {
        let mut packed = packed.clone();
        packed[at] = cap + 1;
        assert_eq!(
            id(&packed, least.account),
            Err(Error::TooMany(abi::TooMany {
                offset: number(at),
                got: number(usize::from(cap) + 1),
                allowed: number(cap.into()),
            }))
        );
    }
}

#[test]
fn the_chain_that_is_shown_is_the_one_that_is_named() {
    use smart_session_core::session::Chain;

    let chain = |chain_id: u64| Chain { chain_id: U256::from(chain_id), epoch: 3 };
    let session = Session { chains: vec![chain(1), chain(42_161)], ..least() };
    let here = Disclosure { chain_id: Some(U256::from(42_161)), ..Disclosure::WHOLE };

    let packed = session.pack_disclosing(&here).unwrap();

    read(&packed, session.account, |packed, environment| {
        assert_eq!(packed.epoch_on(environment, &word::from_u64(1)), None);
        assert_eq!(packed.epoch_on(environment, &word::from_u64(42_161)), Some(word::from_u64(3)));
    })
    .unwrap();
}

#[test]
fn a_list_of_nothing_is_packed_as_one_whatever_is_shown() {
    let nothing = Disclosure { permissions: Some(&[]), signing: Some(&[]), ..Disclosure::WHOLE };

    assert_eq!(least().pack_disclosing(&nothing), least().pack());
}

#[test]
fn a_session_that_is_too_long_says_so() {
    let error =
        smart_session_core::session::EncodeError::TooMany { field: "rules", got: 17, allowed: 16 };

    assert_eq!(error.to_string(), "rules: 17, at most 16 are allowed");
}

#[test]
fn no_session_over_a_cap_is_packed_however_little_of_it_is_shown() {
    use smart_session_core::session::{EncodeError, Permission};

    let permission = Permission {
        target: Address::repeat_byte(1),
        selector: [1; 4],
        value_limit: U256::ZERO,
        rules: vec![],
    };
    let session = Session { permissions: vec![permission; 65], ..least() };
    let nothing = Disclosure { permissions: Some(&[]), ..Disclosure::WHOLE };

    for disclosure in [&Disclosure::WHOLE, &nothing] {
        assert_eq!(
            session.pack_disclosing(disclosure),
            Err(EncodeError::TooMany { field: "permissions", got: 65, allowed: 64 })
        );
    }
}
