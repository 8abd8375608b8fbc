//! What a tracer can ask about a step, and the functions it asks with.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use alloy_primitives::{Address, B256, Bytes, U256, hex};
use revm::state::EvmState;
use rquickjs::{Ctx, Error, Function, Object, TypedArray};

use super::number::{number, whole};
use crate::watch::Step;
use crate::{DevChain, Frame, FrameKind};

/// How far past its end memory may be looked at: the bytes there are zero.
const MOST_PADDING: usize = 1 << 20;

/// The step that a tracer looks at, and the state behind it.
#[derive(Debug)]
pub(super) struct StepView {
    step: Step,
    address: Address,
    caller: Address,
    value: U256,
    input: Bytes,
    /// What the transaction has changed so far; lent by the EVM for the length of a step.
    state: EvmState,
    /// The chain before the transaction.
    before: Arc<DevChain>,
}

/// A view that the tracer's functions look at.
pub(super) type Shared = Rc<RefCell<StepView>>;

impl StepView {
    /// What is seen before the first step.
    pub(super) fn new(before: Arc<DevChain>) -> Shared {
        Rc::new(RefCell::new(Self {
            step: Step::default(),
            address: Address::ZERO,
            caller: Address::ZERO,
            value: U256::ZERO,
            input: Bytes::new(),
            state: EvmState::default(),
            before,
        }))
    }

    /// Takes on a step.
    pub(super) fn set(&mut self, frame: &Frame, step: Step, state: &mut EvmState) {
        self.address = step.attributed_to.unwrap_or(frame.to);
        self.caller = frame.from;
        self.value = frame.value;
        self.input = match frame.kind {
            FrameKind::Create | FrameKind::Create2 => Bytes::new(),
            _ => frame.input.clone(),
        };
        self.step = step;
        self.state = std::mem::take(state);
    }

    /// Gives back the state that a step was lent.
    pub(super) fn give_back(&mut self, state: &mut EvmState) {
        *state = std::mem::take(&mut self.state);
    }

    /// The state that `result` looks at: what the transaction has left behind.
    pub(super) fn set_end(&mut self, state: EvmState) {
        self.step = Step::default();
        self.state = state;
    }

    /// The chain before the transaction.
    pub(super) fn chain(&self) -> Arc<DevChain> {
        Arc::clone(&self.before)
    }

    /// The stack's item so far from its top.
    fn peek(&self, index: f64) -> Option<String> {
        let from_top = whole(index)?.checked_add(1)?;
        let index = self.step.stack.len().checked_sub(from_top)?;
        self.step.stack.get(index).map(|word| format!("{word:#x}"))
    }

    fn memory(&self, start: f64, end: f64) -> Option<Vec<u8>> {
        let (start, end) = (whole(start)?, whole(end)?);
        let memory = &self.step.memory;
        if end > memory.len().saturating_add(MOST_PADDING) {
            return None;
        }
        let there = memory.get(start..end.min(memory.len())).unwrap_or_default();
        let mut bytes = there.to_vec();
        bytes.resize(end.checked_sub(start)?, 0);
        Some(bytes)
    }

    fn balance(&self, account: Address) -> U256 {
        let changed = self.state.get(&account).map(|account| account.info.balance);
        changed.unwrap_or_else(|| self.before.balance(account))
    }

    fn nonce(&self, account: Address) -> u64 {
        let changed = self.state.get(&account).map(|account| account.info.nonce);
        changed.unwrap_or_else(|| self.before.nonce(account))
    }

    fn code(&self, account: Address) -> Bytes {
        let changed = self.state.get(&account);
        match changed.and_then(|account| account.info.code.as_ref()) {
            Some(code) => code.original_bytes(),
            None if changed.is_some_and(|account| account.info.is_empty_code_hash()) => {
                Bytes::new()
            }
            None => self.before.code(account),
        }
    }

    fn slot(&self, account: Address, slot: U256) -> U256 {
        if let Some((overwritten, value)) = self.step.overwritten
            && (overwritten, self.address) == (slot, account)
        {
            return value;
        }
        let changed = self.state.get(&account);
        match changed.and_then(|account| account.storage.get(&slot)) {
            Some(value) => value.present_value,
            None if changed.is_some_and(revm::state::Account::is_created) => U256::ZERO,
            None => self.before.storage(account, slot),
        }
    }

    fn exists(&self, account: Address) -> bool {
        !self.balance(account).is_zero()
            || self.nonce(account) != 0
            || !self.code(account).is_empty()
    }
}

/// An object with the functions that look at a view.
pub(super) fn host<'js>(ctx: &Ctx<'js>, view: &Shared) -> Result<Object<'js>, Error> {
    let host = Object::new(ctx.clone())?;
    // Every function looks at the view through a handle of its own.
    macro_rules! set {
        ($name:literal, |$view:ident $(, $argument:ident: $type:ty)*| $body:expr) => {{
            let shared = Rc::clone(view);
            let function = move |$($argument: $type),*| {
                let $view = shared.borrow();
                $body
            };
            host.set($name, Function::new(ctx.clone(), function)?)?;
        }};
        ($name:literal, bytes |$view:ident $(, $argument:ident: $type:ty)*| $body:expr) => {{
            let shared = Rc::clone(view);
            let function = move |ctx: Ctx<'js>, $($argument: $type),*| {
                let bytes: Result<Option<Vec<u8>>, Error> = {
                    let $view = shared.borrow();
                    $body
                };
                let array = |bytes| TypedArray::<u8>::new(ctx.clone(), bytes);
                bytes?.map(array).transpose()
            };
            host.set($name, Function::new(ctx.clone(), function)?)?;
        }};
    }
    set!("stackLength", |view| view.step.stack.len());
    set!("peek", |view, index: f64| view.peek(index));
    set!("memoryLength", |view| view.step.memory.len());
    set!("memory", bytes |view, start: f64, end: f64| Ok(view.memory(start, end)));
    set!("caller", bytes | view | Ok(Some(view.caller.to_vec())));
    set!("address", bytes | view | Ok(Some(view.address.to_vec())));
    set!("value", |view| format!("{:#x}", view.value));
    set!("input", bytes | view | Ok(Some(view.input.to_vec())));
    set!("balance", |view, account: String| {
        address(&account).map(|account| format!("{:#x}", view.balance(account)))
    });
    set!("nonce", |view, account: String| {
        address(&account).map(|account| number(view.nonce(account)))
    });
    set!("code", bytes |view, account: String| {
        address(&account).map(|account| Some(view.code(account).to_vec()))
    });
    set!("state", bytes |view, account: String, slot: String| {
        let value = view.slot(address(&account)?, word(&slot)?.into());
        Ok(Some(value.to_be_bytes_vec()))
    });
    set!("exists", |view, account: String| {
        address(&account).map(|account| view.exists(account))
    });
    set!("create", bytes |_view, from: String, nonce: f64| {
        let nonce = whole(nonce).and_then(|nonce| u64::try_from(nonce).ok());
        let nonce = nonce.ok_or_else(|| Error::new_from_js("number", "nonce"))?;
        Ok(Some(address(&from)?.create(nonce).to_vec()))
    });
    set!("create2", bytes |_view, from: String, salt: String, code: String| {
        let code = hex::decode(&code).map_err(|_| Error::new_from_js("string", "bytes"))?;
        Ok(Some(address(&from)?.create2_from_code(word(&salt)?, code).to_vec()))
    });
    Ok(host)
}

fn address(text: &str) -> Result<Address, Error> {
    text.parse().map_err(|_| Error::new_from_js("string", "address"))
}

fn word(text: &str) -> Result<B256, Error> {
    text.parse().map_err(|_| Error::new_from_js("string", "word"))
}
