//! What is granted is seen before it is signed, and input that is almost right is read or refused.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;

use serde_json::{Value, json};

use crate::world::{WorkFolder, World};

const ADDRESS: &str = "0x00000000000000000000000000000000000a11ce";
const OTHER: &str = "0x000000000000000000000000000000000000f00d";
const TARGET: &str = "0x0000000000000000000000000000000000009a3e";
const MODULE: &str = "0x5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e";

/// A session of 2026, made offline.
fn new<'a>(more: &[&'a str]) -> Vec<&'a str> {
    let mut arguments = vec![
        "new",
        "--account",
        ADDRESS,
        "--target",
        TARGET,
        "--module",
        MODULE,
        "--chain",
        "42161:7",
        "--from",
        "2026-01-01T00:00:00Z",
        "--account-kind",
        "nexus",
        "--owner-validator",
        OTHER,
        "--salt",
        "9",
    ];
    if !more.contains(&"--make-key") {
        arguments.extend(["--delegate", OTHER]);
    }
    arguments.extend(more);
    arguments
}

const GAME: [&str; 4] = ["--call", "move(uint8)", "-o", "game.json"];

fn codes(document: &Value) -> Vec<&str> {
    let warnings = document["warnings"].as_array().unwrap();
    warnings.iter().map(|warning| warning["code"].as_str().unwrap()).collect()
}

#[test]
fn making_signing_and_showing_tell_all_that_is_granted() {
    let work = WorkFolder::new("seen");
    let made = work.run_plain(&new(&GAME));
    let sign = ["sign", "game.json", "--module", MODULE, "--signature"];
    let signature = format!("0x{}1b", "ab".repeat(64));
    let signed = work.run_plain(&[&sign[..], &[&signature]].concat());
    let shown = work.run_plain(&["show", "game.json"]);
    let typed = work.run_plain(&["typed-data", "game.json", "--module", MODULE]);

    for (run, text) in [
        (&made, &made.stderr),
        (&signed, &signed.stderr),
        (&shown, &shown.stdout),
        (&typed, &typed.stderr),
    ] {
        assert_eq!(run.code, Some(0), "{}", run.stderr);
        for line in [
            "module     0x5e5E5e5e5E5e5E5E5e5E5E5e5e5E5E5E5e5E5E5e",
            "account    0x00000000000000000000000000000000000A11cE (nexus)",
            "validator  0x000000000000000000000000000000000000F00D",
            "chain      42161 in epoch 7",
            "delegate   0x000000000000000000000000000000000000F00D (secp256k1 key)",
            "from       2026-01-01T00:00:00Z (1767225600)",
            "expiry     2026-01-01T02:00:00Z (1767232800)",
            "calls      at most 100",
            "fees       at most 0.01 ETH",
            "paymaster  none: the account pays",
            "may call   move(uint8) (0x70e87aaf) of 0x0000000000000000000000000000000000009a3e; up to \
             0.01 ETH a call; any arguments",
            "salt       9",
        ] {
            assert!(text.lines().any(|found| found == line), "{line} in {text}");
        }
        assert!(run.stderr.contains("warning: the session is of epoch 7 on chain 42161"));
    }
}

#[test]
fn programs_get_the_same_with_the_codes_of_the_warnings() {
    let work = WorkFolder::new("seen-json");
    let made = work.run(&new(&[&GAME[..], &["--paymaster", "any"]].concat())).ok();
    let shown = work.run(&["show", "game.json"]).ok();
    let sign = ["sign", "game.json", "--module", MODULE, "--signature"];
    let signature = format!("0x{}1b", "ab".repeat(64));
    let signed = work.run(&[&sign[..], &[&signature]].concat()).ok();

    for document in [&made, &shown, &signed] {
        assert_eq!(document["session"]["delegate"], "0x000000000000000000000000000000000000F00D");
        assert_eq!(document["words"][0]["label"], "session");
        // The session of January has ended by now.
        assert_eq!(codes(document), ["Ended", "EpochNotConfirmed", "AnyPaymaster"]);
        assert_eq!(document["warnings"][1]["at"], "chains[0]");
        assert!(document["warnings"][2]["sentence"].as_str().unwrap().contains("any paymaster"));
    }
}

#[test]
fn units_and_functions_of_the_file_are_kept() {
    let work = WorkFolder::new("units");
    let terms = ["--template", "allowance", "--amount", "12.5", "--decimals", "6", "--for", "30d"];
    work.run(&new(&[&terms[..], &["--receiver", OTHER, "-o", "allowance.json"]].concat())).ok();

    let shown = work.run_plain(&["show", "allowance.json"]).stdout;

    let token = "0x0000000000000000000000000000000000009a3e";
    for line in [
        format!(
            "may call   transfer(address,uint256) (0xa9059cbb) of {token}; no ether; argument 0 \
             (address) is 0x000000000000000000000000000000000000F00D"
        ),
        format!(
            "budget     at most 12.5 of token {token} (12500000 of its smallest unit) in each 1d: \
             30 times, 375 of token {token} (375000000 of its smallest unit) in all"
        ),
    ] {
        assert!(shown.lines().any(|found| found == line), "{line} in {shown}");
    }
}

#[test]
fn a_function_is_one_however_it_is_written() {
    let work = WorkFolder::new("functions");
    for call in ["transfer(address,uint256)", "function transfer(address to, uint amount)"] {
        let made = work.run(&new(&["--call", call])).ok();
        let permission = &made["session"]["permissions"][0];
        assert_eq!(permission["call"], "0xa9059cbb", "{call}");
    }
    work.run(&new(&["--call", "move(Piece)"])).fails_with("is no type");
    work.run(&new(&["--call", "move"])).fails_with("is no function");
}

#[test]
fn numbers_and_addresses_that_mean_something_else_are_refused() {
    let work = WorkFolder::new("almost");
    let calls = |most: &str| work.run(&new(&[&GAME[..], &["--max-calls", most]].concat()));
    calls("4294967295").fails_with("would mean that calls are not counted");
    calls("many").fails_with("is no number of calls");
    let fees = ["--fees", "79228162514.264337593543950335 ETH"];
    work.run(&new(&[&GAME[..], &fees].concat())).fails_with("would mean that fees are not counted");
    assert!(!work.has("game.json"));
    calls("uncounted").fails_with("may lose any amount");
    let bounded = ["--max-calls", "uncounted", "--amount", "1 ETH"];
    work.run(&new(&[&GAME[..], &bounded].concat())).ok();

    let mistyped = "0xF00D00000000000000000000000000000000000f";
    let check = work.run(&["check", "game.json", "--to", mistyped]);
    assert_eq!(check.code, Some(2));
    assert!(check.stderr.contains("wrong checksum"), "{}", check.stderr);
}

#[test]
fn what_a_wallet_signed_is_looked_at() {
    let work = WorkFolder::new("signatures");
    work.run(&new(&GAME)).ok();
    let sign = |signature: &str, more: &[&str]| {
        let sign = ["sign", "game.json", "--module", MODULE, "--signature", signature];
        work.run(&[&sign[..], more].concat())
    };
    let rs = "ab".repeat(64);
    let route = &OTHER[2..];

    sign("0x", &[]).fails_with("the signature is empty");
    sign(&format!("0x{rs}"), &[]).fails_with("has 64 bytes");
    sign(&format!("0x{rs}02"), &[]).fails_with("v is 2");
    sign(&format!("0x{route}{rs}1b"), &[]).fails_with("begins with the account's route already");
    let lifted = sign(&format!("0x{rs}01"), &[]).ok();
    let whole = sign(&format!("0x{route}{rs}1b"), &["--as-is"]).ok();

    assert_eq!(lifted["ownerSignature"], format!("0x{route}{rs}1c"));
    assert_eq!(whole["ownerSignature"], format!("0x{route}{rs}1b"));
}

#[test]
fn the_delegates_key_and_a_strangers_do_not_sign_for_the_owner() {
    let world = World::with_module("signing-key");
    let module = world.module();
    world.sign(&module, &[]);
    let before = world.work.read("session.json");
    let sign = |key: &str| world.run(&["sign", "session.json", "--owner-key-file", key]);

    world.sign_with("frontend.key").fails_with("the key is the delegate's");
    sign("gas.key").fails_with("does not accept the signature as its owner's");

    assert_eq!(world.work.read("session.json"), before, "the good signature is kept");
    sign("owner.key").ok();
}

#[test]
fn an_epoch_that_the_chain_does_not_have_is_not_signed() {
    let world = World::with_module("coming-epoch");
    let module = world.module();
    world.sign(&module, &["--chain", "412346:99"]);

    let run = world.run(&["sign", "session.json", "--owner-key-file", "owner.key"]);

    run.fails_with("the session is of epoch 99 on chain 412346, the account is in epoch 0");
}

#[test]
fn a_key_file_that_others_can_read_is_refused() {
    let work = WorkFolder::new("open-key");
    work.run(&new(&GAME)).ok();
    work.write("owner.key", &format!("0x{}", "11".repeat(32)));
    let sign = ["sign", "game.json", "--module", MODULE, "--owner-key-file", "owner.key"];
    for (mode, is_refused) in [(0o644, true), (0o640, true), (0o604, true), (0o600, false)] {
        work.set_mode("owner.key", mode);

        let run = work.run(&sign);

        if is_refused {
            run.fails_with("can be read by others");
            assert!(run.stderr.contains("chmod 600 owner.key"), "{}", run.stderr);
        } else {
            run.ok();
        }
    }
}

#[test]
fn a_key_is_made_only_when_everything_else_is_right() {
    let work = WorkFolder::new("late-key");
    let make = ["--make-key", "frontend.key"];
    let banned = ["--call", "move(uint8)", "--target", ADDRESS];
    let arguments = new(&make);
    let without: Vec<&str> = arguments
        .iter()
        .copied()
        .enumerate()
        .filter(|(i, _)| !(3..5).contains(i))
        .map(|(_, argument)| argument)
        .collect();

    work.run(&[&without[..], &banned].concat()).fails_with("which no session may call");
    let nowhere = [&make[..], &["--call", "move(uint8)", "-o", "no/such/folder.json"]].concat();
    work.run(&new(&nowhere)).fails_with("cannot be written");
    assert!(!work.has("frontend.key"), "no key without a session");

    work.run(&new(&[&make[..], &GAME].concat())).ok();
    assert!(work.has("frontend.key"));
}

#[test]
fn the_node_may_stand_in_the_variable_that_other_tools_know() {
    let world = World::new("eth-rpc-url");
    let list = ["list", "--account", ADDRESS, "--json"];
    let variables = [("ETH_RPC_URL", world.url.as_str()), ("SESSION_CLOCK", "chain")];

    let by_variable = world.work.run_with(&variables, &list);
    let by_alias = world.work.run(&["list", "--account", ADDRESS, "--rpc-url", &world.url]);

    for run in [by_variable, by_alias] {
        run.fails_with("there is no session module at");
    }
}

/// Answers each request with one JSON-RPC error.
fn node_that_says(message: &str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let error = json!({ "code": -32_000, "message": message });
    let body = json!({ "jsonrpc": "2.0", "id": 0, "error": error }).to_string();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().map_while(Result::ok) {
            let mut reader = BufReader::new(stream.try_clone().unwrap());
            let mut length = 0;
            let mut line = String::new();
            while reader.read_line(&mut line).is_ok_and(|read| read > 2) {
                if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                    length = value.trim().parse().unwrap();
                }
                line.clear();
            }
            let mut request = vec![0; length];
            reader.read_exact(&mut request).unwrap();
            let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n";
            let answer = format!("{head}content-length: {}\r\n\r\n{body}", body.len());
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    url
}

#[test]
fn what_a_node_says_cannot_paint_on_the_terminal() {
    let work = WorkFolder::new("escapes");
    let url = node_that_says("\u{1b}[2Jrevoked\nsession: all is well\u{202e}\u{9b}31m");

    let list = ["list", "--account", ADDRESS, "--module", MODULE, "--rpc", &url];
    let plain = work.run_plain(&list);
    let json = work.run(&list);

    let expected = "\\u{1b}[2Jrevoked\\u{a}session: all is well\\u{202e}\\u{9b}31m";
    assert!(plain.stderr.contains(expected), "{}", plain.stderr);
    assert_eq!(plain.stderr.lines().count(), 2, "cause and remedy: {}", plain.stderr);
    assert!(json.stderr.is_ascii(), "{}", json.stderr);
    let failure: Value = serde_json::from_str(&json.stderr).unwrap();
    assert!(failure["error"].as_str().unwrap().contains("revoked\n"), "the text itself is kept");
}
