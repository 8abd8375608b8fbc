//! Wallet requests (ERC-7715) read against a chain.

use alloy_primitives::{Address, Bytes, U256, keccak256};
use serde_json::{Value, json};
use smart_session_client::{Call, Node, Redemption, SoftwareKey, refused_context};

use crate::world::{Run, World};

#[test]
fn a_request_becomes_a_session_and_its_response() {
    let world = World::with_module("request");
    let (alice, game) = (world.alice.to_string(), world.game.to_string());
    let chain_id = world.request("eth_chainId", &json!([]));
    let request = |kind: &str| {
        json!([{
            "chainId": chain_id,
            "to": "0x000000000000000000000000000000000000f00d",
            "permission": {
                "type": kind, "isAdjustmentAllowed": false,
                "data": { "tokenAddress": game, "periodAmount": "0x64", "periodDuration": 86_400 },
            },
            "rules": [{ "type": "expiry", "data": { "timestamp": 1_767_999_999 } }],
        }])
        .to_string()
    };
    world.work.write("request.json", &request("erc20-token-periodic"));
    world.work.write("stream.json", &request("erc20-token-stream"));
    world.work.write("broken.json", r#"[{"chainId": 1, "to": 7, "permission": {}}]"#);
    let read = |file: &str| {
        world.run(&["request", "read", file, "--account", &alice, "-o", "session.json"])
    };

    let made = read("request.json").ok();
    let shown = world.run(&["show", "session.json"]).ok();
    let grant = ["request", "grant", "session.json", "--request", "request.json"];
    let granted = world.work.run(&grant).ok();

    assert_eq!(shown["sessionId"], made["sessionId"]);
    // 1767999999 is 23:06:39: the second before it is the session's last.
    assert_eq!(shown["session"]["expiry"], "2026-01-09T23:06:38Z");
    assert_eq!(shown["session"]["budgets"][0]["per"], "1d");
    assert_eq!(granted["rules"][0]["data"]["timestamp"], 1_767_999_999);
    assert_eq!(granted["permission"]["type"], "erc20-token-periodic");
    assert_eq!(granted["permission"]["data"]["periodAmount"], "0x64");
    let module = shown["session"]["module"].as_str().unwrap().to_lowercase();
    assert_eq!(granted["delegationManager"].as_str().unwrap().to_lowercase(), module);
    assert_eq!(places(&read("stream.json")), ["permission.data.amountPerSecond"]);
    assert!(places(&read("broken.json")).contains(&"to".into()));
    world.work.write("broken.json", "[{\"chainId\": 1,\n \"to\" 7}]");
    read("broken.json").fails_with("at line 2 column");
    let elsewhere = request("erc20-token-periodic").replace(chain_id.as_str().unwrap(), "0x1");
    world.work.write("elsewhere.json", &elsewhere);
    assert_eq!(places(&read("elsewhere.json")), ["chainId"]);
    world.work.write("theirs.json", r#"{"delegator": "0x00"}"#);
    read("theirs.json").fails_with("MetaMask delegations, no request");
    let grant =
        |file: &str| world.work.run(&["request", "grant", "session.json", "--request", file]);
    grant("theirs.json").fails_with("theirs.json: it is a session of MetaMask delegations");
    world.work.write("empty.json", "{}");
    grant("empty.json").fails_with("empty.json: no session of a system that is known");
    // It is granted as it is, or not at all.
    world.work.write("more.json", &request("erc20-token-periodic").replace("\"0x64\"", "\"0x65\""));
    grant("more.json").fails_with("grants 100 as permission.data.periodAmount, and 101 without");
    grant("stream.json").fails_with("permission.data.amountPerSecond: nothing is not");
    // The import is the same.
    let imported = world.run(&["import", "request.json", "--account", &alice, "--salt", "7"]).ok();
    let read = world.run(&["request", "read", "request.json", "--account", &alice, "--salt", "7"]);
    assert_eq!(imported["sessionId"], read.ok()["sessionId"]);
}

/// Where a request has no equal.
fn places(run: &Run) -> Vec<String> {
    assert_eq!(run.code, Some(1), "{}", run.stderr);
    let told: Value = serde_json::from_str(&run.stdout).unwrap();
    let refusals = told["refusals"].as_array().unwrap().iter();
    let mut places: Vec<String> =
        refusals.map(|refusal| refusal["path"].as_str().unwrap().to_owned()).collect();
    places.sort();
    places.dedup();
    places
}

#[test]
fn a_response_is_accepted_as_the_session_that_it_grants() {
    let world = World::with_module("accept");
    let alice = world.alice.to_string();
    let chain_id = world.request("eth_chainId", &json!([]));
    let request = json!({
        "chainId": chain_id,
        "to": "0x000000000000000000000000000000000000f00d",
        "permission": {
            "type": "erc20-token-allowance", "isAdjustmentAllowed": false,
            "data": { "tokenAddress": world.game, "allowance": "0x64" },
        },
        "rules": [{ "type": "expiry", "data": { "timestamp": 1_767_999_999 } }],
    });
    world.work.write("request.json", &request.to_string());
    let read = ["request", "read", "request.json", "--account", &alice, "-o", "session.json"];
    let made = world.run(&read).ok();
    let mut response = world.work.run(&["request", "grant", "session.json"]).ok();
    let accept = |response: &Value| {
        world.work.write("response.json", &json!([response]).to_string());
        world.run(&["request", "accept", "response.json", "-o", "accepted.json"])
    };

    let accepted = accept(&response).ok();

    assert_eq!(accepted["sessionId"], made["sessionId"]);
    assert_eq!(accepted["session"]["module"], made["session"]["module"]);
    response["to"] = json!(world.alice);
    accept(&response).fails_with("the session's delegate is");
    response["to"] = json!("0x000000000000000000000000000000000000f00d");
    // Nobody's module is called because a response names it.
    response["delegationManager"] = json!(world.game);
    accept(&response).fails_with("the session is for module");
}

/// ERC-7715 and ERC-7710 from the request to the redemption.
#[test]
fn what_an_app_asked_for_is_granted_and_redeemed() {
    let world = World::with_executor("asked-and-redeemed", &[]);
    let secret = keccak256("app");
    let app = SoftwareKey::new(secret).unwrap().address();
    world.work.write_key("app.key", &secret.to_string());
    world.request("hardhat_setBalance", &json!([app, "0xde0b6b3a7640000"]));
    let (alice, validator) = (world.alice.to_string(), world.owner_validator.to_string());
    let payee = "0x00000000000000000000000000000000000B0b00";
    let request = json!({
        "chainId": world.request("eth_chainId", &json!([])),
        "to": app,
        "permission": {
            "type": "native-token-allowance", "isAdjustmentAllowed": false,
            "data": { "allowance": "0x6f05b59d3b20000" },
        },
        "rules": [
            { "type": "expiry", "data": { "timestamp": 1_767_999_999 } },
            { "type": "payee", "data": { "addresses": [payee] } },
        ],
    });
    world.work.write("request.json", &request.to_string());

    // The wallet.
    let read = ["request", "read", "request.json", "--account", &alice, "-o", "asked.json"];
    world.run(&read).ok();
    let sign = ["sign", "asked.json", "--owner-key-file", "owner.key"];
    world.run(&[&sign[..], &["--owner-validator", &validator]].concat()).ok();
    let response = world.work.run(&["request", "grant", "asked.json"]).ok();
    assert_eq!(response["rules"], request["rules"]);
    assert_eq!(response["permission"]["data"], request["permission"]["data"]);
    world.work.write("response.json", &response.to_string());

    // The app.
    world.run(&["request", "accept", "response.json", "-o", "granted.json"]).ok();
    let pay = |value: &str| {
        let redeem = ["use", "granted.json", "--redeem", "--delegate-key-file", "app.key"];
        world.run(&[&redeem[..], &["--to", payee, "--value", value]].concat())
    };
    assert_eq!(first_refused(&world, &response, &[300, 200]).unwrap(), None);
    let mut nowhere = response.clone();
    nowhere["delegationManager"] = json!(payee);
    let nothing = format!("there is no contract at {payee}");
    assert_eq!(first_refused(&world, &nowhere, &[300]), Err(nothing));
    let (index, reason) = first_refused(&world, &response, &[100, 300, 300]).unwrap().unwrap();
    assert_eq!(index, 2);
    assert!(reason.starts_with("budget 0: with this operation"), "{reason}");

    pay("0.3 ETH").ok();
    pay("0.3 ETH").fails_with("budget 0: with this operation");
    pay("0.2 ETH").ok();

    let balance = world.request("eth_getBalance", &json!([payee, "latest"]));
    assert_eq!(balance, "0x6f05b59d3b20000", "0.5 ETH");
}

/// Returns which of several contexts is refused and why, each redeemed for so many thousandths of an
/// ether to the payee; or why that cannot be said.
fn first_refused(
    world: &World,
    response: &Value,
    amounts: &[u64],
) -> Result<Option<(usize, String)>, String> {
    let address = |value: &Value| -> Address { value.as_str().unwrap().parse().unwrap() };
    let context: Bytes = response["context"].as_str().unwrap().parse().unwrap();
    let payee = address(&response["rules"][1]["data"]["addresses"][0]);
    let pay = |amount: &u64| {
        let value = U256::from(*amount).wrapping_mul(U256::from(10_u64.pow(15)));
        Redemption::new(context.clone(), &[Call::new(payee, []).with_value(value)]).unwrap()
    };
    let redemptions: Vec<Redemption> = amounts.iter().map(pay).collect();
    let (delegate, manager) = (address(&response["to"]), address(&response["delegationManager"]));

    let node = Node::at(&world.url).unwrap();
    let refused = refused_context(&node, delegate, manager, &redemptions);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let refused = runtime.block_on(refused).map_err(|error| error.reason())?;
    Ok(refused.map(|refused| (refused.index, refused.error.reason())))
}
