//! Wallet requests (ERC-7715) as sessions, and sessions as granted responses.

use alloy_primitives::{Address, U256, address, hex};
use serde_json::{Value, json};
use smart_session_client::erc7715::read_request;
use smart_session_client::import::{ImportTerms, SourceSystem};
use smart_session_client::{Grant, RefusalCode, SessionBuilder, check_session};
use smart_session_core::packed::DelegateKind;
use smart_session_core::policy::budget::NATIVE;
use smart_session_core::session::{ArgumentRule, Budget, Session};

const ALICE: Address = address!("00000000000000000000000000000000000a11ce");
const TOKEN: Address = address!("00000000000000000000000000000000000070e7");
const APP: Address = address!("000000000000000000000000000000000000a44f");
const BOB: Address = address!("0000000000000000000000000000000000000b0b");
const MODULE: Address = address!("5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e");
const NOW: u64 = 1_767_225_600;
const END: u64 = 1_767_230_000;
const TRANSFER: [u8; 4] = [0xa9, 0x05, 0x9c, 0xbb];

fn wallet() -> ImportTerms {
    ImportTerms {
        account: ALICE,
        chain_id: 42_161,
        epoch: 3,
        module: MODULE,
        fee_limit: U256::from(1_000),
        salt: 9,
        valid_after: Some(NOW - 60),
        valid_until: None,
        max_calls: None,
        paymaster: None,
        receivers: Vec::new(),
    }
}

fn request(kind: &str, data: &Value) -> Value {
    json!({
        "chainId": "0xa4b1",
        "to": APP,
        "permission": { "type": kind, "isAdjustmentAllowed": true, "data": data },
        "rules": [{ "type": "expiry", "data": { "timestamp": END } }],
    })
}

/// The session that grants a request, or where it has no equal.
fn session(request: &Value, wallet: &ImportTerms) -> Result<Session, Vec<String>> {
    let imported = SourceSystem::PermissionRequest.import(request, wallet);
    imported.outcome.map_err(|refusals| refusals.into_iter().map(|it| it.path).collect())
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

/// Longer than one period: what is shorter than that is a total.
fn for_a_month() -> Value {
    let mut request = weekly();
    request["rules"][0]["data"]["timestamp"] = json!(1_767_226_000 + 4 * 604_800);
    request
}

fn allowance() -> Value {
    request("erc20-token-allowance", &json!({ "tokenAddress": TOKEN, "allowance": "0x5" }))
}

#[test]
fn a_periodic_amount_is_a_budget_in_periods_from_the_start_on() {
    let session = session(&for_a_month(), &wallet()).unwrap();

    assert_eq!(session.delegate, APP);
    assert_eq!(session.chains[0].chain_id, 42_161);
    assert_eq!(session.chains[0].epoch, 3);
    assert_eq!(session.salt, 9);
    assert_eq!(session.window.valid_after().seconds(), 1_767_226_000);
    assert_eq!(session.budgets, [Budget { token: TOKEN, amount: 100, period: 604_800 }]);
    assert_eq!(session.permissions.len(), 1);
    assert_eq!(session.permissions[0].target, TOKEN);
    assert_eq!(session.permissions[0].selector, TRANSFER);
    assert!(session.permissions[0].value_limit.is_zero());
    assert_eq!(check_session(&session, MODULE), Ok(()));
}

/// ERC-7715: at the timestamp the permission has expired. A session's last second is its own.
#[test]
fn an_expiry_is_the_second_after_the_last_one_both_ways() {
    let session = session(&allowance(), &wallet()).unwrap();

    assert_eq!(session.window.valid_until().seconds(), END - 1);
    let response = Grant::unsigned(MODULE, session).to_permission_response(None).unwrap();
    assert_eq!(response["rules"][0]["data"]["timestamp"], END);
}

#[test]
fn a_request_without_a_start_begins_when_the_wallet_says() {
    let begun = session(&allowance(), &wallet()).unwrap();

    assert_eq!(begun.window.valid_after().seconds(), NOW - 60);
    let unsaid = ImportTerms { valid_after: None, ..wallet() };
    assert_eq!(session(&allowance(), &unsaid), Err(vec!["terms.validAfter".into()]));
}

#[test]
fn ether_goes_to_named_receivers_only() {
    let asked = request("native-token-allowance", &json!({ "allowance": "0x5" }));

    let refused = session(&asked, &wallet()).unwrap_err();
    let named = ImportTerms { receivers: vec![APP], ..wallet() };
    let granted = session(&asked, &named).unwrap();

    assert!(refused.contains(&"permission.type".into()), "{refused:?}");
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

    let mut rules: Vec<_> = tokens.permissions.iter().map(|it| it.rules.clone()).collect();
    rules.sort_by_key(|rules| rules[0].min);
    let is = |payee: u64| {
        vec![ArgumentRule { index: 0, min: U256::from(payee), max: U256::from(payee) }]
    };
    assert_eq!(rules, [is(0x0b0b), is(0xa44f)]);
    assert_eq!(granted.permissions.len(), 1);
    assert_eq!(granted.permissions[0].target, BOB);
}

#[test]
fn numbers_are_read_in_hex_and_decimal_alike() {
    let expected = session(&weekly(), &wallet()).unwrap();
    for chain_id in [json!(42_161), json!("42161"), json!("0xa4b1")] {
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
    let call = json!({
        "jsonrpc": "2.0", "id": 1, "method": "wallet_requestExecutionPermissions",
        "params": [weekly()],
    });

    assert_eq!(read_request(&weekly()), Ok(&weekly()));
    assert_eq!(read_request(&json!([weekly()])), Ok(&weekly()));
    assert_eq!(read_request(&call), Ok(&weekly()));
    for (document, why) in [
        (json!([weekly(), weekly()]), "there are 2 requests"),
        (json!([]), "there are 0 requests"),
        (json!({ "method": "eth_sign", "params": [] }), "of \"eth_sign\""),
    ] {
        let refusal = read_request(&document).unwrap_err();
        assert_eq!(refusal.code(), RefusalCode::NoEqual);
        assert!(refusal.reason().contains(why), "{refusal}");
    }
}

fn changed(place: &str, value: Value) -> Value {
    let mut request = allowance();
    *request.pointer_mut(place).unwrap() = value;
    request
}

#[test]
fn what_has_no_equal_is_refused_where_it_stands() {
    let data = |kind: &str, data: Value| request(kind, &data);
    let mut elsewhere = allowance();
    elsewhere["from"] = json!(APP);
    // Older wallets' word for what restricts a permission.
    let mut limited = allowance();
    limited["permission"]["policies"] = json!([{ "type": "rate-limit" }]);
    let mut more = allowance();
    more["limit"] = json!(1);
    for (request, place) in [
        (changed("/rules", json!([])), "terms.validUntil"),
        (changed("/rules", json!(null)), "terms.validUntil"),
        (changed("/rules", json!({})), "rules"),
        (changed("/rules/0/type", json!("rate-limit")), "rules[0].type"),
        (changed("/rules/0/data", json!({ "timestamp": END, "more": 2 })), "rules[0].data.more"),
        (with_payees(allowance(), &json!([])), "rules"),
        (with_payees(with_payees(allowance(), &json!([APP])), &json!([BOB])), "rules"),
        (elsewhere, "from"),
        (limited, "permission.policies"),
        (more, "limit"),
        (data("erc20-token-stream", json!({})), "permission.data.amountPerSecond"),
        (
            data("erc20-token-periodic", json!({ "tokenAddress": TOKEN })),
            "permission.data.periodAmount",
        ),
        (
            data(
                "erc20-token-allowance",
                json!({ "tokenAddress": TOKEN, "allowance": "0x5", "minimum": 1 }),
            ),
            "permission.data.minimum",
        ),
        (
            data(
                "erc20-token-allowance",
                json!({ "tokenAddress": TOKEN, "allowance": "0x5", "allowanceAmount": "0x9" }),
            ),
            "permission.data.allowance",
        ),
        (
            data(
                "erc20-token-periodic",
                json!({ "tokenAddress": TOKEN, "periodAmount": 1, "periodDuration": 60, "allowance": 9 }),
            ),
            "permission.data.allowance",
        ),
        (
            data("native-token-allowance", json!({ "tokenAddress": TOKEN, "allowance": "0x5" })),
            "permission.data.tokenAddress",
        ),
        (
            data(
                "erc20-token-periodic",
                json!({ "tokenAddress": TOKEN, "periodAmount": 1, "periodDuration": 0 }),
            ),
            "permission.data.periodAmount",
        ),
        (changed("/chainId", json!("0x1")), "chainId"),
        (changed("/chainId", json!("many")), "chainId"),
        (changed("/to", json!("0xF00D00000000000000000000000000000000000f")), "to"),
        (changed("/to", json!(7)), "to"),
        (changed("/permission", json!([])), "permission.type"),
        (changed("/permission/isAdjustmentAllowed", json!(1)), "permission.isAdjustmentAllowed"),
        (json!("text"), "to"),
    ] {
        let places = session(&request, &wallet()).unwrap_err();
        assert!(places.iter().any(|it| it == place), "{place}: {places:?}");
    }
}

#[test]
fn a_stream_is_refused_and_a_periodic_permission_offered_that_it_covers() {
    let stream = request(
        "native-token-stream",
        &json!({
            "amountPerSecond": "0x2", "initialAmount": "0x0", "startTime": 1_000,
            "maxAmount": "0xd2f00",
        }),
    );

    let refusals = SourceSystem::PermissionRequest.import(&stream, &wallet()).outcome.unwrap_err();

    // 2 wei a second are 172,800 a day; 864,000 last five days.
    assert_eq!(
        refusals[0].remedy,
        "ask for native-token-periodic: periodAmount 0x2a300 (172800), periodDuration 86400, \
         startTime 87400, and a rule \"expiry\" after 5 days"
    );
}

fn signed(session: Session) -> Grant {
    let mut grant = Grant::unsigned(MODULE, session);
    grant.owner_signature = Some(vec![1, 2, 3].into());
    grant
}

#[test]
fn a_granted_response_says_what_was_asked_and_stands_for_the_session() {
    let grant = signed(session(&for_a_month(), &wallet()).unwrap());

    let response = grant.to_permission_response(None).unwrap();

    assert_eq!(response["chainId"], "0xa4b1");
    assert_eq!(response["permission"]["type"], "erc20-token-periodic");
    assert_eq!(response["permission"]["data"]["periodAmount"], "0x64");
    assert_eq!(response["permission"]["data"]["startTime"], 1_767_226_000);
    assert_eq!(response["rules"].as_array().unwrap().len(), 1);
    assert_eq!(response["rules"], for_a_month()["rules"]);
    assert_eq!(response["delegationManager"], MODULE.to_checksum(None));
    assert_eq!(response["dependencies"], json!([]));
    assert_eq!(Grant::from_permission_response(&response), Ok(grant));
}

/// The bytes as docs/session-format.md has them: account ‖ mode ‖ session ‖ \[length ‖ signature\].
#[test]
fn a_context_is_account_mode_session_and_the_owners_signature() {
    let enabled = Grant::unsigned(MODULE, session(&allowance(), &wallet()).unwrap());
    let signed = signed(enabled.session.clone());
    let packed = hex::encode(enabled.session.pack().unwrap());
    let account = "00000000000000000000000000000000000a11ce";

    let contexts = [&enabled, &signed].map(|grant| grant.to_permission_context().unwrap());

    assert_eq!(hex::encode(&contexts[0]), format!("{account}00{packed}"));
    assert_eq!(hex::encode(&contexts[1]), format!("{account}01{packed}0003010203"));
    for (context, grant) in contexts.iter().zip([enabled, signed]) {
        assert_eq!(Grant::from_permission_context(MODULE, context), Ok(grant));
        for cut in 0..context.len() {
            let refused = Grant::from_permission_context(MODULE, &context[..cut]);
            assert_eq!(refused.unwrap_err().code(), RefusalCode::MalformedContext, "{cut}");
        }
        let longer = [context, &[0][..]].concat();
        assert!(Grant::from_permission_context(MODULE, &longer).is_err());
    }
}

#[test]
fn a_response_that_contradicts_its_context_is_refused() {
    let grant = signed(session(&for_a_month(), &wallet()).unwrap());
    let mut response = grant.to_permission_response(None).unwrap();
    response["from"] = json!(null);
    assert!(Grant::from_permission_response(&response).is_ok(), "nobody said otherwise");

    let factory = json!([{ "factory": BOB, "factoryData": "0x" }]);
    for (field, other, code) in [
        ("chainId", json!("0x1"), RefusalCode::ChainNotListed),
        ("chainId", json!(null), RefusalCode::NumberTooWide),
        ("from", json!(BOB), RefusalCode::WrongAccount),
        ("to", json!(BOB), RefusalCode::WrongKey),
        ("to", json!(null), RefusalCode::MalformedAddress),
        ("context", json!("0x00"), RefusalCode::MalformedContext),
        ("context", json!("session1."), RefusalCode::MalformedContext),
        ("delegationManager", json!(null), RefusalCode::MalformedAddress),
        ("dependencies", factory, RefusalCode::NoEqual),
        ("dependencies", json!({ "factory": BOB }), RefusalCode::NoEqual),
        ("dependencies", json!("0x"), RefusalCode::NoEqual),
    ] {
        let mut changed = response.clone();
        changed[field] = other;
        let refusal = Grant::from_permission_response(&changed).unwrap_err();
        assert_eq!(refusal.code(), code, "{field}: {refusal}");
    }
}

#[test]
fn who_has_no_address_to_call_from_redeems_nothing() {
    let mut grant = signed(session(&allowance(), &wallet()).unwrap());
    for kind in [DelegateKind::P256, DelegateKind::WebAuthn] {
        grant.session.delegate_kind = kind;
        for refused in
            [grant.to_permission_context().map(drop), grant.to_permission_response(None).map(drop)]
        {
            let refusal = refused.unwrap_err();
            assert_eq!(refusal.code(), RefusalCode::WrongKey);
            assert!(refusal.remedy().contains("orders"), "{refusal}");
        }
    }
}

#[test]
fn a_response_names_the_payees() {
    let tokens = session(&with_payees(allowance(), &json!([APP, BOB])), &wallet()).unwrap();

    let response = Grant::unsigned(MODULE, tokens).to_permission_response(None).unwrap();

    let named = &response["rules"][1]["data"]["addresses"];
    assert_eq!(response["rules"][1]["type"], "payee");
    let [app, bob] = [APP, BOB].map(|payee| payee.to_checksum(None));
    assert!(*named == json!([app, bob]) || *named == json!([bob, app]), "{named}");
}

#[test]
fn a_session_that_says_more_has_no_response() {
    let mut grant = Grant::unsigned(MODULE, session(&for_a_month(), &wallet()).unwrap());
    grant.session.permissions[0].selector = [0xff; 4];
    assert_eq!(grant.to_permission_response(None).unwrap_err().code(), RefusalCode::NoEqual);

    let nothing = SessionBuilder::new(ALICE, APP).on_chain(1, 0).from(1).until(2).most_calls(1);
    let nothing = nothing.most_fees(U256::from(1)).build().unwrap();
    let refusal = Grant::unsigned(MODULE, nothing).to_permission_response(None).unwrap_err();
    assert_eq!(refusal.code(), RefusalCode::NoEqual);
}
