//! `regex-lite` by the name of `regex`. stylus-sdk asks with it whether a name is `uint` and a number:
//! for that, `regex` would be compiled twice, for this machine and for WASM, and takes a twelfth of
//! the contract's build.

#![no_std]

pub use regex_lite::*;
