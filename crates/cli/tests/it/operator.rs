//! Who deploys the module and keeps it alive.

use serde_json::{Value, json};

use crate::world::World;

const YEAR: u64 = 365 * 86_400;

#[test]
fn deploying_twice_changes_nothing() {
    let world = World::new("deploy-twice");
    let deploy = [
        "deploy",
        "--wasm",
        &world.wasm,
        "--sender-key-file",
        "gas.key",
        "--deployments",
        "deployments",
    ];
    let with_commit = [&deploy[..], &["--commit", "c0ffee"]].concat();

    let first = world.run(&with_commit).ok();
    let file = format!("deployments/{}.json", first["chainId"]);
    let written = world.work.read(&file);
    let blocks = world.request("eth_blockNumber", &json!([]));
    let second = world.run(&deploy).ok();

    assert_eq!(second["deployed"], false);
    assert_eq!(second["activated"], false);
    assert_eq!(second["recordWritten"], false);
    assert_eq!(world.request("eth_blockNumber", &json!([])), blocks, "nothing was sent");
    assert_eq!(world.work.read(&file), written);
    let record: Value = serde_json::from_str(&written).unwrap();
    assert_eq!(record["address"], first["address"]);
    assert_eq!(record["commit"], "c0ffee");
}

#[test]
fn the_code_on_the_chain_is_what_the_dev_chain_makes_of_the_wasm() {
    let world = World::new("same-code");
    let module = world.deploy();

    let code = world.request("eth_getCode", &json!([module, "latest"]));

    let wasm = std::fs::read(world.work.folder.join(&world.wasm)).unwrap();
    let expected = json!(stylus_devchain::program::code(&wasm));
    assert!(code == expected, "{} and {}", code.to_string().len(), expected.to_string().len());
}

#[test]
fn the_doctor_tells_how_long_the_module_works() {
    let world = World::with_module("doctor");

    let healthy = world.run(&["doctor", "--deployments", "deployments"]).ok();
    assert_eq!(healthy["active"], true);
    assert_eq!(healthy["codeHashIsRight"], true);
    assert_eq!(healthy["cached"], false);
    assert_eq!(healthy["daysLeft"], 365);
    assert_eq!(healthy["stylusVersion"], 3);
}

#[test]
fn the_doctor_activates_a_module_whose_year_is_over() {
    let world = World::with_module("doctor-fix");
    world.wait(YEAR + 1);

    let ill = world.run(&["doctor", "--deployments", "deployments"]);
    ill.fails_with("activated more than a year ago");
    let fixed = world
        .run(&["doctor", "--deployments", "deployments", "--fix", "--sender-key-file", "gas.key"])
        .ok();

    assert_eq!(fixed["fixed"], true);
    assert_eq!(fixed["active"], true);
    world.run(&["doctor", "--deployments", "deployments"]).ok();
}

#[test]
fn the_doctor_knows_other_code_from_the_modules() {
    let world = World::with_module("doctor-other");
    let chain = world.run(&["doctor", "--deployments", "deployments"]).ok()["chainId"].clone();
    let file = format!("deployments/{chain}.json");
    let mut record: Value = serde_json::from_str(&world.work.read(&file)).unwrap();
    record["codeHash"] = json!(alloy_primitives::B256::ZERO);
    world.work.write(&file, &record.to_string());

    let run = world.run(&["doctor", "--deployments", "deployments"]);

    run.fails_with("is not the module of the record");
}
