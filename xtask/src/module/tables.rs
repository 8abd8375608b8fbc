//! The tables of known modules, as sources of the clients.

use super::record::Build;

/// Returns the table of `smart-session-client`.
pub(super) fn rust(builds: &[&Build]) -> String {
    let entries: Vec<String> = builds
        .iter()
        .map(|build| {
            format!(
                "    ReleasedModule {{\n        address: address!(\"{:#x}\"),\n        \
                 code_hash: b256!(\"{}\"),\n        wasm_sha256: b256!(\"0x{}\"),\n        \
                 toolchain: {:?},\n    }},\n",
                build.address, build.code_hash, build.wasm_sha256, build.toolchain
            )
        })
        .collect();
    format!("{RUST}pub const RELEASED_MODULES: &[ReleasedModule] = &[\n{}];\n", entries.concat())
}

const RUST: &str = "\
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
";

/// Returns the table of the TypeScript package.
pub(super) fn typescript(builds: &[&Build]) -> String {
    let entries: Vec<String> = builds
        .iter()
        .map(|Build { address, code_hash, .. }| {
            format!("  {{\n    address: '{address:#x}',\n    codeHash: '{code_hash}',\n  }},\n")
        })
        .collect();
    format!("{TYPESCRIPT}{}]\n", entries.concat())
}

const TYPESCRIPT: &str = "\
// Made by scripts/module-tables from deployments/module.json.
import type { Address, Hex } from 'viem'

/** One build of the module: the same sources give other bytes with another compiler. */
export type ReleasedModule = {
  /** Where it is, on every chain that has it. */
  address: Address
  /** keccak256 of the code there. */
  codeHash: Hex
}

/** The builds that are known. The first one is the release: what is deployed where no other is named. */
export const releasedModules: readonly [ReleasedModule, ...ReleasedModule[]] = [
";
