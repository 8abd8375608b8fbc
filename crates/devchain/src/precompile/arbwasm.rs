//! `ArbWasm`: activating programs and asking about them.

use alloy_primitives::{Address, B256, Bytes, U256, keccak256};
use alloy_sol_types::{SolCall, SolError, SolEvent, sol};
use revm::context_interface::{ContextTr, JournalTr};

use super::call::{COPY_WORD, Call, Failure, OPEN_STATE, READ_STATE, Reply};
use crate::HaltReason;
use crate::account_code::{peek_code, program_of};
use crate::arbos_storage::ARBOS_STATE;
use crate::meter::pages::{FREE_PAGES, PAGE_GAS};
use crate::meter::prices::{INK_PER_GAS, evm_gas, words};
use crate::module::PAGE_LIMIT;
use crate::program::{Entry, ProgramCode, load_entry, store_entry};

sol! {
    /// The part of `ArbWasm` that is here.
    interface ArbWasm {
        event ProgramActivated(
            bytes32 indexed codehash,
            bytes32 moduleHash,
            address program,
            uint256 dataFee,
            uint16 version
        );

        error ProgramNotWasm();
        error ProgramNotActivated();
        error ProgramNeedsUpgrade(uint16 version, uint16 stylusVersion);
        error ProgramExpired(uint64 ageInSeconds);
        error ProgramUpToDate();
        error ProgramInsufficientValue(uint256 have, uint256 want);

        function activateProgram(address program)
            external payable returns (uint16 version, uint256 dataFee);
        function stylusVersion() external view returns (uint16);
        function codehashVersion(bytes32 codehash) external view returns (uint16);
        function codehashAsmSize(bytes32 codehash) external view returns (uint32);
        function programVersion(address program) external view returns (uint16);
        function programInitGas(address program)
            external view returns (uint64 gas, uint64 gasWhenCached);
        function programMemoryFootprint(address program) external view returns (uint16);
        function programTimeLeft(address program) external view returns (uint64);
        function inkPrice() external view returns (uint32);
        function maxStackDepth() external view returns (uint32);
        function freePages() external view returns (uint16);
        function pageGas() external view returns (uint16);
        function pageLimit() external view returns (uint16);
        function minInitGas() external view returns (uint64 gas, uint64 cached);
        function blockCacheSize() external view returns (uint16);
    }
}

/// Gas of an activation that is refused before the module is looked at, opening the state and
/// copying the arguments included: act-prefix-evm.
const REFUSED: u64 = 1_660_871;
/// Gas that a successful activation spends after the data fee has been checked: act-no-value.
const AFTER_FEE: u64 = 2_955;
/// Wei for a byte of native code, while few programs are activated.
const DATA_PRICE: u64 = 82_928_201;

pub(super) fn run(call: &mut Call<'_, '_>) -> Reply {
    let input = call.input.clone();
    let selector = input.first_chunk::<4>().copied().unwrap_or_default();
    let refuse = |_| Failure::Refusal;
    if selector == ArbWasm::activateProgramCall::SELECTOR {
        let asked = ArbWasm::activateProgramCall::abi_decode(&input).map_err(refuse)?;
        return activate(call, asked.program);
    }
    if !call.value.is_zero() {
        return Err(Failure::Refusal);
    }
    call.charge(READ_STATE)?;
    let arbos = call.context.chain.arbos;
    let word = |value: u64| Ok(U256::from(value).to_be_bytes_vec().into());
    match selector {
        ArbWasm::stylusVersionCall::SELECTOR => word(u64::from(arbos.stylus_version)),
        ArbWasm::inkPriceCall::SELECTOR => word(INK_PER_GAS),
        ArbWasm::maxStackDepthCall::SELECTOR => word(u64::from(arbos.max_stack_words)),
        ArbWasm::freePagesCall::SELECTOR => word(u64::from(FREE_PAGES)),
        ArbWasm::pageGasCall::SELECTOR => word(PAGE_GAS),
        ArbWasm::pageLimitCall::SELECTOR => word(u64::from(PAGE_LIMIT)),
        ArbWasm::blockCacheSizeCall::SELECTOR => word(32),
        ArbWasm::minInitGasCall::SELECTOR => {
            let (gas, cached) = (U256::from(8_832), U256::from(352));
            Ok([gas.to_be_bytes::<32>(), cached.to_be_bytes::<32>()].concat().into())
        }
        ArbWasm::codehashVersionCall::SELECTOR => {
            let asked = ArbWasm::codehashVersionCall::abi_decode(&input).map_err(refuse)?;
            let entry = current(call, asked.codehash)?;
            word(u64::from(entry.version))
        }
        ArbWasm::codehashAsmSizeCall::SELECTOR => {
            let asked = ArbWasm::codehashAsmSizeCall::abi_decode(&input).map_err(refuse)?;
            let entry = current(call, asked.codehash)?;
            word(u64::from(entry.estimate.asm_size()))
        }
        ArbWasm::programVersionCall::SELECTOR => {
            let asked = ArbWasm::programVersionCall::abi_decode(&input).map_err(refuse)?;
            let entry = of_program(call, asked.program)?;
            word(u64::from(entry.version))
        }
        ArbWasm::programInitGasCall::SELECTOR => {
            let asked = ArbWasm::programInitGasCall::abi_decode(&input).map_err(refuse)?;
            let estimate = of_program(call, asked.program)?.estimate;
            let answer = ArbWasm::programInitGasReturn {
                gas: estimate.init_gas(),
                gasWhenCached: estimate.cached_init_gas(),
            };
            Ok(ArbWasm::programInitGasCall::abi_encode_returns(&answer).into())
        }
        ArbWasm::programMemoryFootprintCall::SELECTOR => {
            let asked = ArbWasm::programMemoryFootprintCall::abi_decode(&input).map_err(refuse)?;
            let entry = of_program(call, asked.program)?;
            word(u64::from(entry.estimate.pages))
        }
        ArbWasm::programTimeLeftCall::SELECTOR => {
            let asked = ArbWasm::programTimeLeftCall::abi_decode(&input).map_err(refuse)?;
            let entry = of_program(call, asked.program)?;
            word(entry.time_left(call.now()))
        }
        _ => Err(Failure::Refusal),
    }
}

fn of_program(call: &mut Call<'_, '_>, account: Address) -> Result<Entry, Failure> {
    let (hash, _) = peek_code(call.context, account);
    current(call, hash)
}

/// The entry of a program that may be called.
fn current(call: &mut Call<'_, '_>, code_hash: B256) -> Result<Entry, Failure> {
    let Ok(entry) = load_entry(call.context.journal_mut(), code_hash);
    let stylus_version = call.context.chain.arbos.stylus_version;
    match entry.check(stylus_version, call.now()) {
        Ok(()) => Ok(entry),
        Err(HaltReason::ProgramNeedsUpgrade { version, stylus_version }) => {
            Err(error(&ArbWasm::ProgramNeedsUpgrade { version, stylusVersion: stylus_version }))
        }
        Err(HaltReason::ProgramExpired { age }) => {
            Err(error(&ArbWasm::ProgramExpired { ageInSeconds: age }))
        }
        Err(_) => Err(error(&ArbWasm::ProgramNotActivated {})),
    }
}

fn error(error: &impl SolError) -> Failure {
    Failure::Revert(error.abi_encode().into())
}

/// Reading the pieces of a program costs what `EXTCODECOPY` costs.
fn charge_fragments(call: &mut Call<'_, '_>, code: &[u8]) -> Result<(), Failure> {
    let Some(ProgramCode::Root { fragments, .. }) = ProgramCode::parse(code, true) else {
        return Ok(());
    };
    if fragments.len() > usize::from(call.context.chain.arbos.max_fragments) {
        return Err(Failure::Revert(Bytes::new())); // act-root-five-fragments
    }
    for fragment in fragments {
        let Ok(code) = call.context.journal_mut().code(fragment);
        let access = if code.is_cold { evm_gas::COLD_ACCOUNT } else { evm_gas::WARM };
        let copy = COPY_WORD.saturating_mul(words(code.data.len()));
        call.charge(access.saturating_add(copy))?;
    }
    Ok(())
}

fn activate(call: &mut Call<'_, '_>, account: Address) -> Reply {
    call.forbid_static()?;
    let arbos = call.context.chain.arbos;
    let spent = |gas: u64, call: &Call<'_, '_>, start: u64| {
        gas.saturating_sub(start.saturating_sub(call.gas))
    };
    // What the caller has charged already belongs to the price.
    let start = call.gas.saturating_add(OPEN_STATE).saturating_add(COPY_WORD);
    let extra = if arbos.types_not_wasm_error { READ_STATE } else { 0 };
    call.charge(spent(REFUSED.saturating_add(extra), call, start))?;
    let mut start = start;

    let (code_hash, code) = peek_code(call.context, account);
    let Ok(known) = load_entry(call.context.journal_mut(), code_hash);
    if known.check(arbos.stylus_version, call.now()).is_ok() {
        return Err(error(&ArbWasm::ProgramUpToDate {}));
    }
    if !ProgramCode::is_program(code.original_byte_slice(), arbos.max_fragments > 0) {
        // An account without code is told apart under every version, a fragment under none
        // (act-prefix-fragment).
        let bytes = code.original_byte_slice();
        let is_fragment = ProgramCode::parse(bytes, arbos.max_fragments > 0).is_some();
        return Err(if bytes.is_empty() || (arbos.types_not_wasm_error && !is_fragment) {
            error(&ArbWasm::ProgramNotWasm {})
        } else {
            Failure::Revert(Bytes::new())
        });
    }
    let before = call.gas;
    charge_fragments(call, code.original_byte_slice())?;
    start = start.saturating_sub(before.saturating_sub(call.gas));
    let compiled = program_of(call.context, code_hash, code.original_byte_slice())
        .map_err(|_| Failure::Revert(Bytes::new()))?
        .map_err(|_| Failure::Burn(HaltReason::ActivationFailed))?;
    let estimate = compiled.estimate;
    if call.context.chain.pages.open.saturating_add(estimate.pages) > PAGE_LIMIT {
        return Err(Failure::Burn(HaltReason::ActivationFailed));
    }

    let gas = arbos.activation_base_gas.saturating_add(estimate.activation_gas);
    call.charge(spent(gas.saturating_sub(AFTER_FEE), call, start))?;
    let fee = U256::from(DATA_PRICE).saturating_mul(U256::from(estimate.asm_size()));
    if call.value < fee {
        return Err(error(&ArbWasm::ProgramInsufficientValue { have: call.value, want: fee }));
    }
    // The result's two words are charged by the caller.
    let result = COPY_WORD.saturating_mul(2);
    call.charge(spent(gas, call, start).saturating_sub(result))?;

    let version = arbos.stylus_version;
    let entry = Entry { version, activated_at: call.now(), is_cached: known.is_cached, estimate };
    let (address, caller) = (call.address, call.caller);
    let rest = call.value.saturating_sub(fee);
    let journal = call.context.journal_mut();
    let Ok(()) = store_entry(journal, code_hash, &entry);
    let Ok(_) = journal.transfer(address, caller, rest);
    let Ok(_) = journal.transfer(address, ARBOS_STATE, fee);
    // Nitro names the root of the module's proof here; nothing on this chain reads it.
    let module_hash = keccak256(code_hash);
    let event = ArbWasm::ProgramActivated {
        codehash: code_hash,
        moduleHash: module_hash,
        program: account,
        dataFee: fee,
        version,
    };
    call.emit(event.encode_log_data());
    let answer = ArbWasm::activateProgramReturn { version, dataFee: fee };
    Ok(ArbWasm::activateProgramCall::abi_encode_returns(&answer).into())
}
