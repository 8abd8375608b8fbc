//! Making a module fit for deployment.

use wasm_encoder::reencode::{Error, Reencode};

/// Why a module could not be packed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PackError {
    /// Not WASM.
    #[error("not valid WASM: {0}")]
    Invalid(String),
}

/// Re-encodes a module the way it should be deployed: custom sections and the data count dropped,
/// every index in its shortest form.
///
/// Compilers write the index of the only table in five bytes once they know of reference types,
/// and optimisers a data count once they know of bulk memory; Stylus refuses both.
///
/// # Errors
///
/// When the bytes are not a WASM module.
pub fn pack(wasm: &[u8]) -> Result<Vec<u8>, PackError> {
    let wasm = without_data_count(wasm)?;
    let mut module = wasm_encoder::Module::new();
    Packer
        .parse_core_module(&mut module, wasmparser::Parser::new(0), &wasm)
        .map_err(|error| PackError::Invalid(error.to_string()))?;
    Ok(module.finish())
}

/// Copies all sections but the data count (id 12), which only `memory.init` and `data.drop` need.
fn without_data_count(wasm: &[u8]) -> Result<Vec<u8>, PackError> {
    const DATA_COUNT: u8 = 12;

    let mut module = wasm_encoder::Module::new();
    for payload in wasmparser::Parser::new(0).parse_all(wasm) {
        let payload = payload.map_err(|error| PackError::Invalid(error.to_string()))?;
        if let Some((id, range)) = payload.as_section()
            && id != DATA_COUNT
        {
            let data = wasm.get(range).unwrap_or_default();
            module.section(&wasm_encoder::RawSection { id, data });
        }
    }
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
