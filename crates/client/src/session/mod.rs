//! Sessions before they are on a chain: built, checked, shown, signed, handed on.

pub(crate) mod address;
pub(crate) mod builder;
pub(crate) mod chain_listed;
pub(crate) mod description;
pub(crate) mod digest;
pub mod file;
pub(crate) mod function;
pub(crate) mod grant;
pub(crate) mod names;
pub(crate) mod structure;
pub mod text;
pub(crate) mod typed_data;
pub(crate) mod unpacked;
pub(crate) mod warning;
pub(crate) mod word;
