#![no_main]
#![allow(dead_code, reason = "each target runs one of the checks")]

#[path = "../checks.rs"]
mod checks;
#[path = "../../tests/it/pair.rs"]
mod pair;
#[path = "../../tests/it/shell.rs"]
mod shell;

libfuzzer_sys::fuzz_target!(|data: &[u8]| checks::against_model(data));
