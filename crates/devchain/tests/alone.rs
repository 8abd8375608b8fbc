//! The crate needs nothing of the workspace around it: `scripts/devchain-alone` builds and tests it
//! in an empty folder, and this holds what that takes.

#![expect(clippy::expect_used, reason = "a test may panic")]

use std::fs;
use std::path::{Path, PathBuf};

/// The only file that looks outside; each of its tests says so and passes where nothing is there.
const LOOKS_OUTSIDE: &str = "tests/clients.rs";

fn crate_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).canonicalize().expect("the crate")
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry"));
    let mut found = Vec::new();
    for path in entries.map(|entry| entry.path()) {
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found
}

#[test]
fn no_file_but_one_names_a_path_outside_of_the_crate() {
    let mut outside = Vec::new();
    for folder in ["src", "tests", "benches", "examples"] {
        for source in sources(&crate_folder().join(folder)) {
            let text = fs::read_to_string(&source).expect("text");
            let beside = source.parent().expect("a folder");
            // Literals that go up. Where they lead is taken from the file, as `include_str!` does.
            for path in text.split("\"../").skip(1).filter_map(|rest| rest.split('"').next()) {
                let target = beside.join("..").join(path).canonicalize();
                if !target.is_ok_and(|target| target.starts_with(crate_folder())) {
                    let name = source.strip_prefix(crate_folder()).expect("it is inside");
                    outside.push(name.display().to_string());
                }
            }
        }
    }
    outside.retain(|name| name != LOOKS_OUTSIDE);
    assert_eq!(outside, [""; 0]);
}

#[test]
fn the_manifest_takes_nothing_from_a_workspace() {
    let manifest = fs::read_to_string(crate_folder().join("Cargo.toml")).expect("the manifest");
    for phrase in ["workspace = true", ".workspace", "path = \"..", "[workspace]"] {
        assert!(!manifest.contains(phrase), "{phrase}");
    }
}

#[test]
fn recordings_and_cases_come_along() {
    let fixtures = crate_folder().join("tests/fixtures");
    let count = |folder: &str, extension: &str| {
        let entries = fs::read_dir(fixtures.join(folder)).expect("the fixtures");
        let paths = entries.map(|entry| entry.expect("an entry").path());
        paths.filter(|path| path.extension().is_some_and(|found| found == extension)).count()
    };
    // 137 recordings and their index.
    assert_eq!(count("nitro-recordings", "json"), 138);
    assert_eq!(count("nitro-cases", "wat"), 13);
}
