//! A smart session validator for ERC-7579 accounts, as an Arbitrum Stylus contract.
//!
//! | file | what it does |
//! |---|---|
//! | `validate` | `validateUserOp`, the pipeline on one screen |
//! | `module` | the life cycle of an ERC-7579 module |
//! | `manage` | enabling and revoking outside an operation |
//! | `view` | what everyone may look up |
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
mod view;

use alloy_sol_types::SolCall;
use session_core::abi::ISmartSession as Abi;

use crate::error::Error;
use crate::host::Host;

/// Answers one call: Nitro calls this with the length of the calldata, and takes 0 for success
/// and 1 for a revert.
///
/// The SDK's own entrypoint copies through `Vec`, flushes storage even when it reverts, and
/// reverts a re-entered call without a word; see `host` for what the first of these costs.
#[unsafe(no_mangle)]
#[expect(unsafe_code, reason = "the name that Nitro looks for")]
pub extern "C" fn user_entrypoint(len: usize) -> usize {
    let host = Host;
    match dispatch(host, host.calldata(len)) {
        Ok(()) => {
            host.flush();
            0
        }
        Err(error) => {
            error.answer(host);
            1
        }
    }
}

/// No function takes value, and none is entered while another one of this contract runs: nothing
/// needs it, and a callback from an account could only come between a check and its write.
fn dispatch(host: Host, calldata: &'static [u8]) -> Result<(), Error> {
    if host.is_reentered() {
        return Err(Error::Reentered);
    }
    if host.has_value() {
        return Err(Error::NotPayable);
    }
    let (selector, arguments) = calldata.split_first_chunk::<4>().ok_or(Error::MalformedCall)?;
    match *selector {
        Abi::validateUserOpCall::SELECTOR => validate::validate_user_op(host, arguments),
        Abi::isValidSignatureWithSenderCall::SELECTOR => {
            signing::is_valid_signature(host);
            Ok(())
        }
        Abi::onInstallCall::SELECTOR => module::on_install(host, arguments),
        Abi::onUninstallCall::SELECTOR => module::on_uninstall(host, arguments),
        Abi::isModuleTypeCall::SELECTOR => module::is_module_type(host, arguments),
        Abi::isInitializedCall::SELECTOR => module::is_initialized(host, arguments),
        Abi::enableCall::SELECTOR => manage::enable(host, arguments),
        Abi::revokeCall::SELECTOR => manage::revoke(host, arguments),
        Abi::revokeAllCall::SELECTOR => manage::revoke_all(host, arguments),
        Abi::sessionStateCall::SELECTOR => view::session_state(host, arguments),
        Abi::epochCall::SELECTOR => view::epoch(host, arguments),
        selector => Err(Error::UnknownFunction { selector }),
    }
}
