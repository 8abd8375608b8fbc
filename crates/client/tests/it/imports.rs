//! Imports agree with those of the TypeScript package: `tests/vectors/from.json`.

use alloy_primitives::{Address, U256, hex};
use serde_json::Value;
use smart_session_client::import::{ImportTerms, Imported, SourceSystem};
use smart_session_core::packed::Paymaster;

const VECTORS: &str = include_str!("../../../../tests/vectors/from.json");

fn address(value: &Value) -> Address {
    value.as_str().unwrap().parse().unwrap()
}

fn terms(vector: &Value) -> ImportTerms {
    let terms = &vector["terms"];
    let whole = |name: &str| terms[name].as_str().unwrap().parse::<u64>().unwrap();
    let paymaster = |value: &Value| match address(value) {
        Paymaster::ANY => Paymaster::Any,
        one => Paymaster::One(one),
    };
    ImportTerms {
        account: address(&terms["account"]),
        chain_id: whole("chainId"),
        epoch: whole("epoch"),
        module: address(&terms["module"]),
        fee_limit: U256::from(whole("feeLimit")),
        salt: whole("salt"),
        valid_after: terms["validAfter"].as_u64(),
        valid_until: terms["validUntil"].as_u64(),
        max_calls: terms["maxCalls"].as_u64().map(|calls| calls.try_into().unwrap()),
        paymaster: terms.get("paymaster").map(paymaster),
        receivers: terms
            .get("receivers")
            .and_then(Value::as_array)
            .map_or_else(Vec::new, |receivers| receivers.iter().map(address).collect()),
    }
}

fn sorted(paths: impl Iterator<Item = String>) -> Vec<String> {
    let mut paths: Vec<String> = paths.collect();
    paths.sort();
    paths
}

#[test]
fn imports_give_what_the_shared_vectors_say() {
    let document: Value = serde_json::from_str(VECTORS).unwrap();
    let vectors = document["vectors"].as_array().unwrap();
    let mut imported = 0;
    for vector in vectors {
        let name = &vector["name"];
        let system = SourceSystem::of(&vector["input"]).unwrap();
        let Imported { comparisons, outcome } = system.import(&vector["input"], &terms(vector));
        let expected =
            |field: &str| -> Vec<String> { serde_json::from_value(vector[field].clone()).unwrap() };

        match outcome {
            Ok(session) => {
                imported += 1;
                let packed = hex::encode_prefixed(session.pack().unwrap());
                assert_eq!(vector["packed"], packed, "{name}");
                let narrower = comparisons.into_iter().filter(|it| it.is_narrower);
                assert_eq!(sorted(narrower.map(|it| it.path)), expected("narrower"), "{name}");
            }
            Err(refusals) => {
                assert!(vector.get("refused").is_some(), "{name}: {refusals:?}");
                let paths = sorted(refusals.into_iter().map(|refusal| refusal.path));
                assert_eq!(paths, expected("refused"), "{name}");
            }
        }
    }
    assert!(imported > 20 && vectors.len() - imported > 20, "{imported} of {}", vectors.len());
}

#[test]
fn a_document_of_no_known_system_is_told_apart() {
    assert_eq!(SourceSystem::of(&serde_json::json!({ "account": "0x00" })), None);
    assert_eq!(SourceSystem::of(&serde_json::json!(7)), None);
}

#[test]
fn what_is_no_session_at_all_is_refused_without_a_panic() {
    let document: Value = serde_json::from_str(VECTORS).unwrap();
    let terms = terms(&document["vectors"][0]);
    let nonsense = [
        serde_json::json!({ "sessionValidator": 1, "actions": [7, null, {}] }),
        serde_json::json!({ "enableData": "0x00" }),
        serde_json::json!({ "delegator": [], "caveats": [{ "enforcer": "0x" }, 5] }),
        serde_json::json!({ "permission": "all", "rules": [1, { "type": "payee" }] }),
    ];
    for document in nonsense {
        let imported = SourceSystem::of(&document).unwrap().import(&document, &terms);
        let refusals = imported.outcome.unwrap_err();
        assert!(!refusals.is_empty(), "{document}: {refusals:?}");
    }
}
