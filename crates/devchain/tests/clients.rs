//! Clients that nobody here wrote: viem and cast deploy, call, send, trace and read logs.
//!
//! They come from npm, into `tests/fixtures/clients` and `tests/fixtures/cast`. Where they are not
//! installed the test says so and passes.

#![cfg(feature = "rpc")]
#![expect(clippy::expect_used, reason = "a test may panic")]

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use devchain::rpc::{Node, Server};
use devchain::{DEV_ACCOUNTS, DevChain};
use serde_json::{Value, json};

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures")
}

fn game() -> PathBuf {
    fixtures().join("build/Game.json")
}

/// Past the capture of the test runner: a test that doesn't run must not look like one that did.
fn skip(reason: &str) {
    writeln!(std::io::stderr(), "skipped 1: {reason}").expect("stderr");
}

fn start() -> Server {
    Server::start(Node::new(DevChain::new()), 0).expect("a free port")
}

fn run(command: &mut Command) -> Output {
    let output = command.output().expect("it starts");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {errors}");
    output
}

#[test]
fn viem_works_against_the_node() {
    let folder = fixtures().join("clients");
    if !folder.join("node_modules/viem").is_dir() {
        return skip("viem is missing: npm ci --prefix tests/fixtures/clients --ignore-scripts");
    }
    if !game().is_file() {
        return skip("the contracts are not compiled: run scripts/setup");
    }
    if Command::new("node").arg("--version").output().is_err() {
        return skip("node is missing");
    }
    let server = start();

    let script = folder.join("viem.mjs");
    let key = DEV_ACCOUNTS[0].private_key.to_string();
    let output = run(Command::new("node").arg(script).arg(server.url()).arg(key).arg(game()));

    let seen: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(
        seen,
        json!({
            "deployed": "success",
            "before": "0",
            "after": "1",
            "status": "success",
            "type": "eip1559",
            "logs": [{ "step": 3, "value": "5", "logIndex": 0 }],
            "trace": { "type": "CALL", "to": true, "value": "0x5" },
            "inBlock": [true],
            "refusal": { "name": "NotEnoughAtStake", "args": ["9", "5"] },
            "overridden": true,
            "deployless": "0",
            "delegation": ["eip7702", "0xef0100"],
            "blocks": [5, 3],
            "balance": true,
            "fees": true,
            "transfer": "21000",
        })
    );
}

struct Cast {
    server: Server,
}

impl Cast {
    fn text(&self, arguments: &[&str]) -> String {
        let cast = fixtures().join("cast/node_modules/@foundry-rs/cast-linux-amd64/bin/cast");
        let (subcommand, rest) = arguments.split_first().expect("a subcommand");
        let mut command = Command::new(cast);
        command.arg(subcommand).args(["--rpc-url", &self.server.url()]).args(rest);
        String::from_utf8(run(&mut command).stdout).expect("text").trim().to_owned()
    }

    fn json(&self, arguments: &[&str]) -> Value {
        let text = self.text(arguments);
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"))
    }
}

#[test]
fn cast_works_against_the_node() {
    if !cfg!(all(target_os = "linux", target_arch = "x86_64")) {
        return skip("cast installs on Linux x64 only");
    }
    if !fixtures().join("cast/node_modules").is_dir() {
        return skip("cast is missing: npm ci --prefix tests/fixtures/cast --ignore-scripts");
    }
    if !game().is_file() {
        return skip("the contracts are not compiled: run scripts/setup");
    }
    let artifact = std::fs::read(game()).expect("the contract");
    let artifact: Value = serde_json::from_slice(&artifact).expect("JSON");
    let code = artifact["bytecode"].as_str().expect("bytecode");
    let code = format!("0x{}", code.trim_start_matches("0x"));
    let key = DEV_ACCOUNTS[1].private_key.to_string();
    let player = DEV_ACCOUNTS[1].address.to_string();
    let cast = Cast { server: start() };

    assert_eq!(cast.text(&["chain-id"]), "412346");
    let receipt = cast.json(&["send", "--private-key", &key, "--json", "--create", &code]);
    assert_eq!(receipt["status"], "0x1");
    let game = receipt["contractAddress"].as_str().expect("an address");
    let send = ["send", "--private-key", &key, "--json", "--value", "5", game, "move(uint8)", "3"];
    let receipt = cast.json(&send);
    assert_eq!((&receipt["status"], &receipt["blockNumber"]), (&json!("0x1"), &json!("0x2")));
    let legacy = [&send[..], &["--legacy"]].concat();
    assert_eq!(cast.json(&legacy)["type"], "0x0");
    assert_eq!(cast.text(&["call", game, "moves(address)(uint256)", &player]), "2");

    let event = "Moved(address indexed,uint8,uint256)";
    let logs = cast.json(&["logs", "--json", "--from-block", "0", "--address", game, event]);
    assert_eq!(logs.as_array().map(Vec::len), Some(2));
    assert_eq!(logs[0]["transactionHash"], receipt["transactionHash"]);
    let hash = receipt["transactionHash"].as_str().expect("a hash");
    let options = r#"{"tracer":"callTracer"}"#;
    let trace = cast.json(&["rpc", "debug_traceTransaction", hash, options]);
    assert_eq!(trace["to"], game.to_lowercase());
    assert_eq!(trace["gasUsed"], receipt["gasUsed"]);
    let options = r#"{"tracer":"erc7562Tracer"}"#;
    let trace = cast.json(&["rpc", "debug_traceTransaction", hash, options]);
    assert_eq!(trace["keccak"].as_array().map(Vec::len), Some(2));
    assert_eq!(cast.text(&["nonce", &player]), "3");
    assert_eq!(cast.text(&["balance", game]), "10");
    assert_eq!(cast.json(&["block", "latest", "--json"])["number"], "0x3");
    assert_eq!(cast.json(&["tx", hash, "--json"])["value"], "0x5");
    let estimate = cast.text(&["estimate", &player, "--from", &player]);
    assert_eq!(estimate, "21000");
}
