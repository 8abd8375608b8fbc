//! The code of accounts, and the modules in it.

use std::sync::Arc;

use alloy_primitives::{Address, B256, keccak256};
use revm::Database;
use revm::bytecode::Bytecode;
use revm::context_interface::{ContextTr, JournalTr};

use crate::context::Context;
use crate::module::ModuleError;
use crate::program::{CodeError, Program, ProgramCode, decompress, program};

/// The code of an account without making the account warm.
pub(crate) fn peek_code(context: &mut Context<'_>, account: Address) -> (B256, Bytecode) {
    let (database, state) = context.journal_mut().db_and_state_mut();
    let loaded = state.get(&account).map(|account| account.info.clone());
    let info = loaded.unwrap_or_else(|| {
        let Ok(info) = database.basic(account);
        info.unwrap_or_default()
    });
    let hash = info.code_hash();
    let code = info.code.unwrap_or_else(|| {
        let Ok(code) = database.code_by_hash(hash);
        code
    });
    (hash, code)
}

/// The compiled program in this code.
///
/// # Errors
///
/// The outer error is about the code, the inner one about the module in it.
pub(crate) fn program_of(
    context: &mut Context<'_>,
    code_hash: B256,
    code: &[u8],
) -> Result<Result<Arc<Program>, ModuleError>, CodeError> {
    let arbos = context.chain.arbos;
    let source_hash = match ProgramCode::parse(code, arbos.max_fragments > 0) {
        // The code of a root only names its fragments.
        Some(ProgramCode::Root { fragments, .. }) => {
            let mut hashes = code_hash.to_vec();
            for fragment in fragments {
                hashes.extend_from_slice(peek_code(context, fragment).0.as_slice());
            }
            keccak256(hashes)
        }
        _ => code_hash,
    };
    program(source_hash, &arbos, || wasm_of(context, code))
}

/// The module in a program's code, its fragments fetched.
pub(crate) fn wasm_of(context: &mut Context<'_>, code: &[u8]) -> Result<Vec<u8>, CodeError> {
    let arbos = context.chain.arbos;
    match ProgramCode::parse(code, arbos.max_fragments > 0) {
        Some(ProgramCode::Classic { dictionary, compressed }) => {
            decompress(dictionary, compressed, arbos.max_wasm_size)
        }
        Some(ProgramCode::Root { dictionary, wasm_len, fragments }) => {
            if fragments.is_empty() || fragments.len() > usize::from(arbos.max_fragments) {
                return Err(CodeError::Fragments);
            }
            let mut stream = Vec::new();
            for fragment in fragments {
                let (_, code) = peek_code(context, fragment);
                match ProgramCode::parse(code.original_byte_slice(), true) {
                    Some(ProgramCode::Fragment(piece)) => stream.extend_from_slice(piece),
                    _ => return Err(CodeError::Fragments),
                }
            }
            let wasm = decompress(dictionary, &stream, arbos.max_wasm_size)?;
            if u32::try_from(wasm.len()) != Ok(wasm_len) {
                return Err(CodeError::Fragments);
            }
            Ok(wasm)
        }
        Some(ProgramCode::Fragment(_)) | None => Err(CodeError::NotAProgram),
    }
}
