//! What a delegate does with a session: calls, the permissions that cover them, and what it signs.

pub(crate) mod abi;
pub(crate) mod coverage;
pub(crate) mod draft;
pub(crate) mod message;
pub(crate) mod order;
pub(crate) mod order_file;
#[cfg(feature = "rpc")]
pub(crate) mod order_gas;
pub(crate) mod plan;
pub(crate) mod redemption;
pub(crate) mod user_operation;
pub(crate) mod window;
