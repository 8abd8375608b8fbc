//! In which order a host function requires gas, buys, reads pointers and writes results.
//!
//! The order decides what is left of the gas when a step fails: a pointer outside the memory is a
//! failure that gives back what is left, too little ink burns all of it. Every host function first
//! buys the ink of its row in the table of host functions; the steps here come after that.
//!
//! Source of each row: the function of the same name in Nitro's
//! `arbitrator/wasm-libraries/user-host-trait/src/lib.rs` (commit 0226f0bd); calls are `do_call`
//! there, creations `do_create`. The test below runs every function with every pointer out of bounds
//! and with too little gas for every step.

use super::HostFn;

/// A step of a host function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// So much gas must be left; none is taken. Else all is burnt.
    Require(u64),
    /// Ink or gas is taken. Else all is burnt.
    Buy(Price),
    /// The bytes behind the pointer that is this argument are read. Else it fails.
    Read(usize),
    /// Bytes are written behind the pointer that is this argument. Else it fails.
    Write(usize),
    /// The same, unless there is nothing to write.
    WriteSome(usize),
    /// So much gas must be left; else it fails and what is left comes back.
    FailBelow(u64),
    /// A static call may not come past here: it fails.
    NotStatic,
    /// Another frame runs.
    Open,
}

/// What a step buys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Price {
    /// The host writes a buffer: 5,040 ink and 30 for each byte beyond 32.
    WriteBytes,
    /// The host reads a buffer: 16,381 ink and 55 for each byte beyond 32.
    ReadBytes,
    /// Twice that: the host copies the buffer on for itself.
    ReadBytesTwice,
    /// Hashing: 121,800 ink and 21,000 for each word beyond two.
    Hash,
    /// 3,000 ink and 17,500 for each byte of the exponent and one more.
    Power,
    /// Pages of memory; for none 8,400 ink.
    Pages,
    /// A log: 375 gas, 375 for each topic, 8 for each byte of data.
    Log,
    /// 100 gas.
    Transient,
    /// A slot in the frame's cache or, for 5 gas and the access, on the chain.
    SlotRead,
    /// A slot in the frame's cache.
    SlotCache,
    /// Every changed slot, as `SSTORE` costs.
    SlotWrites,
    /// An access to an account.
    Account,
    /// An access to an account and 700 gas; nothing where it is the last one asked for.
    Code,
    /// The call and what the other frame used.
    Call,
    /// The creation and what the other frame used.
    Creation,
}

use Price as P;
use Step::{Buy, FailBelow, NotStatic, Open, Read, Require, Write, WriteSome};

/// The steps of a host function, after the ink that it costs in any case.
pub(crate) const fn steps(function: HostFn) -> &'static [Step] {
    match function {
        HostFn::ReadArgs => &[Buy(P::WriteBytes), Write(0)],
        HostFn::WriteResult => &[Buy(P::ReadBytesTwice), Read(0)],

        HostFn::StorageLoad => &[Require(2_115), Read(0), Buy(P::SlotRead), Write(1)],
        HostFn::StorageCache => &[Require(2_310), Read(0), Read(1), Buy(P::SlotCache)],
        HostFn::StorageFlush => &[Require(2_300), NotStatic, Buy(P::SlotWrites)],
        HostFn::TransientLoad => &[Buy(P::Transient), Read(0), Write(1)],
        HostFn::TransientStore => &[Buy(P::Transient), Read(0), Read(1), NotStatic],

        HostFn::Call => {
            &[Buy(P::ReadBytesTwice), Read(0), Read(1), Read(3), Open, Buy(P::Call), Write(5)]
        }
        HostFn::StaticCall | HostFn::DelegateCall => {
            &[Buy(P::ReadBytesTwice), Read(0), Read(1), Open, Buy(P::Call), Write(4)]
        }
        HostFn::Create1 => &[
            Buy(P::ReadBytesTwice),
            Read(0),
            Read(2),
            NotStatic,
            FailBelow(32_000),
            Open,
            Buy(P::Creation),
            Write(4),
            Write(3),
        ],
        HostFn::Create2 => &[
            Buy(P::ReadBytesTwice),
            Read(0),
            Read(2),
            Read(3),
            NotStatic,
            FailBelow(32_006),
            Open,
            Buy(P::Creation),
            Write(5),
            Write(4),
        ],
        HostFn::ReadReturnData => &[Buy(P::WriteBytes), WriteSome(0)],

        HostFn::EmitLog => &[Buy(P::ReadBytes), Buy(P::Log), Read(0), NotStatic],

        HostFn::AccountBalance | HostFn::AccountCodehash => {
            &[Require(2_600), Read(0), Buy(P::Account), Write(1)]
        }
        HostFn::AccountCode => {
            &[Require(2_600), Read(0), Buy(P::Code), Buy(P::WriteBytes), Write(3)]
        }
        HostFn::AccountCodeSize => &[Require(2_600), Read(0), Buy(P::Code)],

        HostFn::BlockBasefee
        | HostFn::BlockCoinbase
        | HostFn::ContractAddress
        | HostFn::MsgSender
        | HostFn::MsgValue
        | HostFn::TxOrigin
        | HostFn::TxGasPrice => &[Write(0)],

        HostFn::MathDiv | HostFn::MathMod => &[Read(0), Read(1), Write(0)],
        HostFn::MathPow => &[Read(0), Read(1), Buy(P::Power), Write(0)],
        HostFn::MathAddMod | HostFn::MathMulMod => &[Read(0), Read(1), Read(2), Write(0)],
        HostFn::Keccak256 => &[Buy(P::Hash), Read(0), Write(2)],

        HostFn::PayForMemoryGrow => &[Buy(P::Pages)],

        HostFn::ExitEarly
        | HostFn::ReturnDataSize
        | HostFn::BlockNumber
        | HostFn::BlockTimestamp
        | HostFn::BlockGasLimit
        | HostFn::ChainId
        | HostFn::MsgReentrant
        | HostFn::TxInkPrice
        | HostFn::GasLeft
        | HostFn::InkLeft => &[],
    }
}

mod tests;
