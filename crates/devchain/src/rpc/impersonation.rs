//! Accounts that the node sends for without their keys.

use alloy_primitives::Address;
use serde_json::{Value, json};

use super::backend::Backend;
use super::error::RpcError;
use super::params::Params;

/// Most accounts that are impersonated at a time.
const MOST_ACCOUNTS: usize = 10_000;

/// `anvil_impersonateAccount(account)`
pub(super) fn begin(backend: &Backend, params: &Params) -> Result<Value, RpcError> {
    let account: Address = params.required(0, "account")?;
    let mut impersonated = backend.impersonated();
    if impersonated.accounts.len() >= MOST_ACCOUNTS {
        return Err(RpcError::Refused(format!(
            "{MOST_ACCOUNTS} accounts are impersonated already: end one with \
             anvil_stopImpersonatingAccount"
        )));
    }
    impersonated.accounts.insert(account);
    Ok(json!(true))
}

/// `anvil_stopImpersonatingAccount(account) → whether it was impersonated`
pub(super) fn end(backend: &Backend, params: &Params) -> Result<Value, RpcError> {
    let account: Address = params.required(0, "account")?;
    Ok(json!(backend.impersonated().accounts.remove(&account)))
}

/// `anvil_autoImpersonateAccount(on)`
pub(super) fn all(backend: &Backend, params: &Params) -> Result<Value, RpcError> {
    let on: bool = params.required(0, "on")?;
    backend.impersonated().all = on;
    Ok(json!(true))
}
