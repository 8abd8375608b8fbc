//! `stylusTracer` and `prestateTracer` over JSON-RPC.

#![cfg(feature = "rpc")]
#![expect(clippy::expect_used, clippy::indexing_slicing, reason = "a test may panic")]

use std::fs;

use alloy_primitives::{Address, Bytes, U256, address, bytes, hex};
use serde_json::{Value, json};
use stylus_devchain::DevChain;
use stylus_devchain::recording::Recording;
use stylus_devchain::rpc::Node;

const ALICE: Address = Address::repeat_byte(0xa1);
const PROGRAM: Address = Address::repeat_byte(0x50);
const ECHO: Address = Address::repeat_byte(0xec);

fn chain(recording: &str) -> DevChain {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/nitro-recordings");
    let text = fs::read(format!("{folder}/{recording}.json")).expect("the recording is there");
    let recording: Recording = serde_json::from_slice(&text).expect("it is a recording");
    let mut chain = DevChain::new();
    chain.set_code(PROGRAM, recording.code_hex.expect("it has code"));
    chain.activate(PROGRAM).expect("it can be activated");
    chain
}

fn trace(chain: DevChain, to: Address, data: &Bytes, tracer: Value) -> Value {
    let mut options = tracer;
    if let Some(name) = options.as_str().map(str::to_owned) {
        options = json!({ "tracer": name });
    }
    let call = json!({ "from": ALICE, "to": to, "data": data, "gas": "0x1e8480" });
    let request = json!({
        "jsonrpc": "2.0", "id": 1, "method": "debug_traceCall", "params": [call, "latest", options],
    });
    let answer = Node::new(chain).answer(request.to_string().as_bytes()).expect("an answer");
    assert!(answer["error"].is_null(), "{answer}");
    answer["result"].clone()
}

#[test]
fn a_program_shows_its_host_functions_with_what_went_in_and_out() {
    // The recorded caller: kind 0 is a call; then the address, the value, the gas, and the data.
    let mut chain = chain("host-call");
    // CALLDATACOPY(0, 0, CALLDATASIZE) RETURN(0, CALLDATASIZE)
    chain.set_code(ECHO, bytes!("365f5f37365ff3"));
    let gas = 50_000_u64.to_le_bytes();
    let data = [&[0_u8][..], ECHO.as_slice(), &[0; 32], &gas, &hex!("c0ffee")].concat().into();

    let steps = trace(chain, PROGRAM, &data, json!("stylusTracer"));

    let steps = steps.as_array().expect("a list");
    let names: Vec<_> = steps.iter().map(|step| step["name"].as_str().expect("a name")).collect();
    assert_eq!(names[..3], ["user_entrypoint", "read_args", "call_contract"]);
    assert_eq!(names.last(), Some(&"user_returned"));
    // 64 bytes of arguments; all the ink at both ends.
    assert_eq!(steps[0]["args"], "0x00000040");
    assert_eq!(steps[0]["startInk"], steps[0]["endInk"]);
    assert_eq!(steps[1]["outs"], json!(data));
    // Address, gas, value and data go in, the length of what came back and the status come out.
    let args = [ECHO.as_slice(), &50_000_u64.to_be_bytes(), &[0; 32], &hex!("c0ffee")].concat();
    assert_eq!(steps[2]["args"], json!(Bytes::from(args)));
    assert_eq!(steps[2]["outs"], "0x0000000300");
    assert_eq!(steps[2]["address"], json!(ECHO));
    assert_eq!(steps[2]["steps"], json!([]));
    assert_eq!(steps.last().expect("an end")["outs"], "0x00000000");
    // What a host function takes is what its row says: 8,400 and 5,040 with 30 for each byte over 32.
    let ink = |index: usize| {
        let read = |field| steps[index][field].as_u64().expect("ink");
        read("startInk").checked_sub(read("endInk")).expect("it takes ink")
    };
    assert_eq!(ink(1), 8_400 + 5_040 + 30 * 32);
}

#[test]
fn bytecode_shows_the_calls_it_makes() {
    let mut chain = chain("op-empty");
    // CALL(GAS, program, 0, 0, 0, 0, 0)
    let code = [bytes!("5f5f5f5f5f73").as_ref(), PROGRAM.as_slice(), &bytes!("5af100")].concat();
    chain.set_code(ECHO, code);

    let steps = trace(chain, ECHO, &Bytes::new(), json!("stylusTracer"));

    assert_eq!(steps[0]["name"], "evm_call_contract");
    assert_eq!(steps[0]["address"], json!(PROGRAM));
    assert_eq!(steps[0]["steps"][0]["name"], "user_entrypoint");
    assert_eq!(steps[0]["steps"][1]["name"], "user_returned");
}

#[test]
fn the_state_before_shows_what_was_there_and_the_difference_what_changed() {
    let coinbase = address!("a4b000000000000000000073657175656e636572");
    let mut chain = DevChain::new();
    // SSTORE(1, 5): slot 0 is read and stays, slot 2 is set to what it is.
    chain.set_code(ECHO, bytes!("5f545060056001556007600255"));
    chain.set_storage(ECHO, U256::from(2), U256::from(7));
    let slot = |number: u8, value: u8| {
        let word = |last: u8| format!("0x{last:064x}");
        json!({ word(number): word(value) })
    };

    let before = trace(chain.clone(), ECHO, &Bytes::new(), json!("prestateTracer"));
    assert!(before.get(coinbase.to_string().to_lowercase()).is_some(), "{before}");
    let read = before[ECHO.to_string().to_lowercase()]["storage"].as_object().expect("slots");
    assert_eq!(read.len(), 3);

    let options = json!({ "tracer": "prestateTracer", "tracerConfig": { "diffMode": true } });
    let difference = trace(chain, ECHO, &Bytes::new(), options);
    let name = ECHO.to_string().to_lowercase();
    assert!(difference["pre"][&name].get("storage").is_none(), "{difference}");
    assert_eq!(difference["post"][&name], json!({ "storage": slot(1, 5) }));
}
