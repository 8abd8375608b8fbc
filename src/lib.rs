//! A smart session validator for ERC-7579 accounts, as an Arbitrum Stylus contract.
//!
//! | file | what it does |
//! |---|---|
//! | `validate` | `validateUserOp`, the pipeline on one screen |
//! | `execute` | the direct path: the same without a bundler, by the delegate's call or its order |
//! | `redeem` | the direct path as ERC-7710 has it |
//! | `signing` | ERC-1271 through a session |
//! | `enable`, `revoke` | beginning and ending sessions outside an operation |
//! | `install` | the life cycle of an ERC-7579 module |
//! | `epoch` | making all sessions of an account void |
//! | `view` | what everyone may look up |
//! | `signer` | whose signature it is |
//! | `store` | which slot holds what |
//! | `event` | what is told to indexers |
//! | `arguments` | what calldata means |
//! | [`host`] | what the contract needs of the place where it runs: a chain, or memory |
//!
//! What a session means is decided in `smart-session-core`; here it is loaded, asked and stored.

extern crate alloc;

mod arguments;
mod enable;
mod epoch;
mod event;
mod execute;
pub mod host;
mod install;
mod redeem;
mod revoke;
mod signer;
mod signing;
mod store;
mod validate;
mod view;

use alloy_sol_types::SolCall;
use smart_session_core::Refused;
use smart_session_core::abi::ISmartSession as Abi;
use smart_session_core::refusal::{Refusal, refuse};

use crate::host::{Host, OnChain};

/// Answers one call: Nitro calls this with the length of the calldata, and takes 0 for success
/// and 1 for a revert.
///
/// The SDK's own entrypoint copies through `Vec`, flushes storage even when it reverts, and
/// reverts a re-entered call without a word; see `host::memory` for what the first of these costs.
#[unsafe(no_mangle)]
#[expect(unsafe_code, reason = "the name that Nitro looks for")]
pub extern "C" fn user_entrypoint(len: usize) -> usize {
    usize::from(answer(OnChain, OnChain::calldata(len)).is_err())
}

/// Answers one call, and writes what it changes if nothing is refused.
///
/// # Errors
/// What is refused, as revert data: the host was told.
#[inline]
pub fn answer<'h>(host: impl Host<'h>, calldata: &'h [u8]) -> Result<(), Refused> {
    dispatch(host, calldata)?;
    host.flush();
    Ok(())
}

/// No function takes value.
#[inline]
fn dispatch<'h>(host: impl Host<'h>, calldata: &'h [u8]) -> Result<(), Refused> {
    if host.has_value() {
        return Err(refuse::<Abi::NotPayable>(host));
    }
    let (selector, arguments) =
        calldata.split_first_chunk::<4>().ok_or_else(|| arguments::malformed_call(host))?;
    match *selector {
        Abi::validateUserOpCall::SELECTOR => validate::validate_user_op(host, arguments),
        Abi::isValidSignatureWithSenderCall::SELECTOR => signing::answer(host, arguments),
        Abi::executeCall::SELECTOR => execute::by_delegate(host, arguments),
        Abi::executeForCall::SELECTOR => execute::by_order(host, arguments),
        Abi::redeemDelegationsCall::SELECTOR => redeem::redeem(host, arguments),
        Abi::onInstallCall::SELECTOR => install::on_install(host, arguments),
        Abi::onUninstallCall::SELECTOR => install::on_uninstall(host, arguments),
        Abi::isModuleTypeCall::SELECTOR => install::is_module_type(host, arguments),
        Abi::isInitializedCall::SELECTOR => install::is_initialized(host, arguments),
        Abi::enable_0Call::SELECTOR => enable::by_account(host, arguments),
        Abi::enable_1Call::SELECTOR => enable::relayed(host, arguments),
        Abi::revoke_0Call::SELECTOR => revoke::by_account(host, arguments),
        Abi::revoke_1Call::SELECTOR => revoke::by_delegate(host, arguments),
        Abi::revokeForCall::SELECTOR => revoke::relayed(host, arguments),
        Abi::revokeAll_0Call::SELECTOR => revoke::all_by_account(host, arguments),
        Abi::revokeAll_1Call::SELECTOR => revoke::all_relayed(host, arguments),
        Abi::sessionStateCall::SELECTOR => view::session_state(host, arguments),
        Abi::epochCall::SELECTOR => view::epoch(host, arguments),
        Abi::sessionIdCall::SELECTOR => view::session_id(host, arguments),
        Abi::budgetsCall::SELECTOR => view::budgets(host, arguments),
        Abi::eip712DomainCall::SELECTOR => view::eip712_domain(host, arguments),
        selector => {
            let mut refusal = Refusal::of::<Abi::UnknownFunction>();
            Err(refusal.selector(selector).tell(host))
        }
    }
}
