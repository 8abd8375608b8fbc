//! The vectors that every implementation of the format shares: `tests/vectors/sessions.json`.
//!
//! ```text
//! cargo run -p smart-session-core --example vectors              writes the file
//! cargo run -p smart-session-core --example vectors -- --check   fails if the file is another one
//! ```
//!
//! Sessions and what is hashed come from this crate's encoder; the keys are fixed and signatures
//! deterministic (RFC 6979), so the same code gives the same bytes.

mod cases;
mod document;
mod keys;
mod signed;
mod writing;

use std::error::Error;
use std::path::PathBuf;

fn main() -> Result<(), Box<dyn Error>> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/vectors/sessions.json");
    let document = writing::document()?;
    match std::env::args().nth(1).as_deref() {
        None => std::fs::write(&path, document)?,
        Some("--check") if std::fs::read_to_string(&path)? == document => {}
        Some("--check") => return Err("sessions.json is not what the encoder writes".into()),
        Some(other) => {
            return Err(format!("unknown argument {other}, only --check is known").into());
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_file_is_what_the_encoder_writes() {
        let committed = include_str!("../../../../tests/vectors/sessions.json");

        let written = crate::writing::document().unwrap();

        let again = "run: cargo run -p smart-session-core --example vectors";
        assert!(written == committed, "tests/vectors/sessions.json has drifted: {again}");
    }
}
