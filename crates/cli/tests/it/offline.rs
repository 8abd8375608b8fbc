//! What needs no chain.

use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use serde_json::Value;

use crate::world::WorkFolder;

const ADDRESS: &str = "0x00000000000000000000000000000000000a11ce";
const OTHER: &str = "0x000000000000000000000000000000000000f00d";
const TARGET: &str = "0x0000000000000000000000000000000000009a3e";
const MODULE: &str = "0x5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e";

fn new<'a>(more: &[&'a str]) -> Vec<&'a str> {
    let mut arguments = vec![
        "new",
        "--account",
        ADDRESS,
        "--delegate",
        OTHER,
        "--target",
        TARGET,
        "--module",
        MODULE,
        "--chain",
        "42161:2",
        "--from",
        "2026-01-01T00:00:00Z",
        "--salt",
        "7",
        "--account-kind",
        "nexus",
        "--owner-validator",
        OTHER,
    ];
    arguments.extend(more);
    arguments
}

fn file(work: &WorkFolder, name: &str) -> Value {
    serde_json::from_str(&work.read(name)).unwrap()
}

#[test]
fn a_template_is_filled_in_with_its_units() {
    let work = WorkFolder::new("templates");
    work.run(&new(&["--call", "move(uint8)", "-o", "game.json"])).ok();
    let allowance = [
        "--template",
        "allowance",
        "--amount",
        "12.5",
        "--decimals",
        "6",
        "--receiver",
        OTHER,
        "-o",
        "allowance.json",
    ];
    work.run(&new(&allowance)).ok();
    let payout =
        ["--template", "payout", "--amount", "0.5 ETH", "--for", "1d", "-o", "payout.json"];
    work.run(&new(&payout)).ok();

    let game = file(&work, "game.json");
    assert_eq!(game["expiry"], "2026-01-01T02:00:00Z");
    assert_eq!(game["maxCalls"], 100);
    assert_eq!(game["permissions"][0]["value"], "0.01 ETH");
    assert_eq!(game["chains"][0]["epoch"], "2", "epochs exceed what JSON readers keep");
    let allowance = file(&work, "allowance.json");
    assert_eq!(allowance["budgets"][0]["amount"], "12.5");
    assert_eq!(allowance["budgets"][0]["decimals"], 6);
    assert_eq!(allowance["budgets"][0]["per"], "1d");
    assert_eq!(allowance["permissions"][0]["call"], "transfer(address,uint256)");
    assert_eq!(allowance["permissions"][0]["rules"][0]["argument"], 0);
    let payout = file(&work, "payout.json");
    assert_eq!(payout["expiry"], "2026-01-02T00:00:00Z");
    assert_eq!(payout["permissions"][0]["call"], "plain transfer");
    assert_eq!(payout["budgets"][0]["amount"], "0.5 ETH");
}

#[test]
fn what_was_made_is_shown_in_words_and_signed_by_a_wallet() {
    let work = WorkFolder::new("wallet");
    work.run(&new(&["--call", "move(uint8)", "-o", "game.json"])).ok();

    let shown = work.run_plain(&["show", "game.json"]);
    assert_eq!(shown.code, Some(0));
    for line in
        ["calls      at most 100", "expiry     2026-01-01T02:00:00Z (1767232800)", "signed     no"]
    {
        assert!(shown.stdout.contains(line), "{}", shown.stdout);
    }
    assert!(!shown.stdout.contains('\u{1b}'), "no colour where there is no terminal");

    let typed_data = work.run(&["typed-data", "game.json", "--module", MODULE]).ok();
    assert_eq!(typed_data["primaryType"], "Session");
    assert_eq!(typed_data["message"]["validUntil"], 1_767_232_800);

    let signature = format!("0x{}1b", "ab".repeat(64));
    let sign = ["sign", "game.json", "--module", MODULE, "--signature", &signature];
    let signed = work.run(&sign).ok();
    let owner_signature = signed["ownerSignature"].as_str().unwrap();
    assert_eq!(owner_signature, format!("{OTHER}{}1b", "ab".repeat(64)), "the route comes first");
    let from_text = work.run(&["show", signed["text"].as_str().unwrap()]).ok();
    assert_eq!(from_text["sessionId"], signed["sessionId"]);
}

#[test]
fn a_made_key_is_for_its_maker_only_and_never_printed() {
    let work = WorkFolder::new("made-key");
    let make = [
        "new",
        "--account",
        ADDRESS,
        "--make-key",
        "frontend.key",
        "--target",
        TARGET,
        "--call",
        "move(uint8)",
        "--module",
        MODULE,
        "--chain",
        "42161",
        "-o",
        "game.json",
    ];

    let run = work.run(&make);

    run.ok();
    let secret = work.read("frontend.key");
    let mode = std::fs::metadata(work.folder.join("frontend.key")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let secret = secret.trim().trim_start_matches("0x");
    assert_eq!(secret.len(), 64);
    for text in [&run.stdout, &run.stderr, &work.read("game.json")] {
        assert!(!text.contains(secret));
    }
    // It is not overwritten: the old delegate would be lost.
    work.run(&make).fails_with("frontend.key cannot be written");
    assert_eq!(work.read("frontend.key").trim().trim_start_matches("0x"), secret);
}

#[test]
fn help_has_examples_and_shells_are_completed() {
    let work = WorkFolder::new("help");
    for command in [
        "new",
        "typed-data",
        "sign",
        "enable",
        "use",
        "check",
        "show",
        "list",
        "revoke",
        "deploy",
        "doctor",
        "import",
        "order",
        "request",
        "completion",
    ] {
        let help = work.run_plain(&[command, "--help"]);
        assert_eq!(help.code, Some(0));
        assert!(help.stdout.contains(&format!("  session {command}")), "{}", help.stdout);
    }
    for shell in ["bash", "zsh", "fish"] {
        let script = work.run_plain(&["completion", shell]);
        assert_eq!(script.code, Some(0));
        assert!(script.stdout.contains("typed-data"), "{shell}");
    }
}

#[test]
fn a_reader_that_has_gone_away_is_no_failure() {
    for arguments in [["completion", "bash"], ["completion", "--help"]] {
        // Closed before the first word: what is written meets no reader.
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let mut command = Command::new(env!("CARGO_BIN_EXE_session"));
        let output = command.args(arguments).stdout(writer).output().unwrap();

        assert_eq!(String::from_utf8(output.stderr).unwrap(), "", "{arguments:?}");
        assert_eq!(output.status.code(), Some(0), "{arguments:?}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_result_that_cannot_be_written_is_a_failure() {
    let work = WorkFolder::new("full");
    work.run(&new(&["--call", "move(uint8)", "-o", "game.json"])).ok();
    for arguments in [["completion", "bash"], ["show", "game.json"]] {
        // Each write to it fails as on a full disk (full(4)).
        let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_session"));
        let output =
            command.current_dir(&work.folder).args(arguments).stdout(full).output().unwrap();

        let words = String::from_utf8(output.stderr).unwrap();
        assert!(words.contains("standard output cannot be written: No space left"), "{words}");
        assert_eq!(output.status.code(), Some(1), "{arguments:?}");
    }
}

#[test]
fn failures_are_two_sentences_for_people() {
    let work = WorkFolder::new("sentences");

    let run = work.run_plain(&["show", "nowhere.json"]);

    assert_eq!(run.code, Some(1));
    assert!(run.stdout.is_empty());
    let lines: Vec<&str> = run.stderr.lines().collect();
    assert_eq!(lines.len(), 2, "{}", run.stderr);
    assert!(lines[0].starts_with("session: nowhere.json cannot be read"));
    assert_eq!(lines[1], "Try: name a session file, or make one with session new.");
}

#[test]
fn a_session_that_is_granted_to_a_request_becomes_its_response() {
    let work = WorkFolder::new("granted");
    let terms = [
        "--template",
        "allowance",
        "--amount",
        "5",
        "--decimals",
        "0",
        "--per",
        "1w",
        "--max-calls",
        "uncounted",
        "-o",
        "session.json",
    ];
    work.run(&new(&terms)).ok();

    let response = work.run(&["request", "grant", "session.json"]).ok();

    assert_eq!(response["permission"]["type"], "erc20-token-periodic");
    assert_eq!(response["permission"]["data"]["periodDuration"], 604_800);
    assert_eq!(response["chainId"], "0xa4b1");
}
