//! What the fuzz targets check, on stable: over their seeds, and over everything that ever
//! crashed one.

use std::fs;
use std::path::Path;

#[path = "../../fuzz/checks.rs"]
mod checks;

/// Runs a check over all files kept for it; returns how many seeds there are.
fn replay(target: &str, check: fn(&[u8])) -> usize {
    let fuzz = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz");
    let files = |folder: &str| {
        let entries = fs::read_dir(fuzz.join(folder).join(target)).into_iter().flatten();
        entries.map(|entry| entry.unwrap().path()).collect::<Vec<_>>()
    };
    for crash in files("crashes") {
        check(&fs::read(crash).unwrap());
    }
    let seeds = files("seeds");
    for seed in &seeds {
        check(&fs::read(seed).unwrap());
    }
    seeds.len()
}

#[test]
fn packed_sessions_that_were_fuzzed_hold() {
    assert!(replay("packed_session", checks::packed_session) >= 3);
}

#[test]
fn executions_that_were_fuzzed_hold() {
    assert!(replay("executions", checks::executions) >= 3);
}

#[test]
fn operations_that_were_fuzzed_hold() {
    assert!(replay("against_model", checks::against_model) >= 3);
}

/// A seed is of use only where it is read.
#[test]
fn the_seeds_are_sessions_and_executions() {
    let fuzz = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds");
    for entry in fs::read_dir(fuzz.join("packed_session")).unwrap() {
        let seed = fs::read(entry.unwrap().path()).unwrap();
        assert!(crate::reading::id(&seed, session_model::strategy::PLACE.account).is_ok());
    }
    for entry in fs::read_dir(fuzz.join("executions")).unwrap() {
        let seed = fs::read(entry.unwrap().path()).unwrap();
        assert!(crate::reading::executions(&seed).is_ok());
    }
}
