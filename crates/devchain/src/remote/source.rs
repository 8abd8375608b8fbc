//! What was fetched of the other chain, and fetching the rest.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use alloy_primitives::{Address, U256};
use revm::state::AccountInfo;

use super::disk::{Disk, Line};
use super::node::{RemoteAccount, RemoteNode};
use super::{ForkError, failure};
use crate::bytecode::bytecode;

/// The state of another chain at a block. All clones of a forked chain share it.
#[derive(Debug)]
pub(crate) struct Source {
    node: RemoteNode,
    fetched: Mutex<Fetched>,
}

#[derive(Debug, Default)]
struct Fetched {
    accounts: HashMap<Address, Option<AccountInfo>>,
    slots: HashMap<(Address, U256), U256>,
    disk: Option<Disk>,
}

impl Source {
    /// The state of a node, of which a file may know a part.
    pub(crate) fn new(node: RemoteNode, mut disk: Option<Disk>) -> Result<Self, ForkError> {
        let mut fetched = Fetched::default();
        for line in disk.as_mut().map(Disk::read).transpose()?.into_iter().flatten() {
            fetched.keep(line);
        }
        fetched.disk = disk;
        Ok(Self { node, fetched: Mutex::new(fetched) })
    }

    fn fetched(&self) -> MutexGuard<'_, Fetched> {
        self.fetched.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// An account; `None` if there is none, or if it cannot be fetched, which is noted.
    pub(crate) fn account(&self, address: Address) -> Option<AccountInfo> {
        if let Some(known) = self.fetched().accounts.get(&address) {
            return known.clone();
        }
        match self.node.account(address) {
            Ok(RemoteAccount { balance, nonce, code }) => {
                let line = Line::Account { account: address, balance, nonce, code };
                let mut fetched = self.fetched();
                fetched.write(&line);
                fetched.keep(line);
                fetched.accounts.get(&address).cloned().flatten()
            }
            Err(error) => {
                failure::note(error);
                None
            }
        }
    }

    /// A slot of an account; zero if it cannot be fetched, which is noted.
    pub(crate) fn slot(&self, account: Address, slot: U256) -> U256 {
        if let Some(known) = self.fetched().slots.get(&(account, slot)) {
            return *known;
        }
        match self.node.slot(account, slot) {
            Ok(value) => {
                let line = Line::Slot { account, slot, value };
                let mut fetched = self.fetched();
                fetched.write(&line);
                fetched.keep(line);
                value
            }
            Err(error) => {
                failure::note(error);
                U256::ZERO
            }
        }
    }
}

impl Fetched {
    fn write(&mut self, line: &Line) {
        if let Some(disk) = &mut self.disk
            && let Err(error) = disk.write(line)
        {
            // The cache only saves time: without it the fork goes on.
            failure::note(error);
            self.disk = None;
        }
    }

    fn keep(&mut self, line: Line) {
        match line {
            Line::Account { account, balance, nonce, code } => {
                let exists = !balance.is_zero() || nonce != 0 || !code.is_empty();
                let info = exists.then(|| {
                    let code = bytecode(code);
                    let code_hash = code.hash_slow();
                    AccountInfo {
                        balance,
                        nonce,
                        code_hash,
                        code: Some(code),
                        ..AccountInfo::default()
                    }
                });
                self.accounts.insert(account, info);
            }
            Line::Slot { account, slot, value } => {
                self.slots.insert((account, slot), value);
            }
        }
    }
}
