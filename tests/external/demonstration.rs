//! The demonstration as people call it.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::process::{Command, Output};

fn demo(argument: &str) -> Output {
    Command::new(env!("CARGO_BIN_EXE_xtask")).args(["demo", argument]).output().unwrap()
}

#[test]
fn help_and_version_are_no_failures() {
    for (argument, says) in [
        ("--help", "usage: scripts/demo [--json]"),
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
