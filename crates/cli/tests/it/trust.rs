//! Nothing is signed, installed or believed because a file or a folder says so.

use serde_json::{Value, json};

use crate::world::{WorkFolder, World};

const ADDRESS: &str = "0x00000000000000000000000000000000000a11ce";
const TARGET: &str = "0x0000000000000000000000000000000000009a3e";

/// A session file that names the game as its module: it could be any contract.
#[test]
fn a_module_that_only_a_file_names_is_refused_by_every_command_that_acts() {
    let world = World::with_module("foreign-module");
    let module = world.module();
    world.sign(&module, &[]);
    let game = world.game.to_string();
    let mut foreign: Value = serde_json::from_str(&world.work.read("session.json")).unwrap();
    foreign["module"] = json!(game);
    world.work.write("foreign.json", &foreign.to_string());
    let keys = ["--owner-key-file", "owner.key", "--sender-key-file", "gas.key"];
    let node = ["--rpc", world.url.as_str()];
    let call = ["--to", TARGET, "--delegate-key-file", "frontend.key"];
    let acts: [&[&str]; 6] = [
        &["sign", "foreign.json", "--owner-key-file", "owner.key"],
        &["typed-data", "foreign.json"],
        &["enable", "foreign.json", "--by", "account"],
        &["enable", "foreign.json"],
        &["revoke", "foreign.json"],
        &["use", "foreign.json"],
    ];

    for act in acts {
        let more: &[&str] = match act[0] {
            "enable" | "revoke" => &keys,
            "use" => &call,
            _ => &[],
        };
        let act = [act, more, &node].concat();
        world.work.run(&act).fails_with("is of no known session module");
        // The flag names another module than the file does.
        let other = [&act[..], &["--module", &module]].concat();
        world.work.run(&other).fails_with("the session is for module");
    }
    let offline = ["sign", "foreign.json", "--owner-key-file", "owner.key"];
    world.work.run(&offline).fails_with("is not known as a session module");
    assert_eq!(world.work.read("foreign.json"), foreign.to_string(), "nothing was signed");
    // What only reads tells it.
    let shown = world.work.run_plain(&["show", "foreign.json"]);
    assert_eq!(shown.code, Some(0), "{}", shown.stderr);
    assert!(shown.stderr.contains("is not known as a session module"), "{}", shown.stderr);
}

/// The folder that one stands in may be downloaded.
#[test]
fn records_of_the_current_folder_are_not_read() {
    let world = World::with_module("foreign-folder");
    let chain: u64 = 412_346;
    let record = json!({
        "address": world.game, "codeHash": alloy_primitives::B256::ZERO, "wasmSha256": "",
        "commit": null, "toolchain": null,
    });
    world.work.write(&format!("deployments/{chain}.json"), &record.to_string());
    let new = [
        "new",
        "--account",
        ADDRESS,
        "--delegate",
        TARGET,
        "--target",
        TARGET,
        "--call",
        "move(uint8)",
        "--chain",
        "412346",
    ];

    let unread = world.work.run(&new).ok();
    let named = world.work.run(&[&new[..], &["--deployments", "deployments"]].concat()).ok();

    let record = json_file(&format!("{ROOT}/deployments/module.json"));
    let released = &record["builds"][record["release"].as_str().unwrap()];
    let address = |value: &Value| value.as_str().unwrap().to_lowercase();
    assert_eq!(address(&unread["session"]["module"]), address(&released["address"]));
    assert_eq!(address(&named["session"]["module"]), address(&json!(world.game)));
}

#[test]
fn the_code_of_a_file_that_the_user_names_is_known() {
    let world = World::with_module("known-code");
    let module = world.module();
    world.sign(&module, &[]);

    let sign = ["sign", "session.json", "--owner-key-file", "owner.key", "--wasm", "module.wasm"];
    world.run(&sign).ok();
    let record = ["show", "session.json", "--deployments", "deployments"];
    let shown = world.work.run_plain(&[&record[..], &["--rpc", &world.url]].concat());

    assert_eq!(shown.code, Some(0), "{}", shown.stderr);
    assert!(!shown.stderr.contains("known session module"), "{}", shown.stderr);
}

#[test]
fn a_validator_that_only_the_file_names_is_not_pinned() {
    let world = World::with_module("unconfirmed-validator");
    let module = world.module();
    world.sign(&module, &[]);
    let validator = world.owner_validator.to_string();
    let enable = [
        "enable",
        "session.json",
        "--by",
        "account",
        "--owner-key-file",
        "owner.key",
        "--sender-key-file",
        "gas.key",
    ];

    let unconfirmed = world.run(&enable);
    let (reason, remedy) = unconfirmed.failed();
    let other = world.game.to_string();
    let wrong = world.run(&[&enable[..], &["--owner-validator", &other]].concat());

    assert!(reason.contains("nobody has confirmed it"), "{reason}");
    assert!(remedy.contains(&validator), "{remedy}");
    wrong.fails_with("as its owner");
    let shown = world.run(&["show", "session.json"]).ok();
    assert_eq!(shown["onChain"]["status"], "not enabled");
    world.enable().ok();
}

/// The word of the account in the module: flags, epoch, length of the route, route.
fn route(world: &World) -> String {
    let account = format!("{:0>64}", alloy_primitives::hex::encode(world.alice));
    let tag = alloy_primitives::keccak256("SmartSession.account");
    let preimage = alloy_primitives::hex::decode(account + &alloy_primitives::hex::encode(tag));
    let slot = alloy_primitives::keccak256(preimage.unwrap());
    let stored = world.request("eth_getStorageAt", &json!([world.module(), slot, "latest"]));
    stored.as_str().unwrap()[2 + 18..].to_owned()
}

#[test]
fn installing_the_executor_keeps_the_route_that_there_is() {
    let world = World::enabled("kept-route", &["--salt", "1"]);
    let module = world.module();
    let before = route(&world);
    // The next session names another validator: that is not the route.
    world.sign_again(&module, &["--salt", "2"]);
    let mut session: Value = serde_json::from_str(&world.work.read("session.json")).unwrap();
    session["ownerValidator"] = json!(world.owner_validator);
    world.work.write("session.json", &session.to_string());

    world.enable_with(&["--executor"]).ok();

    assert!(
        before.starts_with("14")
            && before.contains(&alloy_primitives::hex::encode(world.owner_validator))
    );
    assert_eq!(route(&world), before);
}

#[test]
fn revoking_where_nothing_was_enabled_is_told() {
    let world = World::enabled("revoke-unknown", &["--salt", "1"]);
    let module = world.module();
    world.sign_again(&module, &["--salt", "2"]);
    let keys = ["--owner-key-file", "owner.key", "--sender-key-file", "gas.key"];
    let node = ["--rpc", &world.url, "--module", &module];

    let revoke = [&["revoke", "session.json"][..], &keys, &node].concat();
    let told = world.work.run_plain(&revoke);

    assert_eq!(told.code, Some(0), "{}", told.stderr);
    assert!(told.stderr.contains("has never enabled session"), "{}", told.stderr);
    assert_eq!(world.work.run(&revoke).ok()["status"], "revoked");
}

#[test]
fn a_listed_session_is_shown_and_revoked_by_its_id() {
    let world = World::enabled("by-id", &["--salt", "1"]);
    let module = world.module();
    world.sign_again(&module, &["--salt", "2"]);
    world.make_move("session.json", "0.01 ETH").ok();
    std::fs::remove_file(world.work.folder.join("session.json")).unwrap();
    let (account, validator) = (world.alice.to_string(), world.owner_validator.to_string());
    let listed = world.run(&["list", "--account", &account]).ok();
    let ids: Vec<&str> = listed["sessions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|session| session["sessionId"].as_str().unwrap())
        .collect();
    let owner = ["--owner-validator", &validator, "--owner-key-file", "owner.key"];
    let keys = [&owner[..], &["--sender-key-file", "gas.key"]].concat();

    let shown = world.run(&["show", ids[0]]).ok();
    world.run(&[&["revoke", ids[0]][..], &keys].concat()).ok();
    let status = |id: &str| world.run(&["show", id]).ok()["onChain"]["status"].clone();

    assert_eq!(ids.len(), 2);
    assert_eq!(shown["session"]["account"], json!(account));
    assert_eq!([status(ids[0]), status(ids[1])], [json!("revoked"), json!("enabled")]);
    // The account alone is enough to end everything.
    let all = world.run(&[&["revoke", "--all", "--account", &account][..], &keys].concat()).ok();
    assert_eq!(all["all"], true);
    assert_eq!(status(ids[1]), "void: all sessions of its epoch were revoked");
    let nowhere = format!("0x{}", "11".repeat(32));
    world.run(&["show", &nowhere]).fails_with("was ever enabled at module");
    world.work.run(&["show", ids[0]]).fails_with("no node is named");
}

#[test]
fn the_doctor_is_content_only_with_what_it_has_compared() {
    let world = World::with_module("doctor-strict");
    let module = world.module();
    let other = world.game.to_string();
    let doctor = |arguments: &[&str]| world.run(&[&["doctor"], arguments].concat());
    std::fs::create_dir(world.work.folder.join("empty")).unwrap();

    let by_file = doctor(&["--module", &module, "--wasm", "module.wasm"]).ok();
    doctor(&["--deployments", "empty"]).fails_with("has no record of chain");
    doctor(&["--module", &other, "--wasm", "module.wasm"]).fails_with("no Stylus program");
    let chain = by_file["chainId"].clone();
    let file = format!("deployments/{chain}.json");
    let mut record: Value = serde_json::from_str(&world.work.read(&file)).unwrap();
    record["address"] = json!(other);
    world.work.write(&file, &record.to_string());
    let elsewhere = doctor(&["--module", &module, "--deployments", "deployments"]);

    assert_eq!(by_file["comparedWith"], "the file (--wasm)");
    elsewhere.fails_with("is not the module of the record");
}

/// A chain that was just started has nothing on it.
#[test]
fn deploying_puts_the_deterministic_deployer_on_a_chain_without_it() {
    let world = World::new("no-deployer");
    let deployer = "0x4e59b44847b379578588920cA78FbF26c0B4956C";
    let code = world.request("eth_getCode", &json!([deployer, "latest"]));
    world.request("hardhat_setCode", &json!([deployer, "0x"]));
    world.request("hardhat_setNonce", &json!([deployer, "0x0"]));

    world.deploy();

    assert_eq!(world.request("eth_getCode", &json!([deployer, "latest"])), code);
}

/// What the address is made of, as docs/operating.md says it, put together by hand.
#[test]
fn the_address_is_what_the_documents_compute_by_hand() {
    let world = World::new("by-hand");
    let wasm = std::fs::read(world.work.folder.join(&world.wasm)).unwrap();
    let code = stylus_devchain::program::code(&wasm);
    let [high, low] = u16::try_from(code.len()).unwrap().to_be_bytes();
    let mut init = vec![0x61, high, low, 0x80, 0x60, 0x0a, 0x5f, 0x39, 0x5f, 0xf3];
    init.extend(code.iter());
    let deployer: alloy_primitives::Address =
        "0x4e59b44847b379578588920cA78FbF26c0B4956C".parse().unwrap();
    let init_hash = alloy_primitives::keccak256(&init);
    let preimage = [&[0xff], deployer.as_slice(), &[0; 32], init_hash.as_slice()].concat();
    let by_hand = alloy_primitives::Address::from_word(alloy_primitives::keccak256(preimage));

    assert_eq!(world.module(), by_hand.to_string().to_lowercase());
    let document = include_str!("../../../../docs/operating.md");
    for words in [
        "`0x4e59b44847b379578588920cA78FbF26c0B4956C`",
        "`61 LLLL 80 60 0a 5f 39 5f f3`",
        "quality 11, window 22",
        "salt of 32 zero bytes",
        "`0xEFF00000`",
    ] {
        assert!(document.contains(words), "{words}");
    }
}

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

fn json_file(path: &str) -> Value {
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// The record is judged by bytes alone: a commit that changes none of them needs no new record.
#[test]
fn the_record_of_the_module_is_what_this_checkout_builds() {
    let world = World::new("released");
    let target = std::env::var("CARGO_TARGET_DIR").unwrap_or_else(|_| format!("{ROOT}/target"));
    let note = json_file(&format!("{target}/wasm/smart_session.json"));
    let record = json_file(&format!("{ROOT}/deployments/module.json"));
    let recorded = &record["builds"][note["toolchain"].as_str().unwrap()];
    if recorded["toolchain"] != note["rustc"] {
        // Another compiler: scripts/test counts that as skipped.
        return;
    }

    let built = world.work.run(&["deploy", "--wasm", &world.wasm, "--dry-run"]).ok();

    for field in ["wasmSha256", "codeHash", "address"] {
        assert_eq!(recorded[field], built[field], "{field}: run scripts/record-module");
    }
    assert_eq!(recorded["wasmBytes"], note["bytes"], "run scripts/record-module");
    // And so the doctor finds and knows it, also where it is not the build that is the release.
    let nowhere = world.run(&["doctor"]);
    for build in record["builds"].as_object().unwrap().values() {
        let address: alloy_primitives::Address =
            build["address"].as_str().unwrap().parse().unwrap();
        nowhere.fails_with(&address.to_string());
    }
    let module = world.deploy();
    for named in [&["doctor"][..], &["doctor", "--module", &module]] {
        let judged = world.run(named).ok();
        assert_eq!(judged["comparedWith"], "this program's release");
        assert_eq!(judged["address"], module);
    }
}

#[test]
fn help_and_version_are_no_failures() {
    let work = WorkFolder::new("help-status");
    for arguments in [&["--help"][..], &["--version"], &["use", "--help"], &["help", "revoke"]] {
        let run = work.run_plain(arguments);

        assert_eq!(run.code, Some(0), "{arguments:?}");
        assert!(run.stdout.lines().all(|line| line.chars().count() <= 100), "{arguments:?}");
    }
}
