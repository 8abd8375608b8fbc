//! Blocks and transactions by every name they have.

use serde_json::{Value, json};

use crate::client::{Client, STRANGER};

#[test]
fn a_transaction_is_found_by_block_and_index() {
    let node = Client::new();
    let receipt = node.send(json!({ "to": STRANGER, "value": "0x7" }));
    let hash = &receipt["transactionHash"];
    let expected = node.result("eth_getTransactionByHash", json!([hash]));

    for (method, block) in [
        ("eth_getTransactionByBlockNumberAndIndex", &json!("0x1")),
        ("eth_getTransactionByBlockHashAndIndex", &receipt["blockHash"]),
    ] {
        assert_eq!(node.result(method, json!([block, "0x0"])), expected, "{method}");
        assert_eq!(node.result(method, json!([block, "0x1"])), Value::Null, "{method}");
    }
    assert_eq!(
        node.result("eth_getTransactionByBlockNumberAndIndex", json!(["0x9", "0x0"])),
        Value::Null
    );
}

#[test]
fn a_raw_transaction_hashes_to_its_hash() {
    let node = Client::new();
    let receipt = node.send(json!({ "to": STRANGER }));
    let hash = &receipt["transactionHash"];

    for (method, params) in [
        ("eth_getRawTransactionByHash", json!([hash])),
        ("debug_getRawTransaction", json!([hash])),
        ("eth_getRawTransactionByBlockNumberAndIndex", json!(["latest", "0x0"])),
        ("eth_getRawTransactionByBlockHashAndIndex", json!([receipt["blockHash"], "0x0"])),
    ] {
        let raw = node.result(method, params);
        assert_eq!(&node.result("web3_sha3", json!([raw])), hash, "{method}");
    }
}

#[test]
fn blocks_are_counted_and_have_headers() {
    let node = Client::new();
    let receipt = node.send(json!({ "to": STRANGER }));
    let block = node.result("eth_getBlockByNumber", json!(["0x1"]));
    let by_hash = json!([receipt["blockHash"]]);

    assert_eq!(node.result("eth_getBlockTransactionCountByHash", by_hash.clone()), "0x1");
    assert_eq!(node.result("eth_getBlockTransactionCountByNumber", json!(["earliest"])), "0x0");
    assert_eq!(node.result("eth_getUncleCountByBlockHash", by_hash.clone()), "0x0");
    assert_eq!(node.result("eth_getUncleCountByBlockNumber", json!(["0x9"])), Value::Null);
    let header = node.result("eth_getHeaderByHash", by_hash);
    assert_eq!(header["hash"], block["hash"]);
    assert_eq!(header["l1BlockNumber"], block["l1BlockNumber"]);
    assert_eq!(node.result("eth_getHeaderByNumber", json!(["0x1"])), header);
}

#[test]
fn a_node_says_what_its_network_is() {
    let node = Client::new();

    assert_eq!(node.result("net_peerCount", json!([])), "0x0");
    assert_eq!(node.result("net_listening", json!([])), true);
    assert_eq!(node.result("eth_mining", json!([])), false);
    assert_eq!(node.result("eth_hashrate", json!([])), "0x0");
    assert_eq!(node.result("rpc_modules", json!([]))["eth"], "1.0");
    let coinbase = node.result("eth_coinbase", json!([]));
    assert_eq!(coinbase, "0xa4b000000000000000000073657175656e636572");
    let block = node.result("eth_getBlockByNumber", json!(["latest"]));
    assert_eq!(block["miner"], coinbase);
    let (code, message) = node.error("eth_getProof", json!([STRANGER, [], "latest"]));
    assert_eq!(code, -32_000);
    assert!(message.starts_with("proofs are not supported"), "{message}");
}
