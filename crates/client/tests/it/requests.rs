//! Wallet requests (ERC-7715) as sessions, and sessions as granted responses.

use alloy_primitives::{Address, U256, address, hex};
use serde_json::{Value, json};
use smart_session_client::erc7715::{PermissionRequest, WalletTerms};
use smart_session_client::{Grant, Refusal, RefusalCode, check_session};
use smart_session_core::policy::budget::NATIVE;
use smart_session_core::session::{ArgumentRule, Budget, Session};

const TOKEN: Address = address!("00000000000000000000000000000000000070e7");
const APP: Address = address!("000000000000000000000000000000000000a44f");
const BOB: Address = address!("0000000000000000000000000000000000000b0b");
const NOW: u64 = 1_767_225_600;
const TRANSFER: [u8; 4] = [0xa9, 0x05, 0x9c, 0xbb];

fn wallet() -> WalletTerms {
    WalletTerms {
        account: address!("00000000000000000000000000000000000a11ce"),
        epoch: 3,
        now: NOW,
        from: NOW - 60,
        fee_limit: U256::from(1_000),
        receivers: Vec::new(),
        salt: 9,
    }
}

fn request(kind: &str, data: &Value) -> Value {
    json!({
        "chainId": "0xa4b1",
        "to": APP,
        "permission": { "type": kind, "isAdjustmentAllowed": true, "data": data },
        "rules": [{ "type": "expiry", "data": { "timestamp": 1_767_230_000 } }],
    })
}

fn session(request: &Value, wallet: &WalletTerms) -> Result<Session, Refusal> {
    PermissionRequest::read(request)?.to_session(wallet)
}

fn weekly() -> Value {
    request(
        "erc20-token-periodic",
        &json!({
            "tokenAddress": TOKEN, "periodAmount": "0x64", "periodDuration": 604_800,
            "startTime": 1_767_226_000, "justification": "a subscription",
        }),
    )
}

fn allowance() -> Value {
    request("erc20-token-allowance", &json!({ "tokenAddress": TOKEN, "allowance": "0x5" }))
}

#[test]
fn a_periodic_amount_is_a_budget_in_periods_from_the_start_on() {
    let session = session(&weekly(), &wallet()).unwrap();

    assert_eq!(session.delegate, APP);
    assert_eq!(session.chains[0].chain_id, 42_161);
    assert_eq!(session.chains[0].epoch, 3);
    assert_eq!(session.salt, 9);
    assert_eq!(session.window.valid_after().seconds(), 1_767_226_000);
    assert_eq!(session.window.valid_until().seconds(), 1_767_230_000);
    assert_eq!(session.budgets, [Budget { token: TOKEN, amount: 100, period: 604_800 }]);
    assert_eq!(session.permissions.len(), 1);
    assert_eq!(session.permissions[0].target, TOKEN);
    assert_eq!(session.permissions[0].selector, TRANSFER);
    assert!(session.permissions[0].value_limit.is_zero());
    assert_eq!(
        check_session(&session, APP).err().map(|it| it.code()),
        Some(RefusalCode::RefusedDelegate)
    );
    assert_eq!(
        check_session(&session, TOKEN).err().map(|it| it.code()),
        Some(RefusalCode::BannedTarget)
    );
}

#[test]
fn a_request_without_a_start_begins_when_the_wallet_says() {
    let session = session(&allowance(), &wallet()).unwrap();

    assert_eq!(session.window.valid_after().seconds(), NOW - 60);
}

#[test]
fn ether_goes_to_named_receivers_only() {
    let asked = request("native-token-allowance", &json!({ "allowance": "0x5" }));

    let refusal = session(&asked, &wallet()).unwrap_err();
    let named = WalletTerms { receivers: vec![APP], ..wallet() };
    let granted = session(&asked, &named).unwrap();

    assert!(refusal.reason().contains("anywhere"), "{refusal}");
    assert_eq!(granted.permissions[0].selector, [0; 4]);
    assert_eq!(granted.permissions[0].target, APP);
    assert_eq!(granted.budgets, [Budget { token: NATIVE, amount: 5, period: 0 }]);
}

fn with_payees(mut request: Value, payees: &Value) -> Value {
    let rules = request["rules"].as_array_mut().unwrap();
    rules.push(json!({ "type": "payee", "data": { "addresses": payees } }));
    request
}

#[test]
fn payees_become_argument_rules_or_receivers() {
    let tokens = with_payees(allowance(), &json!([APP, BOB]));
    let ether = request("native-token-allowance", &json!({ "allowance": 5 }));
    let ether = with_payees(ether, &json!([BOB]));

    let tokens = session(&tokens, &wallet()).unwrap();
    let granted = session(&ether, &wallet()).unwrap();
    let elsewhere = WalletTerms { receivers: vec![APP], ..wallet() };

    let rules: Vec<_> = tokens.permissions.iter().map(|it| it.rules.clone()).collect();
    let is = |payee: u64| {
        vec![ArgumentRule { index: 0, min: U256::from(payee), max: U256::from(payee) }]
    };
    assert_eq!(rules, [is(0xa44f), is(0x0b0b)]);
    assert_eq!(granted.permissions.len(), 1);
    assert_eq!(granted.permissions[0].target, BOB);
    let refusal = session(&ether, &elsewhere).unwrap_err();
    assert!(refusal.reason().contains("does not let ether go to"), "{refusal}");
}

#[test]
fn numbers_are_read_in_hex_and_decimal_alike() {
    let expected = session(&weekly(), &wallet()).unwrap();
    let spellings = [json!(42_161), json!("42161"), json!("0xa4b1")];
    for chain_id in spellings {
        let mut request = weekly();
        request["chainId"] = chain_id;
        assert_eq!(session(&request, &wallet()).as_ref(), Ok(&expected));
    }
    let mut request = weekly();
    request["permission"]["data"] = json!({
        "tokenAddress": TOKEN, "periodAmount": 100, "periodDuration": "0x93a80",
        "startTime": "1767226000",
    });
    request["rules"][0]["data"]["timestamp"] = json!("0x6955CA30");
    assert_eq!(session(&request, &wallet()), Ok(expected));
}

#[test]
fn a_list_of_one_and_a_whole_call_are_read_too() {
    let expected = PermissionRequest::read(&weekly()).unwrap();
    let call = json!({
        "jsonrpc": "2.0", "id": 1, "method": "wallet_requestExecutionPermissions",
        "params": [weekly()],
    });

    assert_eq!(PermissionRequest::read(&json!([weekly()])).as_ref(), Ok(&expected));
    assert_eq!(PermissionRequest::read(&call), Ok(expected));
}

fn changed(place: &str, value: Value) -> Value {
    let mut request = allowance();
    *request.pointer_mut(place).unwrap() = value;
    request
}

#[test]
fn what_has_no_equal_is_refused_with_the_reason() {
    let expiry = json!({ "type": "expiry", "data": { "timestamp": 1_767_230_000 } });
    let other = json!({ "type": "expiry", "data": { "timestamp": 4_000_000_000_u64 } });
    let data = |kind: &str, data: Value| request(kind, &data);
    let mut elsewhere = allowance();
    elsewhere["from"] = json!(APP);
    for (request, why) in [
        (changed("/rules", json!([])), "never ends"),
        (changed("/rules", json!(null)), "never ends"),
        (changed("/rules", json!({})), "rules is no list"),
        (changed("/rules/0/type", json!("rate-limit")), "rate-limit"),
        (changed("/rules", json!([expiry.clone(), other])), "two rules \"expiry\""),
        (changed("/rules/0/data", json!({ "timestamp": 1, "more": 2 })), "\"more\""),
        (with_payees(allowance(), &json!([])), "names nobody"),
        (
            with_payees(with_payees(allowance(), &json!([APP])), &json!([BOB])),
            "two rules \"payee\"",
        ),
        (elsewhere, "another account"),
        (data("erc20-token-stream", json!({})), "erc20-token-stream"),
        (data("erc20-token-periodic", json!({ "tokenAddress": TOKEN })), "says too little"),
        (
            data(
                "erc20-token-allowance",
                json!({ "tokenAddress": TOKEN, "allowance": "0x5", "minimum": 1 }),
            ),
            "\"minimum\", which erc20-token-allowance does not have",
        ),
        (
            data(
                "erc20-token-periodic",
                json!({ "tokenAddress": TOKEN, "periodAmount": 1, "periodDuration": 60, "allowance": 9 }),
            ),
            "\"allowance\", which erc20-token-periodic does not have",
        ),
        (
            data("native-token-allowance", json!({ "tokenAddress": TOKEN, "allowance": "0x5" })),
            "\"tokenAddress\", which native-token-allowance does not have",
        ),
        (
            data(
                "erc20-token-periodic",
                json!({ "tokenAddress": TOKEN, "periodAmount": 1, "periodDuration": 0 }),
            ),
            "periodDuration is 0",
        ),
        (
            data(
                "erc20-token-allowance",
                json!({ "tokenAddress": TOKEN, "allowance": 5, "startTime": NOW - 61 }),
            ),
            "starts in the past",
        ),
        (changed("/chainId", json!("0x10000000000000000")), "too large"),
        (changed("/chainId", json!("many")), "no whole number"),
        (changed("/to", json!("0xF00D00000000000000000000000000000000000f")), "wrong checksum"),
        (changed("/to", json!(7)), "to: 7 is no address"),
        (changed("/permission", json!([])), "permission is no object"),
        (changed("/permission/isAdjustmentAllowed", json!(1)), "is no boolean"),
        (json!([allowance(), allowance()]), "there are 2 requests"),
        (json!([]), "there are 0 requests"),
        (json!({ "method": "eth_sign", "params": [] }), "of \"eth_sign\""),
        (json!("text"), "the request is no object"),
        (json!({ "method": "wallet_requestExecutionPermissions" }), "the request is no object"),
    ] {
        let refusal = session(&request, &wallet()).unwrap_err();
        assert_eq!(refusal.code(), RefusalCode::NoEqual, "{refusal}");
        assert!(refusal.reason().contains(why), "{refusal}");
    }
    let milliseconds = changed("/rules/0/data/timestamp", json!(1_767_230_000_000_u64));
    let refusal = session(&milliseconds, &wallet()).unwrap_err();
    assert!(refusal.remedy().contains("seconds"), "{refusal}");
}

#[test]
fn a_granted_response_says_what_was_asked_and_carries_the_session() {
    let session = session(&weekly(), &wallet()).unwrap();
    let mut grant = Grant::unsigned(APP, session);
    grant.owner_signature = Some(vec![1, 2, 3].into());

    let response = grant.to_permission_response().unwrap();

    assert_eq!(response["chainId"], "0xa4b1");
    assert_eq!(response["permission"]["type"], "erc20-token-periodic");
    assert_eq!(response["permission"]["data"]["periodAmount"], "0x64");
    assert_eq!(response["permission"]["data"]["startTime"], 1_767_226_000);
    assert_eq!(response["rules"].as_array().unwrap().len(), 1);
    assert_eq!(response["rules"][0]["data"]["timestamp"], 1_767_230_000);
    let context = hex::decode(response["context"].as_str().unwrap()).unwrap();
    assert_eq!(Grant::from_permission_context(&context), Ok(grant));
}

#[test]
fn a_response_names_the_payees() {
    let tokens = session(&with_payees(allowance(), &json!([APP, BOB])), &wallet()).unwrap();

    let response = Grant::unsigned(TOKEN, tokens).to_permission_response().unwrap();

    assert_eq!(
        response["rules"][1],
        json!({ "type": "payee", "data": { "addresses": [APP, BOB] } })
    );
}

#[test]
fn a_session_that_says_more_has_no_response() {
    let mut grant = Grant::unsigned(APP, session(&weekly(), &wallet()).unwrap());
    grant.session.permissions[0].selector = [0xff; 4];

    assert_eq!(grant.to_permission_response().unwrap_err().code(), RefusalCode::NoEqual);
}
