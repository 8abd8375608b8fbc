//! What `scripts/demo --chain` says to type, typed.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// The chain, which ends with the test.
struct World(Child);

impl Drop for World {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Takes `target/debug/session` beside it, which `cargo test --workspace` builds.
#[test]
fn every_command_that_the_chain_tells_works_as_it_stands() {
    let program = Path::new(env!("CARGO_BIN_EXE_world"));
    let built = program.parent().unwrap();
    assert!(built.join("session").exists(), "build it: cargo build -p smart-session-cli");
    let child = Command::new(program).arg("--commands").stdout(Stdio::piped()).spawn().unwrap();
    let mut world = World(child);
    let told = BufReader::new(world.0.stdout.take().unwrap()).lines().map(Result::unwrap);
    let told: Vec<String> = told.take_while(|line| !line.starts_with("End it")).collect();
    let told = told.join("\n").replace("\\\n", "");
    let commands: Vec<&str> = told.lines().filter(|line| line.starts_with("session ")).collect();
    assert_eq!(commands.len(), 10);
    // A compiler that no record knows builds a module of other code: it is named.
    let (_, module) = commands[0].split_once("--module ").unwrap();
    let module = module.split_whitespace().next().unwrap();
    let exports = told.lines().filter(|line| line.starts_with("export "));
    let named = commands.iter().map(|line| {
        let has_it = line.contains("--module");
        if has_it { (*line).to_owned() } else { format!("{line} --module {module}") }
    });
    let typed: Vec<String> = exports.map(str::to_owned).chain(named).collect();
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("typed-commands");
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();

    let output = Command::new("sh")
        .args(["-ec", &typed.join("\n")])
        .current_dir(&folder)
        .env("PATH", format!("{}:{}", built.display(), std::env::var("PATH").unwrap()))
        .output()
        .unwrap();

    let (said, failed) = (String::from_utf8(output.stdout).unwrap(), output.stderr);
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&failed));
    for result in ["it would pass", "enabled in transaction", "98 of 100 calls", "is revoked"] {
        assert!(said.contains(result), "{result}: {said}");
    }
}
