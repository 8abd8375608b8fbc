//! cargo-stylus against the embedded chain's node.
//!
//! The tests are ignored unless asked for; `scripts/test --full` runs them where the command is there
//! (`cargo install --locked cargo-stylus --version 0.10.10`). What it does with docker (reproducible
//! builds, `verify`) is not tried.

#![expect(clippy::expect_used, clippy::panic, reason = "a test may panic")]

use std::path::{Path, PathBuf};
use std::process::Command;

use alloy_primitives::{Address, U256, address};
use alloy_sol_types::{SolCall, sol};
use smart_session_client::SoftwareKey;
use smart_session_core::abi::ISmartSession;
use stylus_devchain::rpc::{Node, Server};
use stylus_devchain::{DEV_ACCOUNTS, DevChain};
use testbed::remote::Remote;

const ARB_WASM: Address = address!("0000000000000000000000000000000000000071");

sol! {
    interface ArbWasm {
        function programVersion(address program) external view returns (uint16);
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().expect("the root")
}

fn target() -> PathBuf {
    root().join(std::env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into()))
}

/// `cargo stylus`, in the root of the workspace and with builds of its own.
fn cargo_stylus() -> Command {
    let mut command = Command::new("cargo-stylus");
    command.arg("stylus").current_dir(root());
    command.env("CARGO_TARGET_DIR", target().join("cargo-stylus"));
    command
}

/// Runs it and returns what it says, without colours.
fn run(command: &mut Command) -> String {
    let output = command.output().expect("it starts");
    let text = [output.stdout, output.stderr].concat();
    let text = String::from_utf8_lossy(&text).into_owned();
    assert!(output.status.success(), "{text}");
    let mut plain = String::new();
    for (index, part) in text.split('\u{1b}').enumerate() {
        let part = if index == 0 { part } else { part.split_once('m').map_or("", |part| part.1) };
        plain.push_str(part);
    }
    plain
}

/// What it says after `what`, up to white space.
fn after<'t>(text: &'t str, what: &str) -> &'t str {
    let rest = text.split_once(what).unwrap_or_else(|| panic!("no {what:?} in {text}")).1;
    rest.split_whitespace().next().expect("a word")
}

fn start() -> (Server, Remote) {
    let server = Server::start(Node::new(DevChain::new()), 0).expect("a free port");
    let key = SoftwareKey::new(DEV_ACCOUNTS[1].private_key).expect("a key");
    let remote = Remote::connect(&server.url(), key).expect("the node answers");
    (server, remote)
}

/// The module is there, activated, and answers.
fn assert_deployed(remote: &Remote, said: &str) {
    let module: Address = after(said, "deployed code at address:").parse().expect("an address");
    let code = remote.code(module).expect("the node answers");
    assert!(code.starts_with(&[0xef, 0xf0, 0x00, 0x00]), "{code}");
    let call = ArbWasm::programVersionCall { program: module }.abi_encode();
    let version = remote.call(ARB_WASM, call).expect("it is activated");
    assert_eq!(U256::from_be_slice(&version), U256::from(2));
    let call = ISmartSession::isModuleTypeCall { moduleTypeId: U256::from(1) };
    let answer = remote.call(module, call.abi_encode()).expect("it answers");
    assert_eq!(U256::from_be_slice(&answer), U256::from(1));
}

#[test]
#[ignore = "takes cargo-stylus 0.10.10: cargo install --locked cargo-stylus --version 0.10.10"]
fn cargo_stylus_deploys_and_activates_what_build_wasm_made() {
    let (server, remote) = start();
    let wasm = target().join("wasm/smart_session.wasm");

    let said = run(cargo_stylus()
        .args(["deploy", "--no-verify", "--endpoint", &server.url()])
        .args(["--private-key", &DEV_ACCOUNTS[2].private_key.to_string()])
        .arg("--wasm-file")
        .arg(wasm));

    assert_deployed(&remote, &said);
}

#[test]
#[ignore = "takes cargo-stylus 0.10.10, and rustup's target wasm32-unknown-unknown"]
fn cargo_stylus_checks_and_deploys_the_project() {
    let (server, remote) = start();
    let endpoint = ["--endpoint", &server.url()];

    let said = run(cargo_stylus().arg("check").args(endpoint));
    assert!(said.contains("contract size: "), "{said}");
    assert!(said.contains("wasm data fee: "), "{said}");

    let said = run(cargo_stylus()
        .args(["deploy", "--no-verify"])
        .args(endpoint)
        .args(["--private-key", &DEV_ACCOUNTS[2].private_key.to_string()]));
    assert_deployed(&remote, &said);
}
