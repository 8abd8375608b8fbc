//! The way of a newcomer, command by command.

use serde_json::json;

use crate::world::World;

#[test]
fn a_newcomer_grants_uses_and_ends_a_session() {
    let world = World::new("newcomer");
    let (account, game) = (world.alice.to_string(), world.game.to_string());
    let validator = world.owner_validator.to_string();

    // Where will the module be? The same on every chain.
    let foretold = world.work.run(&["deploy", "--wasm", &world.wasm, "--dry-run"]).ok();
    let module = foretold["address"].as_str().unwrap();

    let made = world
        .run(&[
            "new",
            "--account",
            &account,
            "--make-key",
            "frontend.key",
            "--target",
            &game,
            "--call",
            "move(uint8)",
            "--module",
            module,
            "--owner-validator",
            &validator,
            "-o",
            "session.json",
        ])
        .ok();
    let signed = world.run(&["sign", "session.json", "--owner-key-file", "owner.key"]).ok();
    assert_eq!(made["sessionId"], signed["sessionId"]);
    let text = signed["text"].as_str().unwrap().to_owned();

    let deploy = ["deploy", "--wasm", &world.wasm, "--sender-key-file", "gas.key", "--cache"];
    let deployed = world.run(&deploy).ok();
    assert_eq!(deployed["address"], foretold["address"]);
    assert_eq!(
        [&deployed["deployed"], &deployed["activated"], &deployed["cached"]],
        [&json!(true), &json!(true), &json!(true)]
    );

    world.enable().ok();
    world.make_move("session.json", "0.01 ETH").ok();
    // The text is as good as the file.
    world.make_move(&text, "0.005 ETH").ok();

    let refused = world.check_move("0.02 ETH");
    assert_eq!(refused.code, Some(3));
    let why: serde_json::Value = serde_json::from_str(&refused.stdout).unwrap();
    assert_eq!(why["wouldPass"], false);
    assert_eq!(why["rule"], "ValueOverLimit");
    assert_eq!(why["got"], "0.02 ETH");
    assert_eq!(why["allowed"], "0.01 ETH");
    assert_eq!(why["reason"], "execution 0 sends 0.02 ETH, at most 0.01 are allowed");
    assert_eq!(world.check_move("0.01 ETH").ok()["wouldPass"], true);

    let shown = world.run(&["show", "session.json"]).ok();
    assert_eq!(shown["onChain"]["status"], "enabled");
    assert_eq!(shown["onChain"]["callsRemaining"], 98);
    let fee: u128 = shown["onChain"]["fee"].as_str().unwrap().parse().unwrap();
    let left: u128 = shown["onChain"]["feeRemaining"].as_str().unwrap().parse().unwrap();
    assert!(fee > 0);
    assert_eq!(fee + left, 10_000_000_000_000_000, "of 0.01 ETH");

    let listed = world.run(&["list", "--account", &account, "--module", module]).ok();
    assert_eq!(listed["sessions"][0]["sessionId"], made["sessionId"]);
    assert_eq!(listed["sessions"][0]["status"], "enabled");

    world
        .run(&[
            "revoke",
            "session.json",
            "--by",
            "account",
            "--owner-key-file",
            "owner.key",
            "--sender-key-file",
            "gas.key",
        ])
        .ok();
    world.make_move("session.json", "0.01 ETH").fails_with("was revoked");
    assert_eq!(world.run(&["show", "session.json"]).ok()["onChain"]["status"], "revoked");
}

#[test]
fn keys_and_node_may_stand_in_the_environment() {
    let world = World::with_module("environment");
    let module = world.module();
    world.sign(&module, &[]);
    let (owner, gas) = (world.work.read("owner.key"), world.work.read("gas.key"));
    let variables = [
        ("SESSION_RPC", world.url.as_str()),
        ("SESSION_OWNER_KEY", &owner),
        ("SESSION_SENDER_KEY", &gas),
    ];

    let validator = world.owner_validator.to_string();
    let enable = [
        "enable",
        "session.json",
        "--by",
        "account",
        "--owner-validator",
        &validator,
        "--module",
        &module,
        "--json",
    ];
    let run = world.work.run_with(&variables, &enable);
    run.ok();

    let shown = world.work.run_with(&variables, &["show", "session.json", "--json"]).ok();
    assert_eq!(shown["onChain"]["status"], "enabled");
    for secret in [owner, gas] {
        assert!(!run.stdout.contains(secret.trim()) && !run.stderr.contains(secret.trim()));
    }
    let wrong = [("SESSION_OWNER_KEY", "0x12"), ("SESSION_RPC", &world.url)];
    world
        .work
        .run_with(&wrong, &["revoke", "session.json", "--module", &module, "--json"])
        .fails_with("SESSION_OWNER_KEY holds no secret key");
}

#[test]
fn the_first_use_enables_a_session_that_carries_its_owners_signature() {
    let world = World::with_module("first-use");
    let module = world.module();
    // One session installs the module, the next one comes with a use.
    world.sign(&module, &[]);
    world.enable().ok();
    world.sign_again(&module, &["--max-calls", "2"]);

    let check = world.check_move("0.01 ETH").ok();
    assert_eq!(check["enables"], true);
    world.make_move("session.json", "0.01 ETH").ok();

    let shown = world.run(&["show", "session.json"]).ok();
    assert_eq!(shown["onChain"]["status"], "enabled");
    assert_eq!(shown["onChain"]["callsRemaining"], 1);
    world.make_move("session.json", "0.01 ETH").ok();
    world
        .make_move("session.json", "0.01 ETH")
        .fails_with("with this operation 3 calls are made, 2 are allowed");
}
