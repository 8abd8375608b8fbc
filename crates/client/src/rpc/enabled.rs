//! One session by its id, from the event that enabled it.

use alloy_primitives::{Address, B256};
use alloy_rpc_types_eth::Filter;
use alloy_sol_types::SolEvent;
use smart_session_core::abi::ISmartSession;
use smart_session_core::session::Session;

use crate::rpc::error::NodeError;
use crate::rpc::module::Module;
use crate::session::unpacked::unpack_session;

impl Module<'_> {
    /// Returns the session with an id, if it was ever enabled: the event holds all of it.
    ///
    /// What the node says is believed only if it has this id.
    ///
    /// # Errors
    /// [`NodeError`] if the node cannot be asked.
    pub async fn enabled_session(
        &self,
        id: B256,
        from_block: u64,
    ) -> Result<Option<Session>, NodeError> {
        let filter = Filter::new()
            .address(self.address)
            .event_signature(ISmartSession::SessionEnabled::SIGNATURE_HASH)
            .topic2(id);
        let newest = self.node.block_number().await?;
        let logs = self.node.logs_between(&filter, from_block, newest, |_| ()).await?;
        Ok(logs.iter().find_map(|log| {
            let event = ISmartSession::SessionEnabled::decode_log(&log.inner).ok()?;
            let account: Address = event.account;
            unpack_session(account, &event.session).ok().filter(|session| session.id() == id)
        }))
    }
}
