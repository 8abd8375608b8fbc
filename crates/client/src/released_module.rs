//! The builds of the module that this release knows. Made by `scripts/module-tables` from
//! `deployments/module.json`.

use alloy_primitives::{Address, B256, address, b256};

/// One build of the module: the same sources give other bytes with another compiler.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReleasedModule {
    /// Where it is, on every chain that has it.
    pub address: Address,
    /// keccak256 of the code there.
    pub code_hash: B256,
    /// SHA-256 of its WASM.
    pub wasm_sha256: B256,
    /// What built it.
    pub toolchain: &'static str,
}

/// The builds that are known. The first one is the release: what is deployed where no other is named.
pub const RELEASED_MODULES: &[ReleasedModule] = &[
    ReleasedModule {
        address: address!("0x4b9ce08c5cfee526a0cda5c557d90c8550e5da49"),
        code_hash: b256!("0x72319eb61d48578d7ec4785ca2443d0b11ff13b2f68bff8ba7528c02174aa8a9"),
        wasm_sha256: b256!("0xeeccecc5f4c93d99039352439cecfe7d9a7a978a5d8f46accc2f0c908045d80b"),
        toolchain: "rustc 1.95.0 (59807616e 2026-04-14)",
    },
    ReleasedModule {
        address: address!("0x827a66b9374eb143ca4b73e237748700376f85e1"),
        code_hash: b256!("0x37d26d949bfbc207c3e7239c379d7ad7681e97d01d9e423bf281c49b917a78f7"),
        wasm_sha256: b256!("0x1453ad4344e620070981b08663c95cca862d5ff9cf8dc542444e90956d3ed1c0"),
        toolchain: "rustc 1.96.0 (ac68faa20 2026-05-25) (built from a source tarball)",
    },
];
