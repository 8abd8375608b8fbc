//! Which slot holds what: the only file that names slots.
//!
//! The layout of slots and words stands in `smart_session_core::state`; the account is the first word
//! of every preimage, hashed with the host function, so that bundlers see associated storage.

use alloy_primitives::B256;
use smart_session_core::policy::budget::Ledger;
use smart_session_core::state::{self, AccountState, SessionState};
use smart_session_core::word::{self, Word};

use crate::host::Host;

/// The state of one account.
#[derive(Debug)]
pub(crate) struct Store<'a, H> {
    host: H,
    account: &'a Word,
}

/// A value with the slot it came from, written back only if it changed.
#[derive(Debug)]
pub(crate) struct Stored<T> {
    pub(crate) value: T,
    slot: B256,
    before: T,
}

impl<'a, 'h, H: Host<'h>> Store<'a, H> {
    #[inline]
    pub(crate) const fn new(host: H, account: &'a Word) -> Self {
        Self { host, account }
    }

    #[inline(never)]
    pub(crate) fn account(&self) -> Stored<AccountState> {
        let slot = state::account_slot(self.host, self.account);
        Stored::new(slot, AccountState(self.host.load(&slot)))
    }

    #[inline(never)]
    pub(crate) fn session(&self, session_id: &Word) -> Stored<SessionState> {
        let slot = state::session_slot(self.host, self.account, session_id);
        Stored::new(slot, SessionState(self.host.load(&slot)))
    }

    #[inline]
    pub(crate) fn save_account(&self, account: &Stored<AccountState>) {
        self.save(&account.slot, &account.before.0, &account.value.0);
    }

    #[inline]
    pub(crate) fn save_session(&self, session: &Stored<SessionState>) {
        self.save(&session.slot, &session.before.0, &session.value.0);
    }

    #[inline(never)]
    fn save(&self, slot: &B256, before: &Word, word: &Word) {
        if !word::equal(before, word) {
            self.host.save(slot, word);
        }
    }
}

impl Stored<SessionState> {
    /// Returns where the session's budgets are kept.
    #[inline]
    pub(crate) const fn budgets<H>(&self, host: H) -> Budgets<H> {
        Budgets { host, session_slot: self.slot }
    }
}

/// The budgets of one session.
#[derive(Debug)]
pub(crate) struct Budgets<H> {
    host: H,
    session_slot: B256,
}

impl<'h, H: Host<'h>> Ledger for Budgets<H> {
    #[inline]
    fn load(&self, budget: usize) -> Word {
        self.host.load(&state::budget_slot(&self.session_slot, budget))
    }

    #[inline]
    fn save(&self, budget: usize, word: &Word) {
        self.host.save(&state::budget_slot(&self.session_slot, budget), word);
    }
}

impl<T: Copy> Stored<T> {
    #[inline]
    const fn new(slot: B256, value: T) -> Self {
        Self { value, slot, before: value }
    }
}
