//! A session from grant to use. Run it with a node on which the module is deployed and the
//! account has installed it:
//!
//! ```text
//! cargo run -p smart-session-client --example grant_and_use -- NODE BUNDLER ACCOUNT VALIDATOR MODULE GAME
//! ```

use alloy_primitives::{Address, B256, U256, keccak256};
use smart_session_client::{
    Bundler, Call, Grant, Node, PermissionBuilder, Preflight, SessionBuilder, SessionClient,
    SoftwareKey, account_kind,
};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [node, bundler, account, validator, module, game] = arguments.as_slice() else {
        return Err("give NODE BUNDLER ACCOUNT VALIDATOR MODULE GAME".into());
    };
    let (node, bundler) = (Node::at(node)?, Bundler::at(bundler)?);
    let (account, game): (Address, Address) = (account.parse()?, game.parse()?);
    // In life, keys come from where secrets are kept.
    let owner = SoftwareKey::new(std::env::var("OWNER_KEY")?.parse::<B256>()?)?;
    let delegate = SoftwareKey::new(std::env::var("DELEGATE_KEY")?.parse::<B256>()?)?;

    // The owner: one function of one contract, two hours, 100 calls, 0.01 ETH for gas.
    let session = SessionBuilder::new(account, delegate.address())
        .on_chain(node.chain_id().await?, 0)
        .from(node.now().await?)
        .lasting(2 * 60 * 60)
        .most_calls(100)
        .most_fees(U256::from(10_000_000_000_000_000_u64))
        .permit(PermissionBuilder::function(game, "move(uint8)")?)
        .build()?;
    let mut grant = Grant::unsigned(module.parse()?, session);
    grant.account_kind = Some(account_kind(&node, account).await?);
    grant.owner_validator = Some(validator.parse()?);
    let signature = owner.sign(grant.owner_digest()?)?;
    grant.sign(&signature)?;

    // The delegate, who got `grant.to_text()`: the first operation enables the session.
    let [a, b, c, d, ..] = keccak256("move(uint8)").0;
    let step = U256::from(3).to_be_bytes::<32>();
    let call = Call::new(game, [[a, b, c, d].as_slice(), &step].concat());
    let client = SessionClient::new(&grant, &node);
    if let Preflight::Breaks(violation) = client.preflight(core::slice::from_ref(&call)).await? {
        return Err(format!("{} (try: {})", violation.sentence, violation.remedy).into());
    }
    let prepared = client.prepare(&[call], Some(&bundler)).await?;
    let op = client.sign(&prepared, &delegate).await?;
    println!("{:?}", client.send(&op, &bundler).await?);
    Ok(())
}
