//! Grants as one URL-safe text.

use proptest::prelude::*;
use smart_session_client::{Grant, RefusalCode, unpack_session};
use smart_session_core::session::Disclosure;

use crate::any_grant::{ALICE, MODULE, any_grant, game};

proptest! {
    #[test]
    fn prop_any_grant_roundtrips_through_its_text(grant in any_grant()) {
        let text = grant.to_text().unwrap();

        prop_assert!(text.chars().all(|c| c.is_ascii_alphanumeric() || ".-_".contains(c)));
        prop_assert_eq!(Grant::from_text(&format!(" {text}\n")), Ok(grant));
    }

    #[test]
    fn prop_a_text_that_is_cut_off_is_refused(grant in any_grant(), kept in any::<prop::sample::Index>()) {
        let mut grant = grant;
        grant.owner_signature = None;
        let text = grant.to_text().unwrap();
        let kept = kept.index(text.len());

        let refusal = Grant::from_text(&text[..kept]).unwrap_err();

        prop_assert_eq!(refusal.code(), RefusalCode::Malformed);
    }
}

/// Mail and chat programs break lines, some editors put a mark before the text.
#[test]
fn a_wrapped_text_is_read() {
    let grant = Grant::unsigned(MODULE, game());
    let text = grant.to_text().unwrap();
    let (start, end) = text.split_at(60);

    for wrapped in [format!("{start}\r\n  {end}\n"), format!("\u{feff}{text}")] {
        assert_eq!(Grant::from_text(&wrapped).as_ref(), Ok(&grant), "{wrapped}");
    }
}

#[test]
fn the_signed_game_session_fits_into_a_link() {
    let mut grant = Grant::unsigned(MODULE, game());
    grant.owner_signature = Some(vec![0xab; 85].into());

    let length = grant.to_text().unwrap().len();

    // A prefix of 9; then 4 characters for 3 bytes: 45 before the session, its 88, 85 signed.
    assert_eq!(length, 9 + 291);
}

#[test]
fn a_packed_session_that_hides_something_is_not_unpacked() {
    let session = game();
    for disclosure in [
        Disclosure { permissions: Some(&[]), ..Disclosure::WHOLE },
        Disclosure { permissions: Some(&[1]), ..Disclosure::WHOLE },
        Disclosure { chain_id: Some(alloy_primitives::U256::from(1)), ..Disclosure::WHOLE },
    ] {
        let packed = session.pack_disclosing(&disclosure).unwrap();

        let refusal = unpack_session(ALICE, &packed).unwrap_err();

        assert_eq!(refusal.code(), RefusalCode::HiddenPart);
    }
}

#[test]
fn a_packed_session_that_is_not_canonical_is_not_unpacked() {
    let packed = game().pack().unwrap();
    let mut overlong = packed.clone();
    overlong.pop();
    overlong.extend([1, 0]);
    let trailing = [packed.as_slice(), &[0]].concat();

    assert!(unpack_session(ALICE, &packed).is_ok());
    for bytes in [overlong, trailing, packed[1..].to_vec(), Vec::new()] {
        assert!(unpack_session(ALICE, &bytes).is_err());
    }
}
