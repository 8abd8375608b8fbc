//! Wallet requests (ERC-7715) read against a chain.

use serde_json::json;

use crate::world::World;

#[test]
fn a_request_becomes_a_session_and_its_response() {
    let world = World::new("request");
    world.deploy();
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
    world.desk.write("request.json", &request("erc20-token-periodic"));
    world.desk.write("stream.json", &request("erc20-token-stream"));
    world.desk.write("broken.json", "[{\"chainId\": 1,\n \"to\": 7}]");
    let read = |file: &str| {
        world.run(&["request", "read", file, "--account", &alice, "-o", "session.json"])
    };

    let made = read("request.json").ok();
    let shown = world.run(&["show", "session.json"]).ok();
    let granted = world.desk.run(&["request", "granted", "session.json"]).ok();

    assert_eq!(shown["sessionId"], made["sessionId"]);
    assert_eq!(shown["session"]["expiry"], "2026-01-09T23:06:39Z");
    assert_eq!(shown["session"]["budgets"][0]["per"], "1d");
    assert_eq!(granted["permission"]["type"], "erc20-token-periodic");
    assert_eq!(granted["permission"]["data"]["periodAmount"], "0x64");
    read("stream.json").fails_with("no session can say what \"erc20-token-stream\" asks for");
    read("broken.json").fails_with("the request.to: 7 is no address");
    world.desk.write("broken.json", "[{\"chainId\": 1,\n \"to\" 7}]");
    read("broken.json").fails_with("at line 2 column");
    let elsewhere = request("erc20-token-periodic").replace(chain_id.as_str().unwrap(), "0x1");
    world.desk.write("elsewhere.json", &elsewhere);
    read("elsewhere.json").fails_with("the request is for chain 1");
}
