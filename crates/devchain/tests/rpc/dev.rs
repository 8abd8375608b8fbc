//! What only a dev node does.

use serde_json::json;

use crate::client::{ALICE, BOB, Client, STRANGER};

#[test]
fn an_impersonated_account_sends_without_its_key() {
    let node = Client::new();
    node.result("anvil_setBalance", json!([STRANGER, "0xde0b6b3a7640000"]));
    let transfer = json!([{ "from": STRANGER, "to": BOB, "value": "0x1" }]);
    let (_, message) = node.error("eth_sendTransaction", transfer.clone());
    assert!(message.contains("anvil_impersonateAccount"), "{message}");

    node.result("anvil_impersonateAccount", json!([STRANGER]));
    let hash = node.result("eth_sendTransaction", transfer.clone());
    let receipt = node.result("eth_getTransactionReceipt", json!([hash]));
    assert_eq!((&receipt["from"], &receipt["status"]), (&json!(STRANGER), &json!("0x1")));
    assert_eq!(node.result("eth_getTransactionByHash", json!([hash]))["from"], STRANGER);

    assert_eq!(node.result("anvil_stopImpersonatingAccount", json!([STRANGER])), true);
    node.error("eth_sendTransaction", transfer.clone());
    node.result("anvil_autoImpersonateAccount", json!([true]));
    node.result("eth_sendTransaction", transfer);
}

#[test]
fn equal_transactions_of_two_impersonated_accounts_differ_in_their_hash() {
    let node = Client::new();
    node.result("anvil_autoImpersonateAccount", json!([true]));
    let other = "0x00000000000000000000000000000000000000ab";
    let send = |from: &str| {
        node.result("anvil_setBalance", json!([from, "0xde0b6b3a7640000"]));
        node.result("eth_sendTransaction", json!([{ "from": from, "to": BOB }]))
    };
    assert_ne!(send(STRANGER), send(other));
}

#[test]
fn the_clock_is_set_and_goes_on_from_there() {
    let node = Client::new();
    assert_eq!(node.result("evm_setTime", json!([1_900_000_000])), json!("0x5f5e100"));
    node.result("evm_mine", json!([]));
    node.result("evm_mine", json!([]));
    let block = node.result("eth_getBlockByNumber", json!(["latest"]));
    assert_eq!(block["timestamp"], format!("{:#x}", 1_900_000_000));
}

#[test]
fn mining_cannot_be_put_off_and_says_so() {
    let node = Client::new();
    assert_eq!(node.result("evm_setAutomine", json!([true])), true);
    assert_eq!(node.result("anvil_getAutomine", json!([])), true);
    let (code, message) = node.error("evm_setAutomine", json!([false]));
    assert_eq!(code, -32_602);
    assert!(message.contains("mined as it arrives"), "{message}");
    assert_eq!(node.result("evm_setIntervalMining", json!([0])), true);
    assert_eq!(node.error("evm_setIntervalMining", json!([5])).0, -32_602);
}

/// Code with the Stylus prefix and a stream that is not Brotli's.
const NO_BROTLI: &str = "0xeff00000ffffffff";

#[test]
fn a_refused_activation_says_why() {
    let node = Client::new();
    // activateProgram(address)
    let activate = |program: &str| {
        json!({
            "from": ALICE, "to": "0x0000000000000000000000000000000000000071",
            "value": "0xde0b6b3a7640000",
            "data": format!("0x58c780c2000000000000000000000000{}", &program[2..]),
        })
    };
    node.result("evm_setAccountCode", json!([STRANGER, NO_BROTLI]));

    for method in ["eth_call", "eth_estimateGas", "eth_sendTransaction"] {
        let answer = node.answer(method, json!([activate(STRANGER)]));
        let error = &answer["error"];
        assert_eq!(
            error["data"],
            "the program cannot be activated: the code is not a Brotli stream"
        );
        let message = error["message"].as_str().unwrap();
        assert!(message.ends_with("the code is not a Brotli stream"), "{method}: {message}");
    }
    // A module with a section of data counts, which Stylus refuses: act-data-count.
    let wasm = alloy_primitives::hex::decode("0061736d010000000c0100").unwrap();
    let code = stylus_devchain::program::code(&wasm).to_string();
    node.result("evm_setAccountCode", json!([BOB, code]));
    let answer = node.answer("eth_call", json!([activate(BOB)]));
    assert_eq!(answer["error"]["code"], -32_000);
    let data = answer["error"]["data"].as_str().unwrap();
    assert!(data.starts_with("the module cannot be activated: "), "{data}");
    let nothing = "0x00000000000000000000000000000000000000ac";
    let answer = node.answer("eth_call", json!([activate(nothing)]));
    let message = answer["error"]["message"].as_str().unwrap();
    assert!(message.contains("is not a Stylus program"), "{message}");
}

#[test]
fn a_cache_manager_is_added_by_the_chains_owners() {
    let node = Client::new();
    let cache = "0x0000000000000000000000000000000000000072";
    let word = |address: &str| format!("{:0>64}", &address[2..]);
    let owner = "0x0000000000000000000000000000000000000070";
    let add = json!({ "to": owner, "data": format!("0x{}{}", selector(&node, "addWasmCacheManager(address)"), word(STRANGER)) });
    let is_manager = |address: &str| {
        let data = format!("0x{}{}", selector(&node, "isCacheManager(address)"), word(address));
        node.result("eth_call", json!([{ "to": cache, "data": data }]))
    };
    let no = format!("0x{:064x}", 0);

    assert_eq!(is_manager(STRANGER), no);
    let mut by_stranger = add.clone();
    by_stranger["from"] = json!(STRANGER);
    assert_eq!(node.error("eth_call", json!([by_stranger])).0, 3);
    assert_eq!(node.send(add)["status"], "0x1");
    assert_eq!(is_manager(STRANGER), format!("0x{:064x}", 1));
    assert_eq!(is_manager(ALICE), format!("0x{:064x}", 1));
}

fn selector(node: &Client, signature: &str) -> String {
    let bytes = alloy_primitives::hex::encode_prefixed(signature);
    let hash = node.result("web3_sha3", json!([bytes]));
    hash.as_str().expect("a hash")[2..10].to_owned()
}

#[test]
fn gas_prices_are_read_as_on_a_node() {
    let node = Client::new();
    let ask = |signature: &str| {
        let data = format!("0x{}", selector(&node, signature));
        let to = "0x000000000000000000000000000000000000006c";
        node.result("eth_call", json!([{ "to": to, "data": data }]))
    };
    let base_fee = format!("{:064x}", 100_000_000);
    assert_eq!(ask("getMinimumGasPrice()"), format!("0x{base_fee}"));
    let zero = "0".repeat(64);
    let storage = format!("{:064x}", 2_000_000_000_000_u64);
    assert_eq!(
        ask("getPricesInWei()"),
        format!("0x{zero}{zero}{storage}{base_fee}{zero}{base_fee}")
    );
    assert_eq!(ask("getL1BaseFeeEstimate()"), format!("0x{zero}"));
}

#[test]
fn an_absent_precompile_fails_instead_of_answering_nothing() {
    let node = Client::new();
    for address in ["65", "66", "6d", "6e", "6f", "73", "ff"] {
        let to = format!("0x{address:0>40}");
        let (code, _) = node.error("eth_call", json!([{ "to": to, "data": "0x12345678" }]));
        assert_eq!(code, 3, "{to}");
        assert_eq!(node.result("eth_getCode", json!([to])), "0xfe");
    }
}
