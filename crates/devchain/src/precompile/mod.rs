//! Precompiled contracts: Ethereum's by revm, and those of Arbitrum that matter to programs.
//!
//! What Arbitrum's cost is approximate, except for activations.

mod arbgasinfo;
mod arbowner;
mod arbsys;
mod arbwasm;
mod arbwasmcache;
mod limits;
mod node_interface;

use alloy_primitives::{Address, Bytes, Log, U256, address};
use revm::context_interface::{ContextTr, JournalTr};
use revm::handler::{EthPrecompiles, PrecompileProvider, precompile_output_to_interpreter_result};
use revm::interpreter::{CallInputs, CallScheme, Gas, InstructionResult, InterpreterResult};
use revm::primitives::AddressSet;
use revm::primitives::hardfork::SpecId;

#[cfg(feature = "fork")]
pub(crate) use arbsys::{ArbSys, VERSION_OFFSET};
pub(crate) use arbwasm::ArbWasm;
pub(crate) use arbwasmcache::ArbWasmCache;

use crate::HaltReason;
use crate::arbos_storage::{ARBOS_STATE, Slots};
use crate::context::Context;
use crate::meter::prices::words;

/// `ArbSys`.
pub(crate) const ARB_SYS: Address = address!("0000000000000000000000000000000000000064");
/// `ArbOwnerPublic`.
pub(crate) const ARB_OWNER_PUBLIC: Address = address!("000000000000000000000000000000000000006b");
/// `ArbGasInfo`.
const ARB_GAS_INFO: Address = address!("000000000000000000000000000000000000006c");
/// `ArbOwner`.
const ARB_OWNER: Address = address!("0000000000000000000000000000000000000070");
/// `ArbWasm`.
pub(crate) const ARB_WASM: Address = address!("0000000000000000000000000000000000000071");
/// `ArbWasmCache`.
pub(crate) const ARB_WASM_CACHE: Address = address!("0000000000000000000000000000000000000072");
/// `NodeInterface`.
pub(crate) const NODE_INTERFACE: Address = address!("00000000000000000000000000000000000000c8");

/// Where Arbitrum has precompiles. Their accounts have the code `fe`. Those that are not here
/// refuse every call, as a node refuses a function that it does not know.
pub(crate) const ARBITRUM: [Address; 19] = [
    ARB_SYS,
    address!("0000000000000000000000000000000000000065"), // ArbInfo
    address!("0000000000000000000000000000000000000066"), // ArbAddressTable
    address!("0000000000000000000000000000000000000067"), // ArbBLS
    address!("0000000000000000000000000000000000000068"), // ArbFunctionTable
    address!("0000000000000000000000000000000000000069"), // ArbosTest
    ARB_OWNER_PUBLIC,
    ARB_GAS_INFO,
    address!("000000000000000000000000000000000000006d"), // ArbAggregator
    address!("000000000000000000000000000000000000006e"), // ArbRetryableTx
    address!("000000000000000000000000000000000000006f"), // ArbStatistics
    ARB_OWNER,
    ARB_WASM,
    ARB_WASM_CACHE,
    address!("0000000000000000000000000000000000000073"), // ArbNativeTokenManager
    address!("0000000000000000000000000000000000000074"), // ArbFilteredTransactionsManager
    NODE_INTERFACE,
    address!("00000000000000000000000000000000000000c9"), // NodeInterfaceDebug
    address!("00000000000000000000000000000000000000ff"), // ArbDebug
];

/// Gas that every call of one of them costs: `ArbOS`'s state is opened.
const OPEN_STATE: u64 = 800;
/// Gas of a read of `ArbOS`'s state.
const READ_STATE: u64 = 800;
/// Gas of a word of arguments or result.
const COPY_WORD: u64 = 3;

/// Whether there is a precompiled contract at an address, Ethereum's or Arbitrum's.
#[cfg(feature = "rpc")]
pub(crate) fn is_precompile(address: Address) -> bool {
    ARBITRUM.contains(&address) || EthPrecompiles::new(SpecId::OSAKA).contains(&address)
}

/// How a call of a precompile fails.
#[derive(Debug)]
enum Failure {
    /// It reverts.
    Revert(Bytes),
    /// It reverts without data and keeps all gas: no such function, arguments that don't decode,
    /// value for a function that takes none, a write in a static call.
    Refusal,
    /// All gas is gone.
    Burn(HaltReason),
}

/// What a precompile answers.
type Reply = Result<Bytes, Failure>;

/// A call of a precompile.
struct Call<'c, 'db> {
    context: &'c mut Context<'db>,
    address: Address,
    caller: Address,
    value: U256,
    input: Bytes,
    gas: u64,
    is_static: bool,
}

impl<'db> Call<'_, 'db> {
    fn charge(&mut self, gas: u64) -> Result<(), Failure> {
        match self.gas.checked_sub(gas) {
            Some(left) => {
                self.gas = left;
                Ok(())
            }
            None => Err(Failure::Burn(HaltReason::OutOfGas)),
        }
    }

    fn forbid_static(&self) -> Result<(), Failure> {
        if self.is_static {
            return Err(Failure::Refusal);
        }
        Ok(())
    }

    fn emit(&mut self, log: alloy_primitives::LogData) {
        let address = self.address;
        self.context.journal_mut().log(Log { address, data: log });
    }

    fn now(&self) -> u64 {
        self.context.block.timestamp.saturating_to()
    }

    /// The slots of `ArbOS`.
    fn slots(&mut self) -> OwnSlots<'_, 'db> {
        OwnSlots(self.context)
    }
}

/// The slots of `ArbOS`, as a transaction sees and changes them.
struct OwnSlots<'c, 'db>(&'c mut Context<'db>);

impl Slots for OwnSlots<'_, '_> {
    fn read(&mut self, slot: U256) -> U256 {
        let journal = self.0.journal_mut();
        let Ok(_) = journal.load_account(ARBOS_STATE);
        let Ok(loaded) = journal.sload(ARBOS_STATE, slot);
        loaded.data
    }

    fn write(&mut self, slot: U256, value: U256) {
        let journal = self.0.journal_mut();
        let Ok(_) = journal.load_account(ARBOS_STATE);
        let Ok(_) = journal.sstore(ARBOS_STATE, slot, value);
        journal.touch_account(ARBOS_STATE);
    }
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
