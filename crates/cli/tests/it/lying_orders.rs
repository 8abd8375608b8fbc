//! Orders at a node that lies about nonces, gas, the time and receipts: nothing is signed that lives
//! on, and nothing is said that is not true.

use serde_json::{Value, json};

use crate::double::{Answer, Double, pass_on};
use crate::world::{Run, World};

/// `sessionState(address,bytes32)` of the module.
const SESSION_STATE: &str = "0x52d489a2";

fn at(world: &World, node: &Double, arguments: &[&str]) -> Run {
    world.run_offline(&[arguments, &["--rpc", &node.url]].concat())
}

fn sign(world: &World, node: &Double, more: &[&str]) -> Run {
    let game = world.game.to_string();
    let sign = ["order", "sign", "session.json", "--delegate-key-file", "frontend.key"];
    let call = ["--to", &game, "--call", "move(uint8)", "--arg", "3", "-o", "order.json"];
    at(world, node, &[&sign[..], &call, more].concat())
}

fn send(world: &World, node: &Double, more: &[&str]) -> Run {
    let send = ["order", "send", "order.json", "--sponsor-key-file", "gas.key"];
    at(world, node, &[&send[..], more].concat())
}

/// A node that answers a question about the session with another nonce of its next order.
fn with_nonce(world: &World, nonce: &str) -> Double {
    let (url, nonce) = (world.url.clone(), format!("{nonce:0>64}"));
    Double::before(&world.url.clone(), move |request| {
        let call = &request["params"][0];
        let data = call["input"].as_str().or_else(|| call["data"].as_str());
        let asks = request["method"] == "eth_call"
            && data.is_some_and(|data| data.starts_with(SESSION_STATE));
        asks.then(|| {
            let answer = pass_on(&url, request);
            let words = answer["result"].as_str().unwrap();
            let (before, _) = words.split_at(words.len().saturating_sub(64));
            Answer::result(format!("{before}{nonce}"))
        })
    })
}

#[test]
fn a_nonce_that_is_not_the_chains_is_in_the_order_and_does_not_run() {
    let world = World::with_executor("lie-order-nonce", &[]);
    let node = with_nonce(&world, "7");

    let signed = sign(&world, &node, &[]).ok();

    assert_eq!(signed["order"]["nonce"], 7, "what was signed is told");
    let honest = world.run(&["order", "show", "session.json", "order.json"]).ok();
    assert_eq!(honest["orders"][0]["words"], "it may land once the orders before it have");
    send(&world, &node, &[]).fails_with("the order has nonce 7, the session's next one is 0");
    assert_eq!(node.count("eth_sendRawTransaction"), 0);
}

#[test]
fn a_nonce_that_no_order_has_is_not_signed() {
    let world = World::with_executor("lie-order-last", &[]);

    sign(&world, &with_nonce(&world, "ffffff"), &[]).fails_with("as many orders as there can be");
    sign(&world, &with_nonce(&world, "ffffff00000000000000"), &[]).failed();
    assert!(!world.work.has("order.json"));
}

/// A relayer that gives the least accepted gas must not starve the call.
#[test]
fn gas_that_no_call_can_do_with_is_not_believed() {
    let world = World::with_executor("lie-order-gas", &[]);
    let says = |gas: &'static str| {
        Double::before(&world.url, move |request| match request["method"].as_str() {
            Some("eth_estimateGas") => Some(Answer::result(gas)),
            Some("eth_createAccessList") => {
                Some(Answer::result(json!({ "accessList": [], "gasUsed": gas })))
            }
            _ => None,
        })
    };
    let gas = |run: Run| run.ok()["order"]["gas"].as_u64().unwrap();

    let honest = {
        let node = Double::before(&world.url, |_| None);
        gas(sign(&world, &node, &[]))
    };
    assert!(honest > 20_000, "{honest}");
    assert!(gas(sign(&world, &says("0x0"), &[])) >= 10_000);
    assert!(gas(sign(&world, &says("0x5208"), &[])) >= 10_000);
    sign(&world, &says("0xffffffffffff"), &[]).fails_with("more than any order can ask for");
    // A node that only tells the least that passes: what the call uses counts.
    let least = Double::before(&world.url, |request| {
        (request["method"] == "eth_estimateGas").then(|| Answer::result("0x5209"))
    });
    assert_eq!(gas(sign(&world, &least, &[])), honest);
}

/// A clock that is ahead would let an order live on.
#[test]
fn a_deadline_is_not_counted_from_a_clock_that_is_far_ahead() {
    let world = World::with_executor("lie-order-clock", &[]);
    let node = Double::before(&world.url, |request| {
        (request["method"] == "eth_getBlockByNumber").then(|| Answer::error(-32_000, "no block"))
    });
    sign(&world, &node, &[]).failed();
    assert!(!world.work.has("order.json"), "no time, no deadline");

    let url = world.url.clone();
    let ahead = Double::before(&world.url, move |request| {
        (request["method"] == "eth_getBlockByNumber").then(|| {
            let mut block = pass_on(&url, request)["result"].clone();
            block["timestamp"] = json!("0x7c25b080");
            Answer::result(block)
        })
    });
    let both = ["--clock", "both"];
    sign(&world, &ahead, &both).fails_with("this system's clock");
    assert!(!world.work.has("order.json"));
}

#[test]
fn an_order_that_was_sent_and_is_not_mined_is_said_to_be_open() {
    let world = World::with_executor("lie-order-receipt", &[]);
    sign(&world, &Double::before(&world.url, |_| None), &[]).ok();
    let swallows = Double::before(&world.url, |request| match request["method"].as_str() {
        Some("eth_sendRawTransaction") => Some(Answer::result(format!("0x{}", "11".repeat(32)))),
        Some("eth_getTransactionReceipt") => Some(Answer::result(Value::Null)),
        _ => None,
    });

    let (error, remedy) = send(&world, &swallows, &["--wait", "1s"]).failed();

    assert!(error.contains("the order of nonce 0 may land until"), "{error}");
    assert!(remedy.contains("--nonce 0"), "{remedy}");
    assert!(!error.contains(&"11".repeat(32)), "the hash is computed here: {error}");
}

#[test]
fn an_order_that_failed_on_the_chain_is_not_said_to_be_done() {
    let world = World::with_executor("lie-order-failed", &[]);
    sign(&world, &Double::before(&world.url, |_| None), &[]).ok();
    let url = world.url.clone();
    let fails = Double::before(&world.url, move |request| {
        (request["method"] == "eth_getTransactionReceipt").then(|| {
            let mut receipt = pass_on(&url, request)["result"].clone();
            if receipt.is_object() {
                receipt["status"] = json!("0x0");
            }
            Answer::result(receipt)
        })
    });

    send(&world, &fails, &[]).failed();
}
