//! What the account will run: the executions in `userOp.callData`.
//!
//! Accepted is `execute(bytes32 mode, bytes executionCalldata)` of ERC-7579, single or batch,
//! behind at most one `executeUserOp` prefix, and only in the canonical ABI shape: offsets
//! exact, elements in order, in bounds, at least one. So what is read here is byte for byte what
//! every account's decoder reads. Padding within a batch is not looked at, because nobody reads
//! it.

use alloy_sol_types::SolCall;

use crate::Environment;
use crate::abi::{IAccount, ISmartSession as Abi};
use crate::calldata::{Arguments, last_bytes, split_word};
use crate::refusal::{Refusal, Refused};
use crate::word::{self, Word};

/// Most executions in one operation.
pub const MAX_EXECUTIONS: usize = 32;

/// `execute(bytes32,bytes)`.
const EXECUTE: [u8; 4] = IAccount::executeCall::SELECTOR;
/// `executeUserOp(PackedUserOperation,bytes32)`: the account runs what follows these bytes.
const EXECUTE_USER_OP: [u8; 4] = IAccount::executeUserOpCall::SELECTOR;

/// One call of the account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Execution<'a> {
    /// The word of the callee's address.
    pub target: Word,
    /// The wei that it is sent.
    pub value: &'a Word,
    /// Its calldata.
    pub call_data: &'a [u8],
}

/// The executions of an operation, read one by one.
#[derive(Clone, Debug)]
pub struct Executions<'a> {
    /// A single call, packed; or a batch from the first element's offset word to the end.
    bytes: &'a [u8],
    is_batch: bool,
    len: usize,
}

impl<'a> Executions<'a> {
    /// Reads `userOp.callData`.
    ///
    /// # Errors
    /// If it is anything but canonical executions that succeed or revert: `UnsupportedCall`, and
    /// what [`Executions::read`] refuses.
    #[inline]
    pub fn decode(environment: impl Environment, call_data: &'a [u8]) -> Result<Self, Refused> {
        let call_data = after(call_data, EXECUTE_USER_OP).unwrap_or(call_data);
        let Some(arguments) = after(call_data, EXECUTE) else {
            let mut refusal = Refusal::of::<Abi::UnsupportedCall>();
            return Err(refusal.selector(selector_of(call_data)).tell(environment));
        };
        match split_word(arguments).and_then(|(mode, rest)| Some((mode, last_bytes(rest, 0x40)?))) {
            Some((mode, executions)) => Self::read(environment, mode, executions),
            None => Err(malformed(environment, 0)),
        }
    }

    /// Reads a mode and an `executionCalldata` (ERC-7579).
    ///
    /// # Errors
    /// `UnsupportedExecutionMode` for delegatecall, staticcall, try, or a mode selector or payload
    /// that may change the meaning; `MalformedExecution`, `TooManyExecutions`.
    #[inline(never)]
    pub fn read(
        environment: impl Environment,
        mode: &Word,
        executions: &'a [u8],
    ) -> Result<Self, Refused> {
        let [call_type, rest @ ..] = mode;
        if *call_type > BATCH || rest.iter().any(|byte| *byte != 0) {
            let mut refusal = Refusal::of::<Abi::UnsupportedExecutionMode>();
            return Err(refusal.word(mode).tell(environment));
        }
        if *call_type != BATCH {
            return Ok(Self { bytes: executions, is_batch: false, len: 1 });
        }
        let Some((len, bytes)) = read_batch_head(executions) else {
            return Err(malformed(environment, 0));
        };
        let got = word::to_usize(len).unwrap_or(usize::MAX);
        if got > MAX_EXECUTIONS {
            let mut refusal = Refusal::of::<Abi::TooManyExecutions>();
            return Err(refusal.word(len).size(MAX_EXECUTIONS).tell(environment));
        }
        Ok(Self { bytes, is_batch: true, len: got })
    }

    /// Returns how many executions there are: at least 1, at most [`MAX_EXECUTIONS`].
    #[expect(clippy::len_without_is_empty, reason = "there is always one")]
    pub const fn len(&self) -> usize {
        self.len
    }

    /// Reads the executions in order; a refusal is the last item.
    #[inline]
    pub fn iter<E: Environment>(&self, environment: E) -> Iter<'a, E> {
        let heads = if self.is_batch { self.len.saturating_mul(32) } else { 0 };
        let (heads, tails) = self.bytes.split_at_checked(heads).unwrap_or_default();
        let Self { bytes, is_batch, len } = *self;
        Iter { environment, bytes, is_batch, heads, tails, index: 0, len }
    }
}

/// Reads executions in order.
#[derive(Clone, Debug)]
pub struct Iter<'a, E> {
    environment: E,
    /// All of it: offsets count from here.
    bytes: &'a [u8],
    is_batch: bool,
    /// The offset words not yet read.
    heads: &'a [u8],
    /// The elements not yet read.
    tails: &'a [u8],
    index: usize,
    len: usize,
}

impl<'a, E: Environment> Iterator for Iter<'a, E> {
    type Item = Result<Execution<'a>, Refused>;

    #[inline(never)]
    fn next(&mut self) -> Option<Self::Item> {
        if self.index >= self.len {
            return None;
        }
        let execution = self.index;
        self.index = execution.saturating_add(1);
        let next = if self.is_batch { self.batched() } else { single(self.tails) };
        Some(next.ok_or_else(|| {
            self.index = self.len;
            malformed(self.environment, execution)
        }))
    }
}

impl<'a, E> Iter<'a, E> {
    /// Reads the next element of a batch, whose offset must be exact; nothing follows the last.
    fn batched(&mut self) -> Option<Execution<'a>> {
        let at = self.bytes.len().saturating_sub(self.tails.len());
        let (offset, heads) = split_word(self.heads)?;
        let (target, rest) = split_word(self.tails)?;
        let (value, rest) = split_word(rest)?;
        let (call_data_offset, rest) = split_word(rest)?;
        let (length, rest) = split_word(rest)?;
        let length = word::to_usize(length)?;
        let (padded, tails) = rest.split_at_checked(length.checked_next_multiple_of(32)?)?;
        let is_canonical = word::to_usize(offset)? == at
            && word::to_usize(call_data_offset)? == 0x60
            && word::is_address(target)
            && (self.index < self.len || tails.is_empty());
        (self.heads, self.tails) = (heads, tails);
        let execution = Execution { target: *target, value, call_data: padded.get(..length)? };
        is_canonical.then_some(execution)
    }
}

/// Reads a single call: target ‖ value ‖ calldata, packed.
fn single(packed: &[u8]) -> Option<Execution<'_>> {
    let (address, rest) = packed.split_at_checked(20)?;
    let (value, call_data) = split_word(rest)?;
    let mut target = word::ZERO;
    word::put_right(&mut target, address);
    Some(Execution { target, value, call_data })
}

/// Returns whether an answer of `executeFromExecutor` is what an account gives that ran so many
/// executions: the canonical `bytes[]` with one entry for each.
///
/// A call of an address without code, or of an account that lacks its adapter, succeeds with no or
/// another answer, although nothing ran.
pub fn is_answer(answer: &[u8], executions: usize) -> bool {
    entries(answer) == Some(executions)
}

fn entries(answer: &[u8]) -> Option<usize> {
    let mut answer = Arguments::new(answer, 1)?;
    let entries = answer.bytes_array()?;
    answer.end().map(|()| entries.len())
}

/// Call type batch (ERC-7579); everything else of the mode is zero, as all of a single call's.
const BATCH: u8 = 1;

#[inline(never)]
fn malformed(environment: impl Environment, execution: usize) -> Refused {
    Refusal::of::<Abi::MalformedExecution>().size(execution).tell(environment)
}

/// Reads the offset and the length of an array that is not empty; returns the length and what
/// follows.
fn read_batch_head(encoded: &[u8]) -> Option<(&Word, &[u8])> {
    let (offset, rest) = split_word(encoded)?;
    let (len, elements) = split_word(rest)?;
    (word::to_usize(offset)? == 0x20 && !word::is_zero(len)).then_some((len, elements))
}

/// Returns what follows a selector, if the bytes begin with it.
fn after(bytes: &[u8], selector: [u8; 4]) -> Option<&[u8]> {
    let (first, rest) = bytes.split_first_chunk::<4>()?;
    (u32::from_be_bytes(*first) == u32::from_be_bytes(selector)).then_some(rest)
}

/// Returns the first four bytes, zero-padded.
pub(crate) fn selector_of(call_data: &[u8]) -> [u8; 4] {
    let mut selector = [0; 4];
    for (to, from) in selector.iter_mut().zip(call_data) {
        *to = *from;
    }
    selector
}
