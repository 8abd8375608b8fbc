//! A served chain with an EntryPoint, a game and Alice's account, and no module yet.

use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::sync::OnceLock;

use alloy_primitives::{Address, hex, keccak256};
use serde_json::{Value, json};
use stylus_devchain::DEV_ACCOUNTS;
use stylus_devchain::rpc::{Node, Server};
use testbed::fixtures::Fixtures;
use testbed::{SmartAccount, TestBed};

use crate::base::{Base, Record};

/// What a run of the command left behind.
pub(crate) struct Run {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Run {
    /// Returns the JSON of a run that went well.
    #[track_caller]
    pub(crate) fn ok(&self) -> Value {
        assert_eq!(self.code, Some(0), "{}{}", self.stdout, self.stderr);
        serde_json::from_str(&self.stdout).unwrap()
    }

    /// Returns cause and remedy of a run that went wrong, one sentence each.
    #[track_caller]
    pub(crate) fn failed(&self) -> (String, String) {
        assert_eq!(self.code, Some(1), "{}{}", self.stdout, self.stderr);
        let failure: Value = serde_json::from_str(&self.stderr).unwrap();
        let text = |field: &str| failure[field].as_str().unwrap().to_owned();
        (text("error"), text("remedy"))
    }

    /// Checks that a run went wrong with such a cause, and names a remedy.
    #[track_caller]
    pub(crate) fn fails_with(&self, cause: &str) {
        let (error, remedy) = self.failed();
        assert!(error.contains(cause), "{error}");
        assert!(!remedy.is_empty() && !remedy.contains('\n') && !error.contains('\n'), "{remedy}");
    }
}

/// A folder of its own, in which the command runs.
pub(crate) struct WorkFolder {
    pub(crate) folder: PathBuf,
}

impl WorkFolder {
    /// Makes an empty folder for a test.
    pub(crate) fn new(test: &str) -> Self {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(test);
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        Self { folder }
    }

    /// Runs the command with `--json`.
    pub(crate) fn run(&self, arguments: &[&str]) -> Run {
        self.run_plain(&[arguments, &["--json"]].concat())
    }

    /// Runs the command as people do.
    pub(crate) fn run_plain(&self, arguments: &[&str]) -> Run {
        self.run_with(&[], arguments)
    }

    /// Runs it with nothing in its environment but these variables.
    pub(crate) fn run_with(&self, variables: &[(&str, &str)], arguments: &[&str]) -> Run {
        let output = Command::new(env!("CARGO_BIN_EXE_session"))
            .args(arguments)
            .current_dir(&self.folder)
            .env_clear()
            // The time on the chain is made up.
            .env("SESSION_CLOCK", "chain")
            .envs(variables.iter().copied())
            .output()
            .unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Run { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
    }

    pub(crate) fn write(&self, name: &str, content: &str) {
        fs::write(self.folder.join(name), content).unwrap();
    }

    /// Writes a secret key that nobody else may read.
    pub(crate) fn write_key(&self, name: &str, content: &str) {
        self.write(name, content);
        self.set_mode(name, 0o600);
    }

    pub(crate) fn set_mode(&self, name: &str, mode: u32) {
        let permissions = std::os::unix::fs::PermissionsExt::from_mode(mode);
        fs::set_permissions(self.folder.join(name), permissions).unwrap();
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.folder.join(name)).unwrap()
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.folder.join(name).exists()
    }
}

/// The chain, and where everything is on it.
pub(crate) struct World {
    server: Server,
    pub(crate) work: WorkFolder,
    pub(crate) url: String,
    pub(crate) game: Address,
    pub(crate) alice: Address,
    pub(crate) owner_validator: Address,
    /// The module's file.
    pub(crate) wasm: String,
    module: OnceLock<String>,
    /// The oldest block that the node has.
    pub(crate) first_block: String,
}

impl World {
    /// Sets a chain up without the module, with Alice's account on it and her key in `owner.key`.
    pub(crate) fn new(test: &str) -> Self {
        Self::serve(test, Base::new())
    }

    /// The same with the module, and its record in `deployments`, as [`Self::deploy`] leaves both.
    pub(crate) fn with_module(test: &str) -> Self {
        static DEPLOYED: OnceLock<(Base, Record)> = OnceLock::new();
        let (base, record) = DEPLOYED.get_or_init(|| {
            let world = Self::new("deployed");
            world.deploy();
            (Base::new().after(&world), Record::of(&world))
        });
        let world = Self::serve(test, base.clone());
        world.module.get_or_init(|| record.module.clone());
        fs::create_dir(world.work.folder.join("deployments")).unwrap();
        world.work.write(&record.file, &record.text);
        world
    }

    fn serve(test: &str, base: Base) -> Self {
        let Base { chain, game, alice, owner_validator } = base;
        let work = WorkFolder::new(test);
        work.write_key("owner.key", &format!("{}\n", keccak256("alice")));
        work.write_key("gas.key", &hex::encode_prefixed(DEV_ACCOUNTS[0].private_key));
        let wasm = "module.wasm".to_owned();
        fs::write(work.folder.join(&wasm), Fixtures::load().unwrap().module_wasm().unwrap())
            .unwrap();
        let first_block = chain.block_number().to_string();
        let server = Server::start(Node::new(chain), 0).unwrap();
        let url = server.url();
        let module = OnceLock::new();
        Self { server, work, url, game, alice, owner_validator, wasm, module, first_block }
    }

    /// Sets a chain up with the module, which Alice's account has installed with an enabled session:
    /// `session.json`, for a key in `frontend.key`.
    pub(crate) fn enabled(test: &str, flags: &[&str]) -> Self {
        let world = Self::with_module(test);
        world.sign(&world.module(), flags);
        world.enable().ok();
        world
    }

    /// Sets a chain up with the module, also as an executor, and a `session.json` that is signed and
    /// not enabled, for a key in `frontend.key`.
    pub(crate) fn with_executor(test: &str, flags: &[&str]) -> Self {
        let world = Self::executing(test);
        world.sign_again(&world.module(), &[flags, &["--salt", "2"]].concat());
        world
    }

    /// The same for a delegate that the flags name.
    pub(crate) fn with_executor_for(test: &str, delegate: &[&str]) -> Self {
        let world = Self::executing(test);
        world.sign_for(&world.module(), delegate, &["--salt", "2"]);
        world
    }

    /// Sets a chain up with the module, also as an executor.
    fn executing(test: &str) -> Self {
        let world = Self::with_module(test);
        world.sign(&world.module(), &["--salt", "1"]);
        world.enable_with(&["--executor"]).ok();
        world
    }

    /// Serves a bed that has the module, with the account of Alice, whose key is that of her
    /// name.
    pub(crate) fn on(test: &str, bed: TestBed, account: &dyn SmartAccount) -> Self {
        let work = WorkFolder::new(test);
        work.write_key("owner.key", &keccak256("alice").to_string());
        work.write_key("gas.key", &hex::encode_prefixed(DEV_ACCOUNTS[0].private_key));
        let (game, alice) = (bed.game, account.address());
        let module = OnceLock::from(bed.module.to_string());
        let first_block = bed.chain.block_number().to_string();
        let server = Server::start(Node::new(bed.chain), 0).unwrap();
        let url = server.url();
        let owner_validator = account.owner_validator();
        let wasm = String::new();
        Self { server, work, url, game, alice, owner_validator, wasm, module, first_block }
    }

    /// Runs the command with this chain's node, and with the module's name where it takes one.
    pub(crate) fn run(&self, arguments: &[&str]) -> Run {
        let node = ["--rpc", &self.url];
        if arguments.first().is_some_and(|verb| ["deploy", "doctor"].contains(verb)) {
            return self.work.run(&[arguments, &node].concat());
        }
        self.run_offline(&[arguments, &node].concat())
    }

    /// Runs the command without a node, and with the module's name.
    pub(crate) fn run_offline(&self, arguments: &[&str]) -> Run {
        // What was before the chain was served, its node does not have.
        let is_id = |argument: &&str| argument.len() == 66 && argument.starts_with("0x");
        let reads_events =
            arguments.first() == Some(&"list") || arguments.get(1).is_some_and(is_id);
        if reads_events && !arguments.contains(&"--from-block") {
            let from = ["--from-block", self.first_block.as_str()];
            return self.run_offline(&[arguments, &from].concat());
        }
        let is_named = ["--module", "--wasm", "--deployments"];
        if arguments.iter().any(|argument| is_named.contains(argument)) {
            return self.work.run(arguments);
        }
        self.work.run(&[arguments, &["--module", &self.module()]].concat())
    }

    /// Returns where the module is, or will be.
    pub(crate) fn module(&self) -> String {
        let address = self.module.get_or_init(|| {
            let run = self.work.run(&["deploy", "--wasm", &self.wasm, "--dry-run"]);
            run.ok()["address"].as_str().unwrap().into()
        });
        address.clone()
    }

    /// Deploys the module and returns where it is.
    pub(crate) fn deploy(&self) -> String {
        let keep = ["--deployments", "deployments"];
        let deploy = ["deploy", "--wasm", &self.wasm, "--sender-key-file", "gas.key"];
        let run = self.run(&[&deploy[..], &keep].concat());
        let address: String = run.ok()["address"].as_str().unwrap().into();
        self.module.get_or_init(|| address.clone());
        address
    }

    /// Makes `session.json`, signed, for a key in `frontend.key`, with more flags.
    pub(crate) fn sign(&self, module: &str, flags: &[&str]) -> Value {
        self.sign_for(module, &["--make-key", "frontend.key"], flags)
    }

    /// Makes `session.json`, signed, for a delegate that the flags name, with more flags.
    fn sign_for(&self, module: &str, delegate: &[&str], flags: &[&str]) -> Value {
        let (account, game) = (self.alice.to_string(), self.game.to_string());
        let validator = self.owner_validator.to_string();
        let mut arguments = vec![
            "new",
            "--account",
            &account,
            "--target",
            &game,
            "--call",
            "move(uint8)",
            "--module",
            module,
            "--owner-validator",
            &validator,
            "-o",
            "session.json",
        ];
        arguments.extend(delegate);
        arguments.extend(flags);
        let made = self.run(&arguments).ok();
        self.sign_with("owner.key").ok();
        made
    }

    /// Signs `session.json` with a key, without asking a node.
    pub(crate) fn sign_with(&self, key: &str) -> Run {
        self.run_offline(&["sign", "session.json", "--owner-key-file", key])
    }

    /// Makes and signs another `session.json` for another key.
    pub(crate) fn sign_again(&self, module: &str, flags: &[&str]) -> Value {
        fs::remove_file(self.work.folder.join("frontend.key")).unwrap();
        self.sign(module, flags)
    }

    /// Enables `session.json` by the account's own operation.
    pub(crate) fn enable(&self) -> Run {
        self.enable_with(&[])
    }

    /// The same with more flags.
    pub(crate) fn enable_with(&self, flags: &[&str]) -> Run {
        let validator = self.owner_validator.to_string();
        let by_account = [
            "enable",
            "session.json",
            "--by",
            "account",
            "--owner-key-file",
            "owner.key",
            "--sender-key-file",
            "gas.key",
            "--owner-validator",
            &validator,
        ];
        self.run(&[&by_account[..], flags].concat())
    }

    /// Moves in the game within `session.json`, or another session.
    pub(crate) fn make_move(&self, session: &str, value: &str) -> Run {
        let game = self.game.to_string();
        self.run(&[
            "use",
            session,
            "--to",
            &game,
            "--call",
            "move(uint8)",
            "--arg",
            "3",
            "--value",
            value,
            "--delegate-key-file",
            "frontend.key",
            "--sender-key-file",
            "gas.key",
        ])
    }

    /// Asks whether a move would pass.
    pub(crate) fn check_move(&self, value: &str) -> Run {
        let game = self.game.to_string();
        self.run(&[
            "check",
            "session.json",
            "--to",
            &game,
            "--call",
            "move(uint8)",
            "--arg",
            "3",
            "--value",
            value,
        ])
    }

    /// Makes a request to the node that is for tests only.
    pub(crate) fn request(&self, method: &str, params: &Value) -> Value {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let node = smart_session_client::Node::at(&self.server.url()).unwrap();
        let method: &'static str = Box::leak(method.to_owned().into_boxed_str());
        runtime.block_on(node.request(method, params.clone())).unwrap()
    }

    /// Lets time pass.
    pub(crate) fn wait(&self, seconds: u64) {
        self.request("evm_increaseTime", &json!([seconds]));
        self.request("evm_mine", &json!([]));
    }
}
