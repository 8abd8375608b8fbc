//! The figures of known builds, kept in `tests/snapshots/gas.json`.
//!
//! Two toolchains give two programs, and slightly different gas: the rows are kept by the WASM's
//! hash, with the toolchain that built it. Rows of known bytes must be equal; those of another
//! toolchain than any in the file may differ by 3 %.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{fs, io};

use serde::{Deserialize, Serialize};

use crate::fixtures::Fixtures;
use crate::rows::Row;

/// What is known of one build.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Build {
    /// `rustup` or `debian`.
    pub toolchain: String,
    /// What the compiler calls itself.
    pub rustc: String,
    /// Bytes of WASM.
    pub wasm: u64,
    /// Bytes of the deployed code: compressed, with its prefix.
    pub compressed: u64,
    /// Bytes of the data segment.
    pub data: u64,
    /// Gas of a start with the program cached.
    pub start: u64,
    /// The rows.
    pub rows: Vec<Row>,
}

/// All known builds, by the SHA-256 of their WASM.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Snapshot(pub BTreeMap<String, Build>);

/// What a build is, against the snapshot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// These bytes are known, and every row is equal.
    Equal,
    /// These bytes come from a toolchain that is not in the file: every row is within 3 % of some
    /// known build's.
    Close {
        /// The toolchain.
        toolchain: String,
    },
    /// The figures differ; each difference in words.
    Different(Vec<String>),
}

/// What cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum SnapshotError {
    /// A file cannot be read or written.
    #[error("{path}: {source}")]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file does not hold what it should.
    #[error("{path}: {source}")]
    Content {
        /// The file.
        path: PathBuf,
        /// Why.
        source: serde_json::Error,
    },
    /// The WASM cannot be inspected.
    #[error("the module's WASM: {0}")]
    Wasm(String),
}

/// What `scripts/build-wasm` says of its result.
#[derive(Debug, Deserialize)]
struct BuildInfo {
    sha256: String,
    bytes: u64,
    toolchain: String,
    rustc: String,
}

/// Returns the hash of the module's WASM, and what it is, with rows that were measured on it.
///
/// # Errors
/// [`SnapshotError`] if the build's files are not there.
pub fn build(fixtures: &Fixtures, rows: Vec<Row>) -> Result<(String, Build), SnapshotError> {
    let path = fixtures.module_path().with_extension("json");
    let info: BuildInfo = read(&path)?;
    let wasm = fixtures.module_wasm().map_err(|error| SnapshotError::Wasm(error.to_string()))?;
    let report = stylus_devchain::program::inspect(&wasm)
        .map_err(|error| SnapshotError::Wasm(error.to_string()))?;
    let build = Build {
        toolchain: info.toolchain,
        rustc: info.rustc,
        wasm: info.bytes,
        compressed: report.compressed_bytes,
        data: report.data_bytes,
        start: report.cached_init_gas,
        rows,
    };
    Ok((info.sha256, build))
}

impl Snapshot {
    /// The part that figures of another toolchain may differ by: 3 in 100.
    const TOLERANCE: u64 = 3;

    /// Returns the file of the repository.
    pub fn path() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/snapshots/gas.json")
    }

    /// Reads the file of the repository.
    ///
    /// # Errors
    /// [`SnapshotError`] if it is not there or damaged.
    pub fn load() -> Result<Self, SnapshotError> {
        read(&Self::path())
    }

    /// Writes the file of the repository.
    ///
    /// # Errors
    /// [`SnapshotError`] if it cannot be written.
    pub fn save(&self) -> Result<(), SnapshotError> {
        let path = Self::path();
        let mut text = serde_json::to_string_pretty(self)
            .map_err(|source| SnapshotError::Content { path: path.clone(), source })?;
        text.push('\n');
        fs::write(&path, text).map_err(|source| SnapshotError::File { path, source })
    }

    /// Takes a build in, in the place of the former ones of its toolchain.
    pub fn bless(&mut self, sha256: String, build: Build) {
        self.0.retain(|_, known| known.toolchain != build.toolchain);
        self.0.insert(sha256, build);
    }

    /// Compares a build.
    pub fn compare(&self, sha256: &str, build: &Build) -> Comparison {
        if let Some(known) = self.0.get(sha256) {
            let differences = differences(known, build, 0);
            return if differences.is_empty() {
                Comparison::Equal
            } else {
                Comparison::Different(differences)
            };
        }
        if let Some((known, _)) = self.0.iter().find(|(_, known)| known.rustc == build.rustc) {
            return Comparison::Different(vec![format!(
                "{} built {sha256} and not {known}, which is known",
                build.rustc
            )]);
        }
        let mut least: Option<Vec<String>> = None;
        for known in self.0.values() {
            let differences = differences(known, build, Self::TOLERANCE);
            if least.as_ref().is_none_or(|least| differences.len() < least.len()) {
                least = Some(differences);
            }
        }
        match least {
            Some(none) if none.is_empty() => Comparison::Close { toolchain: build.rustc.clone() },
            Some(some) => Comparison::Different(some),
            None => Comparison::Different(vec!["no build is known".into()]),
        }
    }
}

/// Returns where figures differ by more than some hundredths of the known one.
fn differences(known: &Build, got: &Build, hundredths: u64) -> Vec<String> {
    let mut told = Vec::new();
    let mut compare = |what: &str, known: u64, got: u64| {
        let most = known.saturating_mul(hundredths).checked_div(100).unwrap_or(0);
        if known.abs_diff(got) > most {
            told.push(format!("{what}: {got}, known {known}"));
        }
    };
    compare("bytes of WASM", known.wasm, got.wasm);
    compare("compressed bytes", known.compressed, got.compressed);
    if hundredths == 0 {
        compare("data bytes", known.data, got.data);
        compare("start", known.start, got.start);
    }
    compare("rows", count(known), count(got));
    for (old, new) in known.rows.iter().zip(&got.rows) {
        let cached = if new.cached { "cached" } else { "not cached" };
        let row = format!("{} (ArbOS {}, {cached})", new.row, new.arbos);
        compare(&format!("{row}, module"), old.module_gas, new.module_gas);
        compare(&format!("{row}, transaction"), old.tx_gas, new.tx_gas);
        if hundredths == 0 {
            let (was, is) = (old.signature_bytes, new.signature_bytes);
            compare(&format!("{row}, bytes of signature"), was.unwrap_or(0), is.unwrap_or(0));
            let what = format!("{row}, bytes of calldata");
            compare(&what, old.calldata_bytes, new.calldata_bytes);
        }
        let key = |row: &Row| (row.row.clone(), row.arbos, row.cached, row.must_be);
        if key(old) != key(new) {
            compare(&format!("another row: {row}"), 0, u64::MAX);
        }
    }
    told
}

fn count(build: &Build) -> u64 {
    u64::try_from(build.rows.len()).unwrap_or(u64::MAX)
}

fn read<T: for<'a> Deserialize<'a>>(path: &Path) -> Result<T, SnapshotError> {
    let path = path.to_path_buf();
    let text = fs::read_to_string(&path)
        .map_err(|source| SnapshotError::File { path: path.clone(), source })?;
    serde_json::from_str(&text).map_err(|source| SnapshotError::Content { path, source })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn build(rustc: &str, module_gas: u64) -> Build {
        Build {
            toolchain: "debian".into(),
            rustc: rustc.into(),
            wasm: 40_000,
            compressed: 17_000,
            data: 60,
            start: 500,
            rows: vec![Row {
                row: "use".into(),
                arbos: 61,
                cached: true,
                module_gas,
                tx_gas: 100_000,
                signature_bytes: Some(144),
                calldata_bytes: 932,
                must_be: 12_500,
            }],
        }
    }

    fn known() -> Snapshot {
        Snapshot(BTreeMap::from([("aa".into(), build("1.96", 10_000))]))
    }

    #[test]
    fn known_bytes_must_be_equal() {
        assert_eq!(known().compare("aa", &build("1.96", 10_000)), Comparison::Equal);
        let Comparison::Different(told) = known().compare("aa", &build("1.96", 10_001)) else {
            panic!("one more is not equal")
        };
        assert_eq!(told, ["use (ArbOS 61, cached), module: 10001, known 10000"]);
    }

    #[test]
    fn other_bytes_of_a_known_toolchain_are_different() {
        assert!(matches!(known().compare("bb", &build("1.96", 10_000)), Comparison::Different(_)));
    }

    #[test]
    fn another_toolchain_is_close_within_three_hundredths() {
        let close = Comparison::Close { toolchain: "1.97".into() };
        assert_eq!(known().compare("bb", &build("1.97", 10_300)), close);
        assert!(matches!(known().compare("bb", &build("1.97", 10_301)), Comparison::Different(_)));
        assert!(matches!(
            Snapshot::default().compare("bb", &build("1.97", 10_000)),
            Comparison::Different(_)
        ));
    }

    #[test]
    fn a_blessed_build_takes_the_place_of_its_toolchains() {
        let mut snapshot = known();
        snapshot.bless("bb".into(), build("1.97", 9_000));

        assert_eq!(snapshot.0.keys().collect::<Vec<_>>(), ["bb"]);
    }
}
