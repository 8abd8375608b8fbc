//! Transactions that wait, are filled in or are signed.

use serde_json::{Value, json};

use crate::client::{ALICE, BOB, Client, STRANGER};

/// Signs a transfer of 1 wei by alice with a nonce.
fn signed(node: &Client, nonce: u64) -> Value {
    let transaction = json!({
        "from": ALICE, "to": STRANGER, "value": "0x1", "gas": "0x5208",
        "nonce": format!("{nonce:#x}"),
    });
    node.result("eth_signTransaction", json!([transaction]))
}

#[test]
fn a_transaction_whose_nonce_is_too_high_waits_for_the_others() {
    let node = Client::new();
    let send = |nonce| node.result("eth_sendRawTransaction", json!([signed(&node, nonce)["raw"]]));

    let last = send(2);
    let middle = send(1);
    let status = json!({ "pending": "0x0", "queued": "0x2" });
    assert_eq!(node.result("txpool_status", json!([])), status);
    assert_eq!(node.result("eth_getTransactionReceipt", json!([last])), Value::Null);
    let waiting = node.result("eth_getTransactionByHash", json!([last]));
    assert_eq!((&waiting["nonce"], &waiting["blockNumber"]), (&json!("0x2"), &Value::Null));
    assert_eq!(node.result("txpool_contentFrom", json!([ALICE]))["queued"]["1"]["hash"], middle);
    let inspected = node.result("txpool_inspect", json!([]));
    assert!(inspected["queued"].to_string().contains("1 wei + 21000 gas"), "{inspected}");

    send(0);

    let block = |hash: &Value| {
        node.result("eth_getTransactionReceipt", json!([hash]))["blockNumber"].clone()
    };
    assert_eq!((block(&middle), block(&last)), (json!("0x2"), json!("0x3")));
    assert_eq!(node.result("txpool_status", json!([]))["queued"], "0x0");
    assert_eq!(node.result("eth_getBalance", json!([STRANGER])), "0x3");
}

#[test]
fn a_waiting_transaction_is_replaced_by_one_that_pays_more() {
    let node = Client::new();
    let send = |price: &str| {
        let transaction = json!({
            "from": ALICE, "to": STRANGER, "gas": "0x5208", "nonce": "0x1", "gasPrice": price,
        });
        node.answer("eth_sendTransaction", json!([transaction]))
    };
    let first = send("0x77359400");
    assert_eq!(send("0x77359400")["error"]["message"], "already known");
    let message = send("0x77359300")["error"]["message"].clone();
    assert!(message.as_str().unwrap().starts_with("replacement transaction underpriced"));
    let second = send("0xb2d05e00");

    node.send(json!({ "to": BOB }));

    let receipt = |sent: &Value| node.result("eth_getTransactionReceipt", json!([sent["result"]]));
    assert_eq!(receipt(&first), Value::Null);
    assert_eq!(receipt(&second)["status"], "0x1");
}

#[test]
fn a_waiting_transaction_is_dropped_once_its_nonce_is_used() {
    let node = Client::new();
    node.result("eth_sendRawTransaction", json!([signed(&node, 1)["raw"]]));

    node.result("anvil_setNonce", json!([ALICE, "0x5"]));

    assert_eq!(node.result("txpool_status", json!([]))["queued"], "0x0");
    assert_eq!(node.result("eth_blockNumber", json!([])), "0x0");
}

#[test]
fn going_back_brings_waiting_transactions_back_too() {
    let node = Client::new();
    node.result("eth_sendRawTransaction", json!([signed(&node, 1)["raw"]]));
    let snapshot = node.result("evm_snapshot", json!([]));
    node.send(json!({ "to": BOB }));
    assert_eq!(node.result("txpool_status", json!([]))["queued"], "0x0");

    node.result("evm_revert", json!([snapshot]));

    assert_eq!(node.result("txpool_status", json!([]))["queued"], "0x1");
}

#[test]
fn a_transaction_is_filled_in_for_any_sender() {
    let node = Client::new();
    node.result("anvil_setNonce", json!([STRANGER, "0x3"]));

    let filled = node.result("eth_fillTransaction", json!([{ "from": STRANGER, "to": BOB }]));

    let transaction = &filled["tx"];
    assert_eq!(transaction["nonce"], "0x3");
    assert_eq!(transaction["gas"], "0x5208");
    assert_eq!(transaction["chainId"], "0x64aba");
    assert_eq!((&transaction["r"], &transaction["s"]), (&json!("0x0"), &json!("0x0")));
    assert!(filled["raw"].as_str().unwrap().starts_with("0x02"));
    assert_eq!(node.result("eth_blockNumber", json!([])), "0x0");
}

/// Who signed a hash, by the precompile that recovers it.
fn signer(node: &Client, hash: &str, signature: &Value) -> String {
    let signature = signature.as_str().expect("a signature").trim_start_matches("0x");
    let (r, s, v) = (&signature[..64], &signature[64..128], &signature[128..]);
    let data = format!("{hash}{v:0>64}{r}{s}");
    let recover = json!({ "to": "0x0000000000000000000000000000000000000001", "data": data });
    let word = node.result("eth_call", json!([recover]));
    format!("0x{}", &word.as_str().expect("a word")[26..])
}

#[test]
fn messages_are_signed_with_their_prefix() {
    let node = Client::new();
    // keccak256("\x19Ethereum Signed Message:\n5hello")
    let text = "0x19457468657265756d205369676e6564204d6573736167653a0a3568656c6c6f";
    let hash = node.result("web3_sha3", json!([text]));
    let hash = hash.as_str().unwrap();
    let hello = "0x68656c6c6f";

    let personal = node.result("personal_sign", json!([hello, BOB]));
    assert_eq!(signer(&node, hash, &personal), BOB);
    assert_eq!(node.result("eth_sign", json!([BOB, hello])), personal);
    let (code, message) = node.error("personal_sign", json!([hello, STRANGER]));
    assert_eq!(code, -32_602);
    assert_eq!(message, "parameter 2 (account): unknown account: no dev account");
}

#[test]
fn typed_data_is_signed_as_eip_712_says() {
    let node = Client::new();
    // The example of the EIP, and the digest that it names.
    let data = json!({
        "types": {
            "EIP712Domain": [
                { "name": "name", "type": "string" }, { "name": "version", "type": "string" },
                { "name": "chainId", "type": "uint256" },
                { "name": "verifyingContract", "type": "address" },
            ],
            "Person": [{ "name": "name", "type": "string" }, { "name": "wallet", "type": "address" }],
            "Mail": [
                { "name": "from", "type": "Person" }, { "name": "to", "type": "Person" },
                { "name": "contents", "type": "string" },
            ],
        },
        "primaryType": "Mail",
        "domain": {
            "name": "Ether Mail", "version": "1", "chainId": 1,
            "verifyingContract": "0xCcCCccccCCCCcCCCCCCcCcCccCcCCCcCcccccccC",
        },
        "message": {
            "from": { "name": "Cow", "wallet": "0xCD2a3d9F938E13CD947Ec05AbC7FE734Df8DD826" },
            "to": { "name": "Bob", "wallet": "0xbBbBBBBbbBBBbbbBbbBbbbbBBbBbbbbBbBbbBBbB" },
            "contents": "Hello, Bob!",
        },
    });
    let digest = "0xbe609aee343fb3c4b28e1df9e632fca64fcfaede20f02e86244efddf30957bd2";

    let signature = node.result("eth_signTypedData_v4", json!([BOB, data]));
    assert_eq!(signer(&node, digest, &signature), BOB);
    let as_text = node.result("eth_signTypedData_v4", json!([BOB, data.to_string()]));
    assert_eq!(as_text, signature);
    let (code, _) = node.error("eth_signTypedData_v4", json!([BOB, { "types": {} }]));
    assert_eq!(code, -32_602);
}
