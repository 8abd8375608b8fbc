//! The verbs of the command line, one file each.

pub(crate) mod check;
pub(crate) mod completion;
pub(crate) mod deploy;
pub(crate) mod doctor;
pub(crate) mod enable;
pub(crate) mod import;
pub(crate) mod list;
pub(crate) mod new;
pub(crate) mod order;
pub(crate) mod request;
pub(crate) mod revoke;
pub(crate) mod show;
pub(crate) mod sign;
pub(crate) mod typed_data;
pub(crate) mod use_session;
