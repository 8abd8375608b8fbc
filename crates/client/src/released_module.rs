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
        address: address!("0x7ec67586e8613b88644baf8f74d76b9d70acdda0"),
        code_hash: b256!("0xc42553a28c78ce3088722bc46e5e5165cf2a4f47985dfb8001d84f40970231b6"),
        wasm_sha256: b256!("0x6396ce1379fbc555aa94ab615f15c96d6cc781b0775dde50881d264c2ff39856"),
        toolchain: "rustc 1.95.0 (59807616e 2026-04-14)",
    },
    ReleasedModule {
        address: address!("0x28cf7c819ea99d235ea42277027f162310e45f2e"),
        code_hash: b256!("0x2e23ff38a54be2566a34065531e1a6eb185db85506a9b70c84f7554b5700c64d"),
        wasm_sha256: b256!("0xbfcb8d77bd993790fa3ae2e76b29b55ca511653e79e6bb4663b9a6a40196be69"),
        toolchain: "rustc 1.96.0 (ac68faa20 2026-05-25) (built from a source tarball)",
    },
];
