//! A session as wallets take it for signing: the JSON of `eth_signTypedData_v4`.

use alloy_primitives::{Address, U256, hex};
use serde_json::{Value, json};
use smart_session_core::eip712::{DOMAIN_NAME, DOMAIN_VERSION};
use smart_session_core::session::{ArgumentRule, Session};

use crate::refusal::Refusal;
use crate::session::structure::check_session;

/// The largest integer that every JSON reader keeps: 2^53 − 1.
const SAFE: u64 = (1 << 53) - 1;

/// Returns what the owner signs: the second parameter of `eth_signTypedData_v4`.
///
/// It names the types of the domain too, has every field, and writes integers above 2^53 as
/// decimal strings: wallets differ in what they forgive.
///
/// # Errors
/// [`Refusal`] if the module would never enable the session: nobody should sign what cannot work.
pub fn session_typed_data(module: Address, session: &Session) -> Result<Value, Refusal> {
    check_session(session, module)?;
    Ok(json!({
        "domain": {
            "name": DOMAIN_NAME,
            "version": DOMAIN_VERSION,
            "verifyingContract": module.to_checksum(None),
        },
        "types": types(),
        "primaryType": "Session",
        "message": message(session),
    }))
}

fn types() -> Value {
    let fields = |fields: &[(&str, &str)]| {
        fields.iter().map(|(name, of)| json!({ "name": name, "type": of })).collect::<Vec<_>>()
    };
    json!({
        "EIP712Domain": fields(&[
            ("name", "string"), ("version", "string"), ("verifyingContract", "address"),
        ]),
        "Session": fields(&[
            ("account", "address"), ("chains", "Chain[]"), ("delegate", "address"),
            ("delegateKind", "uint8"), ("validAfter", "uint48"), ("validUntil", "uint48"),
            ("maxCalls", "uint32"), ("feeLimit", "uint96"), ("paymaster", "address"),
            ("permissions", "Permission[]"), ("budgets", "Budget[]"),
            ("signing", "SigningScope[]"), ("salt", "uint64"),
        ]),
        "ArgumentRule": fields(&[("index", "uint8"), ("min", "uint256"), ("max", "uint256")]),
        "Budget": fields(&[("token", "address"), ("amount", "uint128"), ("period", "uint32")]),
        "Chain": fields(&[("chainId", "uint256"), ("epoch", "uint64")]),
        "Permission": fields(&[
            ("target", "address"), ("selector", "bytes4"), ("valueLimit", "uint256"),
            ("rules", "ArgumentRule[]"),
        ]),
        "SigningScope": fields(&[
            ("domainSeparator", "bytes32"), ("typeHash", "bytes32"), ("rules", "ArgumentRule[]"),
        ]),
    })
}

fn message(session: &Session) -> Value {
    let chains: Vec<Value> = session
        .chains
        .iter()
        .map(|chain| json!({ "chainId": number(chain.chain_id), "epoch": number(U256::from(chain.epoch)) }))
        .collect();
    let permissions: Vec<Value> = session
        .permissions
        .iter()
        .map(|permission| {
            json!({
                "target": permission.target.to_checksum(None),
                "selector": hex::encode_prefixed(permission.selector),
                "valueLimit": number(permission.value_limit),
                "rules": rules(&permission.rules),
            })
        })
        .collect();
    let budgets: Vec<Value> = session
        .budgets
        .iter()
        .map(|budget| {
            json!({
                "token": budget.token.to_checksum(None),
                "amount": number(U256::from(budget.amount)),
                "period": budget.period,
            })
        })
        .collect();
    let signing: Vec<Value> = session
        .signing
        .iter()
        .map(|scope| {
            json!({
                "domainSeparator": scope.domain_separator,
                "typeHash": scope.type_hash,
                "rules": rules(&scope.rules),
            })
        })
        .collect();
    json!({
        "account": session.account.to_checksum(None),
        "chains": chains,
        "delegate": session.delegate.to_checksum(None),
        "delegateKind": session.delegate_kind.to_byte(),
        "validAfter": session.window.valid_after().seconds(),
        "validUntil": session.window.valid_until().seconds(),
        "maxCalls": session.max_calls,
        "feeLimit": number(U256::from(session.fee_limit)),
        "paymaster": session.paymaster.address().to_checksum(None),
        "permissions": permissions,
        "budgets": budgets,
        "signing": signing,
        "salt": number(U256::from(session.salt)),
    })
}

fn rules(rules: &[ArgumentRule]) -> Vec<Value> {
    rules
        .iter()
        .map(
            |rule| json!({ "index": rule.index, "min": number(rule.min), "max": number(rule.max) }),
        )
        .collect()
}

fn number(number: U256) -> Value {
    match u64::try_from(number) {
        Ok(small) if small <= SAFE => json!(small),
        _ => json!(number.to_string()),
    }
}
