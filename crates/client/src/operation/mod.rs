//! What a delegate does with a session: calls, the permissions that cover them, and what it signs.

pub(crate) mod call;
pub(crate) mod coverage;
pub(crate) mod draft;
pub(crate) mod message;
pub(crate) mod plan;
