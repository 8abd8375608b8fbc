//! The standards that bind the module, its interface, its documents, its gas table; what is deployed
//! and published.

mod abi;
mod deployments;
mod documents;
pub(crate) mod erc7562;
mod gas;
mod packages;
mod workflows;
