//! Gives the contract a stack of 16 KiB, so that it lives in one WASM page.
//!
//! It is said here and not in `.cargo/config.toml` because a `RUSTFLAGS` in the environment drops
//! that file's flags without a word: the contract would get Rust's default stack of 1 MiB, and with
//! 17 pages every call would cost 15,008 gas more.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let is_wasm = std::env::var("CARGO_CFG_TARGET_ARCH").is_ok_and(|arch| arch == "wasm32");
    if is_wasm {
        println!("cargo::rustc-link-arg-cdylib=-zstack-size=16384");
    }
}
