//! The bundler alto as a process.

use std::fs::{self, File};
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use alloy_primitives::{B256, Bytes, U256, hex};
use serde::Deserialize;
use serde_json::{Value, json};
use smart_session_client::SoftwareKey;
use stylus_devchain::DEV_ACCOUNTS;
use testbed::abi::PackedUserOperation;
use testbed::entry_point::two_u128;
use testbed::remote::{Remote, RemoteError};

/// How long alto may take to start, or an operation to be mined.
const PATIENCE: Duration = Duration::from_mins(1);

/// The file that it writes to.
const LOG: &str = "log";

/// How alto validates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    /// It simulates.
    Unsafe,
    /// It simulates and checks ERC-7562 with a tracer in JavaScript.
    Safe,
}

impl Mode {
    fn folder(self) -> PathBuf {
        fixtures().join(match self {
            Self::Unsafe => "alto",
            Self::Safe => "alto-safe",
        })
    }

    fn script(self) -> PathBuf {
        self.folder().join("node_modules/@pimlico/alto/esm/cli/alto.js")
    }
}

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures")
}

/// A bundler that runs until it is dropped.
#[derive(Debug)]
pub(crate) struct Alto {
    process: Process,
    remote: Remote,
    entry_point: alloy_primitives::Address,
}

/// The gas that alto says an operation needs.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Estimate {
    pub(crate) verification_gas_limit: u128,
    pub(crate) call_gas_limit: u128,
    pub(crate) pre_verification_gas: U256,
}

impl Alto {
    /// Starts a bundler for a node.
    pub(crate) fn start(mode: Mode, node: &str, entry_point: alloy_primitives::Address) -> Self {
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
            .and_then(|listener| listener.local_addr())
            .expect("a free port")
            .port();
        assert!(mode.script().is_file(), "alto is missing: run scripts/setup --full");
        let folder = std::env::temp_dir().join(format!("smart-session-alto-{port}"));
        fs::create_dir_all(&folder).expect("a folder");
        let config = folder.join("config.json");
        let settings = json!({
            "entrypoints": entry_point,
            "executorPrivateKeys": DEV_ACCOUNTS[2].private_key,
            "utilityPrivateKey": DEV_ACCOUNTS[3].private_key,
            "rpcUrl": node,
            "port": port,
            "safeMode": mode == Mode::Safe,
            "blockTime": 1000,
        });
        fs::write(&config, settings.to_string()).expect("the settings");
        let output = File::create(folder.join(LOG)).expect("a log");
        let errors = output.try_clone().expect("a log");
        let child = Command::new("node")
            .arg("--require")
            .arg(fixtures().join("alto/bind-local.cjs"))
            .arg(mode.script())
            .arg("--config")
            .arg(config)
            .stdout(output)
            .stderr(errors)
            .spawn()
            .expect("alto starts");
        let mut process = Process { child, folder };
        let remote = process.wait_for(&format!("http://127.0.0.1:{port}/rpc"));
        Self { process, remote, entry_point }
    }

    /// Asks for the gas of an operation whose signature may be a dummy.
    pub(crate) fn estimate(&self, op: &PackedUserOperation) -> Result<Estimate, RemoteError> {
        let params = json!([unpacked(op, None), self.entry_point]);
        let raw: RawEstimate = self.remote.ask("eth_estimateUserOperationGas", params)?;
        Ok(Estimate {
            verification_gas_limit: raw.verification_gas_limit.to(),
            call_gas_limit: raw.call_gas_limit.to(),
            pre_verification_gas: raw.pre_verification_gas,
        })
    }

    /// Sends an operation.
    pub(crate) fn send(&self, op: &PackedUserOperation) -> Result<B256, RemoteError> {
        self.remote.ask("eth_sendUserOperation", json!([unpacked(op, Some(())), self.entry_point]))
    }

    /// Waits until an operation is mined and says whether its calls succeeded.
    pub(crate) fn succeeded(&self, hash: B256) -> bool {
        let begin = Instant::now();
        loop {
            let receipt: Option<Value> = self
                .remote
                .ask("eth_getUserOperationReceipt", json!([hash]))
                .unwrap_or_else(|error| panic!("{error}\n{}", self.said()));
            if let Some(receipt) = receipt {
                return receipt["success"] == true;
            }
            assert!(begin.elapsed() < PATIENCE, "not mined:\n{}", self.said());
            std::thread::sleep(Duration::from_millis(100));
        }
    }

    /// The end of its log.
    pub(crate) fn said(&self) -> String {
        self.process.said()
    }
}

/// A process with a folder of its own. Both go when it is dropped.
#[derive(Debug)]
struct Process {
    child: Child,
    folder: PathBuf,
}

impl Process {
    fn wait_for(&mut self, url: &str) -> Remote {
        let begin = Instant::now();
        loop {
            let key = SoftwareKey::new(B256::with_last_byte(1)).expect("a key");
            if let Ok(remote) = Remote::connect(url, key) {
                return remote;
            }
            let ended = self.child.try_wait().expect("it can be asked");
            assert!(ended.is_none(), "alto ended:\n{}", self.said());
            assert!(begin.elapsed() < PATIENCE, "alto does not answer:\n{}", self.said());
            std::thread::sleep(Duration::from_millis(100));
        }
    }

    /// The end of its log.
    fn said(&self) -> String {
        let text = fs::read_to_string(self.folder.join(LOG)).unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        lines[lines.len().saturating_sub(20)..].join("\n")
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawEstimate {
    verification_gas_limit: U256,
    call_gas_limit: U256,
    pre_verification_gas: U256,
}

/// The operation as bundlers take it (ERC-7769), with or without gas limits.
fn unpacked(op: &PackedUserOperation, limits: Option<()>) -> Value {
    let halves = |word: B256| {
        let (high, low) = word.0.split_at(16);
        [U256::from_be_slice(high), U256::from_be_slice(low)]
    };
    let [verification, call] = halves(op.accountGasLimits);
    let [priority, most] = halves(op.gasFees);
    let mut fields = json!({
        "sender": op.sender,
        "nonce": op.nonce,
        "callData": op.callData,
        "maxFeePerGas": most,
        "maxPriorityFeePerGas": priority,
        "signature": hex::encode_prefixed(&op.signature),
        "verificationGasLimit": verification,
        "callGasLimit": call,
        "preVerificationGas": op.preVerificationGas,
    });
    if limits.is_none() {
        for field in ["verificationGasLimit", "callGasLimit", "preVerificationGas"] {
            fields[field] = json!("0x0");
        }
    }
    fields
}

/// Puts estimated gas into an operation.
pub(crate) fn with_gas(op: &mut PackedUserOperation, gas: Estimate) {
    op.accountGasLimits = two_u128(gas.verification_gas_limit, gas.call_gas_limit);
    op.preVerificationGas = gas.pre_verification_gas;
    op.signature = Bytes::new();
}
