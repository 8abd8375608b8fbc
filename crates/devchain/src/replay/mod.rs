//! Running recordings of a Nitro node again, and saying where this chain differs.

mod compare;
mod comparison;
mod events;
mod setup;

use alloy_primitives::{Address, Bytes, U256};
use alloy_sol_types::{SolCall, SolError};

use crate::precompile::{ARB_WASM, ArbWasm};
use crate::recording::{ActivationRecord, CallRecord, Recording, RunAccounts};
use crate::{ArbOs, DEV_ACCOUNTS, DevChain, Engine, HaltReason, Outcome, Status, Transaction};

pub use comparison::{Comparison, Difference};

use compare::{compare_call, differ};
use setup::{install, install_program};

/// Why a debug chain's answers are no measure.
const DEBUG_CHAIN: &str = "the recorded ArbOS 60 node is a debug chain, which tolerates start functions and keeps exports";

/// Wei sent with an activation.
const ETHER: u64 = 1_000_000_000_000_000_000;
/// Wei that the recorded sender had, more or less.
const SENDER_BALANCE: u128 = 300_000_000_000_000_000_000;

/// The rules of the recorded node.
///
/// Its build of `ArbOS` 60 is older than the one in production: it has Stylus version 2.
pub fn recorded_arbos(version: u64) -> ArbOs {
    if version == 51 { ArbOs::V51 } else { ArbOs { stylus_version: 2, ..ArbOs::V60 } }
}

/// Replays all activations and calls of a recording.
pub fn replay(recording: &Recording) -> Vec<Comparison> {
    replay_with(recording, Engine::default())
}

/// The same with programs run by one engine.
pub fn replay_with(recording: &Recording, engine: Engine) -> Vec<Comparison> {
    let mut comparisons = Vec::new();
    for (version, record) in &recording.activation {
        if record.recorded {
            let arbos = recorded_arbos(version.parse().unwrap_or(0));
            comparisons.extend(replay_activation(recording, record, arbos));
        }
    }
    for extra in &recording.extras {
        for (version, record) in &extra.activation {
            let arbos = recorded_arbos(version.parse().unwrap_or(0));
            let name = format!("{}, {}", recording.name, extra.name);
            let mut chain = DevChain::new().with_arbos(arbos);
            let program = Address::repeat_byte(0xae);
            chain.set_code(program, extra.code_hex.clone());
            comparisons.push(Comparison {
                name: format!("{name} {version} activation"),
                exception: None,
                differences: replay_one_activation(&mut chain, program, record),
            });
        }
    }
    // Programs in fragments have runs on ArbOS 60 only, each with fragments of its own.
    for (index, run) in recording.accounts.iter().enumerate() {
        comparisons.extend(replay_run(recording, run, index, engine));
    }
    comparisons
}

fn replay_activation(
    recording: &Recording,
    record: &ActivationRecord,
    arbos: ArbOs,
) -> Vec<Comparison> {
    let program = recording.accounts.first().map_or(Address::repeat_byte(0xac), |run| run.program);
    let mut chain = DevChain::new().with_arbos(arbos);
    install_program(&mut chain, recording, program, 0);
    if let Some(code) = &recording.accepted_code_hex {
        chain.set_code(program, code.clone());
    }
    let comparison = |what: &str, differences| Comparison {
        name: format!("{} {} {what}", recording.name, arbos.version),
        exception: record.debug_chain_artefact.then_some(DEBUG_CHAIN),
        differences,
    };
    let mut comparisons = Vec::new();
    let ether = U256::from(ETHER);
    if let Some(record) = &record.without_value {
        let outcome = activate(&mut chain, program, record.tx_gas_limit, U256::ZERO);
        let differences = compare_activation(record, &outcome);
        comparisons.push(comparison("activation without value", differences));
    }
    let differences = replay_one_activation(&mut chain, program, record);
    comparisons.push(comparison("activation", differences));
    if let Some(record) = &record.second_activation {
        let outcome = activate(&mut chain, program, record.tx_gas_limit, ether);
        let differences = compare_activation(record, &outcome);
        comparisons.push(comparison("second activation", differences));
    }
    if let Some(code) = &recording.rejected_code_hex {
        let program = Address::repeat_byte(0xad);
        chain.set_code(program, code.clone());
        let outcome = activate(&mut chain, program, record.tx_gas_limit, ether);
        let mut differences = Vec::new();
        differ(&mut differences, "accepted", &false, &outcome.is_success());
        comparisons.push(comparison("activation of one more", differences));
    }
    comparisons
}

/// Activates a program once more and compares the activation and what is known of it since.
fn replay_one_activation(
    chain: &mut DevChain,
    program: Address,
    record: &ActivationRecord,
) -> Vec<Difference> {
    let outcome = activate(chain, program, record.tx_gas_limit, U256::from(ETHER));
    let mut differences = compare_activation(record, &outcome);
    if record.accepted && outcome.is_success() {
        compare_program(&mut differences, record, chain, program);
    }
    differences
}

fn activate(chain: &mut DevChain, program: Address, gas_limit: u64, value: U256) -> Outcome {
    let data = ArbWasm::activateProgramCall { program }.abi_encode();
    let transaction = Transaction::new(DEV_ACCOUNTS[0].address, ARB_WASM)
        .with_data(data)
        .with_value(value)
        .with_gas_limit(gas_limit);
    chain.transact(transaction).unwrap_or_else(|error| broken(&error))
}

/// An outcome that equals no recorded one, for a transaction that could not even start.
fn broken(error: &crate::TransactionError) -> Outcome {
    Outcome {
        status: Status::Halt(HaltReason::Other),
        gas_used: 0,
        gas_refunded: 0,
        intrinsic_gas: 0,
        output: error.to_string().into_bytes().into(),
        created: None,
        logs: Vec::new(),
        frames: Vec::new(),
    }
}

fn compare_activation(record: &ActivationRecord, outcome: &Outcome) -> Vec<Difference> {
    let mut differences = Vec::new();
    differ(&mut differences, "accepted", &record.accepted, &outcome.is_success());
    let own = outcome.gas_used.saturating_sub(outcome.intrinsic_gas);
    match record.activation_gas {
        Some(gas) => differ(&mut differences, "activation gas", &gas, &own),
        None => differ(&mut differences, "gas used", &record.tx_gas_limit, &outcome.gas_used),
    }
    if !record.accepted {
        let error = error_name(&outcome.output);
        differ(&mut differences, "error", &record.revert_error.as_deref(), &error);
    }
    differences
}

fn error_name(output: &Bytes) -> Option<&'static str> {
    let selector = output.first_chunk::<4>()?;
    match *selector {
        ArbWasm::ProgramNotWasm::SELECTOR => Some("ProgramNotWasm"),
        ArbWasm::ProgramUpToDate::SELECTOR => Some("ProgramUpToDate"),
        ArbWasm::ProgramInsufficientValue::SELECTOR => Some("ProgramInsufficientValue"),
        _ => Some("another error"),
    }
}

fn compare_program(
    differences: &mut Vec<Difference>,
    record: &ActivationRecord,
    chain: &DevChain,
    program: Address,
) {
    let estimate = chain.estimate(program);
    differ(differences, "init gas", &record.program_init_gas, &estimate.init_gas());
    let cached = estimate.cached_init_gas();
    differ(differences, "cached init gas", &record.program_init_gas_cached, &cached);
    differ(differences, "pages", &record.memory_footprint_pages, &estimate.pages);
    differ(differences, "asm size", &record.asm_size, &estimate.asm_size());
}

fn replay_run(
    recording: &Recording,
    run: &RunAccounts,
    index: usize,
    engine: Engine,
) -> Vec<Comparison> {
    let version = run.arbos.to_string();
    let calls: Vec<&CallRecord> = recording
        .calls
        .iter()
        .filter(|call| call.arbos == run.arbos && call.cached == run.cached)
        .collect();
    if calls.is_empty() {
        return Vec::new();
    }
    let mut chain = DevChain::new().with_arbos(recorded_arbos(run.arbos)).with_engine(engine);
    install(&mut chain, recording, run, index);
    for call in &calls {
        chain.set_balance(call.from, U256::from(SENDER_BALANCE));
    }
    let exception = recording
        .activation
        .get(&version)
        .filter(|record| record.debug_chain_artefact)
        .map(|_| DEBUG_CHAIN);

    let mut comparisons = Vec::new();
    let mut rest = calls.as_slice();
    while let Some(first) = rest.first() {
        let in_block = rest
            .iter()
            .take_while(|call| first.same_block.is_some() && call.same_block == first.same_block)
            .count()
            .max(1);
        let (block, others) = rest.split_at(in_block);
        rest = others;
        let transactions: Vec<_> = block.iter().map(|call| transaction(call)).collect();
        let outcomes = if first.kind == "eth_call" {
            transactions.into_iter().map(|call| chain.call(call)).collect()
        } else {
            chain.mine(transactions)
        };
        for (call, outcome) in block.iter().zip(outcomes) {
            let outcome = outcome.unwrap_or_else(|error| broken(&error));
            let state = format!("{}{}", run.arbos, if run.cached { " cached" } else { "" });
            comparisons.push(Comparison {
                name: format!("{} {state} {}", recording.name, call.id),
                exception,
                differences: compare_call(call, &outcome, &chain),
            });
        }
    }
    comparisons
}

fn transaction(call: &CallRecord) -> Transaction {
    let access_list =
        call.access_list.iter().map(|entry| (entry.address, entry.storage_keys.clone()));
    Transaction::new(call.from, call.to)
        .with_data(call.data.clone())
        .with_value(call.value)
        .with_gas_limit(call.gas_limit)
        .with_access_list(access_list.collect())
        .with_trace(true)
}
