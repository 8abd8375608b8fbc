//! Smart accounts: in what they differ, and how they install the module.

pub(crate) mod call;
pub(crate) mod hook;
pub(crate) mod install;
pub(crate) mod kind;
pub(crate) mod signing;
pub(crate) mod uninstall;
