//! The direct path: orders shown, signed and brought, and calls by the delegate itself.

use std::process::ExitCode;

use alloy_primitives::hex;
use serde_json::{Value, json};
use smart_session_client::{
    ActError, Call, Delegate, Node, NodeError, Order, OrderChoice, SessionClient, SoftwareKey,
    bring_order, time, unit, write_order,
};

use crate::failure::Failure;
use crate::granted::line;
use crate::print::Printer;

/// Returns what an order says, in lines for people: everything that is signed.
pub(crate) fn order_words(order: &Order) -> Result<Vec<String>, Failure> {
    let terms = order.terms;
    let relayer = terms.relayer.map_or("anyone".into(), |relayer| format!("{relayer} alone"));
    let gas = match terms.gas {
        0 => "no minimum".into(),
        gas => format!("at least {gas} for the account's call"),
    };
    let mut lines = vec![
        line("order", &format!("nonce {}", terms.nonce)),
        line("module", &order.module.to_string()),
        line("account", &order.account.to_string()),
        line("chain", &order.chain_id.to_string()),
        line("deadline", &time(terms.deadline)),
        line("gas", &gas),
        line("brought by", &relayer),
    ];
    lines.extend(order.calls()?.iter().map(|call| line("calls", &call_words(call))));
    Ok(lines)
}

fn call_words(call: &Call) -> String {
    let value = if call.value.is_zero() {
        String::new()
    } else {
        format!(" with {} ETH", unit::ether(call.value))
    };
    let data =
        if call.data.is_empty() { "no data".into() } else { hex::encode_prefixed(&call.data) };
    format!("{}{value}: {data}", call.target)
}

/// Returns the same for programs: the order as its file has it.
pub(crate) fn order_file(order: &Order) -> Value {
    serde_json::from_str(&write_order(order)).unwrap_or_default()
}

/// Shows an order, and has the delegate sign it.
pub(crate) async fn sign(
    client: &SessionClient<'_>,
    calls: &[Call],
    choice: OrderChoice,
    delegate: &impl Delegate,
    printer: &Printer,
) -> Result<Order, Failure> {
    smart_session_client::check_delegate_key(&client.grant.session, delegate)?;
    printer.progress("preparing the order");
    let draft = client.prepare_order(calls, choice).await?;
    printer.note(order_words(&draft.clone().unsigned())?);
    Ok(draft.sign(&client.grant.session, delegate).await?)
}

/// Brings an order in a transaction of a sponsor.
pub(crate) async fn bring(
    node: &Node,
    order: &Order,
    sponsor: &SoftwareKey,
    printer: &Printer,
) -> Result<ExitCode, Failure> {
    printer.progress("bringing the order");
    match bring_order(node, order, sponsor).await {
        Ok(receipt) => {
            let words = format!("done in transaction {}", receipt.transaction_hash);
            let gas = format!("  gas  {}, paid by {}", receipt.gas_used, sponsor.address());
            let file = order_file(order);
            let document = json!({
                "order": file,
                "transaction": receipt.transaction_hash,
                "success": true,
                "gasUsed": receipt.gas_used.to_string(),
                "sponsor": sponsor.address(),
            });
            printer.result([words, gas], &document);
            Ok(ExitCode::SUCCESS)
        }
        Err(error) => Err(failed(order, error)),
    }
}

/// An order that was sent and is not known to be mined may land all the same.
fn failed(order: &Order, error: ActError) -> Failure {
    let is_open = matches!(&error, ActError::Node(NodeError::NotMined { .. }));
    let mut failure = Failure::from(error);
    if is_open {
        failure.reason = format!(
            "{}; the order of nonce {} may land until {}",
            failure.reason,
            order.terms.nonce,
            time(order.terms.deadline)
        );
        failure.remedy = format!(
            "{}; to give it up, sign another order with its nonce (--nonce {}), or wait past its \
             deadline",
            failure.remedy, order.terms.nonce
        );
    }
    failure
}
