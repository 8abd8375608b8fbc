//! `session check --fork`: the operation runs on a copy of the chain.

use testbed::TestBed;

use crate::world::{Run, World};

/// A chain with the module installed on Alice's account, at the address that it returns, and a session
/// that is signed and not enabled.
fn signed(test: &str) -> (World, String) {
    let mut bed = TestBed::set().unwrap();
    let module = bed.module.to_string();
    let alice = bed.oz_account("alice").unwrap();
    bed.install(&alice).unwrap();
    let world = World::on(test, bed, &alice);
    world.sign(&module, &[]);
    (world, module)
}

fn check(world: &World, call: &str, argument: &str, more: &[&str]) -> Run {
    let game = world.game.to_string();
    let call = ["check", "session.json", "--to", &game, "--call", call, "--arg", argument];
    world.run(&[&call[..], more].concat())
}

#[cfg(feature = "fork")]
mod with_the_feature {
    use alloy_primitives::keccak256;
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn an_operation_is_played_to_its_end_and_nothing_is_sent() {
        let (world, _) = signed("fork-passes");
        let before = world.request("eth_blockNumber", &json!([]));

        // The session is not enabled: the fork enables it on its way, and has no key to sign with.
        let seen = check(&world, "move(uint8)", "3", &["--value", "0.01 ETH", "--fork"]).ok();

        assert_eq!((&seen["wouldPass"], &seen["enables"]), (&json!(true), &json!(true)));
        let fork = &seen["fork"];
        assert_eq!(fork["reason"], Value::Null);
        assert_eq!(before, json!(format!("{:#x}", fork["block"].as_u64().unwrap())));
        // The game's event, with the value that was moved, and no other.
        let events = fork["events"].as_array().unwrap();
        assert_eq!(events.len(), 1, "{events:?}");
        let game = world.game.to_string().to_lowercase();
        assert_eq!(events[0]["address"].as_str().unwrap().to_lowercase(), game);
        let moved = keccak256("Moved(address,uint8,uint256)").to_string();
        assert_eq!(events[0]["topics"][0], moved);
        let data = events[0]["data"].as_str().unwrap();
        assert!(data.ends_with(&format!("{:064x}", 10_000_000_000_000_000_u64)), "{data}");
        // The module is a program that starts, the game's move a call with value.
        assert!(fork["validationGas"].as_u64().unwrap() > 20_000, "{fork}");
        assert!(fork["callGas"].as_u64().unwrap() > 9_000, "{fork}");
        assert_eq!(world.request("eth_blockNumber", &json!([])), before);
        assert_eq!(world.check_move("0.01 ETH").ok()["enables"], true, "still not enabled");
    }

    #[test]
    fn it_is_told_to_people_in_lines() {
        let (world, module) = signed("fork-lines");
        let game = world.game.to_string();
        let arguments = [
            "check",
            "session.json",
            "--rpc",
            &world.url,
            "--module",
            &module,
            "--to",
            &game,
            "--call",
            "move(uint8)",
            "--arg",
            "3",
            "--fork",
        ];

        let run = world.work.run_plain(&arguments);

        assert_eq!(run.code, Some(0), "{}", run.stderr);
        let lines: Vec<_> = run.stdout.lines().collect();
        assert!(lines[0].starts_with("it would pass"), "{lines:?}");
        assert!(lines[1].starts_with("on a fork of block "), "{lines:?}");
        assert!(lines[1].ends_with(" it runs"), "{lines:?}");
        assert!(lines[2].trim().starts_with("validation"), "{lines:?}");
    }

    #[test]
    fn rules_are_told_before_a_fork_is_made() {
        let (world, _) = signed("fork-rules");

        let run = check(&world, "withdraw(uint256)", "1", &["--fork"]);

        assert_eq!(run.code, Some(3), "{}", run.stderr);
        let document: Value = serde_json::from_str(&run.stdout).unwrap();
        assert_eq!(document["rule"], "SelectorNotPermitted");
        assert_eq!(document.get("fork"), None);
    }
}

#[cfg(not(feature = "fork"))]
#[test]
fn a_build_without_the_chain_says_so_before_anything_else() {
    let (world, _) = signed("no-fork");

    let run = check(&world, "move(uint8)", "3", &["--fork"]);

    let (error, remedy) = run.failed();
    assert_eq!(error, "this build of the command has no embedded chain to fork with");
    assert_eq!(remedy, "install it with: cargo install smart-session-cli --features fork");
}
