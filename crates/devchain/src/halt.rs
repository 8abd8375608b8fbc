//! Why a frame broke off, in the words of a Nitro node.

use std::fmt;

use revm::bytecode::OpCode;
use revm::interpreter::InstructionResult;
use revm::precompile::PrecompileHalt;

/// Why a frame broke off.
///
/// Its text is what a node's tracers and errors say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum HaltReason {
    /// The gas, or a program's ink, ran out.
    OutOfGas,
    /// The gas doesn't cover the code that a creation returned.
    CodeDepositOutOfGas,
    /// An unknown opcode, or `INVALID`.
    InvalidOpcode(u8),
    /// A jump to something that is no `JUMPDEST`.
    InvalidJump,
    /// An opcode found fewer words on the stack than it takes.
    StackUnderflow {
        /// Words on the stack.
        got: u16,
        /// Words that the opcode takes.
        needed: u16,
    },
    /// The stack had no room for what an opcode puts there.
    StackOverflow {
        /// Words on the stack.
        got: u16,
        /// Most that may be there before the opcode.
        allowed: u16,
    },
    /// Returned data was read past its end.
    ReturnDataOutOfBounds,
    /// A write in a static call.
    StaticCallViolation,
    /// More than 1,024 frames were open. The frame never began and gives its gas back.
    CallDepth,
    /// The caller doesn't have the value. The frame never began and gives its gas back.
    InsufficientBalance,
    /// There is an account already where a contract should be created.
    AddressTaken,
    /// A creation returned more code than allowed (EIP-170).
    CodeTooLong,
    /// A creation returned code that begins with `EF` and is no Stylus program (EIP-3541).
    ReservedCode,
    /// The init code of a creation is longer than allowed (EIP-3860).
    InitCodeTooLong,
    /// The creator's nonce cannot grow.
    NonceOverflow,
    /// One of Ethereum's precompiles refused its input.
    PrecompileFailed(&'static str),
    /// A program used up its value stack.
    OutOfStack,
    /// A program that is not activated.
    ProgramNotActivated,
    /// A program that was activated for another version of Stylus.
    ProgramNeedsUpgrade {
        /// The version it was activated for.
        version: u16,
        /// The chain's version.
        stylus_version: u16,
    },
    /// A program whose activation is too long ago.
    ProgramExpired {
        /// Seconds since the activation.
        age: u64,
    },
    /// A program's activation failed in a way that burns all gas.
    ActivationFailed,
    /// Anything else.
    Other,
}

impl fmt::Display for HaltReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match *self {
            Self::OutOfGas => "out of gas",
            Self::CodeDepositOutOfGas => "contract creation code storage out of gas",
            Self::InvalidOpcode(opcode) => {
                return match OpCode::new(opcode) {
                    Some(known) => write!(f, "invalid opcode: {known}"),
                    None => write!(f, "invalid opcode: opcode {opcode:#x} not defined"),
                };
            }
            Self::InvalidJump => "invalid jump destination",
            Self::StackUnderflow { got, needed } => {
                return write!(f, "stack underflow ({got} <=> {needed})");
            }
            Self::StackOverflow { got, allowed } => {
                return write!(f, "stack limit reached {got} ({allowed})");
            }
            Self::ReturnDataOutOfBounds => "return data out of bounds",
            Self::StaticCallViolation => "write protection",
            Self::CallDepth | Self::OutOfStack => "max call depth exceeded",
            Self::InsufficientBalance => "insufficient balance for transfer",
            Self::AddressTaken => "contract address collision",
            Self::CodeTooLong => "max code size exceeded",
            Self::ReservedCode => "invalid code: must not begin with 0xef",
            Self::InitCodeTooLong => "max initcode size exceeded",
            Self::NonceOverflow => "nonce uint64 overflow",
            Self::PrecompileFailed(reason) => reason,
            Self::ProgramNotActivated => "error ProgramNotActivated()",
            Self::ProgramNeedsUpgrade { version, stylus_version } => {
                return write!(f, "error ProgramNeedsUpgrade({version}, {stylus_version})");
            }
            Self::ProgramExpired { age } => return write!(f, "error ProgramExpired({age})"),
            Self::ActivationFailed => "execution reverted",
            Self::Other => "execution failed",
        })
    }
}

/// Most words on the EVM's stack.
const STACK_LIMIT: u16 = 1_024;

impl HaltReason {
    /// The reason behind the result of a frame; `opcode` ran last, on a stack of `stack` words.
    pub(crate) fn of_frame(result: InstructionResult, opcode: u8, stack: usize) -> Self {
        use InstructionResult as R;
        let got = u16::try_from(stack).unwrap_or(u16::MAX);
        let (takes, gives) = OpCode::new(opcode)
            .map_or((0, 0), |opcode| (opcode.info().inputs(), opcode.info().outputs()));
        match result {
            R::OpcodeNotFound | R::InvalidFEOpcode | R::NotActivated => Self::InvalidOpcode(opcode),
            R::StackUnderflow => Self::StackUnderflow { got, needed: takes.into() },
            R::StackOverflow => {
                let allowed = STACK_LIMIT.saturating_add(takes.into()).saturating_sub(gives.into());
                Self::StackOverflow { got, allowed }
            }
            other => Self::of_result(other),
        }
    }

    /// The reason behind a result that needs no opcode to be understood.
    pub(crate) fn of_result(result: InstructionResult) -> Self {
        use InstructionResult as R;
        match result {
            R::OutOfGas
            | R::MemoryOOG
            | R::MemoryLimitOOG
            | R::PrecompileOOG
            | R::InvalidOperandOOG
            | R::ReentrancySentryOOG => Self::OutOfGas,
            R::InvalidJump => Self::InvalidJump,
            R::OutOfOffset => Self::ReturnDataOutOfBounds,
            R::CallNotAllowedInsideStatic | R::StateChangeDuringStaticCall => {
                Self::StaticCallViolation
            }
            R::CallTooDeep => Self::CallDepth,
            R::OutOfFunds => Self::InsufficientBalance,
            R::CreateCollision => Self::AddressTaken,
            R::CreateContractSizeLimit => Self::CodeTooLong,
            R::CreateContractStartingWithEF => Self::ReservedCode,
            R::CreateInitCodeSizeLimit => Self::InitCodeTooLong,
            R::NonceOverflow => Self::NonceOverflow,
            _ => Self::Other,
        }
    }

    /// The reason of one of Ethereum's precompiles, in geth's words.
    pub(crate) fn of_precompile(halt: &PrecompileHalt) -> Self {
        use PrecompileHalt as H;
        Self::PrecompileFailed(match halt {
            H::OutOfGas => return Self::OutOfGas,
            H::Blake2WrongLength
            | H::BlobInvalidInputLength
            | H::KzgInvalidInputLength
            | H::Bls12381ScalarInputLength
            | H::Bls12381G1AddInputLength
            | H::Bls12381G1MsmInputLength
            | H::Bls12381G2AddInputLength
            | H::Bls12381G2MsmInputLength
            | H::Bls12381PairingInputLength
            | H::Bls12381MapFpToG1InputLength
            | H::Bls12381MapFp2ToG2InputLength => "invalid input length",
            H::Blake2WrongFinalIndicatorFlag => "invalid final flag",
            H::ModexpExpOverflow
            | H::ModexpBaseOverflow
            | H::ModexpModOverflow
            | H::ModexpEip7823LimitSize => {
                "one or more of base/exponent/modulus length exceeded 1024 bytes"
            }
            H::Bn254FieldPointNotAMember | H::NonCanonicalFp => "invalid fp.Element encoding",
            H::Bn254AffineGFailedToCreate => "point is not on curve",
            H::Bn254PairLength => "bad elliptic curve pairing size",
            H::BlobMismatchedVersion => "mismatched versioned hash",
            H::BlobVerifyKzgProofFailed => "error verifying kzg proof",
            H::Bls12381G1NotOnCurve | H::Bls12381G2NotOnCurve => "invalid point: not on curve",
            H::Bls12381G1NotInSubgroup => "g1 point is not on correct subgroup",
            H::Bls12381G2NotInSubgroup => "g2 point is not on correct subgroup",
            H::Bls12381FpPaddingInvalid
            | H::Bls12381FpPaddingLength
            | H::Bls12381G1PaddingLength
            | H::Bls12381G2PaddingLength => "invalid field element top bytes",
            _ => "precompile failed",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_reads_as_geth_writes_it() {
        let cases = [
            (HaltReason::InvalidOpcode(0xfe), "invalid opcode: INVALID"),
            (HaltReason::InvalidOpcode(0x0c), "invalid opcode: opcode 0xc not defined"),
            (HaltReason::ReservedCode, "invalid code: must not begin with 0xef"),
            (
                HaltReason::of_frame(InstructionResult::StackUnderflow, 0x01, 1),
                "stack underflow (1 <=> 2)",
            ),
            (
                HaltReason::of_frame(InstructionResult::StackOverflow, 0x5f, 1_024),
                "stack limit reached 1024 (1023)",
            ),
            (
                HaltReason::ProgramNeedsUpgrade { version: 2, stylus_version: 3 },
                "error ProgramNeedsUpgrade(2, 3)",
            ),
        ];
        for (reason, text) in cases {
            assert_eq!(reason.to_string(), text);
        }
    }
}
