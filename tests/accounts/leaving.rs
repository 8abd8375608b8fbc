//! Leaving the module: `revokeAll` and the uninstall in one batch, and every form of uninstall
//! data.
//!
//! Some accounts swallow what goes wrong in `onUninstall`, and whoever brings the operation chooses
//! what a Stylus call in it costs.

use alloy_primitives::{B256, Bytes};
use alloy_sol_types::SolCall;
use smart_session_core::abi::ISmartSession;
use testbed::account::ModuleType;
use testbed::fixtures::EntryPointVersion;
use testbed::{AccountKind, Call};

use super::case::AccountCase;
use crate::page_holder;

const SALT: B256 = B256::repeat_byte(0x5a);

impl AccountCase {
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
            let mut case = AccountCase::on(kind, EntryPointVersion::V07);
            case.enable_and_move();
            let calls = case.leaving();

            let is_done = case.brought_with_pages(&calls, pages);

            assert_eq!(case.epoch() != 0, is_done, "{case}, {pages} pages");
            assert_eq!(case.is_initialized(), !is_done, "{case}, {pages} pages");
            if !is_done {
                assert_eq!(case.a_move().verdict.summary(), "executed", "all as before");
                let batch = case.account.execute_batch(&case.leaving());
                assert_eq!(case.owner(batch).verdict.summary(), "executed", "{case}");
                assert!(!case.is_initialized());
            }
            assert!(case.a_move().verdict.summary().starts_with("refused"), "{case}");
            ends.push(is_done);
        }
        assert!(ends.contains(&true) && ends.contains(&false), "{kind}: {ends:?}");
    }
}

/// Why it takes the batch: these accounts uninstall the module although it could not be told so.
#[test]
fn some_accounts_swallow_an_uninstall_that_a_bundler_starves() {
    let swallows = |kind: AccountKind| {
        let mut case = AccountCase::on(kind, EntryPointVersion::V07);
        case.enable_and_move();
        let uninstalling = case.uninstalling();
        let idle = Call::new(case.bed.game, case.bed.a_move(1, 0).data);
        let is_done = case.brought_with_pages(&[uninstalling, idle], 116);
        is_done && case.epoch() == 0
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

pub(crate) fn every_form_of_uninstall_data_leaves_what_it_names(case: AccountCase) {
    let cases = vec![case; VARIANTS.len()];
    for ((name, types, salt, is_validator, is_executor), mut case) in
        VARIANTS.into_iter().zip(cases)
    {
        let account = case.account.clone();
        case.bed.install_as(&*account, ModuleType::Executor).unwrap();
        case.enable_and_move();
        let data: Vec<u8> = types.into_iter().chain(vec![0x5a; salt]).collect();
        let module_type = if is_validator { ModuleType::Executor } else { ModuleType::Validator };
        let call_data = account.uninstall_module(module_type, case.bed.module, data.into());

        assert_eq!(case.owner(call_data).verdict.summary(), "executed", "{case}: {name}");

        assert_eq!(case.is_initialized(), is_validator || is_executor, "{case}: {name}");
        assert_eq!(case.epoch() != 0, !is_validator, "{case}: {name}: the epoch");
        assert_eq!(case.runs_directly(), is_executor, "{case}: {name}: executor");
        let validates = case.a_move().verdict.summary() == "executed";
        assert_eq!(validates, is_validator, "{case}: {name}: validator");
    }
}

/// A type that is not installed means both: nothing stays that blocks installing again.
pub(crate) fn uninstalling_a_type_that_is_not_installed_leaves_nothing(mut case: AccountCase) {
    case.enable_and_move();
    let data: Bytes = [&[0x02][..], SALT.as_slice()].concat().into();
    let call_data = case.account.uninstall_validator(case.bed.module, data);

    assert_eq!(case.owner(call_data).verdict.summary(), "executed", "{case}");

    assert!(!case.is_initialized(), "{case}");
    assert_ne!(case.epoch(), 0, "{case}");
    let account = case.account.clone();
    case.bed.install(&*account).unwrap();
    assert_eq!(case.a_move().verdict.summary(), "refused: AA23 WrongEpoch", "{case}");
}

impl AccountCase {
    /// Whether a session that is drawn up now can be used on the direct path.
    fn runs_directly(&self) -> bool {
        let mut case = self.clone();
        let epoch = case.epoch();
        case.with_session(|session| {
            session.chains[0].epoch = epoch;
            session.salt = 99;
        });
        let (draft, delegate) = (case.game.enabling(1).unwrap(), case.game.delegate.address());
        let call = [case.bed.a_move(1, 10)];
        super::direct::send_as(&mut case, delegate, &draft, &call).is_success()
    }
}
