//! What anybody sends for an owner or a delegate who has signed it.

use serde_json::json;

use crate::world::{Run, World};

fn status(world: &World) -> serde_json::Value {
    world.run(&["show", "session.json"]).ok()["onChain"]["status"].clone()
}

fn enable(world: &World) -> Run {
    world.run(&["enable", "session.json", "--sender-key-file", "gas.key"])
}

#[test]
fn anybody_enables_with_the_owners_signature() {
    let world = World::with_executor("relay-enable", &[]);

    enable(&world).ok();

    assert_eq!(status(&world), "enabled");
    assert_eq!(enable(&world).ok()["status"], "enabled", "twice changes nothing");
    world.make_move("session.json", "0.01 ETH").ok();
}

#[test]
fn a_false_owners_signature_enables_nothing() {
    let world = World::with_executor("relay-false", &[]);
    world.sign_with("gas.key").ok();

    enable(&world).failed();

    assert_eq!(status(&world), "not enabled");
}

#[test]
fn anybody_revokes_with_the_owners_signature() {
    let world = World::with_executor("relay-revoke", &[]);
    enable(&world).ok();
    let revoke = |key: &str| {
        let keys = ["--owner-key-file", key, "--sender-key-file", "gas.key"];
        world.run(&[&["revoke", "session.json"][..], &keys].concat())
    };

    revoke("gas.key").failed();
    assert_eq!(status(&world), "enabled", "a stranger's signature ends nothing");
    revoke("owner.key").ok();

    assert_eq!(status(&world), "revoked");
    world.make_move("session.json", "0.01 ETH").fails_with("was revoked");
}

#[test]
fn anybody_revokes_all_with_the_owners_signature() {
    let world = World::with_executor("relay-revoke-all", &[]);
    enable(&world).ok();
    let keys = ["--owner-key-file", "owner.key", "--sender-key-file", "gas.key"];

    world.run(&[&["revoke", "session.json", "--all"][..], &keys].concat()).ok();

    assert_eq!(status(&world), "void: all sessions of its epoch were revoked");
    world.make_move("session.json", "0.01 ETH").failed();
}

#[test]
fn a_delegate_gives_its_session_back() {
    let world = World::with_executor("delegate-revoke", &[]);
    enable(&world).ok();
    let revoke = |key: &str| {
        world.run(&[
            "revoke",
            "session.json",
            "--by",
            "delegate",
            "--delegate-key-file",
            key,
            "--sender-key-file",
            "gas.key",
        ])
    };

    revoke("owner.key").fails_with("the session's delegate is");
    revoke("frontend.key").ok();

    assert_eq!(status(&world), "revoked");
}

#[test]
fn a_delegate_acts_directly_and_pays_for_gas_itself() {
    let world = World::with_executor("direct", &[]);
    let delegate = world.run(&["show", "session.json"]).ok()["session"]["delegate"].clone();
    world.request("hardhat_setBalance", &json!([delegate, "0xde0b6b3a7640000"]));
    let game = world.game.to_string();
    let act = |value: &str| {
        world.run(&[
            "use",
            "session.json",
            "--direct",
            "--delegate-key-file",
            "frontend.key",
            "--to",
            &game,
            "--call",
            "move(uint8)",
            "--arg",
            "3",
            "--value",
            value,
        ])
    };

    act("0.01 ETH").ok();
    act("0.01 ETH").ok();
    act("0.02 ETH").fails_with("no permission covers execution 0");

    let shown = world.run(&["show", "session.json"]).ok();
    assert_eq!(shown["onChain"]["status"], "enabled", "the first call enabled it");
    assert_eq!(shown["onChain"]["callsRemaining"], 98);
    assert_eq!(shown["onChain"]["fee"], "0", "who calls pays");
}

#[test]
fn a_delegate_may_have_a_p256_key() {
    let world = World::enabled("p256", &["--delegate-kind", "p256"]);

    world.make_move("session.json", "0.01 ETH").ok();

    let shown = world.run(&["show", "session.json"]).ok();
    assert_eq!(shown["session"]["delegateKind"], "p256");
    assert_eq!(shown["onChain"]["callsRemaining"], 99);
    // The same number is another key on the other curve.
    world.work.write_key("frontend.key", &world.work.read("gas.key"));
    world.make_move("session.json", "0.01 ETH").fails_with("the session's delegate is");
}

#[test]
fn what_remains_of_a_budget_is_shown() {
    let world = World::with_module("budget");
    let module = world.module();
    let (account, receiver) = (world.alice.to_string(), world.owner_validator.to_string());
    let validator = receiver.clone();
    let poor = "0x00000000000000000000000000000000000b0b00";
    let new = [
        "new",
        "--template",
        "payout",
        "--amount",
        "0.5 ETH",
        "--per",
        "1d",
        "--account",
        &account,
        "--make-key",
        "frontend.key",
        "--target",
        poor,
        "--module",
        &module,
        "--owner-validator",
        &validator,
        "-o",
        "session.json",
    ];
    world.run(&new).ok();
    world.sign_with("owner.key").ok();
    world.enable().ok();
    let pay = |value: &str| {
        world.run(&[
            "use",
            "session.json",
            "--to",
            poor,
            "--value",
            value,
            "--delegate-key-file",
            "frontend.key",
            "--sender-key-file",
            "gas.key",
        ])
    };

    pay("0.2 ETH").ok();
    let today = world.run(&["show", "session.json"]).ok();
    pay("0.4 ETH").fails_with("budget 0: with this operation");
    world.wait(86_400);
    let tomorrow = world.run(&["show", "session.json"]).ok();

    assert_eq!(today["onChain"]["budgets"][0]["remaining"], "300000000000000000");
    assert_eq!(tomorrow["onChain"]["budgets"][0]["remaining"], "500000000000000000");
    pay("0.4 ETH").ok();
}
