//! Calls in another block, what they touch, and blocks that might be.

use serde_json::{Value, json};

use crate::client::{ALICE, BOB, COUNTER, Client, REVERTER, STRANGER};

fn word(number: u64) -> String {
    format!("0x{number:064x}")
}

/// A call of code that returns what one opcode pushes.
fn returns(node: &Client, opcode: &str, block: Value) -> Value {
    let code = json!({ STRANGER: { "code": format!("0x{opcode}5f5260205ff3") } });
    node.result("eth_call", json!([{ "to": STRANGER }, "latest", code, block]))
}

#[test]
fn a_call_sees_the_block_it_asks_for() {
    let node = Client::new();

    assert_eq!(returns(&node, "42", json!({ "time": "0x77" })), word(0x77));
    assert_eq!(returns(&node, "42", json!({ "timestamp": "0x78" })), word(0x78));
    assert_eq!(returns(&node, "48", json!({ "baseFee": "0x1234" })), word(0x1234));
    assert_eq!(returns(&node, "45", json!({ "gasLimit": "0x5555" })), word(0x5555));
    assert_eq!(returns(&node, "44", json!({ "prevRandao": word(9) })), word(9));
    let coinbase = json!({ "feeRecipient": STRANGER });
    assert_eq!(returns(&node, "41", coinbase), word(0xaa));
    let unchanged = returns(&node, "42", json!({}));
    assert_eq!(unchanged, word(1_800_000_000));

    // ArbSys tells the chain's own number: arbBlockNumber().
    let arb_sys =
        json!({ "to": "0x0000000000000000000000000000000000000064", "data": "0xa3b1b31d" });
    let number = json!([arb_sys, "latest", null, { "number": "0x99" }]);
    assert_eq!(node.result("eth_call", number), word(0x99));
}

#[test]
fn an_estimate_and_a_trace_see_the_block_they_ask_for() {
    let node = Client::new();
    // Counts from TIMESTAMP down to 0.
    let looping = "425b600190038060015700";
    let state = json!({ STRANGER: { "code": format!("0x{looping}") } });
    let call = json!({ "to": STRANGER });

    let gas = |time: &str| {
        let params = json!([call, "latest", state, { "time": time }]);
        let gas = node.result("eth_estimateGas", params);
        u64::from_str_radix(gas.as_str().unwrap().trim_start_matches("0x"), 16).unwrap()
    };
    // A round is JUMPDEST, PUSH1, SWAP1, SUB, DUP1, PUSH1, JUMPI: 1 + 3 + 3 + 3 + 3 + 3 + 10 gas.
    assert_eq!(gas("0x5") - gas("0x4"), 26);

    let options = json!({
        "tracer": "callTracer",
        "stateOverrides": { STRANGER: { "code": "0x425f5260205ff3" } },
        "blockOverrides": { "time": "0x4d" },
    });
    let trace = node.result("debug_traceCall", json!([call, "latest", options]));
    assert_eq!(trace["output"], word(0x4d));
}

#[test]
fn an_override_that_is_not_known_is_refused_wherever_it_is_taken() {
    let node = Client::new();
    let call = json!({ "to": STRANGER });
    let unknown = json!({ "blobBaseFee": "0x1" });

    for method in ["eth_call", "eth_estimateGas", "eth_createAccessList"] {
        let (code, message) = node.error(method, json!([call, "latest", null, unknown]));
        assert_eq!(code, -32_602, "{method}");
        let expected = "parameter 4 (block overrides): blobBaseFee cannot be overridden here";
        assert_eq!(message, expected, "{method}");
    }
    let options = json!({ "tracer": "callTracer", "blockOverrides": unknown });
    let (code, message) = node.error("debug_traceCall", json!([call, "latest", options]));
    assert_eq!(code, -32_602);
    assert!(message.contains("blockOverrides: blobBaseFee cannot be overridden"), "{message}");
}

#[test]
fn an_access_list_names_what_a_call_touches() {
    let node = Client::new();
    let counter = node.deploy(COUNTER);
    // Calls the counter: PUSH0 ×5, PUSH20 counter, GAS, CALL.
    let caller = node.deploy(&format!("5f5f5f5f5f73{}5af100", &counter.as_str().unwrap()[2..]));
    let slot = word(0);

    let own = node.result("eth_createAccessList", json!([{ "from": ALICE, "to": counter }]));
    assert_eq!(own["accessList"], json!([{ "address": counter, "storageKeys": [slot] }]));
    let through = node.result("eth_createAccessList", json!([{ "from": ALICE, "to": caller }]));
    assert_eq!(through["accessList"], json!([{ "address": counter, "storageKeys": [slot] }]));
    assert_eq!(through.get("error"), None);
    // The gas is what the transaction uses with its list.
    let list = &through["accessList"];
    let receipt = node.send(json!({ "to": caller, "accessList": list, "gas": "0x30d40" }));
    assert_eq!(receipt["gasUsed"], through["gasUsed"]);

    let reverter = node.deploy(REVERTER);
    let failed = node.result("eth_createAccessList", json!([{ "to": reverter }]));
    assert_eq!(failed["error"], "execution reverted");
}

#[test]
fn simulated_blocks_follow_each_other_and_leave_no_trace() {
    let node = Client::new();
    let counter = node.deploy(COUNTER);
    let reverter = node.deploy(REVERTER);
    let call = json!({ "from": ALICE, "to": counter });
    let payload = json!({ "blockStateCalls": [
        { "calls": [call, call, { "to": reverter }] },
        {
            "blockOverrides": { "number": "0x10", "time": "0x7fffffff" },
            "stateOverrides": { BOB: { "balance": "0x5" } },
            "calls": [call, { "from": BOB, "to": STRANGER, "value": "0x5" }],
        },
    ] });

    let blocks = node.result("eth_simulateV1", json!([payload, "latest"]));

    let (first, second) = (&blocks[0], &blocks[1]);
    assert_eq!(first["number"], "0x3");
    assert_eq!(first["timestamp"], format!("{:#x}", 1_800_000_001));
    assert_eq!(first["parentHash"], node.result("eth_getBlockByNumber", json!(["0x2"]))["hash"]);
    assert_eq!(first["calls"][0]["returnData"], word(1));
    assert_eq!(first["calls"][1]["returnData"], word(2));
    assert_eq!(first["calls"][1]["logs"][0]["data"], word(2));
    assert_eq!(first["calls"][1]["logs"][0]["logIndex"], "0x1");
    assert_eq!(first["calls"][1]["logs"][0]["blockHash"], first["hash"]);
    assert_eq!(first["calls"][2]["status"], "0x0");
    assert_eq!(first["calls"][2]["error"]["code"], 3);
    assert_eq!(first["calls"][2]["error"]["data"], "0xdeadbeef");
    assert_eq!(first["transactions"].as_array().map(Vec::len), Some(3));
    assert_eq!((&second["number"], &second["timestamp"]), (&json!("0x10"), &json!("0x7fffffff")));
    assert_eq!(second["parentHash"], first["hash"]);
    assert_eq!(second["calls"][0]["returnData"], word(3));
    assert_eq!(second["calls"][1]["status"], "0x1");
    assert_eq!(node.result("eth_blockNumber", json!([])), "0x2");
    assert_eq!(node.result("eth_call", json!([call])), word(1));
}

#[test]
fn a_simulation_that_makes_no_sense_is_refused() {
    let node = Client::new();
    let cases = [
        (json!({}), "missing field"),
        (json!({ "blockStateCalls": [], "traceTransfers": true }), "traceTransfers"),
        (json!({ "blockStateCalls": [{ "callz": [] }] }), "unknown field"),
        (
            json!({ "blockStateCalls": [{ "blockOverrides": { "time": "0x1" } }] }),
            "blockStateCalls[0]: its time is not after the parent's",
        ),
        (
            json!({ "blockStateCalls": [{ "blockOverrides": { "withdrawals": [] } }] }),
            "blockStateCalls[0]: blockOverrides: withdrawals cannot be overridden",
        ),
        (json!({ "blockStateCalls": vec![json!({}); 257] }), "at most 256 blocks"),
    ];
    for (payload, expected) in cases {
        let (code, message) = node.error("eth_simulateV1", json!([payload]));
        assert_eq!(code, -32_602);
        assert!(message.contains(expected), "{message}");
    }
    let poor = json!({ "from": STRANGER, "to": BOB, "value": "0x1" });
    let payload = json!({ "blockStateCalls": [{ "calls": [poor] }] });
    let (_, message) = node.error("eth_simulateV1", json!([payload]));
    assert!(message.starts_with("insufficient funds"), "{message}");
    let late = json!({ "from": ALICE, "to": BOB, "nonce": "0x9" });
    let payload = json!({ "blockStateCalls": [{ "calls": [late] }], "validation": true });
    let (_, message) = node.error("eth_simulateV1", json!([payload]));
    assert!(message.starts_with("nonce too high"), "{message}");
}
