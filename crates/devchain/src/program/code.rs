//! The contract code of a program: a prefix and a compressed module.

use std::collections::HashMap;
use std::io::Read;
use std::sync::{LazyLock, Mutex, PoisonError};

use alloy_primitives::{Address, B256, Bytes, keccak256};

/// What the code of a Stylus contract begins with.
const CLASSIC: [u8; 3] = [0xef, 0xf0, 0x00];
const FRAGMENT: [u8; 3] = [0xef, 0xf0, 0x01];
const ROOT: [u8; 3] = [0xef, 0xf0, 0x02];

/// The dictionary byte that says Brotli's own dictionary is all there is.
const NO_DICTIONARY: u8 = 0;

/// Brotli quality and window that `cargo stylus` compresses with.
const QUALITY: i32 = 11;
const WINDOW: i32 = 22;

/// What the code of an account says about Stylus.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ProgramCode<'a> {
    /// A program in one piece.
    Classic { dictionary: u8, compressed: &'a [u8] },
    /// A piece of a program; it cannot be called or activated.
    Fragment(&'a [u8]),
    /// A program whose pieces are elsewhere.
    Root { dictionary: u8, wasm_len: u32, fragments: Vec<Address> },
}

impl<'a> ProgramCode<'a> {
    /// Reads a contract's code; `None` if Stylus has nothing to do with it.
    pub(crate) fn parse(code: &'a [u8], allows_fragments: bool) -> Option<Self> {
        let (prefix, rest) = code.split_first_chunk::<3>()?;
        match *prefix {
            CLASSIC => {
                let (dictionary, compressed) = rest.split_first()?;
                Some(Self::Classic { dictionary: *dictionary, compressed })
            }
            FRAGMENT if allows_fragments && !rest.is_empty() => Some(Self::Fragment(rest)),
            ROOT if allows_fragments => {
                let (dictionary, rest) = rest.split_first()?;
                let (wasm_len, rest) = rest.split_first_chunk::<4>()?;
                let addresses = rest.chunks_exact(Address::len_bytes());
                if !addresses.remainder().is_empty() {
                    return None;
                }
                Some(Self::Root {
                    dictionary: *dictionary,
                    wasm_len: u32::from_be_bytes(*wasm_len),
                    fragments: addresses.map(Address::from_slice).collect(),
                })
            }
            _ => None,
        }
    }

    /// Whether this can be called, if activated.
    pub(crate) fn is_program(code: &'a [u8], allows_fragments: bool) -> bool {
        matches!(
            Self::parse(code, allows_fragments),
            Some(Self::Classic { .. } | Self::Root { .. })
        )
    }
}

/// Why a program's code could not be turned into a module.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CodeError {
    /// No Stylus program.
    #[error("the code has no Stylus prefix")]
    NotAProgram,
    /// Compressed with a dictionary this crate doesn't have.
    #[error("the code is compressed with dictionary {0}, which is not supported")]
    Dictionary(u8),
    /// No Brotli stream.
    #[error("the code is not a Brotli stream")]
    Compression,
    /// More WASM than allowed.
    #[error("the module is longer than {0} bytes")]
    TooLarge(usize),
    /// Fragments that are missing, too many, or no fragments.
    #[error("the fragments of the program are missing or wrong")]
    Fragments,
}

/// Decompresses a module of at most `most` bytes.
pub(crate) fn decompress(dictionary: u8, stream: &[u8], most: usize) -> Result<Vec<u8>, CodeError> {
    if dictionary != NO_DICTIONARY {
        return Err(CodeError::Dictionary(dictionary));
    }
    let mut wasm = Vec::new();
    let limit = u64::try_from(most).unwrap_or(u64::MAX).saturating_add(1);
    brotli::Decompressor::new(stream, 4096)
        .take(limit)
        .read_to_end(&mut wasm)
        .map_err(|_| CodeError::Compression)?;
    if wasm.len() > most {
        return Err(CodeError::TooLarge(most));
    }
    Ok(wasm)
}

/// The contract code of a module: the Stylus prefix and the module compressed with Brotli.
///
/// ```
/// let wasm = *b"\0asm\x01\0\0\0";
/// let code = stylus_devchain::program::code(&wasm);
/// assert_eq!(code[..4], [0xef, 0xf0, 0x00, 0x00]);
/// ```
pub fn code(wasm: &[u8]) -> Bytes {
    let hash = keccak256(wasm);
    let known = CODES.lock().unwrap_or_else(PoisonError::into_inner).get(&hash).cloned();
    known.unwrap_or_else(|| {
        let code = compress(wasm);
        let mut codes = CODES.lock().unwrap_or_else(PoisonError::into_inner);
        if codes.len() >= MOST_CODES {
            codes.clear();
        }
        codes.insert(hash, code.clone());
        code
    })
}

/// Codes by the hash of their module: at this quality Brotli takes longer than anything else here.
static CODES: LazyLock<Mutex<HashMap<B256, Bytes>>> = LazyLock::new(Mutex::default);

/// How many codes are kept.
const MOST_CODES: usize = 64;

fn compress(wasm: &[u8]) -> Bytes {
    let mut code = CLASSIC.to_vec();
    code.push(NO_DICTIONARY);
    let params = brotli::enc::BrotliEncoderParams {
        quality: QUALITY,
        lgwin: WINDOW,
        ..brotli::enc::BrotliEncoderParams::default()
    };
    let mut input = wasm;
    // Reading a slice and writing to a vector cannot fail.
    let _ = brotli::BrotliCompress(&mut input, &mut code, &params);
    code.into()
}

/// Init code that deploys `code`, with the 43-byte prelude of `cargo stylus`.
pub fn init_code(code: &[u8]) -> Bytes {
    let mut init = Vec::with_capacity(code.len().saturating_add(43));
    init.push(0x7f); // PUSH32 length
    init.extend_from_slice(&alloy_primitives::U256::from(code.len()).to_be_bytes::<32>());
    init.extend_from_slice(&[
        0x80, // DUP1
        0x60, 0x2b, // PUSH1 43
        0x60, 0x00, // PUSH1 0
        0x39, // CODECOPY
        0x60, 0x00, // PUSH1 0
        0xf3, // RETURN
        0x00, // version of the prelude
    ]);
    init.extend_from_slice(code);
    init.into()
}
