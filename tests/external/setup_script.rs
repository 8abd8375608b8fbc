//! `scripts/setup` on a small copy of the repository, with programs that only note that they were called.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn write_program(path: &Path, lines: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, format!("#!/bin/sh\n{lines}\n")).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
}

/// A folder with the script in it, what the script asks for, and fixtures to install.
fn repository(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(folder.join("tests/fixtures")).unwrap();
    fs::create_dir_all(folder.join("scripts")).unwrap();
    fs::copy(root().join("scripts/setup"), folder.join("scripts/setup")).unwrap();
    fs::write(folder.join("rust-toolchain.toml"), "channel = \"1.0.0\"\n").unwrap();
    fs::write(folder.join("tests/fixtures/package-lock.json"), "{}").unwrap();
    write_program(&folder.join("scripts/wasm-toolchain"), "echo rustup");
    let programs = folder.join("programs");
    let here = folder.display();
    let rustc =
        format!("[ \"$1\" = --version ] && echo 'rustc 1.0.0 (test)' || echo '{here}/sysroot'");
    write_program(&programs.join("rustc"), &rustc);
    for tool in ["rustfmt", "cargo-clippy"] {
        write_program(&folder.join("sysroot/bin").join(tool), "");
    }
    write_program(&programs.join("cargo"), "");
    write_program(&programs.join("node"), "echo v20.0.0");
    // As `npm ci` does: what node_modules leads to is emptied, then filled.
    let install = "rm -rf tests/fixtures/node_modules/*; mkdir -p tests/fixtures/node_modules";
    write_program(&programs.join("npm"), install);
    folder
}

/// Runs the script. Returns its exit status, and what it says.
fn set_up(folder: &Path) -> (Option<i32>, String) {
    let programs = format!("{}:/usr/bin:/bin", folder.join("programs").display());
    let mut command = Command::new(folder.join("scripts/setup"));
    let output = command.env("PATH", programs).output().unwrap();
    (output.status.code(), String::from_utf8(output.stderr).unwrap())
}

#[test]
fn packages_are_never_installed_through_a_link() {
    let folder = repository("setup-link");
    let elsewhere = folder.join("elsewhere");
    fs::create_dir(&elsewhere).unwrap();
    fs::write(elsewhere.join("package"), "of another checkout").unwrap();
    symlink(&elsewhere, folder.join("tests/fixtures/node_modules")).unwrap();

    let (status, said) = set_up(&folder);

    assert_eq!(status, Some(1), "{said}");
    assert!(said.contains("tests/fixtures/node_modules is a symbolic link"), "{said}");
    assert!(said.contains("  do: rm tests/fixtures/node_modules"), "{said}");
    assert_eq!(fs::read_to_string(elsewhere.join("package")).unwrap(), "of another checkout");
}

#[test]
fn a_link_to_what_is_wanted_is_left_as_it_is() {
    let folder = repository("setup-link-right");
    let elsewhere = folder.join("elsewhere");
    fs::create_dir(&elsewhere).unwrap();
    fs::write(elsewhere.join(".installed-lock"), "{}").unwrap();
    fs::write(elsewhere.join("package"), "as wanted").unwrap();
    symlink(&elsewhere, folder.join("tests/fixtures/node_modules")).unwrap();

    let (status, said) = set_up(&folder);

    assert_eq!(status, Some(0), "{said}");
    assert!(elsewhere.join("package").exists());
}

#[test]
fn packages_are_installed_into_a_folder() {
    let folder = repository("setup-folder");

    let (status, said) = set_up(&folder);

    assert_eq!(status, Some(0), "{said}");
    let installed = fs::read(folder.join("tests/fixtures/node_modules/.installed-lock")).unwrap();
    assert_eq!(installed, b"{}");
}
