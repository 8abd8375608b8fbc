//! ERC-7710: what is redeemed, in which order, and which permission is found.

mod choices;
mod contexts;
mod lifetime;
mod request;
mod search;

use alloy_primitives::{Address, U256};
use session_model::operation::selector;
use session_model::{Execution, Operation, Permission, Session};
use smart_session_core::abi::ISmartSession as Abi;

use super::{ACCOUNT, OWNER, context, execute_call, module};
use crate::module::{Module, whole};
use crate::refused::{operation, session};

/// Returns `redeemDelegations` of these.
pub(super) fn redeem(parts: &[(&Session, &Operation)]) -> Abi::redeemDelegationsCall {
    let runs = parts.iter().map(|(session, operation)| execute_call(session, operation, OWNER));
    let (modes, calldatas) = runs.map(|run| (run.mode, run.executionCalldata)).unzip();
    Abi::redeemDelegationsCall {
        permissionContexts: parts.iter().map(|(it, what)| context(it, what, OWNER)).collect(),
        modes,
        executionCallDatas: calldatas,
    }
}

fn one(operation: &Operation) -> Abi::redeemDelegationsCall {
    redeem(&[(&session(), operation)])
}

fn send(module: &Module, call: &Abi::redeemDelegationsCall) -> Result<(), String> {
    module.send(session().delegate, call).map(|_| ())
}

/// A module in which a session with these permissions and budgets is in force.
fn in_force(session: &Session) -> Module {
    let module = module(2);
    module.send(ACCOUNT, &Abi::enable_0Call { session: whole(session) }).unwrap();
    module
}

fn doing(executions: Vec<Execution>) -> Operation {
    Operation { executions, ..operation() }
}

fn permission(target: Address, function: &str) -> Permission {
    let (selector, value_limit) = (selector(function), U256::from(10));
    Permission { target, selector, value_limit, rules: vec![] }
}
