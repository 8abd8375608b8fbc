//! What the tests deploy and did not write in Rust: our Solidity contracts, the `EntryPoint`s and
//! the accounts of others, laid out by `scripts/setup` under `tests/fixtures/build`, and the module's WASM, built by
//! `scripts/build-wasm`.
//!
//! Nothing here builds anything: what is missing becomes an error that names the script to run.

use alloy_primitives::{Address, B256, Bytes};
use serde_json::Value;
use std::{
    collections::BTreeMap,
    env, fs, io,
    path::{Path, PathBuf},
};
use stylus_devchain::DETERMINISTIC_DEPLOYER;

/// The files of one checkout, read once.
///
/// ```no_run
/// use testbed::fixtures::{EntryPointVersion, Fixtures};
///
/// let fixtures = Fixtures::load()?;
/// let game = &fixtures.contract("Game")?.init_code;
/// let entry_point = fixtures.entry_point(EntryPointVersion::V07)?.address;
/// # Ok::<(), testbed::fixtures::FixtureError>(())
/// ```
#[derive(Debug, Clone)]
pub struct Fixtures {
    contracts: BTreeMap<String, Artifact>,
    entry_points: BTreeMap<String, EntryPointArtifact>,
    module: PathBuf,
}

/// A contract of `tests/fixtures/contracts`, or one of a published account.
#[derive(Debug, Clone)]
pub struct Artifact {
    /// The contract's name, which is also that of its file.
    pub name: String,
    /// The creation code, without constructor arguments.
    pub init_code: Bytes,
    /// The Solidity ABI as the compiler printed it; empty where none is published.
    pub abi: Value,
}

/// An `EntryPoint` as it is deployed through the deterministic deployer, with call data
/// `salt ‖ init_code`.
#[derive(Debug, Clone)]
pub struct EntryPointArtifact {
    /// The creation code of the published package.
    pub init_code: Bytes,
    /// The salt of the mainnet deployment; zero for a release candidate, which has none.
    pub salt: B256,
    /// Where the deployer puts it: for a release its canonical address.
    pub address: Address,
}

/// The releases of the `EntryPoint` that the tests know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EntryPointVersion {
    /// v0.7: the user operation's hash is a plain keccak-256.
    V07,
    /// v0.8: the user operation's hash is an EIP-712 hash.
    V08,
    /// The release candidate of v0.9. It is not at v0.9's canonical address.
    V09,
}

impl EntryPointVersion {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::V07, Self::V08, Self::V09];

    /// Returns whether an operation may run in the very second of its `validAfter`.
    pub const fn includes_first_second(self) -> bool {
        matches!(self, Self::V07)
    }

    /// Returns whether a contract may bring a bundle; v0.9 takes them from EOAs alone.
    pub const fn takes_bundles_from_contracts(self) -> bool {
        !matches!(self, Self::V09)
    }

    /// The name of the artifact.
    const fn artifact(self) -> &'static str {
        match self {
            Self::V07 => "EntryPointV07",
            Self::V08 => "EntryPointV08",
            Self::V09 => "EntryPointV09",
        }
    }
}

impl std::fmt::Display for EntryPointVersion {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(match self {
            Self::V07 => "v0.7",
            Self::V08 => "v0.8",
            Self::V09 => "v0.9",
        })
    }
}

/// Why a fixture cannot be had, and what to do about it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FixtureError {
    /// The file was not built yet.
    #[error("{} is missing: run {script}", path.display())]
    Missing {
        /// Where it was looked for.
        path: PathBuf,
        /// The script that makes it.
        script: &'static str,
    },
    /// The file is there and cannot be read.
    #[error("{} cannot be read", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The operating system's reason.
        source: io::Error,
    },
    /// The file is not what `tests/fixtures/compile.mjs` writes.
    #[error("{} is damaged ({problem}): delete it and run scripts/setup", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        problem: String,
    },
    /// There is no contract of that name.
    #[error("no contract {name:?} in tests/fixtures/build: it has {known}; run scripts/setup")]
    UnknownContract {
        /// The name asked for.
        name: String,
        /// The names there are, separated by commas.
        known: String,
    },
}

impl Fixtures {
    /// Reads the compiled contracts of the checkout that this process runs in; where it runs in
    /// none, of the checkout that this crate was built in.
    ///
    /// # Errors
    ///
    /// Fails if `scripts/setup` has not been run, or if one of its files is damaged.
    pub fn load() -> Result<Self, FixtureError> {
        let here = env::current_dir().ok();
        // The crate is at <root>/crates/testbed.
        let built = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let root = here.as_deref().and_then(checkout_around).map_or_else(built, Path::to_path_buf);
        let root = root.canonicalize().unwrap_or(root);
        // A relative CARGO_TARGET_DIR is meant from the root, where the scripts run.
        let target = root.join(env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into()));
        Self::load_from(&root.join("tests/fixtures/build"), &target)
    }

    fn load_from(build: &Path, target: &Path) -> Result<Self, FixtureError> {
        let mut fixtures = Self {
            contracts: BTreeMap::new(),
            entry_points: BTreeMap::new(),
            module: target.join("wasm/smart_session.wasm"),
        };
        let unreadable = |source| FixtureError::Unreadable { path: build.to_path_buf(), source };

        let files = fs::read_dir(build).map_err(|source| or_missing(build, SETUP, source))?;
        for file in files {
            let path = file.map_err(unreadable)?.path();
            if path.extension().is_some_and(|extension| extension == "json") {
                fixtures.add(&ArtifactFile::read(path)?)?;
            }
        }
        Ok(fixtures)
    }

    fn add(&mut self, file: &ArtifactFile) -> Result<(), FixtureError> {
        let name = file.text("name")?.to_owned();
        let init_code = file.parse::<Bytes>("bytecode")?;
        if file.has("salt") {
            let salt = file.parse("salt")?;
            let address = DETERMINISTIC_DEPLOYER.create2_from_code(salt, &init_code);
            if !file.field("address")?.is_null() && file.parse::<Address>("address")? != address {
                return Err(file.damaged(format!("its salt and code give the address {address}")));
            }
            self.entry_points.insert(name, EntryPointArtifact { init_code, salt, address });
        } else {
            let abi = file.field("abi")?.clone();
            self.contracts.insert(name.clone(), Artifact { name, init_code, abi });
        }
        Ok(())
    }

    /// One of our Solidity contracts, by name: `"Game"`, `"OzAccountFactory"`, …
    ///
    /// # Errors
    ///
    /// Fails if there is no contract of that name.
    pub fn contract(&self, name: &str) -> Result<&Artifact, FixtureError> {
        self.contracts.get(name).ok_or_else(|| unknown(name, self.contracts.keys()))
    }

    /// The `EntryPoint` of that version.
    ///
    /// # Errors
    ///
    /// Fails if the last run of `scripts/setup` did not bring it.
    pub fn entry_point(
        &self,
        version: EntryPointVersion,
    ) -> Result<&EntryPointArtifact, FixtureError> {
        let name = version.artifact();
        self.entry_points.get(name).ok_or_else(|| unknown(name, self.entry_points.keys()))
    }

    /// The session module, ready to be deployed: `<target>/wasm/smart_session.wasm`.
    ///
    /// # Errors
    ///
    /// Fails if `scripts/build-wasm` has not been run with the same `CARGO_TARGET_DIR`.
    pub fn module_wasm(&self) -> Result<Vec<u8>, FixtureError> {
        fs::read(&self.module).map_err(|source| or_missing(&self.module, BUILD_WASM, source))
    }

    /// Returns where the module's WASM is.
    pub fn module_path(&self) -> &Path {
        &self.module
    }
}

const SETUP: &str = "scripts/setup";
const BUILD_WASM: &str = "scripts/build-wasm";

fn or_missing(path: &Path, script: &'static str, source: io::Error) -> FixtureError {
    let path = path.to_path_buf();
    match source.kind() {
        io::ErrorKind::NotFound => FixtureError::Missing { path, script },
        _ => FixtureError::Unreadable { path, source },
    }
}

fn unknown<'a>(name: &str, known: impl Iterator<Item = &'a String>) -> FixtureError {
    let known = known.map(String::as_str).collect::<Vec<_>>().join(", ");
    FixtureError::UnknownContract { name: name.to_owned(), known }
}

/// One JSON file of the build, with its path for the errors.
struct ArtifactFile {
    path: PathBuf,
    json: Value,
}

impl ArtifactFile {
    fn read(path: PathBuf) -> Result<Self, FixtureError> {
        match fs::read(&path) {
            Ok(bytes) => match serde_json::from_slice(&bytes) {
                Ok(json) => Ok(Self { path, json }),
                Err(error) => Err(FixtureError::Damaged { path, problem: error.to_string() }),
            },
            Err(source) => Err(or_missing(&path, SETUP, source)),
        }
    }

    fn has(&self, key: &str) -> bool {
        self.json.get(key).is_some()
    }

    fn field(&self, key: &str) -> Result<&Value, FixtureError> {
        self.json.get(key).ok_or_else(|| self.damaged(format!("no {key:?} in it")))
    }

    fn text(&self, key: &str) -> Result<&str, FixtureError> {
        self.field(key)?.as_str().ok_or_else(|| self.damaged(format!("{key:?} is not a string")))
    }

    /// The hex string under `key` as a `T`.
    fn parse<T: std::str::FromStr<Err: std::fmt::Display>>(
        &self,
        key: &str,
    ) -> Result<T, FixtureError> {
        self.text(key)?.parse().map_err(|error| self.damaged(format!("{key:?}: {error}")))
    }

    fn damaged(&self, problem: String) -> FixtureError {
        FixtureError::Damaged { path: self.path.clone(), problem }
    }
}

/// Returns the checkout that a folder is in.
fn checkout_around(folder: &Path) -> Option<&Path> {
    folder.ancestors().find(|folder| folder.join("tests/fixtures/compile.mjs").is_file())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

    use super::*;
    use crate::AccountKind;
    use alloy_primitives::{address, hex};

    const DEPLOYER: Address = address!("4e59b44847b379578588920cA78FbF26c0B4956C");

    #[test]
    fn the_checkout_is_the_one_that_a_folder_is_in() {
        let moved = env::temp_dir().join(format!("moved-checkout-{}", std::process::id()));
        let below = moved.join("crates/testbed");
        fs::create_dir_all(&below).unwrap();
        fs::create_dir_all(moved.join("tests/fixtures")).unwrap();

        assert_eq!(checkout_around(&below), None);
        fs::write(moved.join("tests/fixtures/compile.mjs"), "").unwrap();
        assert_eq!(checkout_around(&below), Some(moved.as_path()));
        assert_eq!(checkout_around(&moved), Some(moved.as_path()));

        fs::remove_dir_all(&moved).unwrap();
    }

    #[test]
    fn every_fixture_contract_has_code_and_an_abi() {
        let fixtures = Fixtures::load().unwrap();

        for name in ["EcdsaOwnerValidator", "OzAccount", "OzAccountFactory", "Game"] {
            let artifact = fixtures.contract(name).unwrap();

            assert_eq!(artifact.name, name);
            assert!(artifact.init_code.len() > 100, "{name}");
            assert!(artifact.abi.as_array().is_some_and(|abi| !abi.is_empty()), "{name}");
        }
    }

    #[test]
    fn the_accounts_of_others_have_code() {
        let fixtures = Fixtures::load().unwrap();

        for name in ["Nexus", "Safe7579", "SafeSingleton", "Kernel", "Msa", "MsaProxy"] {
            let artifact = fixtures.contract(name).unwrap();
            assert!(artifact.init_code.len() > 1000, "{name}");
        }
    }

    #[test]
    fn an_account_is_skipped_on_later_entry_points_if_it_has_0_7_in_its_code() {
        let fixtures = Fixtures::load().unwrap();
        // The address without its leading zeros, as code pushes it.
        let v07 = hex!("71727de22e5e9d8baf0edac6f37da032");

        for (kind, name) in [
            (AccountKind::OpenZeppelin, "OzAccount"),
            (AccountKind::Nexus, "Nexus"),
            (AccountKind::Safe7579, "Safe7579"),
            (AccountKind::Kernel, "Kernel"),
            (AccountKind::Msa, "Msa"),
        ] {
            let code = &fixtures.contract(name).unwrap().init_code;
            let has_v07 = code.windows(v07.len()).any(|bytes| bytes == v07);
            for version in [EntryPointVersion::V08, EntryPointVersion::V09] {
                assert_eq!(kind.skipped_on(version).is_some(), has_v07, "{kind} on {version}");
            }
        }
    }

    #[test]
    fn the_deterministic_deployer_puts_each_entry_point_at_its_canonical_address() {
        let fixtures = Fixtures::load().unwrap();

        for (version, canonical) in [
            (EntryPointVersion::V07, address!("0000000071727De22E5E9d8BAf0edAc6f37da032")),
            (EntryPointVersion::V08, address!("4337084D9E255Ff0702461CF8895CE9E3b5Ff108")),
        ] {
            let entry_point = fixtures.entry_point(version).unwrap();

            assert_eq!(
                DEPLOYER.create2_from_code(entry_point.salt, &entry_point.init_code),
                canonical
            );
            assert_eq!(entry_point.address, canonical);
        }
    }

    #[test]
    fn an_unknown_contract_is_refused_with_the_names_there_are() {
        let fixtures = Fixtures::load().unwrap();

        let error = fixtures.contract("Gamme").unwrap_err().to_string();

        assert!(error.contains("\"Gamme\"") && error.contains("Game, Kernel"), "{error}");
    }

    #[test]
    fn what_is_missing_is_refused_with_the_script_to_run() {
        let empty = env::temp_dir().join("smart-session-no-fixtures-here");

        let build = Fixtures::load_from(&empty, &empty).unwrap_err().to_string();
        let module = Fixtures {
            contracts: BTreeMap::new(),
            entry_points: BTreeMap::new(),
            module: empty.join("smart_session.wasm"),
        }
        .module_wasm()
        .unwrap_err()
        .to_string();

        assert!(build.ends_with("is missing: run scripts/setup"), "{build}");
        assert!(module.ends_with("is missing: run scripts/build-wasm"), "{module}");
    }

    #[test]
    fn a_damaged_file_is_refused_with_its_path() {
        for (json, problem) in [
            ("{", "EOF"),
            ("{}", "no \"name\" in it"),
            (r#"{"name":"A","abi":[],"bytecode":7}"#, "\"bytecode\" is not a string"),
            (r#"{"name":"A","abi":[],"bytecode":"0xzz"}"#, "\"bytecode\": "),
        ] {
            let path = env::temp_dir().join(format!(
                "smart-session-damaged-{}-{}.json",
                std::process::id(),
                json.len()
            ));
            fs::write(&path, json).unwrap();
            let mut fixtures = Fixtures {
                contracts: BTreeMap::new(),
                entry_points: BTreeMap::new(),
                module: PathBuf::new(),
            };

            let outcome = ArtifactFile::read(path.clone()).and_then(|file| fixtures.add(&file));
            fs::remove_file(&path).unwrap();

            let error = outcome.unwrap_err().to_string();
            assert!(error.contains(problem) && error.contains("smart-session-damaged"), "{error}");
        }
    }
}
