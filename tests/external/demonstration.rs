//! The demonstration as people call it.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::process::{Command, Output};

fn demo(argument: &str) -> Output {
    Command::new(env!("CARGO_BIN_EXE_xtask")).args(["demo", argument]).output().unwrap()
}

#[test]
fn help_and_version_are_no_failures() {
    for (argument, says) in [
        ("--help", "usage: scripts/demo [--json | --chain | --web"),
        ("-h", "usage:"),
        ("--version", "demo "),
        ("-V", "demo "),
    ] {
        let output = demo(argument);

        assert_eq!(output.status.code(), Some(0), "{argument}");
        assert!(String::from_utf8(output.stdout).unwrap().contains(says), "{argument}");
    }
}

#[test]
fn an_argument_that_it_does_not_know_is_named() {
    let output = demo("--jsno");

    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8(output.stderr).unwrap().contains("--jsno"));
}

#[test]
fn a_reader_that_has_gone_away_is_no_failure() {
    let commands: [&[&str]; 4] =
        [&["--help"], &["demo", "--help"], &["demo", "--version"], &["structure", "crates/core"]];
    for arguments in commands {
        // Closed before the first word: what is written meets no reader.
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
        let output = command.args(arguments).stdout(writer).output().unwrap();

        assert_eq!(String::from_utf8(output.stderr).unwrap(), "", "{arguments:?}");
        assert_eq!(output.status.code(), Some(0), "{arguments:?}");
    }
}
