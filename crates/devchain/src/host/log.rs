//! Logs.

use alloy_primitives::{B256, Bytes, Log};
use revm::context_interface::{ContextTr, JournalTr};

use super::hooks::{Answer, Args, Hooks, Stop};
use crate::meter::prices::{self, evm_gas};

const WORD: u32 = 32;

impl Hooks<'_, '_> {
    /// `emit_log(data, len, topics)`: the topics come first in the data.
    pub(super) fn emit_log(&mut self, args: Args) -> Answer {
        let (pointer, len, topics) = (args.int(0), args.int(1), args.int(2));
        let Some(data_len) = len.checked_sub(topics.saturating_mul(WORD)).filter(|_| topics <= 4)
        else {
            return Err(Stop::Failure);
        };
        self.buy_ink(prices::read(len))?;
        let per_topic = evm_gas::LOG.saturating_mul(u64::from(topics).saturating_add(1));
        let per_byte = evm_gas::LOG_BYTE.saturating_mul(u64::from(data_len));
        self.buy_gas(per_topic.saturating_add(per_byte))?;

        let bytes = self.read_bytes(pointer, len)?;
        if self.is_static() {
            return Err(Stop::Failure);
        }
        let split = bytes.len().saturating_sub(usize::try_from(data_len).unwrap_or(0));
        let (head, data) = bytes.split_at_checked(split).unwrap_or((&bytes, &[]));
        let topics = head.chunks_exact(32).map(B256::from_slice).collect();
        let log = Log::new_unchecked(self.address(), topics, Bytes::copy_from_slice(data));
        self.context.journal_mut().log(log);
        Ok(None)
    }
}
