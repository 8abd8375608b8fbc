//! Whose signatures may enable an account's sessions: it comes from the owner.
//!
//! When the module is installed, one validator of the account is pinned as the enable route. A
//! session file that names a weaker one would hand the account's sessions to its keys.

use alloy_primitives::{Address, FixedBytes};
use alloy_sol_types::sol;
use smart_session_client::{AccountKind, Grant, Node, NodeError, SoftwareKey, owner_accepts};

use crate::failure::Failure;
use crate::print::Printer;

sol! {
    interface IKernel {
        /// Type (1 byte) and address of the validator that may do everything.
        function rootValidator() returns (bytes21);
    }
}

/// The type of a root validator that is a contract.
const CONTRACT: u8 = 0x01;

/// Returns the validator that is pinned at an install: the one that a flag names, else the
/// account's root validator, else the session's, if it is confirmed.
pub(crate) async fn to_install(
    typed: Option<Address>,
    grant: &Grant,
    node: &Node,
    printer: &Printer,
) -> Result<Address, Failure> {
    if let Some(validator) = typed {
        return Ok(validator);
    }
    let (named, account) = (grant.owner_validator, grant.session.account);
    let root = match grant.account_kind {
        Some(kind) => root_of(kind, account, node).await?,
        None => None,
    };
    if let Some(root) = root {
        return match named {
            Some(named) if named != root => Err(Failure::new(
                format!(
                    "the session names validator {named}, the account's root validator is {root}"
                ),
                "name the one whose signatures shall enable sessions: --owner-validator",
            )),
            _ => Ok(root),
        };
    }
    let named = named.ok_or_else(unknown)?;
    let question =
        format!("may signatures of validator {named} enable sessions of account {account}?");
    match printer.ask(&question) {
        Some(true) => Ok(named),
        Some(false) => Err(Failure::new(
            "the validator was not confirmed",
            "name the right one: --owner-validator",
        )),
        None => Err(Failure::new(
            format!("the session names validator {named}, and nobody has confirmed it"),
            format!("confirm it, if it is the owner's: --owner-validator {named}"),
        )),
    }
}

/// Returns the account's root validator, where its kind has one.
pub(crate) async fn root_of(
    kind: AccountKind,
    account: Address,
    node: &Node,
) -> Result<Option<Address>, Failure> {
    if kind != AccountKind::Kernel {
        return Ok(None);
    }
    let root: FixedBytes<21> = match node.ask(account, &IKernel::rootValidatorCall {}).await {
        Ok(root) => root,
        Err(NodeError::Reverted { .. } | NodeError::NoContract { .. }) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let [kind, address @ ..] = root.0;
    Ok((kind == CONTRACT).then(|| Address::new(address)))
}

/// Refuses a validator that does not take the owner's signature: of the session itself, which
/// the owner signs anyway. Without a key or a signature it cannot be asked.
pub(crate) async fn check(
    grant: &Grant,
    validator: Address,
    key: Option<&SoftwareKey>,
    node: &Node,
) -> Result<(), Failure> {
    let mut signed = grant.clone();
    signed.owner_validator = Some(validator);
    match key {
        Some(key) => {
            let (chain_id, account) = (node.chain_id().await?, grant.session.account);
            let digest = grant.kind()?.owner_digest(chain_id, account, grant.digest());
            signed.sign(&key.sign(digest)?)?;
        }
        None if signed.owner_signature.is_none() => return Ok(()),
        None => {}
    }
    if owner_accepts(&signed, node).await? {
        return Ok(());
    }
    let whose = match key {
        Some(key) => format!("{} as its owner", key.address()),
        None => "the session's signature".into(),
    };
    Err(Failure::new(
        format!(
            "account {} with validator {validator} does not take {whose}",
            grant.session.account
        ),
        "use the owner's key, and name the validator that knows it (--owner-validator)",
    ))
}

/// The failure of a validator that nobody has named.
pub(crate) fn unknown() -> Failure {
    Failure::new(
        "the account's validator for its owner's signatures is not known",
        "name it: --owner-validator",
    )
}
