//! The node over HTTP: methods, errors, bad input. Every expected value is written out.

#![cfg(feature = "rpc")]
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::needless_pass_by_value,
    clippy::string_slice,
    reason = "a test may panic"
)]

use serde_json::{Value, json};

mod access;
mod calls;
mod client;
mod dev;
mod filters;
mod history;
mod limits;
mod transactions;
mod web_socket;

use client::{ALICE, BOB, COUNTER, Client, LOOPER, REVERTER, STRANGER};

#[test]
fn a_fresh_node_says_what_it_is() {
    let node = Client::new();

    assert_eq!(node.result("eth_chainId", json!([])), "0x64aba");
    assert_eq!(node.result("net_version", json!([])), "412346");
    assert_eq!(node.result("eth_blockNumber", json!([])), "0x0");
    assert_eq!(node.result("eth_syncing", json!([])), false);
    assert_eq!(node.result("eth_gasPrice", json!([])), "0x5f5e100");
    assert_eq!(node.result("eth_maxPriorityFeePerGas", json!([])), "0x0");
    assert_eq!(node.result("eth_accounts", json!([]))[1], BOB);
    assert_eq!(node.result("eth_getBalance", json!([ALICE, "latest"])), "0x21e19e0c9bab2400000");
    assert_eq!(node.result("eth_getTransactionCount", json!([ALICE, "pending"])), "0x0");
    let version = node.result("web3_clientVersion", json!([]));
    assert!(version.as_str().unwrap().starts_with("devchain/v"), "{version}");
    let history = node.result("eth_feeHistory", json!(["0x4", "latest", [25, 75]]));
    assert_eq!(
        history,
        json!({
            "baseFeePerGas": ["0x5f5e100", "0x5f5e100"],
            "gasUsedRatio": [0.0],
            "oldestBlock": "0x0",
            "reward": [["0x0", "0x0"]],
        })
    );
}

#[test]
fn a_transfer_is_mined_in_a_block_of_its_own() {
    let node = Client::new();

    let receipt = node.send(json!({ "to": STRANGER, "value": "0x7b" }));

    assert_eq!(receipt["status"], "0x1");
    assert_eq!(receipt["gasUsed"], "0x5208");
    assert_eq!(receipt["effectiveGasPrice"], "0x5f5e100");
    assert_eq!(receipt["blockNumber"], "0x1");
    assert_eq!(receipt["type"], "0x2");
    assert_eq!(receipt["from"], ALICE);
    assert_eq!(node.result("eth_getBalance", json!([STRANGER, "latest"])), "0x7b");
    assert_eq!(node.result("eth_getBalance", json!([STRANGER, "0x0"])), "0x0");
    // 10,000 ether less 123 wei less 21,000 gas at 0.1 gwei.
    assert_eq!(
        node.result("eth_getBalance", json!([ALICE, "latest"])),
        format!("{:#x}", 10_000_000_000_000_000_000_000_u128 - 123 - 2_100_000_000_000)
    );
    let block = node.result("eth_getBlockByNumber", json!(["latest", true]));
    assert_eq!(block["hash"], receipt["blockHash"]);
    assert_eq!(block["timestamp"], "0x6b49d200");
    assert_eq!(block["baseFeePerGas"], "0x5f5e100");
    assert_eq!(block["transactions"][0]["hash"], receipt["transactionHash"]);
    assert_eq!(block["transactions"][0]["nonce"], "0x0");
    assert_eq!(node.result("eth_getBlockByHash", json!([block["hash"], true])), block);
    let genesis = node.result("eth_getBlockByNumber", json!(["earliest", false]));
    assert_eq!(block["parentHash"], genesis["hash"]);
    assert_eq!(node.result("eth_getBlockReceipts", json!(["latest"])), json!([receipt]));
    let hash = &receipt["transactionHash"];
    let transaction = node.result("eth_getTransactionByHash", json!([hash]));
    assert_eq!(transaction, block["transactions"][0]);
}

#[test]
fn a_contract_is_called_and_its_logs_are_found() {
    let node = Client::new();
    let counter = node.deploy(COUNTER);
    let one = "0x0000000000000000000000000000000000000000000000000000000000000001";
    let topic = "0x00000000000000000000000000000000000000000000000000000000000000aa";

    let receipt = node.send(json!({ "to": counter }));

    assert_eq!(receipt["logs"][0]["data"], one);
    assert_eq!(receipt["logs"][0]["logIndex"], "0x0");
    assert_eq!(node.result("eth_getStorageAt", json!([counter, "0x0", "latest"])), one);
    let all = json!({ "address": [counter], "topics": [[topic, one], null], "fromBlock": "0x0" });
    assert_eq!(node.result("eth_getLogs", json!([all])), receipt["logs"]);
    let at = json!({ "blockHash": receipt["blockHash"] });
    assert_eq!(node.result("eth_getLogs", json!([at])), receipt["logs"]);
    let other = json!({ "address": BOB, "fromBlock": "earliest", "toBlock": "latest" });
    assert_eq!(node.result("eth_getLogs", json!([other])), json!([]));
    assert_eq!(
        node.result("eth_call", json!([{ "to": counter }, "latest"])),
        "0x0000000000000000000000000000000000000000000000000000000000000002"
    );
    assert_eq!(node.result("eth_call", json!([{ "to": counter }, "0x1"])), one);
    let code = node.result("eth_getCode", json!([counter, "latest"]));
    assert_eq!(code, format!("0x{COUNTER}"));
    assert_eq!(node.result("eth_getCode", json!([counter, "0x0"])), "0x");
}

#[test]
fn a_call_sees_the_state_it_asks_for() {
    let node = Client::new();
    let slot = "0x0000000000000000000000000000000000000000000000000000000000000000";
    let eight = "0x0000000000000000000000000000000000000000000000000000000000000008";
    let seven = "0x0000000000000000000000000000000000000000000000000000000000000007";
    let call = json!({ "to": STRANGER });
    let code = format!("0x{COUNTER}");

    let diff = json!({ STRANGER: { "code": code, "stateDiff": { slot: seven } } });
    assert_eq!(node.result("eth_call", json!([call, "latest", diff])), eight);
    let state = json!({ STRANGER: { "code": code, "state": { slot: seven } } });
    assert_eq!(node.result("eth_call", json!([call, "latest", state])), eight);
    // SELFBALANCE
    let rich = json!({ STRANGER: { "code": "0x475f5260205ff3", "balance": "0x8" } });
    assert_eq!(node.result("eth_call", json!([call, "latest", rich])), eight);
    assert_eq!(node.result("eth_call", json!([call, "latest", {}])), "0x");
    // Without a target: init code that returns 8.
    assert_eq!(node.result("eth_call", json!([{ "data": "0x60085f5260205ff3" }])), eight);
    let both = json!({ STRANGER: { "state": {}, "stateDiff": {} } });
    let (code, message) = node.error("eth_call", json!([call, "latest", both]));
    assert_eq!(code, -32_602);
    assert!(message.contains("either state or stateDiff"), "{message}");
}

#[test]
fn a_revert_has_code_3_and_its_data() {
    let node = Client::new();
    let reverter = node.deploy(REVERTER);

    let answer = node.answer("eth_call", json!([{ "to": reverter }, "latest"]));
    assert_eq!(
        answer["error"],
        json!({ "code": 3, "message": "execution reverted", "data": "0xdeadbeef" })
    );
    let answer = node.answer("eth_estimateGas", json!([{ "to": reverter }]));
    assert_eq!(answer["error"]["code"], 3);
    // Error("no"), as init code that reverts with what follows it.
    let error = "08c379a00000000000000000000000000000000000000000000000000000000000000020\
                 0000000000000000000000000000000000000000000000000000000000000002\
                 6e6f000000000000000000000000000000000000000000000000000000000000";
    let init = format!("0x6064600c60003960646000fd{error}");
    let answer = node.answer("eth_call", json!([{ "data": init }]));
    assert_eq!(answer["error"]["message"], "execution reverted: no");
    // Mined with a gas limit of its own it fails there.
    let receipt = node.send(json!({ "to": reverter, "gas": "0xc350" }));
    assert_eq!((&receipt["status"], &receipt["logs"]), (&json!("0x0"), &json!([])));
}

#[test]
fn an_estimate_is_the_least_gas_that_suffices() {
    let node = Client::new();
    let counter = node.deploy(COUNTER);

    assert_eq!(node.result("eth_estimateGas", json!([{ "to": STRANGER }])), "0x5208");
    let estimate = node.result("eth_estimateGas", json!([{ "to": counter }, "latest", {}]));
    let gas = u64::from_str_radix(&estimate.as_str().unwrap()[2..], 16).unwrap();

    let call = |gas: u64| json!([{ "to": counter, "gas": format!("{gas:#x}") }, "latest"]);
    node.result("eth_call", call(gas));
    let (code, message) = node.error("eth_call", call(gas - 1));
    assert_eq!((code, message.as_str()), (-32_000, "out of gas"));
}

#[test]
fn a_raw_transaction_without_chain_id_is_taken() {
    let node = Client::new();
    let raw = "0xf8a58085174876e800830186a08080b853604580600e600039806000f350fe7fffffffffffffff\
               ffffffffffffffffffffffffffffffffffffffffffffffffe03601600081602082378035828234f5\
               8015156039578182fd5b8082525050506014600cf31ba02222222222222222222222222222222222\
               222222222222222222222222222222a0222222222222222222222222222222222222222222222222\
               2222222222222222";
    let sender = "0x3fab184622dc19b6109349b94811493bf2a45362";

    let (code, message) = node.error("eth_sendRawTransaction", json!([raw]));
    assert_eq!(code, -32_000);
    assert!(message.starts_with("insufficient funds for gas * price + value"), "{message}");

    node.result("evm_setAccountBalance", json!([sender, "0xde0b6b3a7640000"]));
    let hash = node.result("eth_sendRawTransaction", json!([raw]));
    // The hash it has on every chain.
    assert_eq!(hash, "0xeddf9e61fb9d8f5111840daef55e5fde0041f5702856532cdbb5a02998033d26");
    let receipt = node.result("eth_getTransactionReceipt", json!([hash]));
    assert_eq!(receipt["type"], "0x0");
    assert_eq!(receipt["contractAddress"], "0x4e59b44847b379578588920ca78fbf26c0b4956c");
    let (_, message) = node.error("eth_sendRawTransaction", json!([raw]));
    assert!(message.starts_with("nonce too low"), "{message}");
}

#[test]
fn snapshots_time_and_blocks_are_the_clients_to_move() {
    let node = Client::new();
    let time =
        |node: &Client| node.result("eth_getBlockByNumber", json!(["latest"]))["timestamp"].clone();
    let snapshot = node.result("evm_snapshot", json!([]));

    node.send(json!({ "to": STRANGER, "value": "0x1" }));
    node.result("evm_increaseTime", json!([100]));
    node.result("evm_mine", json!([]));
    assert_eq!(time(&node), format!("{:#x}", 1_800_000_100));
    node.result("evm_setNextBlockTimestamp", json!([1_900_000_000]));
    node.result("evm_mine", json!([]));
    assert_eq!(time(&node), format!("{:#x}", 1_900_000_000));
    node.result("hardhat_mine", json!(["0x3", "0xa"]));
    assert_eq!(time(&node), format!("{:#x}", 1_900_000_020));
    assert_eq!(node.result("eth_blockNumber", json!([])), "0x6");
    let (code, _) = node.error("evm_setNextBlockTimestamp", json!([5]));
    assert_eq!(code, -32_602);

    assert_eq!(node.result("evm_revert", json!([snapshot])), true);
    assert_eq!(node.result("eth_blockNumber", json!([])), "0x0");
    assert_eq!(node.result("eth_getBalance", json!([STRANGER, "latest"])), "0x0");
    assert_eq!(time(&node), format!("{:#x}", 1_800_000_000));
    assert_eq!(node.result("evm_revert", json!([snapshot])), false);
}

#[test]
fn traces_show_calls_state_and_what_erc_7562_asks_for() {
    let node = Client::new();
    let counter = node.deploy(COUNTER);
    let key = "0x0000000000000000000000000000000000000000000000000000000000000000";
    let one = "0x0000000000000000000000000000000000000000000000000000000000000001";
    let receipt = node.send(json!({ "to": counter, "gas": "0x186a0" }));
    let hash = &receipt["transactionHash"];
    let name = counter.as_str().unwrap();

    let trace = node.result("debug_traceTransaction", json!([hash, { "tracer": "callTracer" }]));
    assert_eq!(
        trace,
        json!({
            "type": "CALL", "from": ALICE, "to": counter, "value": "0x0", "gas": "0x186a0",
            "gasUsed": receipt["gasUsed"], "input": "0x", "output": one,
        })
    );

    let diff = json!({ "tracer": "prestateTracer", "tracerConfig": { "diffMode": true } });
    let trace = node.result("debug_traceTransaction", json!([hash, diff]));
    // The slot was zero before: geth's difference does not show that.
    assert!(trace["pre"][name].get("storage").is_none(), "{trace}");
    assert_eq!(trace["post"][name]["storage"][key], one);
    assert_eq!(trace["post"][ALICE]["nonce"], 2);
    let options = json!({ "tracer": "prestateTracer" });
    let trace = node.result("debug_traceCall", json!([{ "to": counter }, "latest", options]));
    assert_eq!(trace[name]["storage"][key], one);

    let options = json!({ "tracer": "erc7562Tracer" });
    let trace = node.result("debug_traceCall", json!([{ "to": counter }, "latest", options]));
    assert_eq!(trace["accessedSlots"]["reads"], json!({ key: [one] }));
    assert_eq!(trace["accessedSlots"]["writes"], json!({ key: 1 }));
    assert_eq!(
        trace["keccak"],
        json!(["0x0000000000000000000000000000000000000000000000000000000000000002"])
    );
    assert_eq!(trace["usedOpcodes"]["0x55"], 1);
    assert_eq!(trace["outOfGas"], false);

    let options = json!({ "tracer": "4byteTracer" });
    let (code, message) =
        node.error("debug_traceCall", json!([{ "to": counter }, "latest", options]));
    assert_eq!(code, -32_602);
    assert!(message.starts_with("parameter 3 (options): there is no such tracer"), "{message}");
}

#[test]
fn wrong_parameters_are_named_with_the_reason() {
    let node = Client::new();
    let cases = [
        ("eth_getBalance", json!([]), "parameter 1 (account): it is missing"),
        ("eth_getBalance", json!(["0x12"]), "parameter 1 (account): "),
        ("eth_getBalance", json!([ALICE, "newest"]), "parameter 2 (block): "),
        ("eth_getCode", json!([5, "latest"]), "parameter 1 (account): "),
        ("eth_getStorageAt", json!([ALICE, "0xzz"]), "parameter 2 (slot): "),
        ("eth_getBlockByNumber", json!(["late"]), "parameter 1 (block): "),
        ("eth_getBlockByNumber", json!(["latest", 3]), "parameter 2 (full transactions): "),
        ("eth_getTransactionReceipt", json!(["0x12"]), "parameter 1 (transaction hash): "),
        ("eth_call", json!([{ "to": "bob" }]), "parameter 1 (transaction): "),
        ("eth_call", json!([{ "data": "0x0" }]), "parameter 1 (transaction): "),
        ("eth_call", json!([{ "data": "0x00", "input": "0x01" }]), "parameter 1 (transaction): "),
        ("eth_call", json!([{}, "latest", 1]), "parameter 3 (state overrides): "),
        (
            "eth_call",
            json!([{}, "latest", {}, { "withdrawals": [] }]),
            "parameter 4 (block overrid",
        ),
        ("eth_sendRawTransaction", json!(["0x"]), "parameter 1 (signed transaction): "),
        ("eth_sendRawTransaction", json!(["0x02c0"]), "parameter 1 (signed transaction): "),
        (
            "eth_sendTransaction",
            json!([{ "from": STRANGER }]),
            "parameter 1 (transaction): from is",
        ),
        ("eth_getLogs", json!([{ "topics": "0x" }]), "parameter 1 (filter): "),
        (
            "eth_getLogs",
            json!([{ "fromBlock": "0x2", "toBlock": "0x1" }]),
            "parameter 1 (filter): ",
        ),
        ("eth_feeHistory", json!(["0x1", "0x99"]), "parameter 2 (newest block): "),
        ("hardhat_mine", json!(["0xffffffffffffffff"]), "parameter 1 (blocks): "),
        ("evm_revert", json!(["first"]), "parameter 1 (snapshot id): "),
        ("debug_traceCall", json!([{}, "latest", {}]), "parameter 3 (options): name a tracer"),
    ];
    for (method, params, expected) in cases {
        let (code, message) = node.error(method, params.clone());
        assert_eq!(code, -32_602, "{method} {params}: {message}");
        assert!(message.starts_with(expected), "{method} {params}: {message}");
    }
    assert_eq!(node.error("eth_getBalance", json!([ALICE, "0x99"])).0, -32_000);
    assert_eq!(node.error("eth_fillAllTransactions", json!([{}])).0, -32_601);
    assert_eq!(node.result("eth_getBlockByNumber", json!(["0x99", false])), Value::Null);
    let unknown = format!("0x{:064x}", 5);
    assert_eq!(node.result("eth_getTransactionReceipt", json!([unknown])), Value::Null);
}

#[test]
fn malformed_bodies_get_the_standard_errors() {
    let node = Client::new();
    let code = |body: &str| {
        let (status, body) = node.post(body);
        assert_eq!(status, 200);
        serde_json::from_str::<Value>(&body).expect("JSON")["error"]["code"].clone()
    };

    assert_eq!(code(""), -32_700);
    assert_eq!(code("{\"jsonrpc\":"), -32_700);
    assert_eq!(code("\u{0}\u{1}"), -32_700);
    assert_eq!(code(&"[".repeat(100_000)), -32_700);
    assert_eq!(code("5"), -32_600);
    assert_eq!(code("[]"), -32_600);
    assert_eq!(code(r#"{"id":1,"method":"eth_chainId"}"#), -32_600);
    assert_eq!(code(r#"{"jsonrpc":"2.0","id":1}"#), -32_600);
    assert_eq!(code(r#"{"jsonrpc":"2.0","id":{},"method":"eth_chainId"}"#), -32_600);
    assert_eq!(code(r#"{"jsonrpc":"2.0","id":1,"method":"eth_chainId","params":{}}"#), -32_600);
    assert_eq!(code(r#"{"jsonrpc":"2.0","id":1,"method":"rm"}"#), -32_601);
}

#[test]
fn batches_are_answered_and_notifications_are_not() {
    let node = Client::new();

    let (_, body) = node.post(
        r#"[{"jsonrpc":"2.0","id":1,"method":"eth_chainId"},
            {"jsonrpc":"2.0","method":"eth_chainId"},
            7,
            {"jsonrpc":"2.0","id":"b","method":"eth_blockNumber"}]"#,
    );
    let answers: Value = serde_json::from_str(&body).expect("JSON");
    assert_eq!(answers[0]["result"], "0x64aba");
    assert_eq!(answers[1]["error"]["code"], -32_600);
    assert_eq!(answers[2], json!({ "jsonrpc": "2.0", "id": "b", "result": "0x0" }));
    assert_eq!(answers.as_array().unwrap().len(), 3);

    let (status, body) = node.post(r#"{"jsonrpc":"2.0","method":"eth_chainId"}"#);
    assert_eq!((status, body.as_str()), (204, ""));
}

#[test]
fn the_node_survives_what_is_too_much() {
    let node = Client::new();
    let looper = node.deploy(LOOPER);

    let (status, body) = node.post(vec![b' '; 10 * 1024 * 1024]);
    assert_eq!(status, 413);
    let answer: Value = serde_json::from_str(&body).expect("JSON");
    assert_eq!(answer["error"]["code"], -32_600);
    assert_eq!(
        answer["error"]["message"],
        "invalid request: the body is longer than 5242880 bytes"
    );

    let (code, message) = node.error("eth_call", json!([{ "to": looper, "gas": "0xffffffffff" }]));
    assert_eq!((code, message.as_str()), (-32_000, "out of gas"));
    let receipt = node.send(json!({ "to": looper, "gas": "0x1e84800" }));
    assert_eq!((&receipt["status"], &receipt["gasUsed"]), (&json!("0x0"), &json!("0x1e84800")));
    let options = json!({ "tracer": "erc7562Tracer" });
    let trace = node
        .result("debug_traceCall", json!([{ "to": looper, "gas": "0x186a0" }, "latest", options]));
    assert_eq!(trace["outOfGas"], true);

    assert_eq!(node.result("eth_blockNumber", json!([])), "0x2");
}

/// A program that loops for ever.
const LOOPING_MODULE: &str = "0061736d0100000001060160017f017f0302010005040101010107\
    1c02066d656d6f727902000f757365725f656e747279706f696e7400000a0b01090003400c000b41000b";

/// Puts a program's code at an address and activates it by a transaction.
fn activate(node: &Client, address: &str, code: impl std::fmt::Display) -> Value {
    node.result("evm_setAccountCode", json!([address, code.to_string()]));
    // activateProgram(address)
    let data = format!("0x58c780c2000000000000000000000000{}", &address[2..]);
    let arb_wasm = "0x0000000000000000000000000000000000000071";
    node.send(json!({ "to": arb_wasm, "data": data, "value": "0xde0b6b3a7640000" }))
}

#[test]
fn a_program_that_loops_runs_out_of_gas_and_the_node_goes_on() {
    let node = Client::new();
    let wasm = alloy_primitives::hex::decode(LOOPING_MODULE).expect("hex");
    let code = alloy_primitives::hex::encode_prefixed(stylus_devchain::program::code(&wasm));
    assert_eq!(activate(&node, STRANGER, code)["status"], "0x1");

    let (code, message) = node.error("eth_call", json!([{ "to": STRANGER }]));

    assert_eq!((code, message.as_str()), (-32_000, "out of gas"));
    assert_eq!(node.result("eth_blockNumber", json!([])), "0x1");
}

#[test]
fn a_program_shows_its_host_functions_as_opcodes() {
    let node = Client::new();
    let file =
        concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/nitro-recordings/real-counter.json");
    let recording: Value =
        serde_json::from_slice(&std::fs::read(file).expect("the recording")).expect("JSON");
    let code = recording["code_hex"].as_str().expect("code");
    let code = format!("0x{}", code.trim_start_matches("0x"));
    assert_eq!(activate(&node, STRANGER, code)["status"], "0x1");
    let slot = "0x0000000000000000000000000000000000000000000000000000000000000000";

    // number()
    let call = json!({ "to": STRANGER, "data": "0x8381f58a" });
    let options = json!({ "tracer": "erc7562Tracer" });
    let trace = node.result("debug_traceCall", json!([call, "latest", options]));

    assert_eq!(trace["output"], slot);
    assert_eq!(trace["accessedSlots"]["reads"], json!({ slot: [slot] }));
    assert_eq!(trace["usedOpcodes"], json!({ "0x54": 1 }));
}

#[test]
fn the_readme_lists_the_methods_that_there_are() {
    let readme = include_str!("../../README.md");
    let table = readme.split("**Methods.**").nth(1).and_then(|rest| rest.split("Tracers:").next());
    let listed: std::collections::BTreeSet<&str> = table
        .expect("the table")
        .split('`')
        .filter(|word| {
            let prefix = word.split_once('_').map_or("", |(prefix, _)| prefix);
            ["web3", "net", "rpc", "eth", "personal", "txpool", "debug", "evm", "anvil", "hardhat"]
                .contains(&prefix)
        })
        .collect();
    let served: std::collections::BTreeSet<&str> = stylus_devchain::rpc::methods().collect();
    assert_eq!(listed, served);
}
