//! The price of every WASM operator and host function, in ink.
//!
//! The figures are those of Nitro v3.10.1 (Stylus versions 1 to 3). Beside each row stands the
//! recording of a Nitro node that holds the evidence (`tests/fixtures/nitro-recordings`).

use wasmparser::Operator;

/// Ink per unit of gas.
pub(crate) const INK_PER_GAS: u64 = 10_000;

/// Charged at the start of every basic block.
pub(crate) const BLOCK: u64 = 2_450; // op-empty

/// Charged by `memory.copy` and `memory.fill` for every byte.
pub(crate) const BULK_MEMORY_PER_BYTE: u64 = 100; // op-memcopy

/// The price of an operator that moves floats without computing with them: more than any transaction has.
///
/// Such an operator may be in a module, but running it uses up all ink.
const UNAFFORDABLE: u64 = u64::MAX;

/// What is known about an operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Row {
    /// Its price, what depends on its arguments not included.
    ink: u64,
    /// Operands it takes from the stack.
    pub(crate) takes: u32,
    /// Results it puts there.
    pub(crate) gives: u32,
}

macro_rules! operators {
    ($( $ink:tt, $takes:literal => $gives:literal: $($op:ident)*; )*) => {
        /// The row of an operator; `None` if a module must not contain it.
        pub(crate) fn row(op: &Operator<'_>) -> Option<Row> {
            let (ink, takes, gives) = match op {
                $( $( Operator::$op { .. } )|* => ($ink, $takes, $gives), )*
                _ => return None,
            };
            Some(Row { ink, takes, gives })
        }
    };
}

// Ink, operands taken and given, operators; operands that a type decides are not counted here.
operators! {
    1,            0 => 0: Unreachable Nop Return Block Loop Else End;   // op-empty, op-block-br
    765,          0 => 0: Br;                                           // op-block-br
    765,          1 => 0: BrIf If;                                      // op-if-else
    2_400,        1 => 0: BrTable;                                      // op-brtable-3
    3_800,        0 => 0: Call;                                         // op-call
    13_610,       1 => 0: CallIndirect;                                 // op-call-indirect
    9,            1 => 0: Drop;                                         // op-const-drop-nop
    1_250,        3 => 1: Select;                                       // op-select

    1,            0 => 1: I32Const I64Const;                            // op-const-drop-nop
    75,           0 => 1: LocalGet;                                     // op-locals
    75,           1 => 1: LocalTee;                                     // op-locals
    210,          1 => 0: LocalSet;                                     // op-locals
    225,          0 => 1: GlobalGet;                                    // op-globals
    575,          1 => 0: GlobalSet;                                    // op-globals

    670,          1 => 1: I32Load I32Load8S I32Load8U I32Load16S I32Load16U;    // op-loads
    680,          1 => 1: I64Load I64Load8S I64Load8U I64Load16S I64Load16U     // op-loads
                          I64Load32S I64Load32U;
    825,          2 => 0: I32Store I32Store8 I32Store16;                // op-stores
    950,          2 => 0: I64Store I64Store8 I64Store16 I64Store32;     // op-stores
    3_000,        0 => 1: MemorySize;                                   // op-memgrow
    8_050,        1 => 1: MemoryGrow;                                   // op-memgrow
    950,          3 => 0: MemoryCopy MemoryFill;                        // op-memcopy

    170,          1 => 1: I32Eqz;                                       // op-compare
    170,          2 => 1: I32Eq I32Ne I32LtS I32LtU I32GtS I32GtU       // op-compare
                          I32LeS I32LeU I32GeS I32GeU;
    225,          1 => 1: I64Eqz;                                       // op-compare
    225,          2 => 1: I64Eq I64Ne I64LtS I64LtU I64GtS I64GtU       // op-compare
                          I64LeS I64LeU I64GeS I64GeU;

    210,          1 => 1: I32Clz I32Ctz I64Clz I64Ctz;                  // Nitro's table
    2_650,        1 => 1: I32Popcnt;                                    // Nitro's table
    6_000,        1 => 1: I64Popcnt;                                    // Nitro's table
    70,           2 => 1: I32Add I32Sub I32And I32Or I32Xor             // op-i32-arith
                          I32Shl I32ShrS I32ShrU I32Rotl I32Rotr;
    100,          2 => 1: I64Add I64Sub I64And I64Or I64Xor             // real-token
                          I64Shl I64ShrS I64ShrU I64Rotl I64Rotr;
    160,          2 => 1: I32Mul I64Mul;                                // op-i32-arith, op-loop
    1_120,        2 => 1: I32DivS I32DivU I32RemS I32RemU;              // op-i32-arith
    1_270,        2 => 1: I64DivS I64DivU I64RemS I64RemU;              // Nitro's table
    100,          1 => 1: I32WrapI64 I64ExtendI32S I64ExtendI32U        // act-ok-sign-ext
                          I32Extend8S I32Extend16S
                          I64Extend8S I64Extend16S I64Extend32S;

    UNAFFORDABLE, 0 => 1: F32Const F64Const;                            // act-float-const
    UNAFFORDABLE, 1 => 1: F32Load F64Load;                              // act-float-load
    UNAFFORDABLE, 2 => 0: F32Store F64Store;                            // act-float-load
    UNAFFORDABLE, 1 => 1: I32ReinterpretF32 I64ReinterpretF64           // Nitro's table
                          F32ReinterpretI32 F64ReinterpretI64;
}

/// Ink of every target of a `br_table` but the default.
const BRANCH_TARGET: u64 = 325; // op-brtable-3, act-br-table-60000
/// Ink of every parameter of the type that a `call_indirect` names.
const INDIRECT_PARAMETER: u64 = 650; // op-call-indirect

/// The price of one operator, `params` being the number of parameters of a type; `None` if a
/// module must not contain it.
pub(crate) fn operator(op: &Operator<'_>, params: impl FnOnce(u32) -> u32) -> Option<u64> {
    let extra = match op {
        Operator::BrTable { targets } => BRANCH_TARGET.saturating_mul(u64::from(targets.len())),
        Operator::CallIndirect { type_index, .. } => {
            INDIRECT_PARAMETER.saturating_mul(u64::from(params(*type_index)))
        }
        _ => 0,
    };
    row(op).map(|row| row.ink.saturating_add(extra))
}

/// Ink for a buffer of `len` bytes that the host writes into a program's memory.
pub(crate) const fn write(len: usize) -> u64 {
    let len = wide(len);
    5_040_u64.saturating_add(30_u64.saturating_mul(len.saturating_sub(32))) // host-echo
}

/// Ink for a buffer of `len` bytes that the host reads from a program's memory.
pub(crate) fn read(len: u32) -> u64 {
    let len = u64::from(len);
    16_381_u64.saturating_add(55_u64.saturating_mul(len.saturating_sub(32))) // host-echo
}

/// Ink for hashing `len` bytes.
pub(crate) fn keccak(len: u32) -> u64 {
    let words = u64::from(len).div_ceil(32);
    121_800_u64.saturating_add(21_000_u64.saturating_mul(words.saturating_sub(2))) // host-keccak
}

/// Ink that `math_pow` adds for an exponent of so many bytes.
pub(crate) const fn pow(exponent_bytes: usize) -> u64 {
    3_000_u64.saturating_add(17_500_u64.saturating_mul(wide(exponent_bytes).saturating_add(1))) // host-math
}

/// Gas as ink.
pub(crate) const fn ink(gas: u64) -> u64 {
    gas.saturating_mul(INK_PER_GAS)
}

/// Ink as gas, rounded down.
pub(crate) const fn gas(ink: u64) -> u64 {
    ink / INK_PER_GAS
}

/// Gas of the EVM operations behind host functions.
pub(crate) mod evm_gas {
    /// First access to an account in a transaction (EIP-2929).
    pub(crate) const COLD_ACCOUNT: u64 = 2_600; // host-account
    /// Further accesses to an account or slot.
    pub(crate) const WARM: u64 = 100; // host-account, host-storage
    /// First access to a slot in a transaction.
    pub(crate) const COLD_SLOT: u64 = 2_100; // host-storage
    /// A call that carries value.
    pub(crate) const CALL_VALUE: u64 = 9_000; // host-call
    /// A call with value to an account that doesn't exist.
    pub(crate) const NEW_ACCOUNT: u64 = 25_000; // host-call
    /// What a callee gets on top when value is sent; the caller pays for what is used of it.
    pub(crate) const CALL_STIPEND: u64 = 2_300; // host-call
    /// Creation of a contract.
    pub(crate) const CREATE: u64 = 32_000; // host-create
    /// Hashing a word of init code for CREATE2.
    pub(crate) const KECCAK_WORD: u64 = 6; // host-create
    /// Looking at an account's code, beside the access.
    pub(crate) const CODE: u64 = 700; // host-account-code
    /// A log, and each of its topics.
    pub(crate) const LOG: u64 = 375; // host-log
    /// A byte of log data.
    pub(crate) const LOG_BYTE: u64 = 8; // host-log
    /// Least gas that must be left for an `SSTORE` (EIP-2200).
    pub(crate) const SSTORE_SENTRY: u64 = 2_300; // host-storage
    /// Transient load or store.
    pub(crate) const TRANSIENT: u64 = 100; // host-transient
    /// The host's own work on a storage read that isn't answered by the frame's cache.
    pub(crate) const STORAGE_MISS: u64 = 5; // host-storage
    /// The most that a read or write of the frame's storage cache costs.
    pub(crate) const STORAGE_CACHE_MOST: u64 = 10; // host-storage-tiers
}

/// Gas of the `n`-th read of a frame's storage cache, counted from 1.
pub(crate) const fn storage_read(n: u64) -> u64 {
    match n {
        0..=32 => 0, // host-storage-tiers
        33..=128 => 2,
        _ => 10,
    }
}

/// Gas of the `n`-th write to a frame's storage cache, counted from 1.
pub(crate) const fn storage_write(n: u64) -> u64 {
    match n {
        0..=8 => 0, // host-storage
        9..=64 => 7,
        _ => 10,
    }
}

/// What starting a program costs, in gas; the rest comes from the program itself.
pub(crate) mod start {
    /// Part of every start price.
    pub(crate) const CACHED_BASE: u64 = 352; // op-empty: 11 · 32
    /// What a program that isn't cached pays on top.
    pub(crate) const UNCACHED_BASE: u64 = 8_832; // op-empty: 69 · 128
}

/// Gas that the EVM charges for `len` bytes of memory: the least a frame with such a result costs.
pub(crate) const fn evm_memory(len: usize) -> u64 {
    let words = words(len);
    3_u64.saturating_mul(words).saturating_add(words.saturating_mul(words) / 512) // shape-long-result
}

/// Words of 32 bytes that `len` bytes take.
pub(crate) const fn words(len: usize) -> u64 {
    wide(len).div_ceil(32)
}

#[expect(clippy::as_conversions, reason = "no machine has more than 2^64 bytes of memory")]
const fn wide(len: usize) -> u64 {
    len as u64
}

#[cfg(test)]
mod tests {
    use wasmparser::BinaryReader;

    use super::*;

    /// Opcodes and their ink as Arbitrum's documentation lists them ("Gas and ink costs"), an
    /// independent source of the table above. `br_table` and `call_indirect` have no argument.
    const DOCUMENTED: &[(core::ops::RangeInclusive<u8>, u64)] = &[
        (0x00..=0x03, 1),
        (0x04..=0x04, 765),
        (0x05..=0x05, 1),
        (0x0b..=0x0b, 1),
        (0x0c..=0x0d, 765),
        (0x0e..=0x0e, 2_400),
        (0x0f..=0x0f, 1),
        (0x10..=0x10, 3_800),
        (0x11..=0x11, 13_610),
        (0x1a..=0x1a, 9),
        (0x1b..=0x1b, 1_250),
        (0x20..=0x20, 75),
        (0x21..=0x21, 210),
        (0x22..=0x22, 75),
        (0x23..=0x23, 225),
        (0x24..=0x24, 575),
        (0x28..=0x28, 670),
        (0x29..=0x29, 680),
        (0x2c..=0x2f, 670),
        (0x30..=0x35, 680),
        (0x36..=0x36, 825),
        (0x37..=0x37, 950),
        (0x3a..=0x3b, 825),
        (0x3c..=0x3e, 950),
        (0x3f..=0x3f, 3_000),
        (0x40..=0x40, 8_050),
        (0x41..=0x42, 1),
        (0x45..=0x4f, 170),
        (0x50..=0x5a, 225),
        (0x67..=0x68, 210),
        (0x69..=0x69, 2_650),
        (0x6a..=0x6b, 70),
        (0x6c..=0x6c, 160),
        (0x6d..=0x70, 1_120),
        (0x71..=0x78, 70),
        (0x79..=0x7a, 210),
        (0x7b..=0x7b, 6_000),
        (0x7c..=0x7d, 100),
        (0x7e..=0x7e, 160),
        (0x7f..=0x82, 1_270),
        (0x83..=0x8a, 100),
        (0xa7..=0xa7, 100),
        (0xac..=0xad, 100),
        (0xc0..=0xc4, 100),
    ];

    /// The price of an opcode whose arguments are all zero; `None` if it is none or refused.
    fn price(opcode: &[u8]) -> Option<u64> {
        // After an `if`, so that an `else` may follow.
        let bytes = [&[0x04, 0x40], opcode, &[0; 16]].concat();
        let mut reader = BinaryReader::new(&bytes, 0);
        reader.read_operator().ok()?;
        let op = reader.read_operator().ok()?;
        operator(&op, |_| 0)
    }

    #[test]
    fn all_operators_cost_what_the_documentation_says() {
        let floats = [0x2a, 0x2b, 0x38, 0x39, 0x43, 0x44, 0xbc, 0xbd, 0xbe, 0xbf];
        for opcode in 0..=u8::MAX {
            let documented = DOCUMENTED.iter().find(|(range, _)| range.contains(&opcode));
            let expected = match documented {
                Some((_, ink)) => Some(*ink),
                None => floats.contains(&opcode).then_some(UNAFFORDABLE),
            };
            if opcode < 0xfb {
                assert_eq!(price(&[opcode]), expected, "opcode {opcode:#x}");
            }
        }
        assert_eq!(price(&[0xfc, 0x0a]), Some(950), "memory.copy");
        assert_eq!(price(&[0xfc, 0x0b]), Some(950), "memory.fill");
        assert_eq!(price(&[0xfc, 0x08]), None, "memory.init");
        assert_eq!(price(&[0xfc, 0x00]), None, "i32.trunc_sat_f32_s");
    }

    #[test]
    fn a_pointer_and_a_buffer_of_32_bytes_cost_the_same() {
        assert_eq!([write(0), write(32), write(33)], [5_040, 5_040, 5_070]);
        assert_eq!([read(0), read(32), read(33)], [16_381, 16_381, 16_436]);
        assert_eq!([keccak(0), keccak(64), keccak(65)], [121_800, 121_800, 142_800]);
    }

    #[test]
    fn a_result_costs_what_its_memory_costs_in_the_evm() {
        // Yellow paper: 3 gas for a word and a 512th of the square of the words.
        assert_eq!(evm_memory(0), 0);
        assert_eq!(evm_memory(1), 3);
        assert_eq!(evm_memory(1_024), 98);
        assert_eq!(evm_memory(32 * 1_000), 3_000 + 1_953);
    }
}
