//! A smart session validator for ERC-7579 accounts, as an Arbitrum Stylus contract.
//!
//! | file | what it does |
//! |---|---|
//! | `validate` | `validateUserOp`, the pipeline on one screen |
//! | `module` | the life cycle of an ERC-7579 module |
//! | `manage` | revoking, and views |
//! | `signing` | ERC-1271 |
//! | `signer` | whose signature it is |
//! | `store` | which slot holds what |
//! | `event`, `error` | what is told to the outside |
//! | `host` | the Stylus host functions in use |
//!
//! What a session means is decided in `session-core`; here it is loaded, asked and stored.

extern crate alloc;

mod error;
mod event;
mod host;
mod manage;
mod module;
mod signer;
mod signing;
mod store;
mod validate;

use alloc::vec::Vec;

use alloy_sol_types::SolCall;
use session_core::abi::ISmartSession as Abi;
use stylus_sdk::ArbResult;
use stylus_sdk::host::VM;
use stylus_sdk::prelude::entrypoint;
use stylus_sdk::stylus_core::{CalldataAccess, MemoryAccess, MessageAccess, StorageAccess};

use crate::error::Error;
use crate::host::Host;

/// Answers one call. No function takes value, and none is entered while another one of this
/// contract runs: the SDK's entrypoint reverts such a call, without data, before it gets here.
/// Nothing needs one, and a callback from an account could only come between a check and its
/// write.
#[entrypoint]
fn smart_session(input: Vec<u8>, vm: VM) -> ArbResult {
    let host = Host::new(vm);
    dispatch(&host, &input).map_err(|error| error.encode())
}

fn dispatch(host: &Host, input: &[u8]) -> Result<Vec<u8>, Error> {
    if host.has_value() {
        return Err(Error::NotPayable);
    }
    let (selector, arguments) = input.split_first_chunk::<4>().ok_or(Error::MalformedCall)?;
    match *selector {
        Abi::validateUserOpCall::SELECTOR => validate::validate_user_op(host, arguments),
        Abi::isValidSignatureWithSenderCall::SELECTOR => Ok(signing::is_valid_signature()),
        Abi::onInstallCall::SELECTOR => module::on_install(host, arguments),
        Abi::onUninstallCall::SELECTOR => module::on_uninstall(host, arguments),
        Abi::isModuleTypeCall::SELECTOR => module::is_module_type(arguments),
        Abi::isInitializedCall::SELECTOR => module::is_initialized(host, arguments),
        Abi::revokeCall::SELECTOR => manage::revoke(host, arguments),
        Abi::sessionStateCall::SELECTOR => manage::session_state(host, arguments),
        Abi::epochCall::SELECTOR => manage::epoch(host, arguments),
        selector => Err(Error::UnknownFunction { selector }),
    }
}
