//! The host off chain: one module's storage, logs and clock in memory, and other contracts that a
//! [`World`] plays.
//!
//! ```
//! use alloy_primitives::Address;
//! use smart_session::host::off_chain::{Call, Chain, World};
//!
//! /// Nobody else is there.
//! #[derive(Debug)]
//! struct Empty;
//!
//! impl World for Empty {
//!     fn answer(&self, _: &Chain<Self>, _: &Call<'_>) -> Result<Vec<u8>, Vec<u8>> {
//!         Ok(vec![])
//!     }
//! }
//!
//! let chain = Chain::new(Address::repeat_byte(0x5e), Empty);
//! let refused = chain.send(Address::repeat_byte(1), &[]);
//!
//! // MalformedCall()
//! assert_eq!(refused, Err(vec![0x2d, 0x98, 0xcd, 0x51]));
//! ```

use core::cell::{Cell, RefCell};
use std::collections::HashMap;

use alloy_primitives::{Address, B256, U256};
use bumpalo::Bump;
use smart_session_core::window::Timestamp;
use smart_session_core::word::{self, Word};
use smart_session_core::{Environment, OffChain};

use super::{CallFailed, Host};

/// Every contract but the module.
pub trait World: Sized {
    /// Answers a call of another contract: with what it returns, or with what it reverts with. It
    /// may call the chain in turn.
    ///
    /// # Errors
    /// The revert data.
    fn answer(&self, chain: &Chain<Self>, call: &Call<'_>) -> Result<Vec<u8>, Vec<u8>>;
}

/// A call of one contract by another.
#[derive(Clone, Copy, Debug)]
pub struct Call<'a> {
    /// Who calls.
    pub from: Address,
    /// Who is called.
    pub to: Address,
    /// The calldata.
    pub data: &'a [u8],
    /// The wei that are sent along.
    pub value: U256,
    /// The gas that is given. It is not counted: a world may look at it.
    pub gas: u64,
    /// Whether nothing may be changed in it.
    pub is_static: bool,
}

/// What the contract asked of its host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hostio {
    /// It read a word of storage.
    Load(B256),
    /// It wrote a word of storage.
    Write(B256),
    /// It called a contract that can change nothing, with so much gas.
    StaticCall(Address, u64),
    /// It called a contract.
    Call(Address),
    /// It read the clock.
    Clock,
    /// It read how much gas is left.
    GasLeft,
    /// It read other values of the block.
    Block,
    /// It emitted an event.
    Emit,
}

/// An event: its topics, and its data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Log {
    /// The topics, the event's own first.
    pub topics: Vec<B256>,
    /// The data.
    pub data: Vec<u8>,
}

/// What a failing call undoes.
#[derive(Clone, Debug, Default)]
struct State {
    words: HashMap<B256, Word>,
    logs: Vec<Log>,
}

/// A chain with the module on it.
#[derive(Clone, Debug)]
pub struct Chain<W> {
    /// The module's address.
    pub module: Address,
    /// The chain's id.
    pub chain_id: u64,
    /// The time, in unix seconds.
    pub timestamp: u64,
    /// The number of the block.
    pub block_number: u64,
    /// The base fee of the block, in wei.
    pub base_fee: u64,
    /// The gas that the module always has left: none is used up.
    pub gas_left: u64,
    /// Every other contract.
    pub world: W,
    state: RefCell<State>,
    hostios: RefCell<Vec<Hostio>>,
}

impl<W: World> Chain<W> {
    /// Returns a chain on which nothing has happened yet.
    pub fn new(module: Address, world: W) -> Self {
        Self {
            module,
            chain_id: 42_161,
            timestamp: 1_767_225_600,
            block_number: 24_000_000,
            base_fee: 100_000_000,
            gas_left: 30_000_000,
            world,
            state: RefCell::default(),
            hostios: RefCell::default(),
        }
    }

    /// Sends the module calldata; what it changes is kept.
    ///
    /// # Errors
    /// The revert data.
    pub fn send(&self, from: Address, data: &[u8]) -> Result<Vec<u8>, Vec<u8>> {
        let (to, value, gas, is_static) = (self.module, U256::ZERO, u64::MAX, false);
        self.call(&Call { from, to, data, value, gas, is_static })
    }

    /// Calls the module and forgets what it changes.
    ///
    /// # Errors
    /// The revert data.
    pub fn ask(&self, from: Address, data: &[u8]) -> Result<Vec<u8>, Vec<u8>> {
        let before = self.state.borrow().clone();
        let answer = self.send(from, data);
        *self.state.borrow_mut() = before;
        answer
    }

    /// Calls a contract. A call that fails undoes all that happened in it.
    ///
    /// # Errors
    /// The revert data.
    pub fn call(&self, call: &Call<'_>) -> Result<Vec<u8>, Vec<u8>> {
        let before = self.state.borrow().clone();
        let answer = if call.to == self.module {
            Frame::run(self, call)
        } else {
            self.world.answer(self, call)
        };
        if answer.is_err() {
            *self.state.borrow_mut() = before;
        }
        answer
    }

    /// Returns a word of the module's storage.
    pub fn word(&self, slot: B256) -> Word {
        self.state.borrow().words.get(&slot).copied().unwrap_or_default()
    }

    /// Writes a word of the module's storage.
    pub fn set_word(&self, slot: B256, word: Word) {
        self.state.borrow_mut().words.insert(slot, word);
    }

    /// Returns the events so far.
    pub fn logs(&self) -> Vec<Log> {
        self.state.borrow().logs.clone()
    }

    /// Takes what the module asked of its host since this was last called, in all frames and in
    /// order, also what was undone.
    pub fn take_hostios(&self) -> Vec<Hostio> {
        self.hostios.take()
    }
}

/// One call of the module.
#[derive(Debug)]
struct Frame<'c, W> {
    chain: &'c Chain<W>,
    call: Call<'c>,
    memory: Bump,
    /// Writes that are not flushed.
    cache: RefCell<HashMap<B256, Word>>,
    answer: RefCell<Vec<u8>>,
    /// Whether it tried to change something where it may not.
    has_failed: Cell<bool>,
}

impl<'c, W: World> Frame<'c, W> {
    fn run(chain: &'c Chain<W>, call: &Call<'c>) -> Result<Vec<u8>, Vec<u8>> {
        let frame = Self {
            chain,
            call: *call,
            memory: Bump::new(),
            cache: RefCell::default(),
            answer: RefCell::default(),
            has_failed: Cell::new(false),
        };
        let answer = crate::answer(&frame, frame.call.data);
        if frame.has_failed.get() {
            return Err(vec![]);
        }
        let data = frame.answer.take();
        answer.map_or_else(|_| Err(data.clone()), |()| Ok(data.clone()))
    }

    fn note(&self, hostio: Hostio) {
        self.chain.hostios.borrow_mut().push(hostio);
    }

    /// Lets the call fail if nothing may be changed in it.
    fn fail_if_static(&self) {
        if self.call.is_static {
            self.has_failed.set(true);
        }
    }

    fn nested(
        &self,
        to: &Word,
        data: &[u8],
        gas: u64,
        is_static: bool,
    ) -> Result<Vec<u8>, Vec<u8>> {
        let to = address(to);
        let is_static = is_static || self.call.is_static;
        let from = self.chain.module;
        self.chain.call(&Call { from, to, data, value: U256::ZERO, gas, is_static })
    }
}

fn address(word: &Word) -> Address {
    Address::from_word(B256::new(*word))
}

impl<W: World> Environment for &Frame<'_, W> {
    fn keccak256(self, bytes: &[u8]) -> B256 {
        (&OffChain::default()).keccak256(bytes)
    }

    fn keccak256_joined(self, parts: [&[u8]; 2]) -> B256 {
        self.keccak256(&parts.concat())
    }

    fn refuse(self, revert_data: &[u8]) {
        self.answer(revert_data);
    }
}

impl<'h, W: World> Host<'h> for &'h Frame<'_, W> {
    fn allocate(self, len: usize) -> &'h mut [u8] {
        self.memory.alloc_slice_fill_copy(len, 0)
    }

    fn has_value(self) -> bool {
        !self.call.value.is_zero()
    }

    fn caller(self) -> Word {
        word::from_address(self.call.from)
    }

    fn module(self) -> Word {
        word::from_address(self.chain.module)
    }

    fn chain_id(self) -> u64 {
        self.chain.chain_id
    }

    fn load(self, slot: &B256) -> Word {
        self.note(Hostio::Load(*slot));
        let cached = self.cache.borrow().get(slot).copied();
        cached.unwrap_or_else(|| self.chain.word(*slot))
    }

    fn save(self, slot: &B256, word: &Word) {
        self.cache.borrow_mut().insert(*slot, *word);
    }

    fn flush(self) {
        for (slot, word) in self.cache.take() {
            self.note(Hostio::Write(slot));
            self.fail_if_static();
            self.chain.set_word(slot, word);
        }
    }

    fn answer(self, data: &[u8]) {
        *self.answer.borrow_mut() = data.to_vec();
    }

    fn static_call(self, to: &Word, data: &[u8], gas: u64) -> Result<Option<Word>, CallFailed> {
        self.note(Hostio::StaticCall(address(to), gas));
        let answer = self.nested(to, data, gas, true).map_err(|_| CallFailed)?;
        Ok(answer.try_into().ok())
    }

    fn call(self, to: &Word, data: &[u8]) -> Result<&'h [u8], &'h [u8]> {
        self.note(Hostio::Call(address(to)));
        match self.nested(to, data, u64::MAX, false) {
            Ok(answer) => Ok(self.memory.alloc_slice_copy(&answer)),
            Err(reason) => Err(self.memory.alloc_slice_copy(&reason)),
        }
    }

    fn emit(self, topics: &[Word], data: &[u8]) {
        self.note(Hostio::Emit);
        self.fail_if_static();
        let topics = topics.iter().copied().map(B256::new).collect();
        self.chain.state.borrow_mut().logs.push(Log { topics, data: data.to_vec() });
    }

    fn clock(self) -> Timestamp {
        self.note(Hostio::Clock);
        Timestamp::new(self.chain.timestamp).unwrap_or(Timestamp::MAX)
    }

    fn gas_left(self) -> u64 {
        self.note(Hostio::GasLeft);
        self.chain.gas_left
    }

    fn block_entropy(self) -> [Word; 3] {
        self.note(Hostio::Block);
        let Chain { timestamp, block_number, base_fee, .. } = self.chain;
        [timestamp, block_number, base_fee].map(|number| word::from_u64(*number))
    }
}
