//! The `devchain` command.

#![expect(clippy::expect_used, clippy::indexing_slicing, reason = "a test may panic")]

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

const RECORDINGS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/nitro-recordings");

fn devchain(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_devchain")).args(arguments).output().expect("it starts")
}

fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// A file with the module of a recording, for this test alone: others run meanwhile.
fn module(name: &str) -> PathBuf {
    let text = fs::read(format!("{RECORDINGS}/{name}.json")).expect("the recording is there");
    let recording: serde_json::Value = serde_json::from_slice(&text).expect("it is JSON");
    let hex = recording["wasm_hex"].as_str().expect("it has a module");
    let wasm = alloy_primitives::hex::decode(hex).expect("it is hex");
    let owner = std::thread::current().name().expect("tests have names").to_owned();
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{owner}-{name}.wasm"));
    fs::write(&path, wasm).expect("the folder can be written");
    path
}

#[test]
fn a_reader_that_has_gone_away_ends_a_command_quietly() {
    let file = module("real-counter");
    let path = file.to_str().expect("a plain path");
    let recording = format!("{RECORDINGS}/real-counter.json");
    let cases: [(&[&str], i32); 6] = [
        (&["--help"], 0),
        (&["--version"], 0),
        (&["inspect", path], 141),
        (&["inspect", path, "--json"], 141),
        (&["run", path, "0x"], 141),
        (&["replay", &recording], 141),
    ];
    for (arguments, status) in cases {
        // Closed before the first word: what is written meets no reader.
        let (reader, writer) = std::io::pipe().expect("a pipe");
        drop(reader);
        let mut command = Command::new(env!("CARGO_BIN_EXE_devchain"));
        let output = command.args(arguments).stdout(writer).output().expect("it starts");

        assert_eq!(stderr(&output), "", "{arguments:?}");
        assert_eq!(output.status.code(), Some(status), "{arguments:?}");
    }
}

#[test]
fn inspect_says_what_a_module_costs() {
    let file = module("real-counter");
    let path = file.to_str().expect("a plain path");

    let json = devchain(&["inspect", path, "--json"]);

    assert!(json.status.success(), "{}", stderr(&json));
    let report: serde_json::Value = serde_json::from_str(&stdout(&json)).expect("it is JSON");
    let text = fs::read(format!("{RECORDINGS}/real-counter.json")).expect("it is there");
    let recording: serde_json::Value = serde_json::from_slice(&text).expect("it is JSON");
    let node = &recording["activation"]["51"];
    assert_eq!(report["init_gas"], node["program_init_gas"]);
    assert_eq!(report["cached_init_gas"], node["program_init_gas_cached"]);
    assert_eq!(report["pages"], node["memory_footprint_pages"]);
    assert_eq!(report["wasm_bytes"], recording["wasm_len"]);

    let text = devchain(&["inspect", path]);
    assert!(stdout(&text).contains("imports         "), "{}", stdout(&text));
}

#[test]
fn inspect_fails_above_a_limit_with_a_sentence() {
    let file = module("op-pages-17");
    let path = file.to_str().expect("a plain path");

    let within = devchain(&["inspect", path, "--max-pages", "17"]);
    let above = devchain(&["inspect", path, "--max-pages", "16", "--max-wasm", "10"]);

    assert!(within.status.success());
    assert_eq!(above.status.code(), Some(1));
    assert!(stderr(&above).contains("has 17 memory pages, more than the 16 allowed"));
    assert!(stderr(&above).contains("bytes of WASM, more than the 10 allowed"));
}

#[test]
fn pack_makes_a_module_deployable() {
    let file = module("act-long-table-index");
    let packed = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("packed.wasm");
    let (path, packed) = (file.to_str().expect("plain"), packed.to_str().expect("plain"));

    let before = devchain(&["inspect", path]);
    let pack = devchain(&["pack", path, packed]);
    let after = devchain(&["inspect", packed]);

    assert!(stderr(&before).contains("zero byte expected"), "{}", stderr(&before));
    assert!(pack.status.success() && after.status.success());
}

#[test]
fn replay_counts_what_is_equal() {
    let output = devchain(&["replay", &format!("{RECORDINGS}/op-loop.json")]);

    assert!(output.status.success());
    assert_eq!(stdout(&output).trim(), "34 passed, 0 failed, 0 known exceptions");
}

#[test]
fn a_command_that_makes_no_sense_fails_with_the_usage() {
    for arguments in [&["dance"][..], &[], &["inspect", "--max-wasm"], &["pack", "one"]] {
        let output = devchain(arguments);
        assert_eq!(output.status.code(), Some(1));
        assert!(!stderr(&output).is_empty());
    }
    assert!(stderr(&devchain(&["inspect", "/nowhere"])).contains("/nowhere cannot be read"));
}

#[test]
fn help_and_version_are_told_and_succeed() {
    for arguments in [
        &["--help"][..],
        &["-h"],
        &["pack", "--help"],
        &["inspect", "-h"],
        &["run", "--help"],
        &["replay", "--help"],
    ] {
        let output = devchain(arguments);
        assert!(output.status.success(), "{arguments:?}");
        assert!(stdout(&output).starts_with("usage: devchain"), "{arguments:?}");
        assert_eq!(stderr(&output), "");
    }
    let version = devchain(&["--version"]);
    assert!(version.status.success());
    assert_eq!(stdout(&version), format!("devchain {}\n", env!("CARGO_PKG_VERSION")));
}

const COUNTER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/counter.wasm");

#[test]
fn run_deploys_a_module_and_calls_it() {
    // increment(), number(), and increment() within the same minute.
    let calls = ["run", COUNTER, "0xd09de08a", "0x8381f58a", "--json"];
    let output = devchain(&calls);
    assert!(output.status.success(), "{}", stderr(&output));
    let lines: Vec<serde_json::Value> =
        stdout(&output).lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let one = format!("0x{:064x}", 1);
    assert_eq!((&lines[0]["output"], &lines[1]["output"]), (&one.clone().into(), &one.into()));
    assert_eq!(lines[0]["logs"].as_array().map(Vec::len), Some(1));

    let refused = devchain(&["run", COUNTER, "0xd09de08a", "0xd09de08a"]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(stdout(&refused).contains("storage_load_bytes32"), "{}", stdout(&refused));
    assert!(stdout(&refused).contains("reverted, "), "{}", stdout(&refused));
    assert!(stderr(&devchain(&["run", COUNTER, "zz"])).contains("\"zz\" is no call data in hex"));
}

#[test]
fn run_says_which_rule_a_module_breaks() {
    let file = module("act-unknown-import");
    let output = devchain(&["run", file.to_str().expect("plain")]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("the module cannot be activated: "), "{}", stderr(&output));
}
