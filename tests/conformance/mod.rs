//! The standards that bind the module, its interface, its documents and its gas table.

mod abi;
mod documents;
pub(crate) mod erc7562;
mod gas;
