//! ERC-7715 has one meaning, here and in the TypeScript package: `tests/vectors/permissions.json`.

use alloy_primitives::{Address, Bytes, U256};
use serde_json::{Value, json};
use smart_session_client::Grant;
use smart_session_client::import::{ImportTerms, SourceSystem};
use smart_session_core::packed::{DelegateKind, Paymaster};
use smart_session_core::session::{ArgumentRule, Budget, Chain, Permission, Session, SigningScope};
use smart_session_core::window::{Timestamp, ValidityWindow};

fn vectors() -> Value {
    serde_json::from_str(include_str!("../../../../tests/vectors/permissions.json")).unwrap()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().unwrap()
}

fn read<T: core::str::FromStr<Err: core::fmt::Debug>>(value: &Value) -> T {
    value.as_str().unwrap().parse().unwrap()
}

fn terms(vector: &Value) -> ImportTerms {
    let mut terms = vectors()["terms"].clone();
    for (name, value) in vector["terms"].as_object().into_iter().flatten() {
        terms[name] = value.clone();
    }
    ImportTerms {
        account: read(&terms["account"]),
        chain_id: read(&terms["chainId"]),
        epoch: read(&terms["epoch"]),
        module: read(&terms["module"]),
        fee_limit: read(&terms["feeLimit"]),
        salt: read(&terms["salt"]),
        valid_after: terms["validAfter"].as_u64(),
        valid_until: terms["validUntil"].as_u64(),
        max_calls: None,
        paymaster: None,
        receivers: terms["receivers"].as_array().into_iter().flatten().map(read).collect(),
    }
}

fn rules(value: &Value) -> Vec<ArgumentRule> {
    let rule = |rule: &Value| ArgumentRule {
        index: u8::try_from(rule["index"].as_u64().unwrap()).unwrap(),
        min: read(&rule["min"]),
        max: read(&rule["max"]),
    };
    list(value).iter().map(rule).collect()
}

fn permissions(session: &Value) -> Vec<Permission> {
    let permission = |permission: &Value| Permission {
        target: read(&permission["target"]),
        selector: read::<Bytes>(&permission["selector"])[..].try_into().unwrap(),
        value_limit: read(&permission["valueLimit"]),
        rules: rules(&permission["rules"]),
    };
    list(&session["permissions"]).iter().map(permission).collect()
}

fn budgets(session: &Value) -> Vec<Budget> {
    let budget = |budget: &Value| Budget {
        token: read(&budget["token"]),
        amount: read(&budget["amount"]),
        period: u32::try_from(budget["period"].as_u64().unwrap()).unwrap(),
    };
    list(&session["budgets"]).iter().map(budget).collect()
}

fn window(session: &Value) -> ValidityWindow {
    let at = |name: &str| Timestamp::new(session[name].as_u64().unwrap()).unwrap();
    ValidityWindow::new(at("validAfter"), at("validUntil")).unwrap()
}

fn session(value: &Value) -> Session {
    let chain =
        |chain: &Value| Chain { chain_id: read(&chain["chainId"]), epoch: read(&chain["epoch"]) };
    let scope = |scope: &Value| SigningScope {
        domain_separator: read(&scope["domainSeparator"]),
        type_hash: read(&scope["typeHash"]),
        rules: rules(&scope["rules"]),
    };
    assert_eq!(value["paymaster"], Value::String(format!("{:#x}", Address::ZERO)));
    Session {
        account: read(&value["account"]),
        chains: list(&value["chains"]).iter().map(chain).collect(),
        delegate: read(&value["delegate"]),
        delegate_kind: match value["delegateKind"].as_u64().unwrap() {
            0 => DelegateKind::Secp256k1,
            1 => DelegateKind::P256,
            other => panic!("no vector is of kind {other}"),
        },
        window: window(value),
        max_calls: u32::try_from(value["maxCalls"].as_u64().unwrap()).unwrap(),
        fee_limit: read(&value["feeLimit"]),
        paymaster: Paymaster::None,
        permissions: permissions(value),
        budgets: budgets(value),
        signing: list(&value["signing"]).iter().map(scope).collect(),
        salt: read(&value["salt"]),
    }
}

/// Addresses in words may be of any case.
fn lower(mut refusals: Vec<[String; 2]>) -> Vec<[String; 2]> {
    for text in refusals.as_flattened_mut() {
        *text = text.to_lowercase();
    }
    refusals.sort();
    refusals
}

#[test]
fn requests_are_granted_and_refused_as_the_shared_vectors_say() {
    let document = vectors();
    let requests = list(&document["requests"]);
    assert!(requests.len() > 40);
    for vector in requests {
        let (name, terms) = (&vector["name"], terms(vector));

        let imported = SourceSystem::PermissionRequest.import(&vector["request"], &terms);

        match imported.outcome {
            Ok(imported) => {
                let expected = &vector["session"];
                assert!(expected.is_object(), "{name}");
                // The vector says what the request decides; the rest is the terms', or the least.
                let expected = Session {
                    account: terms.account,
                    chains: vec![Chain {
                        chain_id: U256::from(terms.chain_id),
                        epoch: terms.epoch,
                    }],
                    delegate: read(&expected["delegate"]),
                    delegate_kind: DelegateKind::Secp256k1,
                    window: window(expected),
                    max_calls: u32::MAX,
                    fee_limit: terms.fee_limit.to(),
                    paymaster: Paymaster::None,
                    permissions: permissions(expected),
                    budgets: budgets(expected),
                    signing: Vec::new(),
                    salt: terms.salt,
                };
                assert_eq!(imported, expected, "{name}");
            }
            Err(refusals) => {
                let found = refusals.into_iter().map(|it| [it.path, it.meaning]).collect();
                let expected = serde_json::from_value(vector["refused"].clone());
                assert_eq!(lower(found), lower(expected.unwrap_or_default()), "{name}");
            }
        }
    }
}

#[test]
fn the_types_without_an_equal_are_known_and_refused() {
    let document = vectors();
    let types = list(&document["unsayable"]);
    let expected = [
        "native-token-stream",
        "erc20-token-stream",
        "erc20-token-revocation",
        "token-approval-revocation",
        "erc721-token-allowance",
    ];
    assert_eq!(types, expected);
    for name in types {
        let mut request = document["requests"][0]["request"].clone();
        request["permission"]["type"] = name.clone();

        let imported = SourceSystem::PermissionRequest.import(&request, &terms(&Value::Null));

        let refusals = imported.outcome.unwrap_err();
        let meaning =
            &refusals.iter().find(|it| it.path.starts_with("permission")).unwrap().meaning;
        assert!(!meaning.contains("not known"), "{name}: {meaning}");
    }
}

#[test]
fn responses_say_what_the_shared_vectors_say() {
    let document = vectors();
    let responses = list(&document["responses"]);
    assert!(responses.len() > 100);
    for vector in responses {
        let name = &vector["name"];
        let mut grant =
            Grant::unsigned(read(&document["terms"]["module"]), session(&vector["session"]));
        grant.owner_signature = vector["ownerSignature"].as_str().map(|hex| hex.parse().unwrap());
        let request = Some(&vector["request"]).filter(|request| !request.is_null());

        let answer = grant.to_permission_response(request);

        match answer {
            Ok(response) => assert_eq!(response, vector["response"], "{name}"),
            Err(refusal) => {
                assert_eq!(vector["refused"], refusal.code().name(), "{name}: {refusal}");
            }
        }
    }
}

#[test]
fn what_is_no_response_is_refused() {
    let vectors = vectors();
    for document in list(&vectors["read"]["malformed"]) {
        let refusal = Grant::from_permission_response(document).unwrap_err();

        assert_eq!(refusal.code().name(), "MalformedAddress", "{document}");
    }
}

#[test]
fn responses_are_read_as_the_shared_vectors_say() {
    let vectors = vectors();
    let expected = session(&vectors["read"]["session"]);
    let changes = list(&vectors["read"]["changes"]);
    assert!(changes.len() > 15);
    for vector in changes {
        let mut response = vectors["read"]["response"].clone();
        for (field, value) in vector["change"].as_object().unwrap() {
            response[field] = value.clone();
        }

        let code = match Grant::from_permission_response(&response) {
            Ok(grant) => {
                assert_eq!(grant.session, expected, "{}", vector["name"]);
                json!(null)
            }
            Err(refusal) => json!(refusal.code().name()),
        };

        assert_eq!(code, vector["refused"], "{}", vector["name"]);
    }
}
