//! Precompiled contracts: Ethereum's by revm, and those of Arbitrum that matter to programs.
//!
//! What Arbitrum's cost is approximate, except for activations.

mod addresses;
mod arbgasinfo;
mod arbowner;
mod arbsys;
mod arbwasm;
mod arbwasmcache;
mod call;
mod limits;
mod node_interface;

#[cfg(feature = "rpc")]
use alloy_primitives::Address;
use alloy_primitives::Bytes;
use revm::handler::{EthPrecompiles, PrecompileProvider, precompile_output_to_interpreter_result};
use revm::interpreter::{CallInputs, CallScheme, Gas, InstructionResult, InterpreterResult};
use revm::primitives::AddressSet;
use revm::primitives::hardfork::SpecId;

pub(crate) use addresses::{ARB_SYS, ARB_WASM, ARB_WASM_CACHE, ARBITRUM};
#[cfg(feature = "fork")]
pub(crate) use arbsys::{ArbSys, VERSION_OFFSET};
pub(crate) use arbwasm::ArbWasm;
pub(crate) use arbwasmcache::ArbWasmCache;

use addresses::{ARB_GAS_INFO, ARB_OWNER, ARB_OWNER_PUBLIC, NODE_INTERFACE};
use call::{COPY_WORD, Call, Failure, OPEN_STATE, Reply};

use crate::HaltReason;
use crate::context::Context;
use crate::meter::prices::words;

/// Whether there is a precompiled contract at an address, Ethereum's or Arbitrum's.
#[cfg(feature = "rpc")]
pub(crate) fn is_precompile(address: Address) -> bool {
    ARBITRUM.contains(&address) || EthPrecompiles::new(SpecId::OSAKA).contains(&address)
}

/// The precompiles of an Arbitrum chain.
#[derive(Clone, Debug)]
pub(crate) struct Precompiles {
    ethereum: EthPrecompiles,
    warm: AddressSet,
}

impl Precompiles {
    /// The precompiles under these rules of Ethereum.
    pub(crate) fn new(spec: SpecId) -> Self {
        let ethereum = EthPrecompiles::new(spec);
        let mut warm = ethereum.warm_addresses().clone();
        warm.extend(ARBITRUM);
        Self { ethereum, warm }
    }

    /// Runs one of Ethereum's as revm does, and notes why it failed.
    fn run_ethereum(
        &self,
        context: &mut Context<'_>,
        inputs: &CallInputs,
    ) -> Result<Option<InterpreterResult>, String> {
        let Some(precompile) = self.ethereum.precompiles.get(&inputs.bytecode_address) else {
            return Ok(None);
        };
        let output = precompile
            .execute(&inputs.input.bytes(context), inputs.gas_limit, inputs.reservoir)
            .map_err(|error| error.to_string())?;
        if let Some(halt) = output.halt_reason() {
            context.chain.recorder.note_halt(HaltReason::of_precompile(halt));
        }
        Ok(Some(precompile_output_to_interpreter_result(output, inputs.gas_limit)))
    }
}

impl<'db> PrecompileProvider<Context<'db>> for Precompiles {
    type Output = InterpreterResult;

    fn set_spec(&mut self, _spec: SpecId) -> bool {
        false
    }

    fn run(
        &mut self,
        context: &mut Context<'db>,
        inputs: &CallInputs,
    ) -> Result<Option<InterpreterResult>, String> {
        let run: fn(&mut Call<'_, '_>) -> Reply = match inputs.bytecode_address {
            ARB_SYS => arbsys::run,
            ARB_OWNER_PUBLIC => limits::run,
            ARB_WASM => arbwasm::run,
            ARB_WASM_CACHE => arbwasmcache::run,
            NODE_INTERFACE => node_interface::run,
            ARB_GAS_INFO => arbgasinfo::run,
            ARB_OWNER => arbowner::run,
            absent if ARBITRUM.contains(&absent) => |_| Err(Failure::Refusal),
            _ => return self.run_ethereum(context, inputs),
        };
        let input = inputs.input.bytes(context);
        let mut call = Call {
            context,
            address: inputs.bytecode_address,
            caller: inputs.caller,
            value: inputs.value.get(),
            input,
            gas: inputs.gas_limit,
            is_static: inputs.is_static || inputs.scheme == CallScheme::DelegateCall,
        };
        let words = words(call.input.len().saturating_sub(4));
        let reply = call
            .charge(OPEN_STATE.saturating_add(COPY_WORD.saturating_mul(words)))
            .and_then(|()| run(&mut call));
        let reply = pay_for_result(&mut call, reply);

        let mut gas = Gas::new(inputs.gas_limit);
        gas.set_remaining(call.gas);
        let result = match reply {
            Ok(output) => InterpreterResult::new(InstructionResult::Return, output, gas),
            Err(Failure::Revert(output)) => {
                InterpreterResult::new(InstructionResult::Revert, output, gas)
            }
            Err(Failure::Refusal) => {
                gas.spend_all();
                InterpreterResult::new(InstructionResult::Revert, Bytes::new(), gas)
            }
            Err(Failure::Burn(reason)) => {
                gas.spend_all();
                call.context.chain.recorder.note_halt(reason);
                InterpreterResult::new(InstructionResult::PrecompileOOG, Bytes::new(), gas)
            }
        };
        Ok(Some(result))
    }

    fn warm_addresses(&self) -> &AddressSet {
        &self.warm
    }
}

fn pay_for_result(call: &mut Call<'_, '_>, reply: Reply) -> Reply {
    let (Ok(output) | Err(Failure::Revert(output))) = &reply else { return reply };
    match call.charge(COPY_WORD.saturating_mul(words(output.len()))) {
        Ok(()) => reply,
        Err(failure) => Err(failure),
    }
}
