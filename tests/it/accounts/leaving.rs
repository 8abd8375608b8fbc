//! Leaving the module: `revokeAll` and the uninstall in one batch, and every form of uninstall
//! data.
//!
//! Some accounts swallow what goes wrong in `onUninstall`, and whoever brings the operation chooses
//! what a Stylus call in it costs.

use alloy_primitives::{B256, Bytes};
use alloy_sol_types::SolCall;
use harness::account::ModuleType;
use harness::fixtures::EntryPointVersion;
use harness::{AccountKind, Call};
use session_core::abi::ISmartSession;

use super::play::Play;
use crate::page_holder;

const SALT: B256 = B256::repeat_byte(0x5a);

impl Play {
    /// Returns the calls of an account that leaves: revoke all, uninstall as validator.
    fn leaving(&self) -> [Call; 2] {
        let module = self.stage.module;
        let revoke_all = ISmartSession::revokeAll_0Call { salt: SALT }.abi_encode();
        [Call::new(module, revoke_all), self.uninstalling()]
    }

    fn uninstalling(&self) -> Call {
        let data: Bytes = [&[0x01][..], SALT.as_slice()].concat().into();
        let uninstall = self.account.uninstall_validator(self.stage.module, data);
        Call::new(self.account.address(), uninstall)
    }

    fn epoch(&self) -> u64 {
        self.ask(&ISmartSession::epochCall { account: self.account.address() })
    }

    fn is_initialized(&self) -> bool {
        self.ask(&ISmartSession::isInitializedCall { account: self.account.address() })
    }

    /// Has the owner sign calls, and a bundler that holds so many pages open bring them. Returns
    /// whether the calls ran.
    fn brought_with_pages(&mut self, calls: &[Call], pages: u64) -> bool {
        let call_data = self.account.execute_batch(calls);
        let op = self.stage.signed_owner_op(&*self.account, call_data).unwrap();
        let program = page_holder::deploy(&mut self.stage, pages);
        let bundle = self.stage.entry_point.bundle(vec![op]);
        let to = self.stage.entry_point.address;
        let outcome = page_holder::call(&mut self.stage, program, to, &bundle.data);
        assert!(outcome.is_success(), "{self}, {pages} pages: {}", outcome.output);
        outcome.logs.iter().any(super::execution::is_success_event)
    }
}

/// Pages from "it makes no difference" to "a page more costs over a million gas".
const PAGES: [u64; 5] = [20, 100, 110, 116, 120];

#[test]
fn leaving_is_done_whole_or_not_at_all_however_many_pages_a_bundler_holds() {
    for kind in AccountKind::ALL {
        let mut ends = vec![];
        for pages in PAGES {
            let mut play = Play::on(kind, EntryPointVersion::V07);
            play.enable_and_move();
            let calls = play.leaving();

            let is_done = play.brought_with_pages(&calls, pages);

            assert_eq!(play.epoch() != 0, is_done, "{play}, {pages} pages");
            assert_eq!(play.is_initialized(), !is_done, "{play}, {pages} pages");
            if !is_done {
                assert_eq!(play.a_move().verdict.summary(), "executed", "all as before");
                let batch = play.account.execute_batch(&play.leaving());
                assert_eq!(play.owner(batch).verdict.summary(), "executed", "{play}");
                assert!(!play.is_initialized());
            }
            assert!(play.a_move().verdict.summary().starts_with("refused"), "{play}");
            ends.push(is_done);
        }
        assert!(ends.contains(&true) && ends.contains(&false), "{kind}: {ends:?}");
    }
}

/// Why it takes the batch: these accounts uninstall the module although it could not be told so.
#[test]
fn some_accounts_swallow_an_uninstall_that_a_bundler_starves() {
    let swallows = |kind: AccountKind| {
        let mut play = Play::on(kind, EntryPointVersion::V07);
        play.enable_and_move();
        let uninstalling = play.uninstalling();
        let idle = Call::new(play.stage.game, play.stage.a_move(1, 0).data);
        let is_done = play.brought_with_pages(&[uninstalling, idle], 116);
        is_done && play.epoch() == 0
    };
    let swallowing: Vec<AccountKind> =
        AccountKind::ALL.into_iter().filter(|kind| swallows(*kind)).collect();

    assert_eq!(
        swallowing,
        [AccountKind::Nexus, AccountKind::Safe7579, AccountKind::Kernel, AccountKind::Nexus7702]
    );
}

/// Uninstall data of an account that has the module as validator and as executor: a type, how many
/// bytes of salt follow it, and whether it is a validator and an executor then.
type Variant = (&'static str, Option<u8>, usize, bool, bool);
const VARIANTS: [Variant; 9] = [
    ("validator ‖ salt", Some(1), 32, false, true),
    ("validator alone", Some(1), 0, false, true),
    ("executor ‖ salt", Some(2), 32, true, false),
    ("executor alone", Some(2), 0, true, false),
    ("both ‖ salt", Some(3), 32, false, false),
    ("nothing", None, 0, false, false),
    ("an unknown type ‖ salt", Some(4), 32, false, false),
    ("a salt cut off", Some(1), 31, false, false),
    ("a byte too many", Some(2), 33, false, false),
];

pub(crate) fn every_form_of_uninstall_data_leaves_what_it_names(play: Play) {
    let plays = vec![play; VARIANTS.len()];
    for ((name, types, salt, is_validator, is_executor), mut play) in
        VARIANTS.into_iter().zip(plays)
    {
        let account = play.account.clone();
        play.stage.install_as(&*account, ModuleType::Executor).unwrap();
        play.enable_and_move();
        let data: Vec<u8> = types.into_iter().chain(vec![0x5a; salt]).collect();
        let module_type = if is_validator { ModuleType::Executor } else { ModuleType::Validator };
        let call_data = account.uninstall_module(module_type, play.stage.module, data.into());

        assert_eq!(play.owner(call_data).verdict.summary(), "executed", "{play}: {name}");

        assert_eq!(play.is_initialized(), is_validator || is_executor, "{play}: {name}");
        assert_eq!(play.epoch() != 0, !is_validator, "{play}: {name}: the epoch");
        assert_eq!(play.runs_directly(), is_executor, "{play}: {name}: executor");
        let validates = play.a_move().verdict.summary() == "executed";
        assert_eq!(validates, is_validator, "{play}: {name}: validator");
    }
}

/// A type that is not installed means both: nothing stays that blocks installing again.
pub(crate) fn uninstalling_a_type_that_is_not_installed_leaves_nothing(mut play: Play) {
    play.enable_and_move();
    let data: Bytes = [&[0x02][..], SALT.as_slice()].concat().into();
    let call_data = play.account.uninstall_validator(play.stage.module, data);

    assert_eq!(play.owner(call_data).verdict.summary(), "executed", "{play}");

    assert!(!play.is_initialized(), "{play}");
    assert_ne!(play.epoch(), 0, "{play}");
    let account = play.account.clone();
    play.stage.install(&*account).unwrap();
    assert_eq!(play.a_move().verdict.summary(), "refused: AA23 WrongEpoch", "{play}");
}

impl Play {
    /// Whether a session that is drawn up now can be used on the direct path.
    fn runs_directly(&self) -> bool {
        let mut play = self.clone();
        let epoch = play.epoch();
        play.with_session(|session| {
            session.chains[0].epoch = epoch;
            session.salt = 99;
        });
        let (draft, delegate) = (play.game.enabling(1).unwrap(), play.game.delegate.address());
        let call = [play.stage.a_move(1, 10)];
        super::direct::send_as(&mut play, delegate, &draft, &call).is_success()
    }
}
