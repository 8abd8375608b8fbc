//! The record of the module, and what the clients know of it. That the record is what the sources
//! build is a test of the command line.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;
use smart_session_client::RELEASED_MODULES;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn record() -> Value {
    let text = fs::read_to_string(root().join("deployments/module.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

/// Returns the recorded builds, the release first.
fn builds(record: &Value) -> Vec<&Value> {
    let release = record["release"].as_str().unwrap();
    let builds = record["builds"].as_object().unwrap();
    let others = builds.iter().filter(|(name, _)| *name != release).map(|(_, build)| build);
    [&builds[release]].into_iter().chain(others).collect()
}

fn field<'a>(build: &'a Value, name: &str) -> &'a str {
    build[name].as_str().unwrap()
}

#[test]
fn the_rust_client_knows_the_recorded_builds_the_release_first() {
    let record = record();

    let known = RELEASED_MODULES.iter().map(|module| {
        let hash = module.wasm_sha256.to_string();
        let address = module.address.to_string().to_lowercase();
        [address, module.code_hash.to_string(), hash, module.toolchain.into()]
    });

    let recorded = builds(&record).into_iter().map(|build| {
        let hash = format!("0x{}", field(build, "wasmSha256"));
        let toolchain = field(build, "toolchain").to_owned();
        [field(build, "address").into(), field(build, "codeHash").into(), hash, toolchain]
    });
    let recorded: Vec<[String; 4]> = recorded.collect();
    assert_eq!(known.collect::<Vec<_>>(), recorded, "run scripts/module-tables");
}

#[test]
fn the_typescript_client_knows_the_recorded_builds_the_release_first() {
    let table = fs::read_to_string(root().join("ts/src/session/releasedModules.ts")).unwrap();
    let record = record();

    let known: Vec<_> = table.split('\'').filter(|it| it.starts_with("0x")).collect();

    let recorded = builds(&record);
    let recorded =
        recorded.iter().flat_map(|build| [field(build, "address"), field(build, "codeHash")]);
    assert_eq!(known, recorded.collect::<Vec<_>>(), "run scripts/module-tables");
}

/// A commit that may still be rebased is a name for nothing: none is named until the sources are on
/// the main branch.
#[test]
fn the_recorded_commit_is_one_of_this_history_if_there_is_one() {
    let record = record();
    let Some(commit) = record["commit"].as_str() else { return };
    assert!(commit.len() == 40 && commit.chars().all(|c| c.is_ascii_hexdigit()), "{commit}");
    let git = |arguments: &[&str]| {
        Command::new("git").arg("-C").arg(root()).args(arguments).output().ok()
    };
    // Without git's history, or with a part of it: scripts/test counts that as skipped.
    let known = git(&["cat-file", "-e", &format!("{commit}^{{commit}}")]);
    if known.is_none_or(|output| !output.status.success()) {
        return;
    }

    let ancestor = git(&["merge-base", "--is-ancestor", commit, "HEAD"]).unwrap();

    assert!(ancestor.status.success(), "{commit}: run scripts/record-module --commit");
}
