//! The chain's state: accounts, storage and code, over what a fork began with.
//!
//! The maps share structure: a clone takes no time, and a state that is kept costs only what later
//! blocks changed.

mod base;

use std::convert::Infallible;
use std::fmt;

use alloy_primitives::map::{AddressMap, DefaultHashBuilder};
use alloy_primitives::{Address, B256, U256, keccak256};
use revm::bytecode::Bytecode;
use revm::state::{Account as Changed, AccountInfo};
use revm::{DatabaseCommit, DatabaseRef};
use rpds::HashTrieMapSync;

pub(crate) use base::Base;

type Map<K, V> = HashTrieMapSync<K, V, DefaultHashBuilder>;

/// An account as the chain left it.
#[derive(Clone)]
struct Account {
    info: AccountInfo,
    /// The slots that were written here.
    storage: Map<U256, U256>,
    /// Whether slots that were not written are zero, whatever the base has.
    is_whole: bool,
}

/// Everything that calls can read and transactions change.
#[derive(Clone)]
pub(crate) struct ChainState {
    accounts: Map<Address, Account>,
    codes: Map<B256, Bytecode>,
    block_hashes: Map<u64, B256>,
    base: Base,
}

fn map<K: Eq + std::hash::Hash, V>() -> Map<K, V> {
    Map::new_with_hasher_and_degree_and_ptr_kind(DefaultHashBuilder::default(), DEGREE)
}

impl fmt::Debug for ChainState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let accounts = self.accounts.size();
        f.debug_struct("ChainState").field("accounts", &accounts).finish_non_exhaustive()
    }
}

/// How many branches a node of the maps has.
const DEGREE: u8 = 32;

impl ChainState {
    /// A state that holds what the base holds.
    pub(crate) fn new(base: Base) -> Self {
        Self { accounts: map(), codes: map(), block_hashes: map(), base }
    }

    /// The account, empty if there is none.
    pub(crate) fn info(&self, address: Address) -> AccountInfo {
        match self.accounts.get(&address) {
            Some(account) => account.info.clone(),
            None => self.base.account(address).unwrap_or_default(),
        }
    }

    /// The code with that hash.
    pub(crate) fn code(&self, hash: B256) -> Bytecode {
        self.codes.get(&hash).cloned().unwrap_or_default()
    }

    /// A slot of an account.
    pub(crate) fn slot(&self, address: Address, slot: U256) -> U256 {
        match self.accounts.get(&address) {
            Some(account) => match account.storage.get(&slot) {
                Some(value) => *value,
                None if account.is_whole => U256::ZERO,
                None => self.base.slot(address, slot),
            },
            None => self.base.slot(address, slot),
        }
    }

    /// Sets what an account is, but for its storage.
    pub(crate) fn set_info(&mut self, address: Address, info: AccountInfo) {
        self.keep_code(&info);
        match self.accounts.get_mut(&address) {
            Some(account) => account.info = info,
            None => self.put(address, Account { info, storage: map(), is_whole: false }),
        }
    }

    /// Sets a slot.
    pub(crate) fn set_slot(&mut self, address: Address, slot: U256, value: U256) {
        if self.accounts.get(&address).is_none() {
            let info = self.info(address);
            self.put(address, Account { info, storage: map(), is_whole: false });
        }
        if let Some(account) = self.accounts.get_mut(&address) {
            account.storage.insert_mut(slot, value);
        }
    }

    /// Sets all the slots of an account.
    pub(crate) fn replace_slots(
        &mut self,
        address: Address,
        slots: impl IntoIterator<Item = (U256, U256)>,
    ) {
        let info = self.info(address);
        let mut storage = map();
        for (slot, value) in slots {
            storage.insert_mut(slot, value);
        }
        self.put(address, Account { info, storage, is_whole: true });
    }

    /// Sets the hash that contracts see for a block.
    #[cfg_attr(not(feature = "rpc"), expect(dead_code, reason = "only calls override hashes"))]
    pub(crate) fn set_block_hash(&mut self, number: u64, hash: B256) {
        self.block_hashes.insert_mut(number, hash);
    }

    fn put(&mut self, address: Address, account: Account) {
        self.accounts.insert_mut(address, account);
    }

    fn keep_code(&mut self, info: &AccountInfo) {
        if let Some(code) = info.code.as_ref().filter(|code| !code.is_empty())
            && !self.codes.contains_key(&info.code_hash)
        {
            self.codes.insert_mut(info.code_hash, code.clone());
        }
    }

    fn apply(&mut self, address: Address, changed: Changed) {
        if !changed.is_touched() {
            return;
        }
        if changed.is_selfdestructed() {
            let info = AccountInfo::default();
            self.put(address, Account { info, storage: map(), is_whole: true });
            return;
        }
        self.keep_code(&changed.info);
        let known = self.accounts.get(&address).filter(|_| !changed.is_created());
        let is_whole = changed.is_created() || known.is_some_and(|account| account.is_whole);
        let mut storage = known.map_or_else(map, |account| account.storage.clone());
        for (slot, value) in &changed.storage {
            if value.is_changed() {
                storage.insert_mut(*slot, value.present_value());
            }
        }
        self.put(address, Account { info: changed.info, storage, is_whole });
    }
}

impl DatabaseRef for ChainState {
    /// A fork that cannot be read is noted aside: see [`crate::remote`].
    type Error = Infallible;

    fn basic_ref(&self, address: Address) -> Result<Option<AccountInfo>, Infallible> {
        Ok(match self.accounts.get(&address) {
            Some(account) => Some(account.info.clone()),
            None => self.base.account(address),
        })
    }

    fn code_by_hash_ref(&self, code_hash: B256) -> Result<Bytecode, Infallible> {
        Ok(self.code(code_hash))
    }

    fn storage_ref(&self, address: Address, index: U256) -> Result<U256, Infallible> {
        Ok(self.slot(address, index))
    }

    fn block_hash_ref(&self, number: u64) -> Result<B256, Infallible> {
        let set = self.block_hashes.get(&number).copied();
        Ok(set.unwrap_or_else(|| keccak256(number.to_string())))
    }
}

impl DatabaseCommit for ChainState {
    fn commit(&mut self, changes: AddressMap<Changed>) {
        for (address, changed) in changes {
            self.apply(address, changed);
        }
    }

    fn commit_iter(&mut self, changes: &mut dyn Iterator<Item = (Address, Changed)>) {
        for (address, changed) in changes {
            self.apply(address, changed);
        }
    }
}
