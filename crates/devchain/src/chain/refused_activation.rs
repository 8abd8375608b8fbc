//! Why an activation was refused: a node does not say, so the checks are made again.

use alloy_primitives::{Address, Bytes};
#[cfg(feature = "rpc")]
use alloy_sol_types::SolCall;
use alloy_sol_types::SolError;
use revm::context::TxEnv;

use super::DevChain;
use crate::account_code::wasm_of;
#[cfg(feature = "rpc")]
use crate::precompile::ARB_WASM;
use crate::precompile::ArbWasm;
use crate::program::{self, ProgramCode, RecentPrograms};
use crate::trace::Recorder;
use crate::{ActivationError, HaltReason, Status};
#[cfg(feature = "rpc")]
use crate::{FrameKind, Outcome};

impl DevChain {
    /// Why an activation that ended like that was refused. `code` is the program's.
    pub(super) fn why_not_activated(
        &self,
        program: Address,
        code: &Bytes,
        status: Status,
        output: &Bytes,
    ) -> ActivationError {
        if !ProgramCode::is_program(code, self.arbos.max_fragments > 0) {
            return ActivationError::NotAProgram(program);
        }
        if output.as_ref() == ArbWasm::ProgramUpToDate::SELECTOR {
            return ActivationError::UpToDate(program);
        }
        if let Ok(fee) = ArbWasm::ProgramInsufficientValue::abi_decode(output) {
            return ActivationError::DataFee { sent: fee.have, needed: fee.want };
        }
        let mut recent = RecentPrograms::default();
        let mut context = self.context(TxEnv::default(), Recorder::default(), &mut recent);
        match wasm_of(&mut context, code) {
            Err(error) => ActivationError::Code(error),
            Ok(wasm) => match program::compile(&wasm, &self.arbos) {
                Err(error) => ActivationError::Module(error),
                Ok(_) if status == Status::Halt(HaltReason::OutOfGas) => ActivationError::OutOfGas,
                Ok(_) => ActivationError::Failed { status, output: output.clone() },
            },
        }
    }

    /// Why an activation in a transaction on this chain was refused; `None` if none was.
    ///
    /// The program may have been deployed by the same transaction.
    #[cfg(feature = "rpc")]
    pub(crate) fn refused_activation(&self, outcome: &Outcome) -> Option<ActivationError> {
        let (frame, program) = outcome
            .frames
            .iter()
            .filter(|frame| frame.to == ARB_WASM && !frame.is_success())
            .find_map(|frame| {
                let call = ArbWasm::activateProgramCall::abi_decode(&frame.input).ok()?;
                Some((frame, call.program))
            })?;
        let created = outcome.frames.iter().find(|frame| {
            frame.to == program
                && frame.is_success()
                && matches!(frame.kind, FrameKind::Create | FrameKind::Create2)
        });
        let code = created.map_or_else(|| self.code(program), |frame| frame.output.clone());
        Some(self.why_not_activated(program, &code, frame.status, &frame.output))
    }
}
