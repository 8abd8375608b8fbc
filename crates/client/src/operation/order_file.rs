//! Orders as JSON, on their way from a delegate to whoever brings them.

use alloy_primitives::{Address, B256, Bytes};
use serde::{Deserialize, Serialize};
use smart_session_core::packed::DelegateKind;

use crate::operation::order::{ORDER_NONCE_END, Order, OrderTerms};
use crate::refusal::{Refusal, RefusalCode};

/// An order as its file has it. Nothing in it is secret.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct OrderFile {
    module: Address,
    chain: u64,
    account: Address,
    session: Bytes,
    mode: B256,
    executions: Bytes,
    nonce: u32,
    deadline: u64,
    gas: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    relayer: Option<Address>,
    delegate_kind: u8,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    signature: Option<Bytes>,
}

/// Writes an order as JSON.
pub fn write_order(order: &Order) -> String {
    let file = OrderFile {
        module: order.module,
        chain: order.chain_id,
        account: order.account,
        session: order.session.clone(),
        mode: order.mode,
        executions: order.executions.clone(),
        nonce: order.terms.nonce,
        deadline: order.terms.deadline,
        gas: order.terms.gas,
        relayer: order.terms.relayer,
        delegate_kind: order.delegate_kind.to_byte(),
        signature: order.signature.clone(),
    };
    let mut text = serde_json::to_string_pretty(&file).unwrap_or_default();
    text.push('\n');
    text
}

/// Reads an order from JSON.
///
/// # Errors
/// [`RefusalCode::Malformed`] if it is none.
pub fn read_order(text: &str) -> Result<Order, Refusal> {
    let malformed = |why: String| {
        Refusal::new(
            RefusalCode::Malformed,
            format!("the order cannot be read: {why}"),
            "give it as session order sign wrote it",
        )
    };
    let file: OrderFile =
        serde_json::from_str(text).map_err(|error| malformed(error.to_string()))?;
    let delegate_kind = DelegateKind::from_byte(file.delegate_kind).ok_or_else(|| {
        malformed(format!("delegateKind is {}, not 0, 1 or 2", file.delegate_kind))
    })?;
    if file.nonce >= ORDER_NONCE_END {
        return Err(malformed(format!("nonce is {}, and no order has that", file.nonce)));
    }
    if file.deadline >> 48 != 0 {
        return Err(malformed(format!("deadline is {}, more than 48 bits", file.deadline)));
    }
    let order = Order {
        module: file.module,
        chain_id: file.chain,
        account: file.account,
        terms: OrderTerms {
            nonce: file.nonce,
            deadline: file.deadline,
            gas: file.gas,
            relayer: file.relayer.filter(|relayer| !relayer.is_zero()),
        },
        session: file.session,
        mode: file.mode,
        executions: file.executions,
        delegate_kind,
        signature: None,
    };
    order.calls()?;
    match file.signature {
        Some(signature) => order.sealed(signature),
        None => Ok(order),
    }
}
