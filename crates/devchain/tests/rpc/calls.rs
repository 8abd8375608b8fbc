//! Calls in another block, what they touch, and blocks that might be.

use serde_json::{Value, json};
use stylus_devchain::DevChain;
use stylus_devchain::rpc::Node;

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

/// geth's `eth_call`: the base fee is 0 to a call without a price, whatever the block says.
#[test]
fn base_fee_and_price_are_0_to_a_call_that_names_no_price() {
    let node = Client::new();
    let ask = |opcode: &str, prices: Value, block: Value| {
        let code = json!({ STRANGER: { "code": format!("0x{opcode}5f5260205ff3") } });
        let mut call = json!({ "from": ALICE, "to": STRANGER });
        for (name, price) in prices.as_object().expect("prices") {
            call[name] = price.clone();
        }
        let result = node.result("eth_call", json!([call, "latest", code, block]));
        let options = json!({
            "tracer": "callTracer", "stateOverrides": code, "blockOverrides": block,
        });
        let trace = node.result("debug_traceCall", json!([call, "latest", options]));
        assert_eq!(trace["output"], result, "debug_traceCall");
        result
    };
    let (base_fee, price) = ("48", "3a");

    for opcode in [base_fee, price] {
        assert_eq!(ask(opcode, json!({}), json!({})), word(0));
        assert_eq!(ask(opcode, json!({ "gasPrice": "0x0" }), json!({})), word(0));
        assert_eq!(ask(opcode, json!({ "maxFeePerGas": "0x0" }), json!({})), word(0));
        assert_eq!(ask(opcode, json!({}), json!({ "baseFee": "0x1234" })), word(0));
        // Twice the base fee is offered, and the base fee paid: Arbitrum has no tips.
        for name in ["gasPrice", "maxFeePerGas"] {
            let offer = json!({ name: "0xbebc200" });
            assert_eq!(ask(opcode, offer.clone(), json!({})), word(100_000_000));
            assert_eq!(ask(opcode, offer, json!({ "baseFee": "0x1234" })), word(0x1234));
        }
    }
    // An access list is for a transaction, which has a price.
    let code = json!({ STRANGER: { "code": "0x4854" } });
    let list = json!([{ "to": STRANGER }, "latest", code]);
    let list = node.result("eth_createAccessList", list);
    assert_eq!(list["accessList"][0]["storageKeys"], json!([word(100_000_000)]));
}

#[test]
fn a_call_that_names_a_price_is_paid_for() {
    let node = Client::new();
    let call = |from: &str, price: &str| json!([{ "from": from, "to": BOB, "gas": "0x5208", "gasPrice": price, "value": "0x1" }]);

    for method in ["eth_call", "eth_estimateGas", "debug_traceCall"] {
        let (code, message) = node.error(method, call(ALICE, "0x5f5e0ff"));
        assert_eq!(code, -32_000, "{method}");
        assert!(message.starts_with("max fee per gas less than block base fee"), "{message}");
        let (code, message) = node.error(method, call(STRANGER, "0x5f5e100"));
        assert_eq!(code, -32_000, "{method}");
        assert!(message.starts_with("insufficient funds for gas * price + value"), "{message}");
    }
    // 21,000 gas at 0.1 gwei and 1 wei: paid for to the wei, and one wei too little.
    for (balance, is_enough) in [("0x1e8f1c10801", true), ("0x1e8f1c10800", false)] {
        let state = json!({ STRANGER: { "balance": balance } });
        let params = json!([call(STRANGER, "0x5f5e100")[0], "latest", state]);
        let answer = node.answer("eth_call", params);
        assert_eq!(answer.get("error").is_none(), is_enough, "{answer}");
    }
}

#[test]
fn an_estimate_tries_no_more_gas_than_the_sender_can_pay_for() {
    let node = Client::new();
    let call = json!({ "from": STRANGER, "to": BOB, "gasPrice": "0x5f5e100" });
    let has = |gas: u64| {
        let balance = format!("{:#x}", gas * 100_000_000);
        json!([call, "latest", { STRANGER: { "balance": balance } }])
    };

    assert_eq!(node.result("eth_estimateGas", has(21_000)), "0x5208");
    let (_, message) = node.error("eth_estimateGas", has(20_999));
    assert!(message.starts_with("intrinsic gas too low"), "{message}");
}

/// Writes what the host functions `block_basefee` and `tx_gas_price` tell.
const PRICES: &str = r#"(module
    (import "vm_hooks" "block_basefee" (func $base_fee (param i32)))
    (import "vm_hooks" "tx_gas_price" (func $price (param i32)))
    (import "vm_hooks" "write_result" (func $write (param i32 i32)))
    (memory (export "memory") 1 1)
    (func (export "user_entrypoint") (param i32) (result i32)
        (call $base_fee (i32.const 0)) (call $price (i32.const 32))
        (call $write (i32.const 0) (i32.const 64)) (i32.const 0)))"#;

#[test]
fn a_program_sees_the_same_prices_as_bytecode() {
    let mut chain = DevChain::new();
    let program = chain.deploy_stylus(&wat::parse_str(PRICES).expect("WAT")).expect("deployed");
    let node = Client::with(Node::new(chain));
    let two = |price: u64| format!("0x{price:064x}{price:064x}");

    let call = json!({ "from": ALICE, "to": program });
    assert_eq!(node.result("eth_call", json!([call])), two(0));
    let paid = json!({ "from": ALICE, "to": program, "gasPrice": "0x5f5e100" });
    assert_eq!(node.result("eth_call", json!([paid])), two(100_000_000));
    let payload = json!({ "blockStateCalls": [{ "calls": [call] }] });
    let blocks = node.result("eth_simulateV1", json!([payload]));
    assert_eq!(blocks[0]["calls"][0]["returnData"], two(0));
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

/// As go-ethereum's: its search ends within 1.5 percent of what it answers (`estimateGasErrorRatio`).
#[test]
fn an_estimate_passes_and_is_at_most_1_5_percent_too_high() {
    let node = Client::new();
    // Counts from 5,000 down to 0: 26 gas a round.
    let inner = node.deploy("6113885b600190038060035700");
    // Calls it with all but a 64th of its gas, and reverts if that fails.
    let inner = &inner.as_str().expect("an address")[2..];
    let outer = node.deploy(&format!("5f5f5f5f5f73{inner}5af16022575f5ffd5b00"));
    let call = |gas: u64| json!([{ "from": ALICE, "to": outer, "gas": format!("{gas:#x}") }]);

    let estimate = node.result("eth_estimateGas", json!([{ "from": ALICE, "to": outer }]));
    let hex = estimate.as_str().expect("a quantity").trim_start_matches("0x");
    let estimate = u64::from_str_radix(hex, 16).expect("a quantity");

    assert_eq!(node.result("eth_call", call(estimate)), "0x");
    let (_, message) = node.error("eth_call", call(estimate - estimate * 15 / 1_000 - 1));
    assert!(message.contains("reverted"), "{message}");
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
