//! Making a module fit for deployment.

use wasm_encoder::reencode::{Error, Reencode};

/// Why a module could not be packed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PackError {
    /// Not WASM.
    #[error("not valid WASM: {0}")]
    Invalid(String),
}

/// Re-encodes a module the way it should be deployed: custom sections dropped, every index in its
/// shortest form.
///
/// Compilers write the index of the only table in five bytes once they know of reference types,
/// and Stylus refuses that.
///
/// # Errors
///
/// When the bytes are not a WASM module.
pub fn pack(wasm: &[u8]) -> Result<Vec<u8>, PackError> {
    let mut module = wasm_encoder::Module::new();
    Packer
        .parse_core_module(&mut module, wasmparser::Parser::new(0), wasm)
        .map_err(|error| PackError::Invalid(error.to_string()))?;
    Ok(module.finish())
}

struct Packer;

impl Reencode for Packer {
    type Error = core::convert::Infallible;

    fn parse_custom_section(
        &mut self,
        _module: &mut wasm_encoder::Module,
        _section: wasmparser::CustomSectionReader<'_>,
    ) -> Result<(), Error<Self::Error>> {
        Ok(())
    }
}
