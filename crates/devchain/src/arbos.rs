//! What differs between versions of `ArbOS`, as data.

/// The rules of one version of `ArbOS`.
///
/// The fields are public so that a chain with unusual parameters can be described:
/// `ArbOs { stylus_version: 2, ..ArbOs::V60 }`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ArbOs {
    /// The version's number, as in `ArbSys.arbOSVersion() - 55`.
    pub version: u64,
    /// Version of Stylus: programs activated under another one must be activated again.
    pub stylus_version: u16,
    /// Most bytes of decompressed WASM.
    pub max_wasm_size: usize,
    /// Most fragments of a program's code; 0 where fragments don't exist.
    pub max_fragments: u8,
    /// Whether a program that ran earlier in the block starts at the cached price.
    pub has_block_cache: bool,
    /// Whether functions and blocks may have several results.
    pub allows_multi_value: bool,
    /// Gas that an activation costs beside what depends on the program: 1,659,168 in Nitro's
    /// source, and what the recorded activations showed to come on top.
    pub activation_base_gas: u64,
    /// Whether activating bytes that are no WASM reverts with `ProgramNotWasm()` rather than
    /// with no data.
    pub types_not_wasm_error: bool,
    /// Depth of the value stack of a program, in words.
    pub max_stack_words: u32,
}

impl ArbOs {
    /// `ArbOS` 51: Arbitrum One from 2026-01-08 to 2026-08-20; chains that have not upgraded run it.
    pub const V51: Self = Self {
        version: 51,
        stylus_version: 2,
        max_wasm_size: 128 * 1024,
        max_fragments: 0,
        has_block_cache: false,
        allows_multi_value: true,
        activation_base_gas: 1_659_168 + 88_658,
        types_not_wasm_error: false,
        max_stack_words: 22_000,
    };

    /// `ArbOS` 60: Arbitrum Sepolia from 2026-05-19 to 2026-06-29.
    pub const V60: Self = Self {
        version: 60,
        stylus_version: 3,
        max_wasm_size: 256 * 1024,
        max_fragments: 4,
        has_block_cache: true,
        allows_multi_value: false,
        activation_base_gas: 1_659_168 + 88_658 + 800,
        types_not_wasm_error: true,
        max_stack_words: 22_000,
    };

    /// `ArbOS` 61: Arbitrum One and Nova since 2026-08-20. For programs it equals `ArbOS` 60.
    pub const V61: Self = Self { version: 61, ..Self::V60 };
}

impl Default for ArbOs {
    /// What Arbitrum One and Nova run: [`V61`](Self::V61).
    fn default() -> Self {
        Self::V61
    }
}
