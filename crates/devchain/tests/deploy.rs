//! `devchain deploy`: a compiler's module onto a chain, in one step.

#![expect(clippy::expect_used, clippy::indexing_slicing, reason = "a test may panic")]

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

use alloy_primitives::Address;
use alloy_sol_types::{SolCall, sol};
use serde_json::Value;
use stylus_devchain::deploy::{Deployer, DeployerError};
use stylus_devchain::rpc::{Node, Server};
use stylus_devchain::{DEV_ACCOUNTS, DevChain};

const COUNTER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/counter.wasm");

sol! {
    function number() external view returns (uint256);
}

fn serve() -> Server {
    Server::start(Node::new(DevChain::new()), 0).expect("a free port")
}

fn ask(server: &Server, method: &str, params: &str) -> Value {
    let body = format!(r#"{{"jsonrpc":"2.0","id":1,"method":"{method}","params":{params}}}"#);
    let request = ureq::post(server.url()).header("content-type", "application/json");
    let text = request.send(body).expect("it answers").body_mut().read_to_string().expect("text");
    serde_json::from_str::<Value>(&text).expect("JSON")["result"].clone()
}

fn deploy(server: &Server, more: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_devchain"))
        .args(["deploy", COUNTER, "--rpc", &server.url()])
        .args(more)
        .env_remove("DEVCHAIN_KEY")
        .output()
        .expect("it starts")
}

#[test]
fn a_module_is_deployed_activated_and_cached() {
    let server = serve();

    let output = deploy(&server, &["--json"]);

    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{told}");
    let deployed: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(deployed["cached"], true);
    assert!(deployed["dataFee"].is_string());
    let data = alloy_primitives::hex::encode_prefixed(numberCall {}.abi_encode());
    let call = format!(r#"[{{"to":{},"data":"{data}"}},"latest"]"#, deployed["address"]);
    assert_eq!(ask(&server, "eth_call", &call), format!("0x{:064x}", 0));

    let again = deploy(&server, &[]);
    let text = String::from_utf8_lossy(&again.stdout).into_owned();
    assert!(text.contains("activated  already"), "{text}");
}

#[test]
fn a_key_pays_and_one_that_may_not_cache_is_told_so() {
    let server = serve();
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    let key_file = folder.join("deploy.key");
    fs::write(&key_file, format!("{}\n", DEV_ACCOUNTS[4].private_key)).expect("it is written");

    let output = deploy(&server, &["--json", "--key-file", key_file.to_str().expect("plain")]);
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    let deployed: Value = serde_json::from_slice(&output.stdout).expect(&told);
    let from: Address = serde_json::from_value(deployed["from"].clone()).expect("an address");
    assert_eq!(from, DEV_ACCOUNTS[4].address);

    let key = alloy_primitives::keccak256("a stranger");
    let secret = k256::ecdsa::SigningKey::from_slice(key.as_slice()).expect("a key");
    let point = secret.verifying_key().to_encoded_point(false);
    let stranger = Address::from_raw_public_key(&point.as_bytes()[1..]);
    ask(&server, "anvil_setBalance", &format!(r#"["{stranger}","0xde0b6b3a7640000"]"#));
    let wasm = fs::read(COUNTER).expect("the module");
    let deployed = Deployer::to(&server.url()).with_key(key).deploy(&wasm).expect("deployed");
    assert_eq!(deployed.from, stranger);
    let reason = deployed.cached.expect_err("a stranger is no cache manager");
    assert!(reason.contains("may not cache it"), "{reason}");
    assert_eq!(deployed.data_fee, None, "the same code is activated already");
}

#[test]
fn a_module_that_breaks_a_rule_is_refused_before_anything_is_sent() {
    let server = serve();
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/nitro-recordings");
    let file = fs::read(format!("{folder}/act-unknown-import.json")).expect("the recording");
    let recording: Value = serde_json::from_slice(&file).expect("JSON");
    let wasm = recording["wasm_hex"].as_str().expect("a module");
    let wasm = alloy_primitives::hex::decode(wasm).expect("hex");

    let refused = Deployer::to(&server.url()).deploy(&wasm);
    let Err(error @ DeployerError::Module(_)) = refused else { panic!("{refused:?}") };
    assert!(error.to_string().starts_with("nothing was sent: "), "{error}");
    let no_module = Deployer::to(&server.url()).deploy(b"no module");
    assert!(matches!(no_module, Err(DeployerError::Pack(_))), "{no_module:?}");
    assert_eq!(ask(&server, "eth_blockNumber", "[]"), "0x0");
    let nowhere = Deployer::to("http://127.0.0.1:1").deploy(&fs::read(COUNTER).expect("it"));
    assert!(matches!(nowhere, Err(DeployerError::Node { .. })), "{nowhere:?}");
}

#[test]
fn a_key_without_money_is_told_by_the_node() {
    let server = serve();
    let wasm = fs::read(COUNTER).expect("the module");
    let key = alloy_primitives::keccak256("a poor stranger");

    let refused = Deployer::to(&server.url()).with_key(key).deploy(&wasm);

    let text = refused.expect_err("it cannot pay").to_string();
    assert!(text.starts_with("deploying: ") && text.contains("insufficient funds"), "{text}");
}
