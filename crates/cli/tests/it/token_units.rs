//! Amounts are told by the decimals that their tokens have, whatever a file says.

use serde_json::{Value, json};

use crate::world::World;

const TOKEN: &str = "0x0000000000000000000000000000000000709e17";
const RECEIVER: &str = "0x000000000000000000000000000000000000f00d";
/// Answers each call with one word: what a token of so many decimals says.
const SAYS_6: &str = "0x60065f5260205ff3";
const SAYS_18: &str = "0x60125f5260205ff3";
/// No uint8, though its last byte is 6.
const SAYS_262: &str = "0x6101065f5260205ff3";
const REVERTS: &str = "0x5f5ffd";

/// A world with a session for 12.5 of a token, which is said to have 6 decimals.
fn granted(test: &str) -> World {
    let world = World::with_module(test);
    answer(&world, SAYS_6);
    let (account, validator) = (world.alice.to_string(), world.owner_validator.to_string());
    let party = ["new", "--account", &account, "--owner-validator", &validator];
    let key = ["--make-key", "frontend.key", "--receiver", RECEIVER, "-o", "session.json"];
    world.run(&[&party[..], &TERMS, &key].concat()).ok();
    world
}

const TERMS: [&str; 8] =
    ["--template", "allowance", "--target", TOKEN, "--amount", "12.5", "--decimals", "6"];

fn answer(world: &World, code: &str) {
    world.request("hardhat_setCode", &json!([TOKEN, code]));
}

fn words(document: &Value) -> String {
    document["words"].to_string().to_lowercase()
}

const SIGN: [&str; 4] = ["sign", "session.json", "--owner-key-file", "owner.key"];

#[test]
fn what_a_token_contradicts_is_not_granted() {
    let world = granted("decimals");
    answer(&world, SAYS_18);
    let (account, game) = (world.alice.to_string(), world.game.to_string());

    let new = ["new", "--account", &account, "--delegate", &game, "--receiver", RECEIVER];
    for command in [&SIGN[..], &["typed-data", "session.json"], &[&new[..], &TERMS].concat()] {
        world.run(command).fails_with("has 18 decimals, the session says 6");
    }
    world.sign_with("owner.key").ok();
    world.enable().fails_with("has 18 decimals, the session says 6");
}

#[test]
fn what_is_shown_is_what_the_token_says() {
    let world = granted("decimals-shown");
    let show = ["show", "session.json"];
    assert!(words(&world.run(&show).ok()).contains(&format!("12.5 of token {TOKEN}")));

    answer(&world, SAYS_18);

    let shown = world.run(&show).ok();
    let amount = format!("0.0000000000125 of token {TOKEN} (12500000 of its smallest unit)");
    assert!(words(&shown).contains(&amount), "{}", words(&shown));
}

#[test]
fn a_token_that_does_not_tell_is_told_of() {
    let world = granted("decimals-untold");
    let node = ["--module", &world.module(), "--rpc", &world.url];
    for code in [REVERTS, SAYS_262, "0x"] {
        answer(&world, code);

        let signed = world.work.run_plain(&[&SIGN[..], &node].concat());

        assert_eq!(signed.code, Some(0), "{code}: {}", signed.stderr);
        let told = signed.stderr.to_lowercase();
        assert!(told.contains(&format!("token {TOKEN} does not tell its decimals here")), "{told}");
    }
}
