//! Tells `cargo stylus` the contract's interface: `export-abi` prints it, and `deploy` asks whether
//! there is a constructor. There is none.

/// The interface, made from `smart_session_core::abi` and compared with it by a test.
const INTERFACE: &str = include_str!("../docs/abi/ISmartSession.sol");

fn main() {
    match std::env::args().nth(1).as_deref() {
        Some("constructor") => {}
        _ => print!("{INTERFACE}"),
    }
}
