//! The first second of a window, which EntryPoints since 0.8 find too early.

use std::sync::atomic::{AtomicUsize, Ordering};

use harness::Stage;
use harness::fixtures::EntryPointVersion;
use serde_json::json;

use crate::double::{Double, pass_on};
use crate::world::World;

#[test]
fn the_first_second_is_waited_out() {
    let mut stage = Stage::set_for(EntryPointVersion::V08).unwrap();
    let (module, entry_point) = (stage.module.to_string(), stage.entry_point.address.to_string());
    let alice = stage.oz_account("alice").unwrap();
    stage.install(&alice).unwrap();
    let world = World::on("first-second", stage, &alice);
    // The session begins in the very second of the newest block.
    world.sign(&module, &["--from", "2026-01-01T00:00:00Z"]);
    let (url, asked) = (world.url.clone(), AtomicUsize::new(0));
    let node = Double::before(&world.url, move |request| {
        // The clock stands still until it was asked once.
        if request["method"] == "eth_getBlockByNumber" && asked.fetch_add(1, Ordering::SeqCst) == 2
        {
            for (method, params) in [("evm_increaseTime", json!([1])), ("evm_mine", json!([]))] {
                let time = json!({
                    "jsonrpc": "2.0", "id": 1, "method": method, "params": params,
                });
                pass_on(&url, &time);
            }
        }
        None
    });
    let game = world.game.to_string();

    let run = world.desk.run(&[
        "use",
        "session.json",
        "--rpc",
        &node.url,
        "--entry-point",
        &entry_point,
        "--delegate-key-file",
        "frontend.key",
        "--sender-key-file",
        "gas.key",
        "--to",
        &game,
        "--call",
        "move(uint8)",
        "--arg",
        "3",
    ]);

    assert_eq!(run.ok()["success"], true);
    assert!(node.count("eth_getBlockByNumber") > 2, "the clock was asked again");
}
