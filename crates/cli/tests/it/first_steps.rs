//! What is told where a first step is wrong: the address, the key or the file.

use serde_json::{Value, json};
use smart_session_client::RELEASED_MODULES;

use crate::world::World;

/// PUSH1 32, PUSH0, RETURN: whatever is asked, the answer is zero.
const ANSWERS_ZERO: &str = "0x60205ff3";

fn new_session<'a>(account: &'a str, game: &'a str) -> Vec<&'a str> {
    let delegate = "0x000000000000000000000000000000000000d1e6";
    vec!["new", "--account", account, "--delegate", delegate, "--target", game, "--call", "f()"]
}

#[test]
fn a_session_is_for_the_build_of_the_release_that_the_chain_has() {
    let world = World::new("which-build");
    let (account, game) = (world.alice.to_string(), world.game.to_string());
    let new = [&new_session(&account, &game)[..], &["--rpc", &world.url]].concat();
    let module = || -> Value { world.work.run(&new).ok()["session"]["module"].clone() };
    let [release, other] = RELEASED_MODULES else { panic!("there are two builds") };

    assert_eq!(module(), release.address.to_string(), "neither is there");
    world.request("hardhat_setCode", &json!([other.address, ANSWERS_ZERO]));
    assert_eq!(module(), other.address.to_string());
    let listed = world.work.run(&["list", "--account", &account, "--rpc", &world.url]);
    assert_eq!(listed.ok()["sessions"], json!([]));
    world.request("hardhat_setCode", &json!([release.address, ANSWERS_ZERO]));
    assert_eq!(module(), release.address.to_string(), "both are there");
}

#[test]
fn an_address_without_a_contract_is_told_before_it_is_signed_for() {
    let world = World::new("no-account");
    let (game, url) = (world.game.to_string(), world.url.as_str());
    let of_key = "0xE8178F1f698082E2f34e8Cf05beeA500F9E152eE";
    let new = [&new_session(of_key, &game)[..], &["--rpc", url, "-o", "session.json"]].concat();
    let no_account = format!("there is no contract at account {of_key} on chain 412346");
    let no_module = format!("there is no module at {} on chain", RELEASED_MODULES[0].address);

    let made = world.work.run_plain(&new);
    assert_eq!(made.code, Some(0), "{}", made.stderr);
    let sign = ["sign", "session.json", "--owner-key-file", "gas.key", "--rpc", url];
    let unsigned = world.work.run_plain(&sign);
    assert!(unsigned.stderr.contains("Try: name it (accountKind, --account-kind)"));
    let kind = ["--account-kind", "nexus", "--owner-validator", &game];
    let signed = world.work.run_plain(&[&sign[..], &kind].concat());

    for run in [made, unsigned, signed] {
        assert!(run.stderr.contains(&no_account), "{}", run.stderr);
        assert!(run.stderr.contains(&no_module), "{}", run.stderr);
    }
}

#[test]
fn a_delegate_without_ether_is_told_who_could_pay() {
    let world = World::with_executor("no-ether", &[]);
    let game = world.game.to_string();
    let act = ["use", "session.json", "--to", &game, "--call", "move(uint8)", "--arg", "1"];
    let act = [&act[..], &["--delegate-key-file", "frontend.key"]].concat();

    let (error, remedy) = world.run(&[&act[..], &["--direct"]].concat()).failed();
    assert!(error.contains("insufficient funds"), "{error}");
    assert!(remedy.starts_with("send ether to the key that pays"), "{remedy}");

    let (error, remedy) = world.run(&act).failed();
    assert_eq!(error, "the sender's key is missing");
    assert!(remedy.ends_with("--bundler, --sponsor-key-file, --direct or --redeem"), "{remedy}");
}

#[test]
fn a_file_that_is_not_there_is_told_by_what_it_should_be() {
    let world = World::new("no-file");
    let (account, game) = (world.alice.to_string(), world.game.to_string());
    let response = ["request", "accept", "nowhere.json"];
    let order = ["order", "send", "nowhere.json", "--sponsor-key-file", "gas.key"];
    let request = ["request", "read", "nowhere.json", "--account", &account];
    let sign_in = [&new_session(&account, &game)[..5], &["--sign-in", "nowhere.json"]].concat();
    let sign_in = [&sign_in[..], &["--template", "sign-in-and-permits"]].concat();

    for (command, wanted) in [
        (&response[..], "one response of wallet_requestExecutionPermissions"),
        (&order, "session order sign"),
        (&request, "one session as JSON"),
        (&sign_in, "session new --help"),
        (&["show", "nowhere.json"], "name a session file"),
    ] {
        let (error, remedy) = world.run(command).failed();
        assert!(error.starts_with("nowhere.json cannot be read"), "{error}");
        assert!(remedy.contains(wanted), "{command:?}: {remedy}");
    }
}
