//! The rules of the other chain, as far as they can be asked for.

use alloy_primitives::{Address, U256};
use alloy_sol_types::SolCall;

use crate::ArbOs;
use crate::meter::pages::{FREE_PAGES, PAGE_GAS};
use crate::meter::prices::INK_PER_GAS;
use crate::module::PAGE_LIMIT;
use crate::precompile::{ARB_SYS, ARB_WASM, ArbSys, ArbWasm, VERSION_OFFSET};
use crate::remote::{ForkError, RemoteNode};

impl RemoteNode {
    /// The version of `ArbOS` that the chain runs.
    pub(super) fn arbos_version(&self) -> Result<u64, ForkError> {
        let answer = self.word(ARB_SYS, ArbSys::arbOSVersionCall {}.abi_encode())?;
        let version: u64 = answer.saturating_to();
        Ok(version.saturating_sub(VERSION_OFFSET))
    }

    fn word(&self, to: Address, data: Vec<u8>) -> Result<U256, ForkError> {
        let answer = self.call(to, data)?;
        U256::try_from_be_slice(&answer).filter(|_| answer.len() == 32).ok_or_else(|| {
            let reason = format!("{to} returned {answer}, no word: is it an Arbitrum chain?");
            self.unexpected("eth_call", &reason)
        })
    }

    /// What the chain's owner has set in another way than this crate runs programs.
    pub(super) fn differences(&self, arbos: ArbOs) -> Result<Vec<String>, ForkError> {
        let known = [
            (
                "stylusVersion",
                ArbWasm::stylusVersionCall {}.abi_encode(),
                arbos.stylus_version.into(),
            ),
            ("inkPrice", ArbWasm::inkPriceCall {}.abi_encode(), INK_PER_GAS),
            (
                "maxStackDepth",
                ArbWasm::maxStackDepthCall {}.abi_encode(),
                arbos.max_stack_words.into(),
            ),
            ("freePages", ArbWasm::freePagesCall {}.abi_encode(), FREE_PAGES.into()),
            ("pageGas", ArbWasm::pageGasCall {}.abi_encode(), PAGE_GAS),
            ("pageLimit", ArbWasm::pageLimitCall {}.abi_encode(), PAGE_LIMIT.into()),
        ];
        let mut differences = Vec::new();
        for (name, data, ours) in known {
            let theirs = self.word(ARB_WASM, data)?;
            if theirs != U256::from(ours) {
                differences.push(format!("{name} is {theirs} on the forked chain and {ours} here"));
            }
        }
        Ok(differences)
    }
}
