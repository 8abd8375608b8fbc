//! The state that a recorded run begins with.

use std::collections::BTreeSet;

use alloy_primitives::{Address, U256};

use crate::recording::{EvmContract, Recording, RunAccounts};
use crate::{DEV_ACCOUNTS, DevChain, SlotAccessKind, Transaction};

/// Puts a recording's program onto a chain; with fragments, those of one run.
pub(super) fn install_program(
    chain: &mut DevChain,
    recording: &Recording,
    program: Address,
    run: usize,
) {
    if let Some(fragments) = &recording.fragments {
        let addresses = fragments.addresses_by_run.get(run).into_iter().flatten();
        for (address, code) in addresses.zip(&fragments.code_hex) {
            chain.set_code(*address, code.clone());
        }
        if let Some(root) = fragments.root_code_by_run.get(run) {
            chain.set_code(program, root.clone());
        }
    } else if let Some(code) = &recording.code_hex {
        chain.set_code(program, code.clone());
    }
}

/// Puts everything that a run uses onto a chain: the program, other programs, bytecode with the
/// storage that its constructor writes, and accounts that delegate; activates what the node had
/// activated.
pub(super) fn install(
    chain: &mut DevChain,
    recording: &Recording,
    run: &RunAccounts,
    index: usize,
) {
    install_program(chain, recording, run.program, index);
    for contract in &recording.evm_contracts {
        if let Some(address) = run.evm_contracts.get(&contract.name) {
            construct(chain, contract, *address, run.program);
        }
    }
    let version = run.arbos.to_string();
    let delegations = recording.delegated_accounts.get(&version).into_iter().flatten();
    for delegation in delegations.filter(|delegation| delegation.cached == run.cached) {
        for (name, code) in &delegation.code_by_name {
            if let Some(address) = run.evm_contracts.get(name) {
                chain.set_code(*address, code.clone());
            }
        }
    }
    if recording.activation.get(&version).is_some_and(|record| record.accepted) {
        activate(chain, run.program, run.cached);
    }
    for extra in &recording.extras {
        let Some(address) = run.extras.get(&extra.name) else { continue };
        chain.set_code(*address, extra.code_hex.clone());
        if extra.activation.get(&version).is_some_and(|record| record.accepted) {
            activate(chain, *address, run.cached);
        }
    }
}

/// Activates a program as the node did before the run; one that the node accepted and this chain
/// refuses shows in every call of the run.
fn activate(chain: &mut DevChain, program: Address, cached: bool) {
    let _ = chain.activate(program);
    if cached {
        let _ = chain.cache_program(program);
    }
}

/// Puts an EVM contract where it was, with the storage that its constructor writes. A constructor
/// that takes an argument takes the program's address.
fn construct(chain: &mut DevChain, contract: &EvmContract, address: Address, program: Address) {
    let mut init_code = contract.initcode_hex.to_vec();
    if contract.constructor_argument.is_some() {
        init_code.extend_from_slice(program.into_word().as_slice());
    }
    let creation = Transaction::create(DEV_ACCOUNTS[0].address, init_code).with_trace(true);
    let mut aside = chain.clone();
    if let Ok(outcome) = aside.transact(creation)
        && let Some(created) = outcome.created
    {
        let accesses = outcome.frames.iter().flat_map(|frame| &frame.trace.slots);
        let written: BTreeSet<U256> = accesses
            .filter(|access| access.address == created && access.kind == SlotAccessKind::Write)
            .map(|access| access.slot)
            .collect();
        for slot in written {
            chain.set_storage(address, slot, aside.storage(created, slot));
        }
    }
    chain.set_code(address, contract.runtime_hex.clone());
}
