//! `deployments/module.json`.

use std::error::Error;
use std::fs;
use std::path::Path;
use std::process::Command;

use alloy_primitives::{Address, B256, keccak256};
use serde::{Deserialize, Serialize};
use stylus_devchain::DETERMINISTIC_DEPLOYER;
use stylus_devchain::program::code;

use crate::outcome::Outcome;
use crate::repository::repository;

const FILE: &str = "deployments/module.json";

/// What the contract's bytes come from.
const SOURCES: [&str; 9] = [
    "src",
    "crates/core/src",
    "crates/core/Cargo.toml",
    "build.rs",
    "patches",
    "Cargo.toml",
    "Cargo.lock",
    "rust-toolchain.toml",
    // All of the compiler's flags.
    "scripts/build-wasm",
];

/// The module of this checkout. The fields are explained in `deployments/README.md`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Record {
    /// The name of the build that is the release.
    release: String,
    /// A commit whose checkout builds these bytes; none while it may still be rebased.
    commit: Option<String>,
    deployer: Address,
    salt: B256,
    compression: Compression,
    builds: Builds,
}

/// How the WASM becomes the contract's code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Compression {
    prefix: String,
    format: String,
    quality: u8,
    window: u8,
    mode: String,
    encoder: String,
}

/// The builds, by the names of `scripts/wasm-toolchain`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Builds {
    #[serde(skip_serializing_if = "Option::is_none")]
    rustup: Option<Build>,
    #[serde(skip_serializing_if = "Option::is_none")]
    debian: Option<Build>,
}

/// What one toolchain made of the sources.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Build {
    /// What the compiler calls itself.
    pub(crate) toolchain: String,
    pub(crate) wasm_sha256: String,
    pub(crate) wasm_bytes: u64,
    pub(crate) code_hash: B256,
    pub(crate) address: Address,
}

/// What `scripts/build-wasm` says of its result.
#[derive(Debug, Deserialize)]
struct BuildNote {
    sha256: String,
    bytes: u64,
    rustc: String,
}

impl Build {
    /// Reads one build, of a folder with what `scripts/build-wasm` has made; nothing if there is none.
    fn read(folder: &Path) -> Result<Option<Self>, Box<dyn Error>> {
        if !folder.is_dir() {
            return Ok(None);
        }
        let note = fs::read_to_string(folder.join("smart_session.json"))?;
        let note: BuildNote = serde_json::from_str(&note)?;
        let code = code(&fs::read(folder.join("smart_session.wasm"))?);
        let init_code = init_code(&code)?;
        Ok(Some(Self {
            toolchain: note.rustc,
            wasm_sha256: note.sha256,
            wasm_bytes: note.bytes,
            code_hash: keccak256(&code),
            address: DETERMINISTIC_DEPLOYER.create2_from_code(B256::ZERO, init_code),
        }))
    }

    fn has_bytes_of(&self, other: Option<&Self>) -> bool {
        other.is_some_and(|other| other.wasm_sha256 == self.wasm_sha256)
    }
}

impl Record {
    /// Reads the file of the repository.
    pub(crate) fn read() -> Result<Self, Box<dyn Error>> {
        let text = fs::read_to_string(repository(FILE)).map_err(|error| format!("{FILE}: {error}"));
        Ok(serde_json::from_str(&text?).map_err(|error| format!("{FILE}: {error}"))?)
    }

    /// Makes the record of what was built: a folder for each toolchain. A build that was not made
    /// anew is kept if those that were have the bytes of before: its sources are the same then.
    pub(crate) fn of(folder: &Path, before: Option<Self>) -> Result<Self, Box<dyn Error>> {
        let before = before.map(|it| it.builds).unwrap_or_default();
        let (rustup, debian) =
            (Build::read(&folder.join("rustup"))?, Build::read(&folder.join("debian"))?);
        let is_as_before = |build: &Option<Build>, old: &Option<Build>| {
            build.as_ref().is_none_or(|build| build.has_bytes_of(old.as_ref()))
        };
        let nothing_changed =
            is_as_before(&rustup, &before.rustup) && is_as_before(&debian, &before.debian);
        let kept = if nothing_changed { before } else { Builds::default() };
        let builds = Builds { rustup: rustup.or(kept.rustup), debian: debian.or(kept.debian) };
        for (name, build) in [("rustup", &builds.rustup), ("debian", &builds.debian)] {
            let hash = build.as_ref().map_or("not recorded", |build| &build.wasm_sha256);
            eprintln!("record-module: {name} {hash}");
        }
        let release = if builds.rustup.is_some() { "rustup" } else { "debian" };
        let compression = Compression {
            prefix: "0xeff00000".into(),
            format: "brotli".into(),
            quality: 11,
            window: 22,
            mode: "generic".into(),
            encoder: encoder()?,
        };
        Ok(Self {
            release: release.into(),
            commit: None,
            deployer: DETERMINISTIC_DEPLOYER,
            salt: B256::ZERO,
            compression,
            builds,
        }
        .with_commit())
    }

    /// Names the commit, if there is one that stays.
    pub(crate) fn with_commit(self) -> Self {
        let commit = commit();
        let words = commit.as_deref().unwrap_or("none: the sources are not committed on main");
        eprintln!("record-module: commit {words}");
        Self { commit, ..self }
    }

    /// Returns whether a checkout of the named commit has the sources of this one; says so if not.
    pub(crate) fn names_its_commit(&self) -> bool {
        let fault = match &self.commit {
            None => format!("{FILE} names no commit"),
            Some(commit) => {
                let compare = ["diff", "--quiet", commit, "HEAD", "--"];
                if git(&[&compare, &SOURCES[..]].concat()).is_some() {
                    return true;
                }
                format!("the sources of the contract are not those of {commit}, which {FILE} names")
            }
        };
        eprintln!("record-module: {fault}\n  do: scripts/record-module --commit");
        false
    }

    pub(crate) fn write(&self) -> Outcome {
        let mut text = serde_json::to_string_pretty(self)?;
        text.push('\n');
        fs::write(repository(FILE), text).map_err(|error| format!("{FILE}: {error}"))?;
        Ok(true)
    }

    /// Returns the builds, the release first.
    pub(crate) fn release_first(&self) -> Result<Vec<&Build>, Box<dyn Error>> {
        let Builds { rustup, debian } = &self.builds;
        let builds = match self.release.as_str() {
            "rustup" if rustup.is_some() => [rustup, debian],
            "debian" if debian.is_some() => [debian, rustup],
            other => return Err(format!("{FILE}: there is no build {other}").into()),
        };
        Ok(builds.into_iter().flatten().collect())
    }
}

/// Returns the encoder with its version: another one may write other bytes.
fn encoder() -> Result<String, Box<dyn Error>> {
    let lock = fs::read_to_string(repository("Cargo.lock"))?;
    let (_, rest) = lock.split_once("name = \"brotli\"\nversion = \"").ok_or("no brotli")?;
    let (version, _) = rest.split_once('"').ok_or("no version of brotli")?;
    Ok(format!("brotli {version}"))
}

/// Returns the last commit that changed the sources, if all of them are committed and it is one of
/// the branch main.
fn commit() -> Option<String> {
    git(&[&["diff", "--quiet", "HEAD", "--"], &SOURCES[..]].concat())?;
    let last = git(&[&["log", "-1", "--format=%H", "--"], &SOURCES[..]].concat())?;
    git(&["merge-base", "--is-ancestor", &last, "main"]).map(|_| last)
}

/// Returns what git answers in this repository, if it succeeds.
fn git(arguments: &[&str]) -> Option<String> {
    let mut git = Command::new("git");
    let output = git.current_dir(repository(".")).args(arguments).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Returns the creation code, as `docs/operating.md` writes it down and as `session deploy` sends it: it
/// returns what stands behind its tenth byte.
///
/// # Errors
/// If the code has more bytes than a contract may have.
fn init_code(code: &[u8]) -> Result<Vec<u8>, Box<dyn Error>> {
    let [high, low] = u16::try_from(code.len())?.to_be_bytes();
    let prelude = [0x61, high, low, 0x80, 0x60, 0x0a, 0x5f, 0x39, 0x5f, 0xf3];
    Ok([&prelude, code].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn build(wasm_sha256: &str) -> Build {
        Build {
            toolchain: "rustc 1.95.0".into(),
            wasm_sha256: wasm_sha256.into(),
            wasm_bytes: 8,
            code_hash: B256::ZERO,
            address: Address::ZERO,
        }
    }

    /// Returns a folder with a build of Debian's, and the record of before.
    fn built(name: &str) -> (std::path::PathBuf, Record) {
        let folder = std::env::temp_dir().join(format!("record-{name}-{}", std::process::id()));
        fs::create_dir_all(folder.join("debian")).unwrap();
        let note = r#"{ "sha256": "aa", "bytes": 8, "rustc": "rustc 1.96.0" }"#;
        fs::write(folder.join("debian/smart_session.json"), note).unwrap();
        fs::write(folder.join("debian/smart_session.wasm"), b"\0asm\x01\0\0\0").unwrap();
        let before = Record::of(&folder, None).unwrap();
        (folder, before)
    }

    #[test]
    fn a_deployment_names_a_commit_only_where_all_sources_are_its() {
        let script = fs::read_to_string(repository("scripts/deploy")).unwrap();
        let (_, list) = script.split_once("git diff --quiet HEAD -- ").unwrap();
        let (list, _) = list.split_once(" 2>").unwrap();
        let compared: Vec<&str> = list.split_whitespace().collect();

        for source in SOURCES {
            let is_in = |folder: &&str| Path::new(source).starts_with(folder);
            assert!(compared.iter().any(is_in), "scripts/deploy does not compare {source}");
        }
    }

    #[test]
    fn the_only_build_is_the_release() {
        let (folder, record) = built("only");

        assert_eq!(record.release, "debian");
        assert_eq!(record.release_first().unwrap()[0].wasm_sha256, "aa");
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn a_build_that_is_not_made_anew_is_kept_only_if_nothing_has_changed() {
        let (folder, mut before) = built("kept");
        before.builds.rustup = Some(build("bb"));

        let same = Record::of(&folder, Some(before.clone())).unwrap();
        before.builds.debian = Some(build("other"));
        let changed = Record::of(&folder, Some(before)).unwrap();

        assert_eq!((same.release.as_str(), same.builds.rustup), ("rustup", Some(build("bb"))));
        assert_eq!((changed.release.as_str(), changed.builds.rustup), ("debian", None));
        fs::remove_dir_all(folder).unwrap();
    }
}
