//! The first second of a window, which EntryPoints since 0.8 find too early.

use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::json;
use testbed::TestBed;
use testbed::fixtures::EntryPointVersion;

use crate::double::{Double, pass_on};
use crate::world::World;

#[test]
fn the_first_second_is_waited_out() {
    let mut bed = TestBed::set_for(EntryPointVersion::V08).unwrap();
    let (module, entry_point) = (bed.module.to_string(), bed.entry_point.address.to_string());
    let alice = bed.oz_account("alice").unwrap();
    bed.install(&alice).unwrap();
    let world = World::on("first-second", bed, &alice);
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

    let run = world.run_offline(&[
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
