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
        (["--port", "70000"], "--port is at most 65535"),
        (["--port", "x"], "--port needs a number"),
        (["--host", "0.0.0.0"], "I don't know the argument --host"),
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
