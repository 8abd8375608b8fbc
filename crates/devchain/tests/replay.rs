//! Everything a Nitro node was recorded to do, done again here.

#![expect(clippy::arithmetic_side_effects, clippy::expect_used, reason = "a test may panic")]

use std::fs;
use std::path::{Path, PathBuf};

use stylus_devchain::Engine;
use stylus_devchain::recording::Recording;
use stylus_devchain::replay::{Comparison, replay_with};

const RECORDINGS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/nitro-recordings");

/// Programs and calls recorded: a folder that lost some must not pass.
const PROGRAMS: usize = 137;
const CALLS: usize = 1_824;
/// Activations: of each program under each version it was recorded for, and a few special ones.
const ACTIVATIONS: usize = 275;

fn files() -> Vec<PathBuf> {
    let entries =
        fs::read_dir(Path::new(RECORDINGS)).expect("the recordings are in the repository");
    let mut files: Vec<_> = entries
        .map(|entry| entry.expect("the folder can be read").path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "json"))
        .filter(|path| path.file_stem().is_some_and(|stem| stem != "index"))
        .collect();
    files.sort();
    files
}

fn read(path: &Path) -> Recording {
    let text = fs::read(path).expect("the recording can be read");
    serde_json::from_slice(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[test]
fn the_chain_answers_as_the_recorded_node_did() {
    answers_as_recorded(Engine::default());
}

/// The second engine, which has nothing in common with the first but what metering wrote.
#[cfg(feature = "compiler")]
#[test]
fn native_code_answers_as_the_recorded_node_did() {
    answers_as_recorded(Engine::Compiler);
}

fn answers_as_recorded(engine: Engine) {
    let recordings: Vec<Recording> = files().iter().map(|path| read(path)).collect();
    let calls: usize = recordings.iter().map(|recording| recording.calls.len()).sum();
    assert_eq!((recordings.len(), calls), (PROGRAMS, CALLS));

    let (equal, others): (Vec<_>, Vec<_>) = recordings
        .iter()
        .flat_map(|recording| replay_with(recording, engine))
        .partition(Comparison::is_equal);

    let (exceptions, failures): (Vec<_>, Vec<_>) =
        others.into_iter().partition(|comparison| comparison.exception.is_some());
    let report: Vec<_> = failures.iter().map(ToString::to_string).collect();
    assert!(failures.is_empty(), "{} differ:\n{}", failures.len(), report.join("\n"));
    assert_eq!(equal.len(), CALLS + ACTIVATIONS - EXCEPTIONS.len());
    let names: Vec<_> = exceptions.iter().map(|comparison| comparison.name.as_str()).collect();
    assert_eq!(names, EXCEPTIONS);
}

/// Answers that are those of a debug chain only.
const EXCEPTIONS: [&str; 4] = [
    "act-name-513 60 activation",
    "act-start 60 activation",
    "act-start 60 run",
    "act-start 60 cached run",
];
