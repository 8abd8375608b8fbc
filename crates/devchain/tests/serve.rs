//! `devchain serve` as a process.

#![cfg(all(unix, feature = "rpc"))]
#![expect(clippy::expect_used, clippy::string_slice, reason = "a test may panic")]

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

fn serve(arguments: &[&str]) -> Child {
    Command::new(env!("CARGO_BIN_EXE_devchain"))
        .arg("serve")
        .args(arguments)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts")
}

/// The address after `listening at`, and the ten lines after it.
fn greeting(child: &mut Child) -> (String, Vec<String>) {
    let out = BufReader::new(child.stdout.take().expect("stdout"));
    let mut lines = out.lines().take(11).map(|line| line.expect("text"));
    let url = lines.next().expect("a line");
    let url = url.strip_prefix("listening at ").expect("the address").to_owned();
    (url, lines.collect())
}

fn ask(url: &str, method: &str, params: &str) -> String {
    let body = format!(r#"{{"jsonrpc":"2.0","id":1,"method":"{method}","params":{params}}}"#);
    let request = ureq::post(url).header("content-type", "application/json");
    let mut answer = request.send(body).expect("an answer");
    answer.body_mut().read_to_string().expect("text")
}

#[test]
fn it_says_where_it_listens_serves_and_ends_at_a_signal() {
    let arguments =
        ["--port", "0", "--chain-id", "7", "--timestamp", "1800000000", "--arbos", "60"];
    for signal in ["-INT", "-TERM"] {
        let mut child = serve(&arguments);
        let (url, accounts) = greeting(&mut child);

        assert!(url.starts_with("http://127.0.0.1:"), "{url}");
        assert_eq!(accounts.len(), 10);
        assert_eq!(
            accounts.first().map(String::as_str),
            Some(
                "account 0xE8178F1f698082E2f34e8Cf05beeA500F9E152eE key \
                 0xcab2f5dab3e3da985209767687ba9f65ce7b8554d92f30bb64640e5683082600"
            )
        );
        assert_eq!(ask(&url, "eth_chainId", "[]"), r#"{"id":1,"jsonrpc":"2.0","result":"0x7"}"#);
        let block = ask(&url, "eth_getBlockByNumber", r#"["latest",false]"#);
        assert!(block.contains(r#""timestamp":"0x6b49d200""#), "{block}");

        let killed = Command::new("kill").args([signal, &child.id().to_string()]).status();
        assert!(killed.expect("kill").success());
        assert!(child.wait().expect("it ends").success());
    }
}

#[test]
fn a_port_that_is_taken_and_a_wrong_argument_are_told() {
    let mut first = serve(&["--port", "0"]);
    let (url, _) = greeting(&mut first);
    let port = url.rsplit(':').next().expect("a port");

    let second = serve(&["--port", port]).wait_with_output().expect("it ends");
    assert!(!second.status.success());
    let text = String::from_utf8_lossy(&second.stderr).into_owned();
    assert!(text.contains(&format!("port {port} of 127.0.0.1 cannot be served")), "{text}");
    first.kill().expect("it was alive");
    first.wait().expect("it ends");

    for (arguments, expected) in [
        (["--arbos", "52"], "--arbos is 51, 60 or 61, not 52"),
        (["--port", "70000"], "--port needs a number up to 65535, not \"70000\""),
        (["--port", "x"], "--port needs a number"),
        (["--allow-origin", "*"], "\"*\" is no origin"),
        (["--fork-block", "5"], "--fork-block and --fork-cache need --fork URL"),
        (["--host", "0.0.0.0"], "there is no option --host"),
    ] {
        let output = serve(&arguments).wait_with_output().expect("it ends");
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success() && text.contains(expected), "{text}");
    }
}

#[test]
fn nitros_phantom_reads_are_shown_on_request() {
    let file =
        concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/nitro-recordings/host-keccak.json");
    let recording = std::fs::read_to_string(file).expect("the recording");
    let recording: serde_json::Value = serde_json::from_str(&recording).expect("JSON");
    let code = recording["code_hex"].as_str().expect("code").trim_start_matches("0x");
    let program = "0x00000000000000000000000000000000000000cc";
    // activateProgram(address)
    let data = format!("0x58c780c2000000000000000000000000{}", &program[2..]);
    let activation = format!(
        r#"[{{"from":"0xe8178f1f698082e2f34e8cf05beea500f9e152ee","data":"{data}",
            "to":"0x0000000000000000000000000000000000000071","value":"0xde0b6b3a7640000"}}]"#
    );
    for (arguments, reads) in
        [(&["--port", "0"][..], 0), (&["--port", "0", "--nitro-phantom-reads"][..], 2)]
    {
        let mut child = serve(arguments);
        let (url, _) = greeting(&mut child);
        ask(&url, "evm_setAccountCode", &format!(r#"["{program}","0x{code}"]"#));
        ask(&url, "eth_sendTransaction", &activation);

        let call = format!(r#"[{{"to":"{program}"}},"latest",{{"tracer":"erc7562Tracer"}}]"#);
        let trace = ask(&url, "debug_traceCall", &call);
        child.kill().expect("it was alive");
        child.wait().expect("it ends");

        let trace: serde_json::Value = serde_json::from_str(&trace).expect("JSON");
        let seen = trace["result"]["accessedSlots"]["reads"].as_object().map(serde_json::Map::len);
        assert_eq!(seen, Some(reads), "{trace}");
    }
}

#[test]
fn without_a_timestamp_the_first_block_is_of_now() {
    let mut child = serve(&["--port", "0"]);
    let (url, _) = greeting(&mut child);
    let block = ask(&url, "eth_getBlockByNumber", r#"["latest",false]"#);
    child.kill().expect("it was alive");
    child.wait().expect("it ends");

    let block: serde_json::Value = serde_json::from_str(&block).expect("JSON");
    let time = block["result"]["timestamp"].as_str().expect("a time").trim_start_matches("0x");
    let time = u64::from_str_radix(time, 16).expect("a number");
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("a time");
    assert!(time.abs_diff(now.as_secs()) < 60, "{time}");
}

#[test]
fn lines_go_to_standard_error_where_they_are_asked_for() {
    let transfer = r#"[{"from":"0xe8178f1f698082e2f34e8cf05beea500f9e152ee","value":"0x1",
        "to":"0x00000000000000000000000000000000000000aa"}]"#;
    for (arguments, lines) in [(&["--port", "0"][..], 0), (&["--port", "0", "--verbose"], 2)] {
        let mut child = serve(arguments);
        let (url, _) = greeting(&mut child);
        ask(&url, "eth_sendTransaction", transfer);
        child.kill().expect("it was alive");
        let output = child.wait_with_output().expect("it ends");

        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(text.lines().count(), lines, "{text}");
    }
}

#[cfg(feature = "fork")]
#[test]
fn a_served_fork_begins_where_the_other_node_is() {
    let mut other = serve(&["--port", "0", "--chain-id", "77", "--timestamp", "1800000000"]);
    let (other_url, _) = greeting(&mut other);
    let account = "0x00000000000000000000000000000000000000aa";
    ask(&other_url, "evm_setAccountBalance", &format!(r#"["{account}","0x5"]"#));
    ask(&other_url, "evm_mine", "[]");

    let mut fork = serve(&["--port", "0", "--fork", &other_url]);
    let (url, _) = greeting(&mut fork);
    let seen = ["eth_chainId", "eth_blockNumber"].map(|method| ask(&url, method, "[]"));
    let balance = ask(&url, "eth_getBalance", &format!(r#"["{account}","latest"]"#));
    let before = ask(&url, "eth_getBlockByNumber", r#"["0x0",false]"#);
    for child in [&mut fork, &mut other] {
        child.kill().expect("it was alive");
        child.wait().expect("it ends");
    }

    assert!(seen[0].contains("0x4d") && seen[1].contains("0x1"), "{seen:?}");
    assert!(balance.contains(r#""result":"0x5""#), "{balance}");
    assert!(before.contains("the oldest that this node has is 1"), "{before}");
}

/// Two processes: a program that was deployed, activated and cached on one counts on in the other.
#[cfg(feature = "deploy")]
#[test]
fn a_served_fork_runs_the_programs_of_the_other_node() {
    let mut other = serve(&["--port", "0"]);
    let (other_url, _) = greeting(&mut other);
    let wasm = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/counter.wasm");
    let deployed = Command::new(env!("CARGO_BIN_EXE_devchain"))
        .args(["deploy", wasm, "--json", "--rpc", &other_url])
        .env_remove("DEVCHAIN_KEY")
        .output()
        .expect("it starts");
    let deployed: serde_json::Value = serde_json::from_slice(&deployed.stdout).expect("JSON");
    let program = deployed["address"].as_str().expect("an address");
    let from = stylus_devchain::DEV_ACCOUNTS[1].address;
    // `increment()` and `number()`
    let increment = format!(r#"[{{"from":"{from}","to":"{program}","data":"0xd09de08a"}}]"#);
    let number = |url: &str| {
        let call = format!(r#"[{{"to":"{program}","data":"0x8381f58a"}},"latest"]"#);
        let answer: serde_json::Value =
            serde_json::from_str(&ask(url, "eth_call", &call)).expect("JSON");
        answer["result"].as_str().expect("a word")[64..].to_owned()
    };
    let gas = |url: &str| ask(url, "eth_estimateGas", &increment);
    ask(&other_url, "eth_sendTransaction", &increment);
    ask(&other_url, "evm_increaseTime", "[60]");
    ask(&other_url, "evm_mine", "[]");

    let mut fork = serve(&["--port", "0", "--fork", &other_url]);
    let (url, _) = greeting(&mut fork);
    let estimates = (gas(&other_url), gas(&url));
    ask(&url, "evm_increaseTime", "[60]");
    ask(&url, "eth_sendTransaction", &increment);
    let numbers = (number(&other_url), number(&url));
    for child in [&mut fork, &mut other] {
        child.kill().expect("it was alive");
        child.wait().expect("it ends");
    }

    assert_eq!(numbers, ("01".to_owned(), "02".to_owned()), "the fork's own count");
    assert_eq!(estimates.0, estimates.1, "the same start price: cached here as there");
}
