//! Leaving the module: `revokeAll` and the uninstall in one batch, and every form of uninstall
//! data.
//!
//! Some accounts swallow what goes wrong in `onUninstall`, and whoever brings the operation chooses
//! what a Stylus call in it costs.

use alloy_primitives::{B256, Bytes};
use alloy_sol_types::SolCall;
use smart_session_core::abi::ISmartSession::{self, ISmartSessionErrors as Error};
use testbed::account::ModuleType;
use testbed::fixtures::EntryPointVersion;
use testbed::{AccountKind, Call};

use super::everywhere::account_setup::AccountSetup;
use super::everywhere::direct;
use crate::page_holder;

const SALT: B256 = B256::repeat_byte(0x5a);

impl AccountSetup {
    /// Returns the calls of an account that leaves: revoke all, uninstall as validator.
    fn leaving(&self) -> [Call; 2] {
        let module = self.bed.module;
        let revoke_all = ISmartSession::revokeAll_0Call { salt: SALT }.abi_encode();
        [Call::new(module, revoke_all), self.uninstalling()]
    }

    fn uninstalling(&self) -> Call {
        let data: Bytes = [&[0x01][..], SALT.as_slice()].concat().into();
        let uninstall = self.account.uninstall_validator(self.bed.module, data);
        Call::new(self.account.address(), uninstall)
    }

    /// Has the owner sign calls, and a bundler that holds so many pages open bring them. Returns
    /// whether the calls ran.
    fn brought_with_pages(&mut self, calls: &[Call], pages: u64) -> bool {
        let call_data = self.account.execute_batch(calls);
        let op = self.bed.signed_owner_op(&*self.account, call_data).unwrap();
        let program = page_holder::deploy(&mut self.bed, pages);
        let bundle = self.bed.entry_point.bundle(vec![op]);
        let to = self.bed.entry_point.address;
        let outcome = page_holder::call(&mut self.bed, program, to, &bundle.data);
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
            let mut setup = AccountSetup::on(kind, EntryPointVersion::V07);
            setup.enable_and_move();
            let calls = setup.leaving();

            let is_done = setup.brought_with_pages(&calls, pages);

            assert_eq!(setup.epoch() != 0, is_done, "{setup}, {pages} pages");
            assert_eq!(setup.is_initialized(), !is_done, "{setup}, {pages} pages");
            if !is_done {
                assert_eq!(setup.a_move().verdict.summary(), "executed", "all as before");
                let batch = setup.account.execute_batch(&setup.leaving());
                assert_eq!(setup.owner(batch).verdict.summary(), "executed", "{setup}");
                assert!(!setup.is_initialized());
            }
            assert!(setup.a_move().verdict.summary().starts_with("refused"), "{setup}");
            ends.push(is_done);
        }
        assert!(ends.contains(&true) && ends.contains(&false), "{kind}: {ends:?}");
    }
}

/// Why it takes the batch: these accounts uninstall the module although it could not be told so.
#[test]
fn some_accounts_swallow_an_uninstall_that_a_bundler_starves() {
    let swallows = |kind: AccountKind| {
        let mut setup = AccountSetup::on(kind, EntryPointVersion::V07);
        setup.enable_and_move();
        let uninstalling = setup.uninstalling();
        let idle = Call::new(setup.bed.game, setup.bed.a_move(1, 0).data);
        let is_done = setup.brought_with_pages(&[uninstalling, idle], 116);
        is_done && setup.epoch() == 0
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

pub(crate) fn every_form_of_uninstall_data_leaves_what_it_names(setup: AccountSetup) {
    let setups = vec![setup; VARIANTS.len()];
    for ((name, types, salt, is_validator, is_executor), mut setup) in
        VARIANTS.into_iter().zip(setups)
    {
        let account = setup.account.clone();
        setup.bed.install_as(&*account, ModuleType::Executor).unwrap();
        setup.enable_and_move();
        let data: Vec<u8> = types.into_iter().chain(vec![0x5a; salt]).collect();
        let module_type = if is_validator { ModuleType::Executor } else { ModuleType::Validator };
        let call_data = account.uninstall_module(module_type, setup.bed.module, data.into());

        assert_eq!(setup.owner(call_data).verdict.summary(), "executed", "{setup}: {name}");

        assert_eq!(setup.is_initialized(), is_validator || is_executor, "{setup}: {name}");
        assert_eq!(setup.epoch() != 0, !is_validator, "{setup}: {name}: the epoch");
        assert_eq!(setup.runs_directly(), is_executor, "{setup}: {name}: executor");
        let validates = setup.a_move().verdict.summary() == "executed";
        assert_eq!(validates, is_validator, "{setup}: {name}: validator");
    }
}

impl AccountSetup {
    /// Whether a session that is drawn up now can be used on the direct path.
    fn runs_directly(&self) -> bool {
        let mut setup = self.clone();
        let epoch = setup.epoch();
        setup.with_session(|session| {
            session.chains[0].epoch = epoch;
            session.salt = 99;
        });
        let draft = setup.game.enabling(1).unwrap();
        let call = [setup.bed.a_move(1, 10)];
        direct::send(&mut setup, &draft, &call).is_success()
    }
}

pub(crate) fn an_uninstall_within_a_strangers_direct_call_ends_the_sessions(
    mut setup: AccountSetup,
) {
    setup.enable_and_move();
    let module = setup.bed.module;
    let call_data = setup.account.uninstall_module(ModuleType::Validator, module, vec![1].into());
    let op = setup.bed.signed_owner_op(&*setup.account, call_data).unwrap();

    let is_bundled = crate::attacks::reentry::wrapped(&mut setup.bed, op.clone());

    let takes_contracts = setup.bed.entry_point.version.takes_bundles_from_contracts();
    assert_eq!(is_bundled, takes_contracts, "{setup}");
    if !is_bundled {
        assert_eq!(setup.bed.send(op).unwrap().verdict.summary(), "executed", "{setup}: unspent");
    }
    let account = setup.account.address();
    assert!(!setup.ask(&ISmartSession::isInitializedCall { account }), "{setup}");
    direct::install(&mut setup);
    let draft = setup.game.using(1).unwrap();
    let one = [setup.bed.a_move(1, 0)];
    assert!(
        matches!(direct::error(&direct::send(&mut setup, &draft, &one)), Error::WrongEpoch(_)),
        "{setup}"
    );
}
