//! Sessions without a bundler: orders that anyone brings, and redemptions by ERC-7710.

use alloy_primitives::B256;
use serde_json::{Value, json};

use crate::passkey::Passkey;
use crate::world::{Run, World};

/// The flags of a move in the game.
fn a_move(world: &World, value: &str) -> Vec<String> {
    let game = world.game.to_string();
    ["--to", &game, "--call", "move(uint8)", "--arg", "3", "--value", value]
        .map(str::to_owned)
        .to_vec()
}

fn run(world: &World, arguments: &[&str], value: &str) -> Run {
    let calls = a_move(world, value);
    let calls: Vec<&str> = calls.iter().map(String::as_str).collect();
    world.run(&[arguments, &calls].concat())
}

/// Signs an order for a move into a file.
fn sign(world: &World, file: &str, more: &[&str]) -> Run {
    let sign = ["order", "sign", "session.json", "--delegate-key-file", "frontend.key", "-o", file];
    run(world, &[&sign[..], more].concat(), "0.01 ETH")
}

fn send(world: &World, file: &str, more: &[&str]) -> Run {
    let send = ["order", "send", file, "--sponsor-key-file", "gas.key"];
    world.run(&[&send[..], more].concat())
}

fn on_chain(world: &World) -> Value {
    world.run(&["show", "session.json"]).ok()["onChain"].clone()
}

#[test]
fn a_sponsor_brings_what_a_delegate_of_either_curve_has_signed() {
    for kind in ["secp256k1", "p256"] {
        let world = World::with_executor(&format!("order-{kind}"), &["--delegate-kind", kind]);

        let signed = sign(&world, "order.json", &[]).ok();
        let brought = send(&world, "order.json", &[]).ok();

        assert_eq!(signed["order"]["nonce"], 0);
        assert_eq!(signed["to"], world.module().to_lowercase());
        assert_eq!(brought["success"], true);
        let state = on_chain(&world);
        assert_eq!(state["status"], "enabled", "the first order enables it");
        assert_eq!(state["callsRemaining"], 99, "{kind}");
        assert_eq!(state["fee"], "0", "who brings it pays");
        assert_eq!(state["nextOrder"], 1);
        // The same order again, and from another key: its nonce is used.
        send(&world, "order.json", &[])
            .fails_with("the order has nonce 0, the session's next one is 1");
        assert_eq!(on_chain(&world)["callsRemaining"], 99);
    }
}

#[test]
fn a_passkey_signs_in_its_browser_and_a_sponsor_brings_it() {
    let passkey = Passkey::new(B256::repeat_byte(7));
    let address = passkey.address().to_string();
    let flags = ["--delegate", &address, "--delegate-kind", "webauthn"];
    let world = World::with_executor_for("order-passkey", &flags);

    let unsigned = sign(&world, "order.json", &[]).ok();
    send(&world, "order.json", &[]).fails_with("the order is not signed by its delegate");
    let challenge: B256 = unsigned["digest"].as_str().unwrap().parse().unwrap();
    let signature = passkey.sign(challenge);
    let other = passkey.sign(B256::ZERO);
    send(&world, "order.json", &["--signature", "0x00"]).fails_with("signature has 1 bytes");
    send(&world, "order.json", &["--signature", &other])
        .fails_with("the delegate's signature of the order does not hold");

    send(&world, "order.json", &["--signature", &signature]).ok();

    let state = on_chain(&world);
    assert_eq!((&state["callsRemaining"], &state["nextOrder"]), (&json!(99), &json!(1)));
}

#[test]
fn orders_run_one_after_another_and_which_may_land_is_told() {
    let world = World::with_executor("order-sequence", &[]);
    sign(&world, "first.json", &[]).ok();
    sign(&world, "again.json", &["--deadline", "10m"]).ok();
    sign(&world, "second.json", &["--nonce", "1"]).ok();
    let orders = ["first.json", "again.json", "second.json"];
    let may_land = || -> Vec<bool> {
        let shown = world.run(&[&["order", "show", "session.json"], &orders[..]].concat()).ok();
        let orders = shown["orders"].as_array().unwrap().iter();
        orders.map(|order| order["mayStillLand"].as_bool().unwrap()).collect()
    };

    assert_eq!(may_land(), [true, true, true]);
    send(&world, "second.json", &[])
        .fails_with("the order has nonce 1, the session's next one is 0");
    send(&world, "again.json", &[]).ok();
    assert_eq!(may_land(), [false, false, true], "one of two with the same nonce");
    sign(&world, "late.json", &["--nonce", "0"]).fails_with("the session's next one is 1");
    send(&world, "second.json", &[]).ok();

    assert_eq!(may_land(), [false, false, false]);
    assert_eq!(on_chain(&world)["callsRemaining"], 98);
}

#[test]
fn an_order_ends_with_its_deadline_or_its_session() {
    let world = World::with_executor("order-ends", &[]);
    sign(&world, "order.json", &["--deadline", "1m"]).ok();
    sign(&world, "long.json", &["--deadline", "1d"]).ok();
    sign(&world, "longer.json", &["--deadline", "1d 1s"]).fails_with("more than a day after");
    world.wait(61);
    send(&world, "order.json", &[]).fails_with("the deadline of the order was");

    let keys = ["--owner-key-file", "owner.key", "--sender-key-file", "gas.key"];
    world.run(&[&["revoke", "session.json"][..], &keys].concat()).ok();

    send(&world, "long.json", &[]).fails_with("was revoked");
    let shown = world.run(&["order", "show", "session.json", "long.json"]).ok();
    assert_eq!(shown["orders"][0]["words"], "its session was revoked");
}

#[test]
fn only_its_relayer_brings_an_order_that_names_one() {
    let world = World::with_executor("order-relayer", &[]);
    let relayer = "0x00000000000000000000000000000000000b0b00";
    let named = sign(&world, "order.json", &["--relayer", relayer, "--gas", "0"]).ok();
    assert_eq!(named["order"]["relayer"], relayer);
    send(&world, "order.json", &[]).fails_with("names 0x");
    sign(&world, "free.json", &["--gas", "0"]).fails_with("asks for no gas and names no relayer");

    // A file that says otherwise is another order than the one that was signed.
    let text = world.work.read("order.json");
    let mut file: Value = serde_json::from_str(&text).unwrap();
    file.as_object_mut().unwrap().remove("relayer");
    file["gas"] = json!(1);
    world.work.write("order.json", &file.to_string());
    send(&world, "order.json", &[])
        .fails_with("the delegate's signature of the order does not hold");
}

#[test]
fn a_use_is_brought_by_a_sponsor_in_one_step() {
    let world = World::with_executor("use-sponsored", &[]);
    let used = ["use", "session.json", "--delegate-key-file", "frontend.key"];
    let sponsored =
        |value: &str| run(&world, &[&used[..], &["--sponsor-key-file", "gas.key"]].concat(), value);

    let done = sponsored("0.01 ETH").ok();
    sponsored("0.01 ETH").ok();
    sponsored("0.02 ETH").fails_with("no permission covers execution 0");

    assert_eq!(done["order"]["nonce"], 0);
    assert_eq!(done["order"]["relayer"], done["sponsor"], "no one else can spend it");
    assert!(done["order"]["gas"].as_u64().unwrap() > 20_000, "{done}");
    assert_eq!(on_chain(&world)["callsRemaining"], 98);
}

#[test]
fn a_delegate_redeems_what_a_wallet_has_granted() {
    let world = World::with_executor("redeem", &[]);
    let delegate = world.run(&["show", "session.json"]).ok()["session"]["delegate"].clone();
    world.request("hardhat_setBalance", &json!([delegate, "0xde0b6b3a7640000"]));
    let redeem = |value: &str| {
        let used = ["use", "session.json", "--redeem", "--delegate-key-file", "frontend.key"];
        run(&world, &used, value)
    };

    redeem("0.01 ETH").ok();
    redeem("0.01 ETH").ok();
    redeem("0.02 ETH").fails_with("no permission covers execution 0");

    let state = on_chain(&world);
    assert_eq!(state["status"], "enabled", "the first redemption enabled it");
    assert_eq!(state["callsRemaining"], 98);
    assert_eq!(state["nextOrder"], 0, "only orders move their nonce");
}

#[test]
fn a_key_without_an_address_calls_nothing() {
    let world = World::with_executor("redeem-p256", &["--delegate-kind", "p256"]);
    for way in ["--direct", "--redeem"] {
        let used = ["use", "session.json", way, "--delegate-key-file", "frontend.key"];
        run(&world, &used, "0.01 ETH").fails_with("which has no address to call from");
    }
}

#[test]
fn without_the_executor_nothing_is_signed_and_the_remedy_says_how() {
    let world = World::enabled("no-executor", &[]);
    for more in [&["--sponsor-key-file", "gas.key"][..], &["--direct"], &["--redeem"]] {
        let used = ["use", "session.json", "--delegate-key-file", "frontend.key"];
        let run = run(&world, &[&used[..], more].concat(), "0.01 ETH");

        let (error, remedy) = run.failed();
        assert!(error.ends_with("as an executor"), "{error}");
        assert!(remedy.contains("--executor"), "{remedy}");
    }
}

/// Every session has the direct path then: whoever installs it is told, in the JSON too.
#[test]
fn what_an_executor_means_is_told_where_it_is_installed() {
    let world = World::with_module("executor-meaning");
    let module = world.module();
    world.sign(&module, &[]);
    let by_print = ["enable", "session.json", "--by", "print", "--executor"];
    let validator = world.owner_validator.to_string();
    let printed = world.run(&[&by_print[..], &["--owner-validator", &validator]].concat()).ok();
    let installed = world.enable_with(&["--executor"]).ok();
    for told in [printed, installed] {
        let note = told["notes"][0].as_str().unwrap();
        assert!(note.contains("feeLimit is no total"), "{note}");
        assert!(note.contains("older ones too"), "{note}");
    }
    world
        .run(&["enable", "session.json", "--executor", "--sender-key-file", "gas.key"])
        .fails_with("only the account itself installs");
}

#[test]
fn an_executor_is_installed_later_too() {
    let world = World::enabled("executor-later", &[]);
    world.enable_with(&["--executor"]).ok();

    let used = ["use", "session.json", "--delegate-key-file", "frontend.key"];
    run(&world, &[&used[..], &["--sponsor-key-file", "gas.key"]].concat(), "0.01 ETH").ok();
    assert_eq!(on_chain(&world)["callsRemaining"], 99);
}
