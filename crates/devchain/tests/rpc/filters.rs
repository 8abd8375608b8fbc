//! Filters: what is new since they were asked last.

use serde_json::{Value, json};

use crate::client::{BOB, COUNTER, Client, STRANGER};

#[test]
fn a_block_filter_tells_each_block_once() {
    let node = Client::new();
    let filter = node.result("eth_newBlockFilter", json!([]));

    assert_eq!(node.result("eth_getFilterChanges", json!([filter])), json!([]));
    node.result("evm_mine", json!([]));
    let receipt = node.send(json!({ "to": STRANGER }));

    let changes = node.result("eth_getFilterChanges", json!([filter]));
    assert_eq!(changes.as_array().map(Vec::len), Some(2));
    assert_eq!(changes[1], receipt["blockHash"]);
    assert_eq!(node.result("eth_getFilterChanges", json!([filter])), json!([]));
}

#[test]
fn a_transaction_filter_tells_hashes_or_all() {
    let node = Client::new();
    let hashes = node.result("eth_newPendingTransactionFilter", json!([]));
    let all = node.result("eth_newPendingTransactionFilter", json!([true]));

    let receipt = node.send(json!({ "to": STRANGER, "value": "0x5" }));

    let hash = &receipt["transactionHash"];
    assert_eq!(node.result("eth_getFilterChanges", json!([hashes])), json!([hash]));
    assert_eq!(node.result("eth_getFilterChanges", json!([all]))[0]["value"], "0x5");
}

#[test]
fn a_log_filter_tells_new_logs_and_all_of_its_range() {
    let node = Client::new();
    let counter = node.deploy(COUNTER);
    let old = node.send(json!({ "to": counter }));
    let filter = json!({ "address": counter, "fromBlock": "0x0" });
    let filter = node.result("eth_newFilter", json!([filter]));
    let other = node.result("eth_newFilter", json!([{ "address": BOB }]));

    let new = node.send(json!({ "to": counter }));

    assert_eq!(node.result("eth_getFilterChanges", json!([filter])), new["logs"]);
    assert_eq!(node.result("eth_getFilterChanges", json!([other])), json!([]));
    let all = node.result("eth_getFilterLogs", json!([filter]));
    assert_eq!(all, json!([old["logs"][0], new["logs"][0]]));
}

#[test]
fn blocks_mined_in_the_place_of_others_are_told() {
    let node = Client::new();
    let filter = node.result("eth_newBlockFilter", json!([]));
    let snapshot = node.result("evm_snapshot", json!([]));
    node.result("evm_mine", json!([]));
    assert_eq!(changes(&node, &filter), 1);

    node.result("evm_revert", json!([snapshot]));
    node.send(json!({ "to": STRANGER }));

    assert_eq!(changes(&node, &filter), 1);
}

fn changes(node: &Client, filter: &Value) -> usize {
    node.result("eth_getFilterChanges", json!([filter])).as_array().map_or(0, Vec::len)
}

#[test]
fn a_filter_ends_when_it_is_uninstalled() {
    let node = Client::new();
    let filter = node.result("eth_newBlockFilter", json!([]));

    assert_eq!(node.result("eth_uninstallFilter", json!([filter])), true);
    assert_eq!(node.result("eth_uninstallFilter", json!([filter])), false);
    let (code, message) = node.error("eth_getFilterChanges", json!([filter]));
    assert_eq!(code, -32_000);
    assert!(message.starts_with("filter not found"), "{message}");
    let (_, message) =
        node.error("eth_getFilterLogs", json!([node.result("eth_newBlockFilter", json!([]))]));
    assert!(message.contains("it is no filter of logs"), "{message}");
}
