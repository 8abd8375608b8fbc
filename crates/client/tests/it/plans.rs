//! From calls to operations.

use alloy_primitives::{Address, Bytes, U256, keccak256};
use smart_session_client::{
    Call, DraftContext, Grant, PermissionBuilder, RefusalCode, cover_calls, nearest_permissions,
};
use smart_session_core::session::Session;

use crate::any_grant::{GAME, MODULE, begun, game};

const NOW: u64 = 1_767_225_700;
const ENABLED: DraftContext = DraftContext { chain_id: 42_161, now: NOW, is_enabled: true };

fn a_move(step: u8) -> Call {
    let mut data = keccak256("move(uint8)")[..4].to_vec();
    data.extend(U256::from(step).to_be_bytes::<32>());
    Call::new(GAME, data)
}

fn two_permissions() -> Session {
    begun()
        .permit(PermissionBuilder::plain_transfer(GAME).with_value(U256::from(5)))
        .permit(
            PermissionBuilder::function(GAME, "move(uint8)")
                .unwrap()
                .with_value(U256::from(5))
                .argument_between(0, U256::from(1), U256::from(3)),
        )
        .build()
        .unwrap()
}

#[test]
fn each_call_gets_the_permission_that_covers_it() {
    let calls = [a_move(2), Call::new(GAME, Bytes::new()), a_move(3)];

    assert_eq!(cover_calls(&two_permissions(), &calls), Ok(vec![1, 0, 1]));
}

#[test]
fn a_call_that_none_covers_is_told_why() {
    let session = two_permissions();
    let why = |call: Call| cover_calls(&session, &[call]).unwrap_err().reason().to_owned();

    assert!(why(a_move(4)).ends_with("does not allow 4 as argument word 0"), "{}", why(a_move(4)));
    let rich = a_move(1).with_value(U256::from(6));
    let end = "permission 1 allows 0.000000000000000005 ETH, not 0.000000000000000006";
    assert!(why(rich.clone()).ends_with(end), "{}", why(rich));
    let elsewhere = Call::new(Address::repeat_byte(9), Bytes::new());
    assert!(why(elsewhere).contains("none is for 0x0909"));
    let short = Call::new(GAME, keccak256("move(uint8)")[..4].to_vec());
    assert!(why(short).ends_with("bounds argument word 0, which is past the end"));
}

#[test]
fn the_nearest_permission_is_the_one_that_the_call_misses_least() {
    let session = two_permissions();

    assert_eq!(nearest_permissions(&session, &[a_move(9)]), Some(vec![1]));
    let other = Call::new(GAME, vec![1, 2, 3, 4]);
    assert_eq!(nearest_permissions(&session, &[other]), Some(vec![0]));
    assert_eq!(nearest_permissions(&begun().build().unwrap(), &[a_move(1)]), None);
}

#[test]
fn a_session_that_is_not_enabled_wants_its_owners_signature() {
    let mut grant = Grant::unsigned(MODULE, game());
    let context = DraftContext { is_enabled: false, ..ENABLED };

    let refusal = grant.draft(&[a_move(1)], context).unwrap_err();
    assert_eq!(refusal.code(), RefusalCode::SessionNotEnabled);

    grant.owner_signature = Some(vec![1; 85].into());
    let first = grant.draft(&[a_move(1)], context).unwrap().sealed(&[]);
    let later = grant.draft(&[a_move(1)], ENABLED).unwrap().sealed(&[]);
    assert_eq!((first[0], later[0]), (1, 0), "mode");
    assert!(first.ends_with(&[1; 85]));
}

#[test]
fn the_time_is_claimed_exactly_where_a_budget_has_a_period() {
    let periodic = begun()
        .permit(PermissionBuilder::function(GAME, "move(uint8)").unwrap())
        .budget_per_period(GAME, 1, 60)
        .build()
        .unwrap();
    let drafted = |session: Session| {
        Grant::unsigned(MODULE, session).draft(&[a_move(1)], ENABLED).unwrap().sealed(&[])
    };

    assert!(drafted(periodic.clone()).ends_with(&NOW.to_be_bytes()[2..]));
    assert!(drafted(game()).ends_with(&[0]), "the index of the permission is last");

    let late = DraftContext { now: NOW + 7_200, ..ENABLED };
    let refusal = Grant::unsigned(MODULE, periodic).draft(&[a_move(1)], late).unwrap_err();
    assert_eq!(refusal.code(), RefusalCode::ClaimedTimeOutsideWindow);
}

#[test]
fn only_what_is_used_is_disclosed() {
    let session = (0..10).fold(begun(), |session, byte| {
        session.permit(PermissionBuilder::function(Address::repeat_byte(byte + 1), "f()").unwrap())
    });
    let session = session.on_chain(10, 3).build().unwrap();
    let call = Call::new(Address::repeat_byte(5), keccak256("f()")[..4].to_vec());
    let hidden = Address::repeat_byte(6);

    let sealed = Grant::unsigned(MODULE, session)
        .draft(core::slice::from_ref(&call), ENABLED)
        .unwrap()
        .sealed(&[]);

    let contains = |address: Address| sealed.windows(20).any(|part| part == address.as_slice());
    assert!(contains(call.target) && !contains(hidden));
}

#[test]
fn what_no_operation_can_do_is_refused() {
    let grant = Grant::unsigned(MODULE, game());
    let code = |calls: &[Call], context| grant.draft(calls, context).unwrap_err().code();

    assert_eq!(code(&[], ENABLED), RefusalCode::NoExecution);
    assert_eq!(code(&vec![a_move(1); 33], ENABLED), RefusalCode::TooManyExecutions);
    let elsewhere = DraftContext { chain_id: 1, ..ENABLED };
    assert_eq!(code(&[a_move(1)], elsewhere), RefusalCode::ChainNotListed);
    let stray = grant.draft_with(&[1], ENABLED).unwrap_err();
    assert_eq!(stray.code(), RefusalCode::UnknownPermission);
}

#[test]
fn dummies_are_as_long_as_real_signatures_and_not_zero() {
    let grant = Grant::unsigned(MODULE, game());
    let draft = grant.draft(&[a_move(1)], ENABLED).unwrap();

    let dummy = draft.dummy();

    assert_eq!(dummy.len(), draft.sealed(&[7; 65]).len());
    assert!(dummy.ends_with(&[0xff; 65]));
}
