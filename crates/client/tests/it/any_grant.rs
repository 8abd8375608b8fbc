//! Grants of every shape, and one plain one.

use alloy_primitives::aliases::U96;
use alloy_primitives::{Address, B256, Bytes, U256, address};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use smart_session_client::{AccountKind, Grant, PermissionBuilder, SessionBuilder};
use smart_session_core::packed::{DelegateKind, Paymaster};
use smart_session_core::session::{ArgumentRule, Budget, Chain, Permission, Session, SigningScope};
use smart_session_core::window::{Timestamp, ValidityWindow};

pub(crate) const MODULE: Address = address!("5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e");
pub(crate) const ALICE: Address = address!("a11ce00000000000000000000000000000000001");
pub(crate) const GAME: Address = address!("9a3e000000000000000000000000000000000001");
pub(crate) const FRONTEND: Address = address!("f00d000000000000000000000000000000000001");

/// Two hours in a game, as in the README.
pub(crate) fn game() -> Session {
    begun()
        .permit(
            PermissionBuilder::function(GAME, "move(uint8)")
                .unwrap()
                .with_value(U256::from(10_000_000_000_000_000_u64)),
        )
        .build()
        .unwrap()
}

/// The same without a permission.
pub(crate) fn begun() -> SessionBuilder {
    SessionBuilder::new(ALICE, FRONTEND)
        .on_chain(42_161, 0)
        .from(1_767_225_600)
        .lasting(7_200)
        .most_calls(100)
        .most_fees(U256::from(10_000_000_000_000_000_u64))
}

fn any_address() -> impl Strategy<Value = Address> {
    any::<[u8; 20]>().prop_map(Address::new)
}

fn any_word() -> impl Strategy<Value = B256> {
    any::<[u8; 32]>().prop_map(B256::new)
}

/// Small and large ones, and those around the borders of how they are written.
fn any_number() -> impl Strategy<Value = U256> {
    prop_oneof![
        Just(U256::ZERO),
        Just(U256::MAX),
        any::<u64>().prop_map(U256::from),
        any::<[u8; 20]>().prop_map(|bytes| U256::from_be_slice(&bytes)),
        any::<[u8; 32]>().prop_map(U256::from_be_bytes),
        (50_usize..60).prop_map(|bits| U256::from(1) << bits),
    ]
}

fn any_rules() -> impl Strategy<Value = Vec<ArgumentRule>> {
    let rule = (any::<u8>(), any_number(), any_number(), any::<bool>());
    let rule = rule.prop_map(|(index, min, max, is_equal)| ArgumentRule {
        index,
        min,
        max: if is_equal { min } else { max },
    });
    vec(rule, 0..4)
}

fn any_window() -> impl Strategy<Value = ValidityWindow> {
    // Sessions end before the year 2100: later times are taken for milliseconds.
    (0..4_102_444_800_u64, 0..=4_102_444_800_u64).prop_filter_map("no window", |(after, until)| {
        ValidityWindow::new(Timestamp::new(after)?, Timestamp::new(until)?)
    })
}

fn any_selector() -> impl Strategy<Value = [u8; 4]> {
    prop_oneof![Just([0; 4]), Just([0xff; 4]), any::<[u8; 4]>()]
}

fn any_paymaster() -> impl Strategy<Value = Paymaster> {
    let one =
        any_address().prop_filter("reserved", |one| ![Address::ZERO, Paymaster::ANY].contains(one));
    prop_oneof![Just(Paymaster::None), Just(Paymaster::Any), one.prop_map(Paymaster::One)]
}

fn any_session() -> impl Strategy<Value = Session> {
    let chain =
        (any_number(), any::<u64>()).prop_map(|(chain_id, epoch)| Chain { chain_id, epoch });
    let permission = (any_address(), any_selector(), any_number(), any_rules()).prop_map(
        |(target, selector, value_limit, rules)| Permission {
            target,
            selector,
            value_limit,
            rules,
        },
    );
    let token = prop_oneof![Just(Address::repeat_byte(0xee)), any_address()];
    let budget = (token, any::<u128>(), prop_oneof![Just(0), any::<u32>()])
        .prop_map(|(token, amount, period)| Budget { token, amount, period });
    let scope =
        (any_word(), any_word(), any_rules()).prop_map(|(domain_separator, type_hash, rules)| {
            SigningScope { domain_separator, type_hash, rules }
        });
    let kind = prop_oneof![
        Just(DelegateKind::Secp256k1),
        Just(DelegateKind::P256),
        Just(DelegateKind::WebAuthn)
    ];
    (
        (any_address(), any_address(), kind, any_window()),
        (any::<u32>(), 0..1_u128 << 96, any_paymaster(), any::<u64>()),
        vec(chain, 0..4),
        vec(permission, 0..4),
        vec(budget, 0..4),
        vec(scope, 0..3),
    )
        .prop_map(|(who, totals, chains, permissions, budgets, signing)| Session {
            account: who.0,
            delegate: who.1,
            delegate_kind: who.2,
            window: who.3,
            max_calls: totals.0,
            fee_limit: U96::from(totals.1),
            paymaster: totals.2,
            salt: totals.3,
            chains,
            permissions,
            budgets,
            signing,
        })
}

/// Any grant, whether it can work or not.
pub(crate) fn any_grant() -> impl Strategy<Value = Grant> {
    let kind = option::of((0_usize..5).prop_map(|index| AccountKind::ALL[index]));
    let signature = option::of(vec(any::<u8>(), 1..200).prop_map(Bytes::from));
    (any_address(), any_session(), kind, option::of(any_address()), signature).prop_map(
        |(module, session, account_kind, owner_validator, owner_signature)| Grant {
            module,
            session,
            account_kind,
            owner_validator,
            owner_signature,
        },
    )
}
