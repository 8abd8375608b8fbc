//! Which slot holds what. Nobody else knows slots.
//!
//! The layout of slots and words stands in `session_core::state`; the account is the first word
//! of every preimage, hashed with the host function, so that bundlers see associated storage.

use alloy_primitives::{Address, B256};
use session_core::policy::budget::Ledger;
use session_core::state::{self, AccountState, SessionState};
use session_core::word::Word;

use crate::host::Host;

/// The state of one account.
#[derive(Debug)]
pub(crate) struct Store {
    host: Host,
    account: Address,
}

/// A value with the slot it came from, written back only if it changed.
#[derive(Debug)]
pub(crate) struct Stored<T> {
    pub(crate) value: T,
    slot: B256,
    before: T,
}

impl Store {
    pub(crate) const fn new(host: Host, account: Address) -> Self {
        Self { host, account }
    }

    #[inline(never)]
    pub(crate) fn account(&self) -> Stored<AccountState> {
        let slot = state::account_slot(&self.host, self.account);
        Stored::new(slot, AccountState(self.host.load(&slot)))
    }

    #[inline(never)]
    pub(crate) fn session(&self, session_id: B256) -> Stored<SessionState> {
        let slot = state::session_slot(&self.host, self.account, session_id);
        Stored::new(slot, SessionState::from_word(&self.host.load(&slot)))
    }

    #[inline(never)]
    pub(crate) fn save_account(&self, account: &Stored<AccountState>) {
        if account.value != account.before {
            self.host.save(&account.slot, &account.value.0);
        }
    }

    #[inline(never)]
    pub(crate) fn save_session(&self, session: &Stored<SessionState>) {
        if session.value != session.before {
            self.host.save(&session.slot, &session.value.to_word());
        }
    }
}

impl Stored<SessionState> {
    /// Returns where the session's budgets are kept.
    pub(crate) const fn budgets(&self, host: Host) -> Budgets {
        Budgets { host, session_slot: self.slot }
    }
}

/// The budgets of one session.
#[derive(Debug)]
pub(crate) struct Budgets {
    host: Host,
    session_slot: B256,
}

impl Ledger for Budgets {
    fn load(&self, budget: usize) -> Word {
        self.host.load(&state::budget_slot(&self.session_slot, budget))
    }

    fn save(&self, budget: usize, word: &Word) {
        self.host.save(&state::budget_slot(&self.session_slot, budget), word);
    }
}

impl<T: Copy> Stored<T> {
    const fn new(slot: B256, value: T) -> Self {
        Self { value, slot, before: value }
    }
}
