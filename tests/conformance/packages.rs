//! What is published: each package is complete, says what it is, and names the compiler that it needs.
//! That the packed crates build and install is checked by `scripts/release --install`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

const PUBLISHED: [&str; 4] =
    ["smart-session-core", "smart-session-client", "smart-session-cli", "stylus-devchain"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn cargo(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO")).current_dir(root()).args(arguments).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn metadata(arguments: &[&str]) -> Value {
    let common = ["metadata", "--format-version", "1", "--offline", "--locked"];
    serde_json::from_str(&cargo(&[&common, arguments].concat())).unwrap()
}

/// Returns the workspace's own packages by their names.
fn own_packages() -> BTreeMap<String, Value> {
    let Value::Array(packages) = metadata(&["--no-deps"])["packages"].take() else {
        panic!("cargo knows no packages")
    };
    packages.into_iter().map(|it| (it["name"].as_str().unwrap().to_owned(), it)).collect()
}

fn files_of(package: &str) -> BTreeSet<PathBuf> {
    let list = ["package", "--list", "--allow-dirty", "--offline", "--package", package];
    cargo(&list).lines().map(PathBuf::from).collect()
}

/// Returns the files that a source names to be compiled in.
fn included(source: &str) -> impl Iterator<Item = &str> {
    let parts = ["include_str!(\"", "include_bytes!(\""];
    parts.into_iter().flat_map(move |part| {
        source.split(part).skip(1).map(|rest| rest.split_once('"').unwrap().0)
    })
}

/// Returns a path without the steps back in it.
fn normal(path: &Path) -> PathBuf {
    path.components().fold(PathBuf::new(), |mut normal, part| {
        if part.as_os_str() == ".." {
            assert!(normal.pop(), "{} leaves the package", path.display());
        } else {
            normal.push(part);
        }
        normal
    })
}

#[test]
fn every_published_crate_carries_what_its_sources_include_and_its_licences() {
    let packages = own_packages();
    for name in PUBLISHED {
        let folder = Path::new(packages[name]["manifest_path"].as_str().unwrap()).parent().unwrap();
        let files = files_of(name);

        for file in ["README.md", "LICENSE-MIT", "LICENSE-APACHE", "Cargo.lock"] {
            assert!(files.contains(Path::new(file)), "{name} lacks {file}");
        }
        let sources = files.iter().filter(|it| it.extension().is_some_and(|it| it == "rs"));
        let mut count = 0;
        for path in sources {
            let source = fs::read_to_string(folder.join(path)).unwrap();
            for file in included(&source) {
                let file = normal(&path.parent().unwrap().join(file));
                assert!(files.contains(&file), "{name}: {path:?} includes {file:?}, not packed");
            }
            count += 1;
        }
        assert!(count > 20, "{name} has sources: {count}");
    }
}

#[test]
fn every_published_crate_says_what_it_is_and_nothing_else_is_published() {
    let packages = own_packages();
    for (name, package) in &packages {
        let is_published = package["publish"].is_null();
        assert_eq!(is_published, PUBLISHED.contains(&name.as_str()), "{name}");
        if !is_published {
            continue;
        }
        let text = |field: &str| package[field].as_str().unwrap_or_default().to_owned();
        assert!(text("description").len() > 40, "{name}");
        assert_eq!(text("readme"), "README.md", "{name}");
        assert_eq!(text("license"), "MIT OR Apache-2.0", "{name}");
        assert_eq!(text("edition"), "2024", "{name}");
        let list = |field: &str| package[field].as_array().unwrap().clone();
        // The registry's limits.
        assert!((1..=5).contains(&list("keywords").len()), "{name}");
        assert!(list("keywords").iter().all(|it| it.as_str().unwrap().len() <= 20), "{name}");
        assert!((1..=5).contains(&list("categories").len()), "{name}");
    }
}

#[test]
fn what_is_released_together_has_one_version_and_one_address_of_its_sources() {
    let packages = own_packages();
    let npm = fs::read_to_string(root().join("ts/package.json")).unwrap();
    let npm: Value = serde_json::from_str(&npm).unwrap();

    for name in &PUBLISHED[..3] {
        assert_eq!(packages[*name]["version"], npm["version"], "{name}");
    }
    let repository = packages["smart-session-core"]["repository"].as_str().unwrap_or_default();
    for name in PUBLISHED {
        let other = packages[name]["repository"].as_str().unwrap_or_default();
        assert_eq!(other, repository, "{name}");
    }
    let of_npm = npm["repository"]["url"].as_str().unwrap_or_default();
    assert_eq!(of_npm.trim_start_matches("git+").trim_end_matches(".git"), repository);
}

/// Runs `scripts/release --published-at` on copies of what it writes; returns whether it succeeded, what
/// it said, and the folder.
fn publish_at(name: &str, arguments: &[&str]) -> (bool, String, PathBuf) {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    let written = ["Cargo.toml", "crates/devchain/Cargo.toml", "ts/package.json"];
    for file in ["scripts/release", ".github/CODEOWNERS"].iter().chain(&written) {
        let copy = folder.join(file);
        fs::create_dir_all(copy.parent().unwrap()).unwrap();
        fs::copy(root().join(file), copy).unwrap();
    }
    let script = folder.join("scripts/release");
    let output = Command::new(script).arg("--published-at").args(arguments).output().unwrap();
    (output.status.success(), String::from_utf8(output.stderr).unwrap(), folder)
}

#[test]
fn publishing_writes_one_address_to_every_package_and_names_behind_every_pattern() {
    let arguments = ["https://code.example/team/sessions", "@alice", "@team/wallets"];

    let (succeeded, said, folder) = publish_at("published", &arguments);

    assert!(succeeded, "{said}");
    let read = |file: &str| fs::read_to_string(folder.join(file)).unwrap();
    for file in ["Cargo.toml", "crates/devchain/Cargo.toml"] {
        let line = "\nrepository = \"https://code.example/team/sessions\"\n";
        assert_eq!(read(file).matches(line).count(), 1, "{file}");
    }
    let npm: Value = serde_json::from_str(&read("ts/package.json")).unwrap();
    let of_npm = serde_json::json!({
        "type": "git",
        "url": "git+https://code.example/team/sessions.git",
        "directory": "ts",
    });
    assert_eq!(npm["repository"], of_npm);
    let owners = read(".github/CODEOWNERS");
    let patterns: Vec<&str> = owners.lines().filter(|line| line.starts_with('/')).collect();
    assert!(patterns.len() >= 5, "{patterns:?}");
    assert!(patterns.iter().all(|it| it.ends_with(" @alice @team/wallets")), "{patterns:?}");
}

#[test]
fn publishing_is_refused_without_an_address_or_a_name_and_changes_nothing() {
    let refused: [&[&str]; 5] = [
        &[],
        &["https://code.example/team/sessions"],
        &["http://code.example/team/sessions", "@alice"],
        &["https://code.example/team/sessions.git", "@alice"],
        &["https://code.example/team/sessions", "alice"],
    ];
    for arguments in refused {
        let (succeeded, said, folder) = publish_at("refused", arguments);

        assert!(!succeeded, "{arguments:?}");
        assert!(said.contains("do: scripts/release --published-at URL @OWNER..."), "{said}");
        for file in ["Cargo.toml", ".github/CODEOWNERS"] {
            let [before, after] = [root(), &folder].map(|it| fs::read(it.join(file)).unwrap());
            assert_eq!(before, after, "{arguments:?}: {file}");
        }
    }
}

/// Returns a compiler's release as numbers: 1.90 is 1.90.0.
fn release(version: &str) -> [u32; 3] {
    let mut numbers = version.split('.').map(|number| number.parse().unwrap());
    [(); 3].map(|()| numbers.next().unwrap_or_default())
}

/// The crates' own sources ask for nothing newer: each is compiled with its release before it is
/// published (docs/releasing.md).
#[test]
fn rust_version_is_the_least_that_the_dependencies_ask_for() {
    let compiler = Command::new("rustc").arg("-vV").output().unwrap().stdout;
    let compiler = String::from_utf8(compiler).unwrap();
    let host = compiler.lines().find_map(|line| line.strip_prefix("host: ")).unwrap();
    let graph = metadata(&["--filter-platform", host]);
    let by_id = |list: &Value| -> BTreeMap<String, Value> {
        let entries = list.as_array().unwrap().iter();
        entries.map(|it| (it["id"].as_str().unwrap().to_owned(), it.clone())).collect()
    };
    let (packages, nodes) = (by_id(&graph["packages"]), by_id(&graph["resolve"]["nodes"]));
    let is_own = |id: &str| packages[id]["source"].is_null();

    for name in PUBLISHED {
        let mut open: Vec<&String> =
            packages.keys().filter(|id| is_own(id) && packages[*id]["name"] == name).collect();
        let declared = release(packages[open[0]]["rust_version"].as_str().unwrap());
        let (mut seen, mut least) = (BTreeSet::new(), ([0; 3], String::new()));
        while let Some(id) = open.pop() {
            if !seen.insert(id) {
                continue;
            }
            if !is_own(id)
                && let Some(version) = packages[id]["rust_version"].as_str()
            {
                least = least.max((release(version), packages[id]["name"].to_string()));
            }
            for dependency in nodes[id]["deps"].as_array().unwrap() {
                let kinds = dependency["dep_kinds"].as_array().unwrap();
                let key = dependency["pkg"].as_str().unwrap();
                if kinds.iter().any(|it| it["kind"] != "dev") {
                    open.extend(packages.get_key_value(key).map(|(id, _)| id));
                }
            }
        }

        assert_eq!(declared, least.0, "{name}: {} asks for it", least.1);
    }
}

#[test]
fn what_stands_in_for_another_crate_is_what_cargo_takes() {
    let lock = fs::read_to_string(root().join("Cargo.lock")).unwrap();
    let mut count = 0;
    for entry in fs::read_dir(root().join("patches")).unwrap() {
        let entry = entry.unwrap();
        if !entry.file_type().unwrap().is_dir() {
            continue;
        }
        let name = entry.file_name().into_string().unwrap();
        let locked: Vec<_> = lock
            .split("[[")
            .filter(|it| it.starts_with(&format!("package]]\nname = \"{name}\"\n")))
            .collect();

        // One package, of this repository: what comes from a registry names it as its source.
        assert_eq!(locked.len(), 1, "{name}: stylus-sdk asks for another release, see patches");
        assert!(!locked[0].contains("\nsource = "), "{name} comes from a registry, see patches");
        count += 1;
    }
    assert_eq!(count, 2);
}
