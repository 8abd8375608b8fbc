//! What wallets are asked to sign.

use alloy_dyn_abi::TypedData;
use alloy_primitives::{Address, U256};
use smart_session_client::{Grant, PermissionBuilder, session_typed_data};

use crate::any_grant::{GAME, MODULE, begun, game};

/// A session with every kind of field that the module enables.
fn rich() -> smart_session_core::session::Session {
    begun()
        .on_chain(10, u64::MAX)
        .permit(
            PermissionBuilder::function(GAME, "move(uint8)")
                .unwrap()
                .with_value(U256::MAX)
                .argument_between(3, U256::from(1_u64 << 53), U256::MAX),
        )
        .permit(PermissionBuilder::plain_transfer(GAME))
        .budget_per_period(Address::repeat_byte(0x70), u128::MAX, 86_400)
        .native_budget(7)
        .salt(u64::MAX)
        .build()
        .unwrap()
}

#[test]
fn a_wallet_computes_the_digest_that_the_module_checks() {
    for session in [game(), rich()] {
        let json = session_typed_data(MODULE, &session).unwrap();

        let wallet: TypedData = serde_json::from_value(json).unwrap();

        let grant = Grant::unsigned(MODULE, session);
        assert_eq!(wallet.eip712_signing_hash().unwrap(), grant.digest());
        assert_eq!(wallet.hash_struct().unwrap(), grant.id());
    }
}

#[test]
fn integers_above_2_to_the_53_are_decimal_texts() {
    let json = session_typed_data(MODULE, &rich()).unwrap();
    let message = &json["message"];

    assert_eq!(message["salt"], "18446744073709551615");
    assert_eq!(message["permissions"][0]["rules"][0]["min"], "9007199254740992");
    assert_eq!(message["permissions"][0]["valueLimit"], U256::MAX.to_string());
    assert_eq!(message["maxCalls"], 100);
    assert_eq!(message["chains"][0]["epoch"], 0);
}

#[test]
fn the_domain_is_named_and_has_no_chain() {
    let json = session_typed_data(MODULE, &game()).unwrap();

    let names: Vec<&str> = json["types"]["EIP712Domain"]
        .as_array()
        .unwrap()
        .iter()
        .map(|field| field["name"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["name", "version", "verifyingContract"]);
    assert_eq!(json["primaryType"], "Session");
    assert!(json["domain"].get("chainId").is_none());
}

#[test]
fn nobody_is_asked_to_sign_what_cannot_work() {
    let mut session = game();
    session.delegate = Address::ZERO;

    assert_eq!(session_typed_data(MODULE, &session).unwrap_err().code().name(), "RefusedDelegate");
}
