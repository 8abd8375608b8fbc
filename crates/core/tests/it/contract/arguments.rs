//! One canonical encoding for each function's arguments: nothing longer, shorter or dirty.

use alloy_primitives::aliases::U48;
use alloy_primitives::{B256, Bytes, U256, keccak256};
use alloy_sol_types::SolCall;
use smart_session_core::abi::ISmartSession as Abi;

use super::{ACCOUNT, ANYONE, OWNER, SALT, enabled, id, revoke_all, signed};
use crate::module::{error, whole};
use crate::refused::session;

/// Calldata of every function whose encoding is checked.
fn calls() -> Vec<(&'static str, Vec<u8>)> {
    let (account, session, signature) = (ACCOUNT, whole(&session()), signed(OWNER, id()));
    let data = Bytes::from(vec![1, 0, 0]);
    vec![
        ("onInstall", Abi::onInstallCall { data: data.clone() }.abi_encode()),
        ("onUninstall", Abi::onUninstallCall { data }.abi_encode()),
        ("isModuleType", Abi::isModuleTypeCall { moduleTypeId: U256::from(1) }.abi_encode()),
        ("isInitialized", Abi::isInitializedCall { account }.abi_encode()),
        (
            "isValidSignatureWithSender",
            Abi::isValidSignatureWithSenderCall {
                sender: ANYONE,
                hash: SALT,
                signature: signature.clone(),
            }
            .abi_encode(),
        ),
        ("enable", Abi::enable_0Call { session: session.clone() }.abi_encode()),
        (
            "enable relayed",
            Abi::enable_1Call { account, session: session.clone(), signature: signature.clone() }
                .abi_encode(),
        ),
        (
            "execute",
            Abi::executeCall {
                account,
                session: session.clone(),
                mode: B256::ZERO,
                executionCalldata: vec![7; 60].into(),
            }
            .abi_encode(),
        ),
        (
            "executeFor",
            Abi::executeForCall {
                account,
                session: session.clone(),
                mode: B256::ZERO,
                executionCalldata: vec![7; 60].into(),
                order: vec![8; 98].into(),
            }
            .abi_encode(),
        ),
        (
            "redeemDelegations",
            Abi::redeemDelegationsCall {
                permissionContexts: vec![session.clone(), vec![9; 5].into()],
                modes: vec![B256::ZERO; 2],
                executionCallDatas: vec![vec![7; 60].into(), Bytes::new()],
            }
            .abi_encode(),
        ),
        ("revoke", Abi::revoke_0Call { sessionId: id() }.abi_encode()),
        (
            "revoke as delegate",
            Abi::revoke_1Call { account, session: session.clone(), signature: Bytes::new() }
                .abi_encode(),
        ),
        ("revokeFor", Abi::revokeForCall { account, sessionId: id(), signature }.abi_encode()),
        ("revokeAll", Abi::revokeAll_0Call { salt: SALT }.abi_encode()),
        ("revokeAll relayed", revoke_all(&enabled(1), 0, SALT, OWNER).abi_encode()),
        ("sessionId", Abi::sessionIdCall { account, session: session.clone() }.abi_encode()),
        ("budgets", Abi::budgetsCall { account, session, at: U48::from(5_000) }.abi_encode()),
        ("sessionState", Abi::sessionStateCall { account, sessionId: id() }.abi_encode()),
        ("epoch", Abi::epochCall { account }.abi_encode()),
        ("eip712Domain", Abi::eip712DomainCall {}.abi_encode()),
    ]
}

fn said(data: &[u8]) -> String {
    let answer = enabled(1).chain.send(ACCOUNT, data);
    answer.map_or_else(|data| error(&data), |_| "ok".into())
}

#[test]
fn every_function_takes_its_canonical_encoding_and_no_byte_more_or_less() {
    for (function, good) in calls() {
        assert_ne!(said(&good), "MalformedCall", "{function}");
        for extra in [1, 20, 32] {
            let longer = [good.clone(), vec![0; extra]].concat();
            assert_eq!(said(&longer), "MalformedCall", "{function}, {extra} more");
        }
        for length in 4..good.len() {
            assert_eq!(said(&good[..length]), "MalformedCall", "{function}, {length} bytes");
        }
    }
}

/// Every function but these takes an account first.
const WITHOUT_ACCOUNT: [&str; 8] = [
    "onInstall",
    "onUninstall",
    "isModuleType",
    "enable",
    "revoke",
    "revokeAll",
    "eip712Domain",
    "redeemDelegations",
];

#[test]
fn an_address_has_no_bits_above_160() {
    let mut checked = 0;
    for (function, good) in calls() {
        if WITHOUT_ACCOUNT.contains(&function) {
            continue;
        }
        for byte in [0, 11] {
            let mut dirty = good.clone();
            dirty[4 + byte] = 1;
            assert_eq!(said(&dirty), "MalformedCall", "{function}");
        }
        checked += 1;
    }
    assert_eq!(checked, 12);
}

#[test]
fn the_accounts_own_word_is_no_session_id_and_a_time_has_48_bits() {
    let tag = keccak256("SmartSession.account");
    let signature = Bytes::new();
    for data in [
        Abi::revoke_0Call { sessionId: tag }.abi_encode(),
        Abi::revokeForCall { account: ACCOUNT, sessionId: tag, signature }.abi_encode(),
        Abi::sessionStateCall { account: ACCOUNT, sessionId: tag }.abi_encode(),
    ] {
        assert_eq!(said(&data), "MalformedCall");
    }
    // As a salt it is a salt.
    assert_eq!(said(&Abi::revokeAll_0Call { salt: tag }.abi_encode()), "ok");

    let (account, session) = (ACCOUNT, whole(&session()));
    let good = Abi::budgetsCall { account, session, at: U48::MAX }.abi_encode();
    assert_eq!(said(&good), "ok");
    for byte in [0, 25] {
        let mut late = good.clone();
        late[4 + 64 + byte] = 1;
        assert_eq!(said(&late), "MalformedCall");
    }
}

#[test]
fn a_uint48_has_no_bits_above_48() {
    let (_, mut call) = calls().into_iter().find(|(name, _)| *name == "budgets").unwrap();
    let at = 4 + 2 * 32..4 + 3 * 32;
    let with = |call: &mut Vec<u8>, number: u64| {
        call[at.clone()].copy_from_slice(&U256::from(number).to_be_bytes::<32>());
        said(call)
    };

    assert_eq!(with(&mut call, (1 << 48) - 1), "ok");
    assert_eq!(with(&mut call, 1 << 48), "MalformedCall");
}
