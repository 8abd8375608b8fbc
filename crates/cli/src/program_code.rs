//! The module as it is deployed: Stylus code, its creation code, and where that puts it.

use std::path::Path;

use alloy_primitives::{Address, B256, Bytes, hex, keccak256};
use brotli::enc::BrotliEncoderParams;
use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::deployer::DEPLOYER;
use crate::failure::Failure;

/// Every deployment has this salt: the code alone decides the address.
pub(crate) const SALT: B256 = B256::ZERO;

/// What code of a Stylus program in one piece begins with; the last byte says: no dictionary.
const PREFIX: [u8; 4] = [0xef, 0xf0, 0x00, 0x00];
/// Brotli quality and window that `cargo stylus` compresses with.
const QUALITY: i32 = 11;
const WINDOW: i32 = 22;
/// Most bytes of a contract (EIP-170).
const MOST_BYTES: usize = 24_576;

/// The module, ready to be deployed.
#[derive(Clone, Debug)]
pub(crate) struct ProgramCode {
    /// The code that the account at the address will have.
    pub(crate) code: Bytes,
    /// SHA-256 of the WASM, in hex.
    pub(crate) wasm_sha256: String,
    /// The toolchain that built it, if that is known.
    pub(crate) toolchain: Option<String>,
}

/// What `scripts/build-wasm` writes beside the WASM.
#[derive(Debug, Deserialize)]
struct BuildNote {
    sha256: String,
    rustc: String,
}

impl ProgramCode {
    /// Compresses a WASM file.
    pub(crate) fn read(path: &Path) -> Result<Self, Failure> {
        let wasm = std::fs::read(path).map_err(|error| {
            Failure::new(
                format!("{} cannot be read: {error}", path.display()),
                "build the module with scripts/build-wasm, or give --wasm",
            )
        })?;
        if !wasm.starts_with(b"\0asm") {
            return Err(Failure::new(
                format!("{} is no WASM", path.display()),
                "give the file that scripts/build-wasm makes",
            ));
        }
        let code = compress(&wasm)?;
        if code.len() > MOST_BYTES {
            return Err(Failure::new(
                format!("the code has {} bytes, a contract has at most {MOST_BYTES}", code.len()),
                "build the module with scripts/build-wasm",
            ));
        }
        let wasm_sha256 = hex::encode(Sha256::digest(&wasm));
        let note = std::fs::read_to_string(path.with_extension("json")).ok();
        let note = note.and_then(|text| serde_json::from_str::<BuildNote>(&text).ok());
        let toolchain = note.filter(|note| note.sha256 == wasm_sha256).map(|note| note.rustc);
        Ok(Self { code, wasm_sha256, toolchain })
    }

    /// Returns the hash that the account's code will have.
    pub(crate) fn hash(&self) -> B256 {
        keccak256(&self.code)
    }

    /// Returns the creation code: it returns what stands behind it.
    pub(crate) fn init_code(&self) -> Bytes {
        // At most 24,576 bytes: two bytes hold the length.
        let [.., high, low] = self.code.len().to_be_bytes();
        let prelude = [
            0x61, high, low,  // PUSH2 length
            0x80, // DUP1
            0x60, 0x0a, // PUSH1 10
            0x5f, // PUSH0
            0x39, // CODECOPY
            0x5f, // PUSH0
            0xf3, // RETURN
        ];
        [&prelude, self.code.as_ref()].concat().into()
    }

    /// Returns where the deterministic deployer puts it.
    pub(crate) fn address(&self) -> Address {
        DEPLOYER.create2_from_code(SALT, self.init_code())
    }
}

fn compress(mut wasm: &[u8]) -> Result<Bytes, Failure> {
    let mut code = PREFIX.to_vec();
    let parameters =
        BrotliEncoderParams { quality: QUALITY, lgwin: WINDOW, ..BrotliEncoderParams::default() };
    brotli::BrotliCompress(&mut wasm, &mut code, &parameters).map_err(|error| {
        Failure::new(format!("the WASM cannot be compressed: {error}"), "free some memory")
    })?;
    Ok(code.into())
}
