//! A delegate at a bundler that lies: nothing is signed or said that is not true.

use std::sync::{Arc, Mutex};

use alloy_primitives::{B256, hex};
use alloy_sol_types::SolError;
use serde_json::{Value, json};
use smart_session_core::abi::ISmartSession;

use crate::bundler::{act, answer, enabled};
use crate::double::{Answer, Double};
use crate::world::World;

/// Serves a bundler that is honest but for some answers.
fn serve(world: &World, lie: impl Fn(&Value) -> Option<Answer> + Send + Sync + 'static) -> Double {
    let node = world.url.clone();
    Double::serve(move |request| lie(request).unwrap_or_else(|| answer(request, &node)))
}

fn is(request: &Value, method: &str) -> bool {
    request["method"] == method
}

fn calls_left(world: &World) -> Value {
    world.run(&["show", "session.json"]).ok()["onChain"]["callsRemaining"].clone()
}

#[test]
fn a_bundler_gets_no_more_for_gas_than_a_few_times_the_own_estimate() {
    let world = enabled("bundler-gas");
    let bundler = serve(&world, |request| {
        is(request, "eth_estimateUserOperationGas").then(|| {
            Answer::result(json!({
                "verificationGasLimit": "0x186a0", "callGasLimit": "0x186a0",
                "preVerificationGas": "0x3d09000",
            }))
        })
    });

    act(&world, &bundler.url, &[]).fails_with("(five times the own estimate)");
    act(&world, &bundler.url, &["--max-fee", "0.001 ETH"]).fails_with("(by --max-fee)");

    assert_eq!(bundler.count("eth_sendUserOperation"), 0, "nothing is signed");
    assert_eq!(calls_left(&world), 100);
}

#[test]
fn a_bundlers_price_is_bounded_too() {
    let world = enabled("bundler-price");
    let bundler = serve(&world, |request| {
        is(request, "pimlico_getUserOperationGasPrice").then(|| {
            let price = json!({
                "maxFeePerGas": "0xde0b6b3a7640000", "maxPriorityFeePerGas": "0xde0b6b3a7640000",
            });
            Answer::result(json!({ "slow": price, "standard": price, "fast": price }))
        })
    });

    act(&world, &bundler.url, &[]).fails_with("gas may cost");

    assert_eq!(bundler.count("eth_sendUserOperation"), 0);
}

#[test]
fn a_tip_is_what_the_bundler_asks_for_or_the_flag_says() {
    let world = enabled("bundler-tip");
    let bundler = serve(&world, |request| {
        is(request, "rundler_maxPriorityFeePerGas").then(|| Answer::result("0x3e8"))
    });
    let tip = || {
        let sent = bundler.requests("eth_sendUserOperation");
        sent.last().unwrap()["params"][0]["maxPriorityFeePerGas"].clone()
    };

    act(&world, &bundler.url, &[]).ok();
    assert_eq!(tip(), "0x3e8");
    act(&world, &bundler.url, &["--priority-fee", "0.00002 gwei"]).ok();
    assert_eq!(tip(), "0x4e20");
}

#[test]
fn another_hash_than_the_operations_is_told() {
    let world = enabled("bundler-hash");
    let (node, evil) = (world.url.clone(), B256::repeat_byte(0xee).to_string());
    let real = Arc::new(Mutex::new(String::new()));
    let seen = Arc::clone(&real);
    let bundler = serve(&world, move |request| {
        is(request, "eth_sendUserOperation").then(|| {
            let honest = answer(request, &node).body["result"].as_str().unwrap().to_owned();
            *seen.lock().unwrap() = honest;
            Answer::result(evil.clone())
        })
    });

    let (error, remedy) = act(&world, &bundler.url, &[]).failed();

    let real = real.lock().unwrap().clone();
    assert!(error.contains(&format!("operation {real} was sent")), "{error}");
    assert!(error.contains("the bundler tells another hash, 0xeeee"), "{error}");
    assert!(remedy.contains("before you send another"), "{remedy}");
}

#[test]
fn an_operation_that_a_bundler_keeps_is_not_said_to_be_done() {
    let world = enabled("bundler-keeps");
    // What the bundler names as the transaction is another one, which did succeed.
    let other = world.make_move("session.json", "0.01 ETH").ok()["transaction"].clone();
    let hash = Arc::new(Mutex::new(Value::Null));
    let told = Arc::clone(&hash);
    let bundler = serve(&world, move |request| {
        if is(request, "eth_sendUserOperation") {
            let hash = crate::bundler::hash(&request["params"][0]);
            *told.lock().unwrap() = json!(hash);
            return Some(Answer::result(hash.to_string()));
        }
        is(request, "eth_getUserOperationReceipt").then(|| {
            Answer::result(json!({
                "success": true, "actualGasCost": "0x1", "actualGasUsed": "0x1",
                "receipt": { "transactionHash": other },
            }))
        })
    });

    let (error, _) = act(&world, &bundler.url, &["--wait", "1s"]).failed();

    let hash = hash.lock().unwrap().as_str().unwrap().to_owned();
    assert!(error.contains(&format!("operation {hash} was sent and is not known")), "{error}");
    assert!(error.contains("must be one in which the operation ran"), "{error}");
    assert_eq!(calls_left(&world), 99, "only the honest move counts");
}

#[test]
fn what_became_of_an_operation_is_what_the_node_says() {
    let world = enabled("bundler-receipt");
    let bundler = serve(&world, |request| {
        is(request, "eth_getUserOperationReceipt").then(|| {
            Answer::result(json!({
                "success": false, "reason": "0x", "actualGasCost": "0x1", "actualGasUsed": "0x1",
                "receipt": { "transactionHash": B256::repeat_byte(0xee) },
            }))
        })
    });

    let done = act(&world, &bundler.url, &[]).ok();

    assert_eq!(done["success"], true);
    assert_ne!(done["cost"], "1");
    assert_eq!(calls_left(&world), 99);
}

#[test]
fn a_bundlers_reason_is_told_as_the_bundlers() {
    let world = enabled("bundler-reason");
    let reason = hex::encode_prefixed(ISmartSession::RefusedMaxCalls {}.abi_encode());
    let bundler = serve(&world, move |request| {
        is(request, "eth_sendUserOperation")
            .then(|| Answer::error(-32_500, &format!("AA23 reverted: {reason}")))
    });

    let (error, _) = act(&world, &bundler.url, &[]).failed();

    assert!(error.starts_with("the bundler refuses"), "{error}");
    assert_eq!(calls_left(&world), 100);
}
