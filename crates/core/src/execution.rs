//! What the account will run: the executions in `userOp.callData`.
//!
//! Accepted is `execute(bytes32 mode, bytes executionCalldata)` of ERC-7579, single or batch,
//! behind at most one `executeUserOp` prefix, and only in the canonical ABI shape: offsets
//! exact, elements in order, in bounds, at least one. So what is read here is byte for byte what
//! every account's decoder reads. Padding within a batch is not looked at, because nobody reads
//! it.

use alloy_primitives::{Address, B256};
use alloy_sol_types::SolCall;

use crate::abi::IAccount;
use crate::calldata::{last_bytes, split_word};
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
    /// The callee.
    pub target: Address,
    /// The wei that it is sent.
    pub value: &'a Word,
    /// Its calldata.
    pub call_data: &'a [u8],
}

/// Why calldata is not a list of executions that a session can be checked against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExecutionError {
    /// The account is asked for something other than `execute`.
    UnsupportedCall {
        /// The function, zero-padded where the calldata is shorter.
        selector: [u8; 4],
    },
    /// The mode is not a plain single or batch call: delegatecall, staticcall, try, or a mode
    /// selector or payload that may change the meaning.
    UnsupportedMode {
        /// The mode.
        got: B256,
    },
    /// The bytes are not in the canonical ABI shape.
    Malformed {
        /// The execution, counted from 0, in which that shows.
        execution: usize,
    },
    /// There are more executions than the cap.
    TooMany {
        /// How many.
        got: usize,
        /// The cap.
        allowed: usize,
    },
}

/// The executions of an operation, read one by one.
#[derive(Clone, Debug)]
pub struct Executions<'a> {
    shape: Shape<'a>,
    len: usize,
}

#[derive(Clone, Debug)]
enum Shape<'a> {
    Single(Execution<'a>),
    /// From the first element's offset word to the end.
    Batch(&'a [u8]),
}

impl<'a> Executions<'a> {
    /// Reads `userOp.callData`.
    ///
    /// # Errors
    /// [`ExecutionError`] if it is anything but canonical executions that succeed or revert.
    pub fn decode(call_data: &'a [u8]) -> Result<Self, ExecutionError> {
        let call_data = call_data.strip_prefix(&EXECUTE_USER_OP).unwrap_or(call_data);
        let Some(arguments) = call_data.strip_prefix(&EXECUTE) else {
            return Err(ExecutionError::UnsupportedCall { selector: selector_of(call_data) });
        };
        let Some((mode, executions)) = read_arguments(arguments) else {
            return Err(ExecutionError::Malformed { execution: 0 });
        };
        let executions = match *mode {
            word::ZERO => Self::single(executions),
            BATCH_MODE => Self::batch(executions)?,
            got => return Err(ExecutionError::UnsupportedMode { got: B256::new(got) }),
        };
        executions.ok_or(ExecutionError::Malformed { execution: 0 })
    }

    /// Reads the `executionCalldata` of a single call: target ‖ value ‖ calldata, packed.
    fn single(packed: &'a [u8]) -> Option<Self> {
        let (target, rest) = packed.split_first_chunk::<20>()?;
        let (value, call_data) = split_word(rest)?;
        let execution = Execution { target: Address::new(*target), value, call_data };
        Some(Self { shape: Shape::Single(execution), len: 1 })
    }

    /// Reads the `executionCalldata` of a batch: `abi.encode(Execution[])`.
    fn batch(encoded: &'a [u8]) -> Result<Option<Self>, ExecutionError> {
        let Some((len, elements)) = read_batch_head(encoded) else { return Ok(None) };
        let got = word::to_usize(len).unwrap_or(usize::MAX);
        if got > MAX_EXECUTIONS {
            return Err(ExecutionError::TooMany { got, allowed: MAX_EXECUTIONS });
        }
        Ok(Some(Self { shape: Shape::Batch(elements), len: got }))
    }

    /// Returns how many executions there are: at least 1, at most [`MAX_EXECUTIONS`].
    #[expect(clippy::len_without_is_empty, reason = "there is always one")]
    pub const fn len(&self) -> usize {
        self.len
    }

    /// Reads the executions in order; an error is the last item.
    #[expect(clippy::iter_without_into_iter, reason = "items are read, not referenced")]
    pub fn iter(&self) -> Iter<'a> {
        match self.shape {
            Shape::Single(execution) => Iter { next: Next::Single(Some(execution)) },
            Shape::Batch(elements) => {
                let heads = elements.split_at_checked(self.len.saturating_mul(32));
                let (heads, tails) = heads.unwrap_or_default();
                Iter { next: Next::Batch { elements, heads, tails, index: 0, len: self.len } }
            }
        }
    }
}

/// Reads executions in order.
#[derive(Clone, Debug)]
pub struct Iter<'a> {
    next: Next<'a>,
}

#[derive(Clone, Debug)]
enum Next<'a> {
    Single(Option<Execution<'a>>),
    Batch {
        /// All of it: offsets count from here.
        elements: &'a [u8],
        /// The offset words not yet read.
        heads: &'a [u8],
        /// The elements not yet read.
        tails: &'a [u8],
        index: usize,
        len: usize,
    },
}

impl<'a> Iterator for Iter<'a> {
    type Item = Result<Execution<'a>, ExecutionError>;

    fn next(&mut self) -> Option<Self::Item> {
        match &mut self.next {
            Next::Single(execution) => execution.take().map(Ok),
            Next::Batch { elements, heads, tails, index, len } => {
                if *index >= *len {
                    return None;
                }
                let at = elements.len().saturating_sub(tails.len());
                let next = read_element(heads, tails, at)
                    .filter(|(_, _, tails)| index.saturating_add(1) < *len || tails.is_empty());
                let Some((execution, next_heads, next_tails)) = next else {
                    let execution = *index;
                    *index = *len;
                    return Some(Err(ExecutionError::Malformed { execution }));
                };
                *index = index.saturating_add(1);
                (*heads, *tails) = (next_heads, next_tails);
                Some(Ok(execution))
            }
        }
    }
}

/// Call type batch (0x01), everything else zero (ERC-7579).
const BATCH_MODE: Word = {
    let mut mode = word::ZERO;
    let [call_type, ..] = &mut mode;
    *call_type = 1;
    mode
};

/// Reads the arguments of `execute`: the mode, and the `executionCalldata`.
fn read_arguments(arguments: &[u8]) -> Option<(&Word, &[u8])> {
    let (mode, rest) = split_word(arguments)?;
    Some((mode, last_bytes(rest, 0x40)?))
}

/// Reads the offset and the length of an array that is not empty; returns the length and what
/// follows.
fn read_batch_head(encoded: &[u8]) -> Option<(&Word, &[u8])> {
    let (offset, rest) = split_word(encoded)?;
    let (len, elements) = split_word(rest)?;
    (*offset == word::from_u64(0x20) && *len != word::ZERO).then_some((len, elements))
}

/// Reads one element whose offset must be exactly `at`; returns it and what is left.
fn read_element<'a>(
    heads: &'a [u8],
    tails: &'a [u8],
    at: usize,
) -> Option<(Execution<'a>, &'a [u8], &'a [u8])> {
    let (offset, heads) = split_word(heads)?;
    let (target, rest) = split_word(tails)?;
    let (value, rest) = split_word(rest)?;
    let (call_data_offset, rest) = split_word(rest)?;
    let (length, rest) = split_word(rest)?;
    if *offset != word::from_usize(at) || *call_data_offset != word::from_u64(0x60) {
        return None;
    }
    let length = word::to_usize(length)?;
    let (padded, tails) = rest.split_at_checked(length.checked_next_multiple_of(32)?)?;
    let execution =
        Execution { target: word::to_address(target)?, value, call_data: padded.get(..length)? };
    Some((execution, heads, tails))
}

/// Returns the first four bytes, zero-padded.
pub(crate) fn selector_of(call_data: &[u8]) -> [u8; 4] {
    let mut selector = [0; 4];
    for (to, from) in selector.iter_mut().zip(call_data) {
        *to = *from;
    }
    selector
}
