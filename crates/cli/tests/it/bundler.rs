//! Operations through a bundler: a small one, that believes what it is told about gas.

use alloy_primitives::{Address, B256, Bytes, U256};
use serde_json::{Value, json};
use smart_session_client::{
    ActError, ENTRY_POINT_V07, EntryPoint, EntryPointVersion, Mined, Node, NodeError, SoftwareKey,
    UserOperation,
};
use stylus_devchain::DEV_ACCOUNTS;

use crate::double::{Answer, Double};
use crate::world::{Run, World};

/// Serves a bundler for a node.
fn serve(node: &str) -> Double {
    let node = node.to_owned();
    Double::serve(move |request| answer(request, &node))
}

/// Answers as an honest bundler does.
pub(crate) fn answer(request: &Value, node: &str) -> Answer {
    match request["method"].as_str().unwrap() {
        "eth_estimateUserOperationGas" => Answer::result(json!({
            "verificationGasLimit": "0x493e0", "callGasLimit": "0x493e0",
            "preVerificationGas": "0xc350",
        })),
        "eth_sendUserOperation" => match bundle(&request["params"][0], node) {
            Ok(mined) => Answer::result(mined.user_op_hash.to_string()),
            Err(ActError::Node(NodeError::Reverted { data })) => Answer {
                status: 200,
                body: json!({
                    "error": { "code": -32_500, "message": "AA23 reverted", "data": data }
                }),
            },
            Err(error) => Answer::error(-32_500, &error.to_string()),
        },
        // Clients find the operation on the chain.
        "eth_getUserOperationReceipt" => Answer::result(Value::Null),
        other => Answer::error(-32_601, &format!("no {other} here")),
    }
}

/// Moves in the game through a bundler.
pub(crate) fn act(world: &World, bundler: &str, flags: &[&str]) -> Run {
    let game = world.game.to_string();
    let arguments = [
        "use",
        "session.json",
        "--bundler",
        bundler,
        "--delegate-key-file",
        "frontend.key",
        "--to",
        &game,
        "--call",
        "move(uint8)",
        "--arg",
        "3",
    ];
    world.run(&[&arguments[..], flags].concat())
}

/// Packs an operation as the EntryPoint takes it.
fn operation(op: &Value) -> UserOperation {
    let number = |field: &str| op[field].as_str().unwrap().parse::<U256>().unwrap();
    let bytes = |field: &str| op[field].as_str().unwrap().parse::<Bytes>().unwrap();
    let pair = |high: &str, low: &str| B256::from(number(high).wrapping_shl(128) | number(low));
    UserOperation {
        sender: op["sender"].as_str().unwrap().parse::<Address>().unwrap(),
        nonce: number("nonce"),
        initCode: Bytes::new(),
        callData: bytes("callData"),
        accountGasLimits: pair("verificationGasLimit", "callGasLimit"),
        preVerificationGas: number("preVerificationGas"),
        gasFees: pair("maxPriorityFeePerGas", "maxFeePerGas"),
        paymasterAndData: Bytes::new(),
        signature: bytes("signature"),
    }
}

/// Returns the hash of an operation on the embedded chain.
pub(crate) fn hash(op: &Value) -> B256 {
    operation(op).hash(EntryPointVersion::V07, ENTRY_POINT_V07, 412_346).unwrap()
}

/// Has an operation run.
fn bundle(op: &Value, node: &str) -> Result<Mined, ActError> {
    let op = operation(op);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let node = Node::at(node)?;
        let entry_point = EntryPoint::at(&node, ENTRY_POINT_V07)?;
        let sender = SoftwareKey::new(DEV_ACCOUNTS[1].private_key).unwrap();
        entry_point.bundle(op, &sender).await
    })
}

/// A world with a session that is enabled.
pub(crate) fn enabled(test: &str) -> World {
    let world = World::with_module(test);
    let module = world.module();
    world.sign(&module, &[]);
    world.enable().ok();
    world
}

#[test]
fn a_delegate_acts_through_a_bundler() {
    let world = enabled("bundler");
    let bundler = serve(&world.url);

    let done = act(&world, &bundler.url, &["--value", "0.01 ETH"]).ok();

    assert_eq!(done["success"], true);
    let estimated = bundler.requests("eth_estimateUserOperationGas");
    let dummy = estimated[0]["params"][0]["signature"].as_str().unwrap().to_owned();
    assert!(dummy.ends_with(&"ff".repeat(65)), "estimated with a dummy");
    let shown = world.run(&["show", "session.json"]).ok();
    assert_eq!(shown["onChain"]["callsRemaining"], 99);
}

#[test]
fn what_a_session_has_left_for_fees_bounds_an_operation() {
    let world = World::with_module("bundler-fees");
    let module = world.module();
    // The fee limit is below what the bundler's gas costs.
    world.sign(&module, &["--fees", "50000 gwei"]);
    world.enable().ok();
    let bundler = serve(&world.url);

    let run = act(&world, &bundler.url, &[]);

    run.fails_with("with this operation gas may cost");
    run.fails_with("by what the session has left");
    assert_eq!(bundler.count("eth_sendUserOperation"), 0);
}

#[test]
fn a_bundler_that_does_not_answer_is_named() {
    let world = enabled("bundler-gone");

    let run = act(&world, "http://127.0.0.1:9", &[]);

    run.fails_with("no node answers at http://127.0.0.1:9");
}
