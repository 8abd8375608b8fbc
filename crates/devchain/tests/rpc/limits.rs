//! What a node keeps, and what it says of the rest.

use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use stylus_devchain::DevChain;
use stylus_devchain::rpc::Node;

use crate::client::{Client, REVERTER, STRANGER};

#[test]
fn the_states_of_the_last_blocks_are_kept_and_older_ones_refused() {
    let node = Client::with(Node::new(DevChain::new()).with_history(2));
    for _ in 0..4 {
        node.send(json!({ "to": STRANGER, "value": "0x1" }));
    }
    let balance = |block: &str| node.answer("eth_getBalance", json!([STRANGER, block]));

    assert_eq!(balance("0x4")["result"], "0x4");
    assert_eq!(balance("0x2")["result"], "0x2");
    let message = balance("0x1")["error"]["message"].clone();
    let message = message.as_str().expect("a message");
    assert!(message.contains("only the last 2 states are kept"), "{message}");
    assert_eq!(node.result("eth_getBlockByNumber", json!(["0x1"]))["number"], "0x1");
}

#[test]
fn the_oldest_of_too_many_snapshots_is_forgotten_and_says_so() {
    let node = Client::new();
    let first = node.result("evm_snapshot", json!([]));
    let second = node.result("evm_snapshot", json!([]));
    for _ in 0..255 {
        node.result("evm_snapshot", json!([]));
    }

    let (code, message) = node.error("evm_revert", json!([first]));
    assert_eq!(code, -32_000);
    assert!(message.contains("only the last 256 are kept"), "{message}");
    assert_eq!(node.result("evm_revert", json!([second])), true);
    assert_eq!(node.result("evm_revert", json!(["0xffff"])), false);
}

#[test]
fn the_filter_asked_longest_ago_makes_room() {
    let node = Client::new();
    let first = node.result("eth_newBlockFilter", json!([]));
    let second = node.result("eth_newBlockFilter", json!([]));
    let many: Vec<Value> = (0..999)
        .map(|id| json!({ "jsonrpc": "2.0", "id": id, "method": "eth_newBlockFilter" }))
        .collect();
    node.result("eth_getFilterChanges", json!([first]));
    node.post(Value::from(many).to_string());

    node.result("eth_getFilterChanges", json!([first]));
    assert_eq!(node.error("eth_getFilterChanges", json!([second])).0, -32_000);
}

#[test]
fn there_is_a_line_for_every_block_and_transaction() {
    let lines = Arc::new(Mutex::new(Vec::new()));
    let written = Arc::clone(&lines);
    let node = Node::new(DevChain::new().with_timestamp(1_800_000_000))
        .with_log(move |line| written.lock().expect("lines").push(line.to_owned()));
    let node = Client::with(node);
    let reverter = node.deploy(REVERTER);
    node.send(json!({ "to": reverter, "gas": "0xc350" }));
    node.result("evm_mine", json!([]));

    let lines = lines.lock().expect("lines").clone();
    assert_eq!(lines[0], "block 1 at 1800000000");
    assert!(lines[1].starts_with("  0x") && lines[1].contains(" creates 0x"), "{}", lines[1]);
    assert!(lines[1].ends_with(" gas, success"), "{}", lines[1]);
    assert_eq!(lines[2], "block 2 at 1800000000");
    assert!(lines[3].contains(" to 0x") && lines[3].ends_with(" gas, execution reverted"));
    assert_eq!(lines[4], "block 3 at 1800000000");
    assert_eq!(lines.len(), 5);
}

#[test]
fn a_running_node_begins_at_the_present() {
    let node = Client::with(Node::new(DevChain::new()).with_running_clock(true));
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("a time");

    let block = node.result("eth_getBlockByNumber", json!(["latest"]));

    let time = block["timestamp"].as_str().expect("a time").trim_start_matches("0x");
    let time = u64::from_str_radix(time, 16).expect("a number");
    assert!(time.abs_diff(now.as_secs()) < 60, "{time}");
}
