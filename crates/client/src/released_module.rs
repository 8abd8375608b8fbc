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
        address: address!("0x91b09e940ada488554c0e91734c3b74ab0e3f01f"),
        code_hash: b256!("0x6ce6a0eb3bde1efe6d5657293d2f5b75194f47e8d6b1620ed167c12930396cc5"),
        wasm_sha256: b256!("0x26f0567acd272c14b0c74a1ef7d21d90d13882cc11f0ee2c80abef4784b39f26"),
        toolchain: "rustc 1.95.0 (59807616e 2026-04-14)",
    },
    ReleasedModule {
        address: address!("0x040221108f1ca7307234c7d09bc8207697111489"),
        code_hash: b256!("0xf8432d71390112045cb57d57cc8389458b504098a5c1e03b08964cece3b07673"),
        wasm_sha256: b256!("0xb520f2a1a931f04d400824c91b50053be7638a3643609746e29537b827062ae9"),
        toolchain: "rustc 1.96.0 (ac68faa20 2026-05-25) (built from a source tarball)",
    },
];
