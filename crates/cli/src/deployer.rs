//! The deterministic deployer, and how it comes to a chain that does not have it.
//!
//! Its deployment is one signed transaction that anybody may send, and whose sender nobody has the
//! key of: the signature was made up, and the sender follows from it. So the deployer is at the same
//! address on every chain that takes the transaction.

use alloy_primitives::{Address, Bytes, U256, address, bytes};
use serde_json::json;
use smart_session_client::{Node, SoftwareKey};

use crate::failure::Failure;
use crate::print::Printer;

/// The deterministic deployer, at the same address on every chain.
pub(crate) const DEPLOYER: Address = address!("4e59b44847b379578588920cA78FbF26c0B4956C");
/// Who the transaction is of.
const SENDER: Address = address!("3fab184622dc19b6109349b94811493bf2a45362");
/// What the transaction costs at most: 100,000 gas at 100 gwei.
const COST: u64 = 10_000_000_000_000_000;
/// The signed transaction.
const TRANSACTION: Bytes = bytes!(
    "f8a58085174876e800830186a08080b853604580600e600039806000f350fe7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe03601600081602082378035828234f58015156039578182fd5b8082525050506014600cf31ba02222222222222222222222222222222222222222222222222222222222222222a02222222222222222222222222222222222222222222222222222222222222222"
);

/// Puts the deployer on a chain that does not have it, at the sender's cost.
pub(crate) async fn provide(
    node: &Node,
    sender: &SoftwareKey,
    printer: &Printer,
) -> Result<(), Failure> {
    if !node.code(DEPLOYER).await?.is_empty() {
        return Ok(());
    }
    printer.progress("putting the deterministic deployer on the chain");
    let missing = U256::from(COST).saturating_sub(node.balance(SENDER).await?);
    if !missing.is_zero() {
        node.transact(sender, SENDER, Bytes::new(), missing).await?;
    }
    // What the node says about it does not matter: what counts is whether the code is there.
    let sent = node.request("eth_sendRawTransaction", json!([TRANSACTION])).await;
    for _ in 0..PATIENCE {
        if !node.code(DEPLOYER).await?.is_empty() {
            return Ok(());
        }
        if sent.is_err() {
            break;
        }
        tokio::time::sleep(PAUSE).await;
    }
    let why = sent.err().map_or_else(String::new, |error| format!(": {error}"));
    Err(Failure::new(
        format!(
            "the chain has no deterministic deployer at {DEPLOYER}, and does not take its transaction{why}"
        ),
        format!(
            "have the chain's operator allow transactions without a chain id (EIP-155) for a \
             moment, and send {TRANSACTION} from {SENDER}, which must have 0.01 ETH"
        ),
    ))
}

/// How long the transaction is waited for.
const PATIENCE: u32 = 240;
const PAUSE: std::time::Duration = std::time::Duration::from_millis(250);

#[cfg(test)]
mod tests {
    use alloy_consensus::transaction::SignerRecoverable;
    use alloy_consensus::{Transaction, TxEnvelope};
    use alloy_eips::eip2718::Decodable2718;

    use super::*;

    /// What the constants say, as the transaction itself says it.
    #[test]
    fn the_transaction_is_of_the_sender_costs_so_much_and_makes_the_deployer() {
        let transaction = TxEnvelope::decode_2718_exact(&TRANSACTION).unwrap();

        assert_eq!(transaction.recover_signer().unwrap(), SENDER);
        assert_eq!(transaction.chain_id(), None);
        let price = transaction.gas_price().unwrap();
        assert_eq!(u128::from(transaction.gas_limit()) * price, u128::from(COST));
        assert_eq!(SENDER.create(transaction.nonce()), DEPLOYER);
    }
}
