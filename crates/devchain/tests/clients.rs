//! Clients of other projects: viem, ethers, `web3.py`, cast and a browser's page.
//!
//! They come from npm and `PyPI`, into `tests/fixtures/clients` and `tests/fixtures/cast`; the browser
//! is the system's Chromium. The tests are ignored unless asked for; `scripts/test` runs those whose
//! client is there.

#![cfg(feature = "rpc")]
#![expect(clippy::expect_used, reason = "a test may panic")]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use serde_json::{Value, json};
use stylus_devchain::rpc::{Access, Node, Server};
use stylus_devchain::{DEV_ACCOUNTS, DevChain};

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures")
}

fn game() -> PathBuf {
    fixtures().join("build/Game.json")
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
#[ignore = "takes viem: scripts/setup --tests"]
fn viem_works_against_the_node() {
    let folder = fixtures().join("clients");
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
#[ignore = "takes cast, on Linux x64: scripts/setup --tests"]
fn cast_works_against_the_node() {
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

#[test]
#[ignore = "takes ethers: scripts/setup --tests"]
fn ethers_works_against_the_node() {
    let folder = fixtures().join("clients");
    let server = start();

    let key = DEV_ACCOUNTS[2].private_key.to_string();
    let mut node = Command::new("node");
    let output = run(node.arg(folder.join("ethers.mjs")).arg(server.url()).arg(key).arg(game()));

    let seen: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(
        seen,
        json!({
            "status": 1, "moves": "1", "logs": 1, "heard": true, "refusal": "NotEnoughAtStake",
            "signed": 132, "estimate": "21000",
        })
    );
}

/// A Python with web3.py: that of `tests/fixtures/clients/venv`, or the system's.
fn python() -> Option<Command> {
    let own = fixtures().join("clients/venv/bin/python");
    let name = if own.is_file() { own } else { PathBuf::from("python3") };
    let probe = Command::new(&name).args(["-c", "import web3"]).output();
    probe.is_ok_and(|out| out.status.success()).then(|| Command::new(name))
}

#[test]
#[ignore = "takes web3.py: scripts/setup --tests"]
fn web3_py_works_against_the_node() {
    let mut python = python().expect("web3.py: run scripts/setup --tests");
    let server = start();

    let script = fixtures().join("clients/web3_client.py");
    let key = DEV_ACCOUNTS[3].private_key.to_string();
    let output = run(python.arg(script).arg(server.url()).arg(key).arg(game()));

    let seen: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let selector = alloy_primitives::keccak256("NotEnoughAtStake(uint256,uint256)");
    let selector = alloy_primitives::hex::encode_prefixed(&selector[..4]);
    assert_eq!(
        seen,
        json!({
            "client": "devchain", "chain": 412_346, "status": 1, "moves": 1, "new": [5],
            "refusal": selector, "balance": 5, "block": 2,
        })
    );
}

/// The page at an origin of its own, to which it tells what it saw.
struct Page {
    origin: String,
    told: mpsc::Receiver<String>,
}

impl Page {
    fn serve() -> Self {
        let page = std::fs::read_to_string(fixtures().join("clients/page.html")).expect("the page");
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let (tell, told) = mpsc::channel();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                // A browser opens connections that it does not use: each waits for itself.
                let (page, tell) = (page.clone(), tell.clone());
                std::thread::spawn(move || drop(answer(stream, &page, &tell)));
            }
        });
        Self { origin: format!("http://localhost:{port}"), told }
    }

    /// Opens the page in a browser and waits for what it tells of a node.
    fn seen(&self, browser: &str, node: &str) -> String {
        const PATIENCE: Duration = Duration::from_mins(2);
        let port = node.rsplit(':').next().unwrap_or("");
        let name = format!("chromium-{}-{port}", std::process::id());
        let profile = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let mut running = Command::new(browser)
            .args(["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run"])
            .arg(format!("--user-data-dir={}", profile.display()))
            .arg(format!("{}/?node={node}", self.origin))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the browser starts");
        let told = self.told.recv_timeout(PATIENCE);
        drop(running.kill());
        drop(running.wait());
        drop(std::fs::remove_dir_all(profile));
        told.expect("the page tells what it saw")
    }
}

/// Serves the page, or passes on what it posts.
fn answer(mut stream: TcpStream, page: &str, tell: &mpsc::Sender<String>) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let (mut first, mut length) = (String::new(), 0);
    reader.read_line(&mut first)?;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        let Some((name, value)) = line.split_once(':') else { break };
        if name.eq_ignore_ascii_case("content-length") {
            length = value.trim().parse().map_err(std::io::Error::other)?;
        }
    }
    let body = if first.starts_with("POST /seen ") {
        let mut told = vec![0; length];
        reader.read_exact(&mut told)?;
        let told = String::from_utf8(told).map_err(std::io::Error::other)?;
        drop(tell.send(told));
        ""
    } else {
        page
    };
    write!(
        stream,
        "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: {}\r\n\
         connection: close\r\n\r\n{body}",
        body.len()
    )
}

fn chromium() -> Option<&'static str> {
    let names = ["/usr/bin/chromium", "chromium", "chromium-browser", "google-chrome"];
    names.into_iter().find(|name| {
        Command::new(name).arg("--version").output().is_ok_and(|out| out.status.success())
    })
}

#[test]
#[ignore = "takes a browser: Chromium"]
fn a_browsers_page_of_an_allowed_origin_works_against_the_node_and_no_other_does() {
    let browser = chromium().expect("chromium");
    let page = Page::serve();
    let access = Access::local().allow_origin(&page.origin).expect("an origin");
    let open = Server::start_for(access, Node::new(DevChain::new()), 0).expect("a free port");
    let closed = start();

    let seen = page.seen(browser, &open.url());
    assert_eq!(seen, r#"{"chain":"0x64aba","socket":"412346"}"#);
    assert_eq!(page.seen(browser, &closed.url()), "TypeError", "fetch failed");
}
