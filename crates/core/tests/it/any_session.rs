//! Arbitrary sessions.

use alloy_primitives::aliases::U96;
use alloy_primitives::{Address, B256, U256};
use proptest::collection::vec;
use proptest::prelude::*;
use smart_session_core::packed::{DelegateKind, Paymaster};
use smart_session_core::session::{ArgumentRule, Budget, Chain, Permission, Session, SigningScope};
use smart_session_core::window::{Timestamp, ValidityWindow};

/// Numbers of every width, small ones often.
fn number() -> impl Strategy<Value = U256> {
    (any::<[u8; 32]>(), 0..=256_usize).prop_map(|(bytes, bits)| {
        if bits == 0 { U256::ZERO } else { U256::from_be_bytes(bytes) >> (256 - bits) }
    })
}

fn address() -> impl Strategy<Value = Address> {
    any::<[u8; 20]>().prop_map(Address::new)
}

fn window() -> impl Strategy<Value = ValidityWindow> {
    (0..(1_u64 << 47) - 1, 0..(1_u64 << 47)).prop_filter_map("empty", |(after, until)| {
        ValidityWindow::new(Timestamp::new(after)?, Timestamp::new(until)?)
    })
}

fn rules() -> impl Strategy<Value = Vec<ArgumentRule>> {
    let rule = (any::<u8>(), number(), number());
    vec(rule.prop_map(|(index, min, max)| ArgumentRule { index, min, max }), 0..4)
}

fn permission() -> impl Strategy<Value = Permission> {
    (address(), any::<[u8; 4]>(), number(), rules()).prop_map(
        |(target, selector, value_limit, rules)| Permission {
            target,
            selector,
            value_limit,
            rules,
        },
    )
}

fn scope() -> impl Strategy<Value = SigningScope> {
    (any::<[u8; 32]>(), any::<[u8; 32]>(), rules()).prop_map(|(domain, type_hash, rules)| {
        SigningScope { domain_separator: B256::new(domain), type_hash: B256::new(type_hash), rules }
    })
}

fn budget() -> impl Strategy<Value = Budget> {
    (address(), number(), any::<u32>()).prop_map(|(token, amount, period)| Budget {
        token,
        amount: (amount & U256::from(u128::MAX)).to::<u128>(),
        period,
    })
}

fn paymaster() -> impl Strategy<Value = Paymaster> {
    prop_oneof![
        Just(Paymaster::None),
        Just(Paymaster::Any),
        address().prop_filter_map("reserved", |address| {
            let reserved = [Address::ZERO, Paymaster::ANY];
            (!reserved.contains(&address)).then_some(Paymaster::One(address))
        }),
    ]
}

/// Any session that has a packed form.
pub(crate) fn session() -> impl Strategy<Value = Session> {
    let kind = prop::sample::select(&[
        DelegateKind::Secp256k1,
        DelegateKind::P256,
        DelegateKind::WebAuthn,
    ]);
    let chain = (number(), any::<u64>());
    let who = (address(), address(), kind, window());
    let limits = (any::<u32>(), number(), paymaster(), any::<u64>());
    let lists = (
        vec(chain.prop_map(|(chain_id, epoch)| Chain { chain_id, epoch }), 0..4),
        vec(permission(), 0..6),
        vec(budget(), 0..4),
        vec(scope(), 0..4),
    );
    (who, limits, lists).prop_map(|(who, limits, lists)| {
        let (account, delegate, delegate_kind, window) = who;
        let (max_calls, fee_limit, paymaster, salt) = limits;
        let (chains, permissions, budgets, signing) = lists;
        Session {
            account,
            chains,
            delegate,
            delegate_kind,
            window,
            max_calls,
            fee_limit: (fee_limit >> 160_usize).to::<U96>(),
            paymaster,
            permissions,
            budgets,
            signing,
            salt,
        }
    })
}
