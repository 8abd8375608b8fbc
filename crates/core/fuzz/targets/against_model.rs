#![no_main]
#![allow(dead_code, reason = "each target runs one of the checks")]

#[path = "../checks.rs"]
mod checks;
#[path = "../../tests/it/module.rs"]
mod module;
#[path = "../../tests/it/pair.rs"]
mod pair;
#[path = "../../tests/it/reading.rs"]
mod reading;
#[path = "../../tests/it/world.rs"]
mod world;

libfuzzer_sys::fuzz_target!(|data: &[u8]| checks::against_model(data));
