//! Accounts on the embedded chain, made once for all tests.

use std::sync::OnceLock;

use testbed::fixtures::EntryPointVersion;
use testbed::{AccountKind, TestBed};

use super::everywhere::account_setup::AccountSetup;

const RELEASES: usize = EntryPointVersion::ALL.len();
static BEDS: [OnceLock<TestBed>; RELEASES] = [const { OnceLock::new() }; RELEASES];
static SETUPS: [[OnceLock<AccountSetup>; AccountKind::ALL.len()]; RELEASES] =
    [const { [const { OnceLock::new() }; AccountKind::ALL.len()] }; RELEASES];

impl AccountSetup {
    /// Returns a clone of it with the session signed but not enabled: every test has its own chain.
    pub(crate) fn on(kind: AccountKind, version: EntryPointVersion) -> Self {
        let release = EntryPointVersion::ALL.iter().position(|it| *it == version).unwrap();
        let row = AccountKind::ALL.iter().position(|it| *it == kind).unwrap();
        let bed = BEDS[release].get_or_init(|| TestBed::set_for(version).unwrap());
        SETUPS[release][row].get_or_init(|| Self::new(kind, bed.clone())).clone()
    }
}
