//! Owner, delegate and revocation at a node that lies: nothing is signed or said that is not true.

use std::sync::atomic::{AtomicUsize, Ordering};

use alloy_primitives::{Address, B256, U256, eip191_hash_message, hex, keccak256};
use serde_json::{Value, json};
use smart_session_client::SoftwareKey;

use crate::double::{Answer, Double, pass_on};
use crate::world::{Run, World};

/// Selectors of the EntryPoint.
const GET_NONCE: &str = "0x35567e1a";
const GET_USER_OP_HASH: &str = "0x22cdde4c";

/// Alice's account with the module, and a signed session that is not enabled.
fn signed(test: &str) -> World {
    let world = World::with_module(test);
    let module = world.module();
    world.sign(&module, &["--salt", "1"]);
    world.enable().ok();
    world.sign_again(&module, &["--salt", "2"]);
    world
}

/// What an owner, a delegate, and an owner again do at a node.
struct Step<'a> {
    name: &'a str,
    arguments: Vec<&'a str>,
}

impl Step<'_> {
    fn run(&self, world: &World, node: &Double, flags: &[&str]) -> Run {
        let rpc = ["--rpc", &node.url];
        let validator = world.owner_validator.to_string();
        let confirmed: &[&str] = match self.name {
            "enable" => &["--owner-validator", &validator],
            _ => &[],
        };
        world.run_offline(&[&self.arguments[..], flags, confirmed, &rpc].concat())
    }
}

fn steps(game: &str) -> [Step<'_>; 3] {
    let sender = ["--sender-key-file", "gas.key"];
    let owner = ["session.json", "--by", "account", "--owner-key-file", "owner.key"];
    let delegate = ["session.json", "--delegate-key-file", "frontend.key"];
    let call = ["--to", game, "--call", "move(uint8)", "--arg", "3"];
    [
        Step { name: "enable", arguments: [&["enable"][..], &owner, &sender].concat() },
        Step { name: "use", arguments: [&["use"][..], &delegate, &call, &sender].concat() },
        Step { name: "revoke", arguments: [&["revoke"][..], &owner, &sender].concat() },
    ]
}

/// Checks that every step fails with a cause, and that nothing was sent.
fn all_fail(world: &World, node: &Double, flags: &[&str], cause: &str) {
    let game = world.game.to_string();
    for step in steps(&game) {
        let (error, remedy) = step.run(world, node, flags).failed();

        assert!(error.contains(cause), "{}: {error}", step.name);
        assert!(!remedy.is_empty(), "{}", step.name);
        assert_eq!(node.count("eth_sendRawTransaction"), 0, "{}", step.name);
    }
}

fn calls(request: &Value, selector: &str) -> bool {
    let call = &request["params"][0];
    let data = call["input"].as_str().or_else(|| call["data"].as_str());
    request["method"] == "eth_call" && data.is_some_and(|data| data.starts_with(selector))
}

fn key_of(world: &World, file: &str) -> Address {
    let secret: B256 = world.work.read(file).trim().parse().unwrap();
    SoftwareKey::new(secret).unwrap().address()
}

#[test]
fn a_hash_that_a_node_tells_is_never_signed() {
    let world = signed("lie-hash");
    let evil = keccak256("a transaction of the owner's own account");
    let node = Double::before(&world.url, move |request| {
        calls(request, GET_USER_OP_HASH).then(|| Answer::result(evil.to_string()))
    });
    let game = world.game.to_string();

    for step in steps(&game) {
        step.run(&world, &node, &[]).ok();
    }

    for key in ["owner.key", "frontend.key"].map(|file| key_of(&world, file)) {
        assert!(!node.has_signature(key, evil));
        assert!(!node.has_signature(key, eip191_hash_message(evil)));
    }
    assert!(node.count("eth_sendRawTransaction") == 3);
}

#[test]
fn a_wrong_chain_id_stops_everything() {
    let world = signed("lie-chain");
    let node = Double::before(&world.url, |request| {
        (request["method"] == "eth_chainId").then(|| Answer::result("0x1"))
    });

    all_fail(&world, &node, &[], "does not hold on chain 1");
    all_fail(&world, &node, &["--chain", "412346"], "the node is of chain 1, not of chain 412346");
}

#[test]
fn a_chain_id_that_changes_later_changes_nothing() {
    let world = signed("lie-chain-later");
    let asked = AtomicUsize::new(0);
    let node = Double::before(&world.url, move |request| {
        let is_lie = request["method"] == "eth_chainId" && asked.fetch_add(1, Ordering::SeqCst) > 0;
        is_lie.then(|| Answer::result("0x1"))
    });
    let game = world.game.to_string();
    let [enable, ..] = steps(&game);

    enable.run(&world, &node, &[]).ok();

    assert_eq!(node.count("eth_chainId"), 1, "it is asked once and kept");
}

#[test]
fn a_nonce_of_another_key_stops_everything() {
    let world = signed("lie-nonce");
    let url = world.url.clone();
    let node = Double::before(&world.url, move |request| {
        calls(request, GET_NONCE).then(|| {
            let answer = pass_on(&url, request);
            let nonce: U256 = answer["result"].as_str().unwrap().parse().unwrap();
            let other = nonce ^ (U256::from(1) << 200);
            Answer::result(B256::from(other).to_string())
        })
    });

    all_fail(&world, &node, &[], "the nonce's key that was answered cannot be true");
}

#[test]
fn gas_without_measure_stops_everything() {
    let world = signed("lie-gas");
    let price = Double::before(&world.url, |request| {
        (request["method"] == "eth_gasPrice").then(|| Answer::result("0xffffffffffff"))
    });
    let amount = Double::before(&world.url, |request| {
        (request["method"] == "eth_estimateGas").then(|| Answer::result("0xffffffffff"))
    });

    for node in [&price, &amount] {
        all_fail(&world, node, &[], "0.01 ETH are allowed (by default)");
        all_fail(&world, node, &["--max-fee", "0.002 ETH"], "0.002 ETH are allowed (by --max-fee)");
    }
}

#[test]
fn a_fee_that_is_allowed_is_still_bounded_by_the_session() {
    let world = signed("lie-gas-session");
    let node = Double::before(&world.url, |request| {
        // 0.1 ETH and more for a call, of a session that pays 0.01.
        (request["method"] == "eth_gasPrice").then(|| Answer::result("0x174876e800"))
    });
    let game = world.game.to_string();
    let [_, r#use, _] = steps(&game);

    let (error, _) = r#use.run(&world, &node, &["--max-fee", "9 ETH"]).failed();

    assert!(error.contains("by what the session has left"), "{error}");
    assert_eq!(node.count("eth_sendRawTransaction"), 0);
}

/// A node whose newest block is of some other time.
fn at_time(world: &World, time: u64) -> Double {
    let url = world.url.clone();
    Double::before(&world.url, move |request| {
        (request["method"] == "eth_getBlockByNumber").then(|| {
            let mut body = pass_on(&url, request);
            body["result"]["timestamp"] = json!(format!("{time:#x}"));
            Answer { status: 200, body }
        })
    })
}

#[test]
fn a_clock_that_is_wrong_sends_nothing_outside_the_window() {
    let world = signed("lie-clock");
    let game = world.game.to_string();
    let [_, r#use, _] = steps(&game);
    for (time, cause) in [(2_000_000_000, "the session ended at"), (1, "the session begins at")] {
        let node = at_time(&world, time);

        let (error, _) = r#use.run(&world, &node, &[]).failed();

        assert!(error.contains(cause), "{error}");
        assert_eq!(node.count("eth_sendRawTransaction"), 0);
    }
}

#[test]
fn a_session_is_not_made_by_two_clocks_that_disagree() {
    let world = signed("lie-clock-new");
    let node = at_time(&world, 4_000_000_000);
    let (account, game) = (world.alice.to_string(), world.game.to_string());
    let module = world.module();
    let new = |flags: &[&str]| {
        let arguments = [
            "new",
            "--account",
            &account,
            "--delegate",
            &game,
            "--target",
            &account,
            "--call",
            "move(uint8)",
            "--module",
            &module,
            "--rpc",
            &node.url,
            "--json",
        ];
        world.work.run_with(&[("SESSION_CLOCK", "both")], &[&arguments[..], flags].concat())
    };

    new(&[]).fails_with("the newest block of chain 412346 is of time 4000000000");
    let (error, _) = new(&["--from", "2096-10-02T07:06:40Z"]).failed();

    assert!(!error.contains("newest block"), "a time that is given needs no clock: {error}");
}

#[test]
fn a_transaction_that_a_node_swallows_is_told_with_its_hash() {
    let world = signed("lie-swallow");
    let node = Double::before(&world.url, |request| match request["method"].as_str().unwrap() {
        "eth_sendRawTransaction" => Some(Answer::result(B256::repeat_byte(0xee).to_string())),
        "eth_getTransactionReceipt" => Some(Answer::result(Value::Null)),
        _ => None,
    });
    let game = world.game.to_string();
    for step in steps(&game) {
        let (error, remedy) = step.run(&world, &node, &["--wait", "1s"]).failed();

        let sent = node.requests("eth_sendRawTransaction");
        let raw = sent.last().unwrap()["params"][0].as_str().unwrap().to_owned();
        let hash = keccak256(hex::decode(raw).unwrap());
        let told = format!("transaction {hash} was sent and is not known to be mined");
        assert!(error.contains(&told), "{}: {error}", step.name);
        assert!(remedy.contains("eth_getTransactionReceipt"), "{remedy}");
    }
}

#[test]
fn a_receipt_without_the_operation_is_no_success() {
    let world = signed("lie-receipt");
    let url = world.url.clone();
    let deployment = pass_on(
        &url,
        &json!({
            "jsonrpc": "2.0", "id": 1, "method": "eth_getBlockByNumber", "params": ["latest", false],
        }),
    );
    let other = deployment["result"]["transactions"][0].as_str().unwrap().to_owned();
    let node = Double::before(&world.url, move |request| match request["method"].as_str() {
        Some("eth_sendRawTransaction") => Some(Answer::result(other.clone())),
        Some("eth_getTransactionReceipt") => {
            // The receipt of a transaction that did succeed, under the hash that is asked for.
            let mut question = request.clone();
            let hash = question["params"][0].take();
            question["params"][0] = json!(other);
            let mut body = pass_on(&url, &question);
            body["result"]["transactionHash"] = hash;
            Some(Answer { status: 200, body })
        }
        _ => None,
    });
    let game = world.game.to_string();
    for step in steps(&game) {
        let (error, _) = step.run(&world, &node, &["--wait", "1s"]).failed();

        assert!(error.contains("the receipt of the operation"), "{}: {error}", step.name);
    }
}

#[test]
fn a_revocation_that_a_node_only_claims_is_not_said_to_be_done() {
    let world = signed("lie-revoked");
    let (url, game) = (world.url.clone(), world.game.to_string());
    let newest = pass_on(
        &url,
        &json!({
            "jsonrpc": "2.0", "id": 1, "method": "eth_getBlockByNumber",
            "params": ["latest", false],
        }),
    );
    let other = newest["result"]["transactions"][0].as_str().unwrap().to_owned();
    let [_, r#use, _] = steps(&game);
    // The first use enables the session.
    r#use.run(&world, &Double::before(&world.url, |_| None), &[]).ok();
    let node = Double::before(&world.url, move |request| match request["method"].as_str() {
        Some("eth_sendRawTransaction") => Some(Answer::result(other.clone())),
        Some("eth_getTransactionReceipt") => {
            let mut question = request.clone();
            question["params"][0] = json!(other);
            Some(Answer { status: 200, body: pass_on(&url, &question) })
        }
        _ => None,
    });
    let keys = ["--owner-key-file", "owner.key", "--sender-key-file", "gas.key"];
    // The contract is the one that is built here, whichever toolchain built it.
    let place = ["--rpc", &node.url, "--wasm", &world.wasm];
    for flags in [&[][..], &["--all"]] {
        let revoke = [&["revoke", "session.json"][..], flags, &keys, &place];

        world.work.run(&revoke.concat()).fails_with("has revoked nothing");
    }

    assert_eq!(world.run(&["show", "session.json"]).ok()["onChain"]["status"], "enabled");
}

#[test]
fn a_busy_node_is_asked_again() {
    let world = signed("busy");
    let turn = AtomicUsize::new(0);
    // Every third question is answered with "later", in three ways.
    let node = Double::before(&world.url, move |_| {
        Some(match turn.fetch_add(1, Ordering::SeqCst) % 9 {
            0 => Answer::status(429),
            3 => Answer::status(503),
            6 => Answer::error(-32_005, "limit exceeded"),
            _ => return None,
        })
    });
    let game = world.game.to_string();

    for step in steps(&game) {
        step.run(&world, &node, &[]).ok();
    }
}

#[test]
fn a_throttled_wait_ends_with_the_hash() {
    let world = signed("busy-wait");
    let node = Double::before(&world.url, |request| {
        (request["method"] == "eth_getTransactionReceipt").then(|| Answer::status(429))
    });
    let game = world.game.to_string();
    let [enable, ..] = steps(&game);

    let (error, remedy) = enable.run(&world, &node, &["--wait", "1s"]).failed();

    assert!(error.contains("was sent and is not known to be mined"), "{error}");
    assert!(error.contains("429"), "{error}");
    assert!(remedy.contains("before you send another"), "{remedy}");
}

#[test]
fn a_list_is_read_in_pieces_where_a_node_refuses_the_whole() {
    let world = signed("pieces");
    for _ in 0..9 {
        world.request("evm_mine", &json!([]));
    }
    let number = |value: &Value| {
        u64::from_str_radix(value.as_str().unwrap().strip_prefix("0x").unwrap(), 16).unwrap()
    };
    let node = Double::before(&world.url, move |request| {
        let filter = &request["params"][0];
        (request["method"] == "eth_getLogs"
            && number(&filter["toBlock"]) - number(&filter["fromBlock"]) >= 3)
            .then(|| Answer::error(-32_005, "query returned more than 10000 results"))
    });
    let account = world.alice.to_string();
    let list = |url: &str| {
        let module = world.module();
        let arguments = ["list", "--account", &account, "--module", &module, "--rpc", url];
        world.run_offline(&arguments).ok()
    };

    let whole = list(&world.url);

    assert_eq!(whole["sessions"].as_array().unwrap().len(), 1);
    assert_eq!(list(&node.url), whole);
    assert!(node.count("eth_getLogs") > 3);
}

/// A node that passes on events with a change.
fn node_with_events(
    world: &World,
    change: impl Fn(&mut Vec<Value>) + Send + Sync + 'static,
) -> Double {
    let url = world.url.clone();
    Double::before(&world.url, move |request| {
        (request["method"] == "eth_getLogs").then(|| {
            let mut answer = pass_on(&url, request);
            change(answer["result"].as_array_mut().unwrap());
            Answer { status: 200, body: answer }
        })
    })
}

#[test]
fn events_of_others_are_not_listed() {
    let world = signed("others");
    let arguments =
        ["list", "--account", &world.alice.to_string(), "--module", &world.module(), "--rpc"];
    let true_list = world.run_offline(&[&arguments[..], &[&world.url]].concat()).ok();
    for (field, other) in [("address", json!(Address::repeat_byte(0xee))), ("topics", json!([]))] {
        let node = node_with_events(&world, move |events| {
            let mut event = events[0].clone();
            if field == "topics" {
                event["topics"][1] = json!(B256::repeat_byte(0x0b));
            } else {
                event[field] = other.clone();
            }
            events.push(event);
        });

        let list = world.run_offline(&[&arguments[..], &[&node.url]].concat()).ok();

        assert_eq!(list, true_list, "{field}");
    }
}

#[test]
fn an_event_that_shows_another_session_than_it_names_is_refused() {
    let world = signed("named");
    let node = node_with_events(&world, |events| {
        events[0]["topics"][2] = json!(B256::repeat_byte(0x1d));
    });

    let arguments = ["list", "--account", &world.alice.to_string(), "--module", &world.module()];
    let (error, remedy) =
        world.run_offline(&[&arguments[..], &["--rpc", &node.url]].concat()).failed();

    assert!(error.contains("the session of an event") && error.contains("0x1d1d"), "{error}");
    assert!(remedy.contains("it errs, or it lies"), "{remedy}");
}
