//! What can go wrong with each command: one sentence of cause, one of remedy, status 1.

use crate::world::{WorkFolder, World};

/// Nothing listens here: the discard port.
const NOWHERE: &str = "http://127.0.0.1:9";

fn commands<'a>(game: &'a str, alice: &'a str) -> Vec<Vec<&'a str>> {
    vec![
        vec!["enable", "session.json"],
        vec!["use", "session.json", "--to", game, "--delegate-key-file", "frontend.key"],
        vec!["check", "session.json", "--to", game],
        vec!["show", "session.json"],
        vec!["revoke", "session.json"],
        vec!["list", "--account", alice],
        vec!["deploy", "--wasm", "module.wasm"],
        vec!["doctor"],
    ]
}

#[test]
fn each_command_says_that_no_node_answers() {
    let world = World::with_module("no-network");
    let module = world.module();
    world.sign(&module, &[]);
    let (game, alice) = (world.game.to_string(), world.alice.to_string());

    for command in commands(&game, &alice) {
        let run = world.work.run(&[&command[..], &["--rpc", NOWHERE]].concat());
        run.fails_with("no node answers at http://127.0.0.1:9");
        let odd = world.work.run(&[&command[..], &["--rpc", "localhost:8545"]].concat());
        odd.fails_with("\"localhost:8545\" is no URL");
        if command[0] != "show" {
            world.work.run(&command).fails_with("no node is named");
        }
    }
}

#[test]
fn each_command_says_that_the_chain_is_the_wrong_one() {
    let world = World::with_module("wrong-chain");
    let module = world.module();
    world.sign(&module, &["--chain", "42161"]);
    let (game, alice) = (world.game.to_string(), world.alice.to_string());

    for command in commands(&game, &alice).iter().take(5) {
        world.run(command).fails_with("the session does not hold on chain");
    }
    let nowhere = "0x000000000000000000000000000000000000dead";
    let list = ["list", "--account", &alice, "--module", nowhere];
    world.run(&list).fails_with("there is no session module at");
    world.run(&["doctor", "--module", nowhere]).fails_with("there is no contract at");
    let elsewhere = ["doctor", "--module", &game];
    world.run(&elsewhere).fails_with("no Stylus program");
}

#[test]
fn each_command_says_where_a_file_is_malformed() {
    let world = World::with_module("malformed");
    let module = world.module();
    world.sign(&module, &[]);
    let broken = world.work.read("session.json").replace("\"0.01 ETH\"", "\"0.01\"");
    world.work.write("session.json", &broken);
    let line = 1 + broken.lines().position(|line| line.contains("feeLimit")).unwrap();
    let (game, alice) = (world.game.to_string(), world.alice.to_string());

    let mut all = commands(&game, &alice);
    all.truncate(5);
    all.push(vec!["typed-data", "session.json"]);
    all.push(vec!["sign", "session.json", "--owner-key-file", "owner.key"]);
    all.push(vec!["request", "granted", "session.json"]);
    for command in all {
        let online = !["typed-data", "sign", "request"].contains(&command[0]);
        let run = if online { world.run(&command) } else { world.work.run(&command) };
        let (error, remedy) = run.failed();
        let place = format!("at line {line} column ");
        assert!(error.starts_with("session.json: ") && error.contains(&place), "{error}");
        assert!(remedy.starts_with("mend that place"), "{remedy}");
    }
    let listed = ["list", "--account", &alice, "--module", &module, "session.json"];
    world.run(&listed).fails_with(&format!("at line {line}"));
    world.work.run(&["show", "session1.AAAA"]).fails_with("the text is no session");
}

#[test]
fn a_wrong_key_is_named_before_anything_is_sent() {
    let world = World::with_module("wrong-key");
    let module = world.module();
    world.sign(&module, &[]);
    let game = world.game.to_string();
    world.work.write_key("short.key", "0x1234");

    let with_delegate = |key: &str| {
        world.run(&[
            "use",
            "session.json",
            "--to",
            &game,
            "--delegate-key-file",
            key,
            "--sender-key-file",
            "gas.key",
        ])
    };
    with_delegate("gas.key").fails_with("the session's delegate is");
    with_delegate("short.key").fails_with("key file short.key holds no secret key");
    with_delegate("nowhere.key").fails_with("key file nowhere.key cannot be read");
    let validator = world.owner_validator.to_string();
    let by_account = |command: &str| {
        world.run(&[
            command,
            "session.json",
            "--by",
            "account",
            "--owner-key-file",
            "gas.key",
            "--sender-key-file",
            "gas.key",
            "--owner-validator",
            &validator,
        ])
    };
    by_account("enable").fails_with("as its owner");
    by_account("revoke").fails_with("as its owner");
    // A key that nobody has named: there is no terminal to ask at.
    world
        .run(&["enable", "session.json", "--by", "account"])
        .fails_with("the owner's key is missing");
}

#[test]
fn an_owners_signature_by_another_key_is_found_before_sending() {
    let world = World::enabled("wrong-owner", &[]);
    let module = world.module();
    world.sign_again(&module, &[]);
    world.sign_with("gas.key").ok();

    let run = world.check_move("0.01 ETH");

    assert_eq!(run.code, Some(3));
    assert!(run.stdout.contains("\"rule\":\"OwnerSignature\""), "{}", run.stdout);
    world.make_move("session.json", "0.01 ETH").failed();
}

#[test]
fn an_ended_session_is_told_as_such() {
    let world = World::enabled("expired", &[]);
    world.wait(7_300);

    let check = world.check_move("0.01 ETH");
    assert_eq!(check.code, Some(3));
    assert!(check.stdout.contains("\"rule\":\"Expired\""), "{}", check.stdout);
    world.make_move("session.json", "0.01 ETH").fails_with("the session ended at");
    assert_eq!(world.run(&["show", "session.json"]).ok()["onChain"]["status"], "ended");
    let alice = world.alice.to_string();
    let listed = world.run(&["list", "--account", &alice]).ok();
    assert_eq!(listed["sessions"][0]["status"], "ended");
}

#[test]
fn a_revoked_session_is_told_as_such() {
    let world = World::enabled("revoked", &[]);
    let revoke = [
        "revoke",
        "session.json",
        "--by",
        "account",
        "--owner-key-file",
        "owner.key",
        "--sender-key-file",
        "gas.key",
    ];
    world.run(&revoke).ok();

    let check = world.check_move("0.01 ETH");
    assert_eq!(check.code, Some(3));
    assert!(check.stdout.contains("\"rule\":\"SessionRevokedForEver\""), "{}", check.stdout);
    world.enable().fails_with("was revoked");
    world.make_move("session.json", "0.01 ETH").fails_with("was revoked");
    assert_eq!(world.run(&revoke).ok()["status"], "revoked", "twice changes nothing");
}

#[test]
fn sessions_of_a_former_epoch_are_told_as_void() {
    let world = World::enabled("epoch", &[]);
    let all = [
        "revoke",
        "session.json",
        "--all",
        "--by",
        "account",
        "--owner-key-file",
        "owner.key",
        "--sender-key-file",
        "gas.key",
    ];
    world.run(&all).ok();

    let check = world.check_move("0.01 ETH");
    assert_eq!(check.code, Some(3));
    assert!(check.stdout.contains("\"rule\":\"WrongEpoch\""), "{}", check.stdout);
    let alice = world.alice.to_string();
    let listed = world.run(&["list", "--account", &alice]).ok();
    assert_eq!(listed["sessions"][0]["status"], "void (epoch moved)");
}

#[test]
fn what_cannot_hold_is_not_signed_here_nor_in_a_wallet() {
    let world = World::enabled("not-signed", &[]);
    let revoke = ["revoke", "session.json", "--by", "account", "--owner-key-file", "owner.key"];
    world.run(&[&revoke[..], &["--sender-key-file", "gas.key"]].concat()).ok();
    let sign = ["sign", "session.json", "--owner-key-file", "owner.key"];
    for command in [&sign[..], &["typed-data", "session.json"]] {
        world.run(command).fails_with("was revoked");
    }

    world.sign_again(&world.module(), &["--chain", "42161"]);
    for command in [&sign[..], &["typed-data", "session.json"]] {
        world.run(command).fails_with("the session does not hold on chain");
    }
}

#[test]
fn rules_that_a_call_breaks_are_named_one_by_one() {
    let world = World::enabled("rules", &[]);
    let module = world.module();
    let (game, elsewhere) = (world.game.to_string(), world.owner_validator.to_string());
    let rule = |arguments: &[&str]| {
        let run = world.run(&[&["check", "session.json"], arguments].concat());
        assert_eq!(run.code, Some(3), "{}{}", run.stdout, run.stderr);
        let document: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
        document["rule"].as_str().unwrap().to_owned()
    };

    assert_eq!(
        rule(&["--to", &elsewhere, "--call", "move(uint8)", "--arg", "1"]),
        "TargetNotPermitted"
    );
    assert_eq!(
        rule(&["--to", &game, "--call", "withdraw(uint256)", "--arg", "1"]),
        "SelectorNotPermitted"
    );
    assert_eq!(rule(&["--to", &module]), "BannedTarget");
    // The session allows it, the game does not take it: a step is no more than 255.
    assert_eq!(rule(&["--to", &game, "--data", "0x0de50798"]).len(), "SelectorNotPermitted".len());
    let too_many = r#"[{"to":"TO","call":"move(uint8)","args":["1"]}]"#.replace("TO", &game);
    let entry = too_many.trim_matches(['[', ']']).to_owned();
    let many = format!("[{}]", vec![entry; 33].join(","));
    world.work.write("many.json", &many);
    assert_eq!(rule(&["--calls", "many.json"]), "TooManyExecutions");
}

#[test]
fn a_session_that_names_its_paymaster_wants_it_in_each_operation() {
    let world = World::with_module("paymaster");
    let module = world.module();
    let sponsor = "0x000000000000000000000000000000000000900d";
    world.sign(&module, &["--paymaster", sponsor]);
    world.enable().ok();
    let game = world.game.to_string();
    let check = |more: &[&str]| {
        let call = ["check", "session.json", "--to", &game, "--call", "move(uint8)", "--arg", "1"];
        world.run(&[&call[..], more].concat())
    };

    let without = check(&[]);
    let limits = "0".repeat(31) + "1" + &"0".repeat(31) + "1";
    let with = check(&["--paymaster-data", &format!("{sponsor}{limits}")]);

    assert_eq!(without.code, Some(3));
    assert!(without.stdout.contains("\"rule\":\"PaymasterNotPermitted\""), "{}", without.stdout);
    assert!(without.stdout.to_lowercase().contains(&format!("\"allowed\":\"{sponsor}\"")));
    assert_eq!(with.ok()["wouldPass"], true);
}

#[test]
fn calls_that_cannot_be_encoded_are_refused() {
    let work = WorkFolder::new("calls");
    let check = |arguments: &[&str]| work.run(&[&["check", "session.json"], arguments].concat());
    let to = "0x0000000000000000000000000000000000009a3e";
    let session = [
        "new",
        "--account",
        "0x00000000000000000000000000000000000a11ce",
        "--delegate",
        "0x000000000000000000000000000000000000f00d",
        "--target",
        to,
        "--module",
        "0x5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e",
        "--chain",
        "42161",
        "--call",
        "move(uint8)",
        "-o",
        "session.json",
    ];
    work.run(&session).ok();
    work.write("calls.json", "[{\"to\": \"0x12\"}]");

    check(&["--to", to, "--call", "move(uint8)"])
        .fails_with("arguments of move(uint8): 1, given: 0");
    check(&["--to", to, "--call", "move(uint8)", "--arg", "256"]).fails_with("\"256\" is no uint8");
    check(&["--to", to, "--call", "move("]).fails_with("is no function");
    check(&["--to", to, "--value", "1"]).fails_with("is no amount of ether");
    check(&["--calls", "calls.json"]).fails_with("calls.json: ");
    work.run(&["sign", "session.json", "--module", "0x5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e"])
        .fails_with("what kind of account");
    work.run(&["deploy", "--wasm", "session.json", "--dry-run"]).fails_with("is no WASM");
    work.run(&["deploy", "--dry-run"]).fails_with("cannot be read");
}

#[test]
fn deploying_needs_a_key_that_pays() {
    let world = World::new("poor-deployer");
    world.work.write_key("poor.key", &format!("0x{}", "11".repeat(32)));

    let nobody = world.run(&["deploy", "--wasm", &world.wasm]);
    nobody.fails_with("the sender's key is missing");
    let poor = world.run(&["deploy", "--wasm", &world.wasm, "--sender-key-file", "poor.key"]);
    poor.failed();
    assert!(!world.work.has("deployments"), "nothing is written down");
}
