//! What a program's size says about the price of activating and starting it.

#![expect(
    clippy::arithmetic_side_effects,
    reason = "a term is a 32-bit count times less than 2^30, and there are few of them"
)]

use crate::meter::instrument::{ADDED_GLOBALS, Instrumented};
use crate::meter::prices::start;
use crate::module::Module;

/// What is stored about a program when it is activated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Estimate {
    /// Start price beside the base when the program isn't cached, in gas.
    pub(crate) init: u16,
    /// Start price beside the base that every call pays, in gas.
    pub(crate) cached_init: u16,
    /// Memory pages at the start.
    pub(crate) pages: u16,
    /// Size of the native code in KiB.
    pub(crate) asm_kib: u32,
    /// Gas of the activation that depends on the program.
    pub(crate) activation_gas: u64,
}

impl Estimate {
    /// Estimates a module. Every term is rounded down for itself.
    pub(crate) fn new(module: &Module, instrumented: &Instrumented) -> Self {
        let functions = module.functions();
        let globals = u64::from(module.globals) + u64::from(ADDED_GLOBALS);
        let segments = module.data_bytes + module.element_bytes;
        let pages = u64::from(module.pages);

        // op-init-funcs, op-init-data, op-init-elems, op-custom-section, op-pages-64
        let init = term(functions, 8_252_000)
            + term(module.type_slots, 1_059_000)
            + term(module.wasm_len, 128_600);
        let cached_init = term(functions, 134_200)
            + term(module.type_slots, 890)
            + term(module.wasm_len, 1_220)
            + term(globals, 1_628_000)
            + term(segments, 752_440)
            + pages * 5;
        let asm = 512_000
            + term(functions, 996_829_000)
            + term(module.type_slots, 11_416_000)
            + term(module.wasm_len, 6_262_800);
        let microseconds = term(module.wasm_len, 317_330)
            + term(functions, 172_630)
            + term(module.payload_bytes, 173_760)
            + term(module.element_bytes, 173_760)
            + pages * 2_217
            + term(instrumented.operators, 535_000);

        Self {
            init: u16::try_from(init).unwrap_or(u16::MAX),
            cached_init: u16::try_from(cached_init).unwrap_or(u16::MAX),
            pages: module.pages,
            asm_kib: u32::try_from(asm.div_ceil(1024)).unwrap_or(u32::MAX),
            activation_gas: microseconds * GAS_PER_MICROSECOND,
        }
    }

    /// Start price of a cached call in gas, memory pages not.
    pub(crate) fn cached_init_gas(&self) -> u64 {
        start::CACHED_BASE + u64::from(self.cached_init)
    }

    /// Start price of a call that isn't cached in gas, memory pages not.
    pub(crate) fn init_gas(&self) -> u64 {
        self.cached_init_gas() + start::UNCACHED_BASE + u64::from(self.init)
    }

    /// Size of the native code in bytes.
    pub(crate) fn asm_size(&self) -> u32 {
        self.asm_kib.saturating_mul(1024)
    }
}

const GAS_PER_MICROSECOND: u64 = 28;

/// `count` times so many millionths, rounded down.
const fn term(count: u64, millionths: u64) -> u64 {
    count * millionths / 1_000_000
}
