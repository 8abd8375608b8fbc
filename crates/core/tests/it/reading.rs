//! The core's decoders, asked by themselves.

use alloy_primitives::{Address, B256, Bytes, U256};
use session_model as model;
use smart_session_core::OffChain;
use smart_session_core::execution::Executions;
use smart_session_core::packed::{Memory, PackedSession, Reader};
use smart_session_core::word;

use crate::module::name;

/// Reads a packed session to its end and returns its id.
pub(crate) fn id(bytes: &[u8], account: Address) -> Result<B256, String> {
    let mut memory = Memory::filled_with(0xa5);
    OffChain::ask(|environment| {
        let mut reader = Reader::new(environment, bytes);
        let account = word::from_address(account);
        let session = PackedSession::read(&mut reader, &account, memory.lend())?;
        reader.end()?;
        Ok(session.id)
    })
    .map_err(|error| name(&error))
}

/// Reads the account's calldata as executions.
pub(crate) fn executions(call_data: &[u8]) -> Result<Vec<model::Execution>, String> {
    OffChain::ask(|environment| {
        let executions = Executions::decode(environment, call_data)?;
        let read = executions.iter(environment).map(|execution| {
            execution.map(|execution| model::Execution {
                target: Address::from_word(B256::new(execution.target)),
                value: U256::from_be_bytes(*execution.value),
                data: Bytes::copy_from_slice(execution.call_data),
            })
        });
        read.collect()
    })
    .map_err(|error| name(&error))
}
