//! `regex-lite` by the name of `regex`. stylus-sdk asks with it whether a name is `uint` and a number:
//! for that, `regex` would be compiled twice, for this machine and for WASM, which is a sixth of the
//! contract's build.

#![no_std]

pub use regex_lite::*;
