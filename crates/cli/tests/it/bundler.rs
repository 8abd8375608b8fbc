//! Operations through a bundler: a small one, that believes what it is told about gas.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use alloy_primitives::{Address, B256, Bytes, U256};
use devchain::DEV_ACCOUNTS;
use serde_json::{Value, json};
use session_client::{
    ActError, ENTRY_POINT_V07, EntryPoint, Mined, Node, NodeError, SoftwareKey, UserOperation,
};

use crate::world::World;

/// What the bundler has seen.
#[derive(Default)]
struct Seen {
    estimated: Vec<Value>,
    mined: HashMap<B256, Mined>,
}

/// Serves a bundler for a node, and returns its URL.
fn serve(node: &str) -> (String, Arc<Mutex<Seen>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let seen = Arc::new(Mutex::new(Seen::default()));
    let (node, shared) = (node.to_owned(), Arc::clone(&seen));
    thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            answer(stream, &node, &shared);
        }
    });
    (url, seen)
}

fn answer(mut stream: TcpStream, node: &str, seen: &Mutex<Seen>) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        if line.trim().is_empty() {
            break;
        }
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    let request: Value = serde_json::from_slice(&body).unwrap();
    let params = request["params"].as_array().cloned().unwrap_or_default();
    let mut answer = match request["method"].as_str().unwrap() {
        "eth_estimateUserOperationGas" => {
            seen.lock().unwrap().estimated.push(params[0].clone());
            json!({ "result": {
                "verificationGasLimit": "0x493e0", "callGasLimit": "0x493e0",
                "preVerificationGas": "0xc350",
            }})
        }
        "eth_sendUserOperation" => match bundle(&params[0], node) {
            Ok(mined) => {
                let hash = mined.user_op_hash;
                seen.lock().unwrap().mined.insert(hash, mined);
                json!({ "result": hash })
            }
            Err(ActError::Node(NodeError::Reverted { data })) => {
                json!({ "error": { "code": -32_500, "message": "AA23 reverted", "data": data } })
            }
            Err(error) => json!({ "error": { "code": -32_500, "message": error.to_string() } }),
        },
        "eth_getUserOperationReceipt" => {
            let hash: B256 = params[0].as_str().unwrap().parse().unwrap();
            let seen = seen.lock().unwrap();
            let receipt = seen.mined.get(&hash).map(|mined| {
                json!({
                    "success": mined.is_success,
                    "actualGasCost": mined.cost, "actualGasUsed": mined.gas_used,
                    "receipt": { "transactionHash": mined.transaction },
                })
            });
            json!({ "result": receipt })
        }
        other => json!({ "error": { "code": -32_601, "message": format!("no {other} here") } }),
    };
    answer["jsonrpc"] = json!("2.0");
    answer["id"] = request["id"].clone();
    let body = answer.to_string();
    write!(
        stream,
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    )
    .unwrap();
}

/// Packs an operation as the EntryPoint takes it, and has it run.
fn bundle(op: &Value, node: &str) -> Result<Mined, ActError> {
    let number = |field: &str| op[field].as_str().unwrap().parse::<U256>().unwrap();
    let bytes = |field: &str| op[field].as_str().unwrap().parse::<Bytes>().unwrap();
    let pair = |high: &str, low: &str| B256::from(number(high).wrapping_shl(128) | number(low));
    let op = UserOperation {
        sender: op["sender"].as_str().unwrap().parse::<Address>().unwrap(),
        nonce: number("nonce"),
        initCode: Bytes::new(),
        callData: bytes("callData"),
        accountGasLimits: pair("verificationGasLimit", "callGasLimit"),
        preVerificationGas: number("preVerificationGas"),
        gasFees: pair("maxPriorityFeePerGas", "maxFeePerGas"),
        paymasterAndData: Bytes::new(),
        signature: bytes("signature"),
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let node = Node::at(node)?;
        let entry_point = EntryPoint::at(&node, ENTRY_POINT_V07)?;
        let sender = SoftwareKey::new(DEV_ACCOUNTS[1].private_key).unwrap();
        entry_point.bundle(op, &sender).await
    })
}

#[test]
fn a_delegate_acts_through_a_bundler() {
    let world = World::new("bundler");
    let module = world.deploy();
    world.sign(&module, &[]);
    world.enable().ok();
    let (url, seen) = serve(&world.url);
    let game = world.game.to_string();
    let act = |value: &str| {
        world.run(&[
            "use",
            "session.json",
            "--bundler",
            &url,
            "--delegate-key-file",
            "frontend.key",
            "--to",
            &game,
            "--call",
            "move(uint8)",
            "--arg",
            "3",
            "--value",
            value,
        ])
    };

    let done = act("0.01 ETH").ok();

    assert_eq!(done["success"], true);
    let seen = seen.lock().unwrap();
    let hash: B256 = done["userOpHash"].as_str().unwrap().parse().unwrap();
    assert!(seen.mined[&hash].is_success);
    let dummy = seen.estimated[0]["signature"].as_str().unwrap();
    assert!(dummy.ends_with(&"ff".repeat(65)), "estimated with a dummy");
    drop(seen);
    let shown = world.run(&["show", "session.json"]).ok();
    assert_eq!(shown["onChain"]["callsRemaining"], 99);
}

#[test]
fn a_bundlers_refusal_is_told_in_words() {
    let world = World::new("bundler-refuses");
    let module = world.deploy();
    // The fee limit is below what the bundler's gas costs: only the module sees that.
    world.sign(&module, &["--fees", "50000 gwei"]);
    world.enable().ok();
    let (url, _) = serve(&world.url);
    let game = world.game.to_string();

    let run = world.run(&[
        "use",
        "session.json",
        "--bundler",
        &url,
        "--delegate-key-file",
        "frontend.key",
        "--to",
        &game,
        "--call",
        "move(uint8)",
        "--arg",
        "3",
    ]);

    run.fails_with("with this operation gas may cost");
}

#[test]
fn a_bundler_that_does_not_answer_is_named() {
    let world = World::new("bundler-gone");
    let module = world.deploy();
    world.sign(&module, &[]);
    world.enable().ok();
    let game = world.game.to_string();

    let run = world.run(&[
        "use",
        "session.json",
        "--bundler",
        "http://127.0.0.1:9",
        "--delegate-key-file",
        "frontend.key",
        "--to",
        &game,
        "--call",
        "move(uint8)",
        "--arg",
        "3",
    ]);

    run.fails_with("no node answers at http://127.0.0.1:9");
}
