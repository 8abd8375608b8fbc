//! `session order`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use alloy_primitives::{Address, Bytes};
use clap::{Args, Subcommand};
use serde_json::{Value, json};
use smart_session_client::{
    Order as SignedOrder, OrderChoice, SessionClient, order_call, parse_address, read_order, unit,
    write_order,
};
use smart_session_core::packed::DelegateKind;

use crate::calls::Calls;
use crate::chain_flags::{ChainFlags, SendingFlags};
use crate::direct;
use crate::failure::Failure;
use crate::output_file::write_file;
use crate::print::Printer;
use crate::secret::{self, Role};
use crate::source::{Source, read_file};

/// What is done with an order.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  session order sign session.json --rpc URL --delegate-key-file frontend.key \\
    --to 0x… --call 'move(uint8)' --arg 1 --value '0.01 ETH' -o order.json
  session order send order.json --rpc URL --sponsor-key-file sponsor.key
  session order show session.json order.json --rpc URL
An order is a direct call that the delegate signs and anyone brings, with the module installed as an
executor. Orders of one session run in sequence, each with the next nonce. One that fails spends
nothing, and may land until its deadline; another order with its nonce replaces it.")]
pub(crate) struct Order {
    #[command(subcommand)]
    way: Way,
}

#[derive(Debug, Subcommand)]
enum Way {
    /// Sign an order, and print the call that brings it, or send it.
    Sign(Box<Sign>),
    /// Bring a signed order, and pay for it.
    Send(Box<Send>),
    /// Tell which orders of a session may still land.
    Show(Show),
}

#[derive(Args, Debug)]
struct Sign {
    #[command(flatten)]
    source: Source,
    #[command(flatten)]
    calls: Calls,
    #[command(flatten)]
    bounds: Bounds,
    #[command(flatten)]
    chain: SendingFlags,
    /// The file with the delegate's key; SESSION_DELEGATE_KEY or a prompt if left out. A passkey signs
    /// in its browser: the order is written without a signature then, with the digest to sign.
    #[arg(long, value_name = "FILE")]
    delegate_key_file: Option<PathBuf>,
    /// Send it at once, paid by the key in this file.
    #[arg(long, value_name = "FILE")]
    sponsor_key_file: Option<PathBuf>,
    /// Where the order goes, as JSON.
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// How an order is bounded.
#[derive(Args, Clone, Debug)]
pub(crate) struct Bounds {
    /// The order's nonce; the session's next one if left out. The same nonce again replaces an order
    /// that was given up.
    #[arg(long, value_name = "N")]
    nonce: Option<u32>,
    /// How long anyone may bring it, as in "5m", a day at the most; 5 minutes if left out.
    #[arg(long, value_name = "DURATION", value_parser = unit::parse_duration)]
    deadline: Option<u64>,
    /// The least gas that the account's call must have; what it uses and a third more if left out.
    #[arg(long, value_name = "N")]
    gas: Option<u32>,
    /// Who alone may bring it; anyone if left out.
    #[arg(long, value_name = "ADDRESS", value_parser = parse_address)]
    relayer: Option<Address>,
}

impl Bounds {
    /// Returns what was chosen.
    pub(crate) const fn choice(&self) -> OrderChoice {
        OrderChoice {
            nonce: self.nonce,
            seconds: self.deadline,
            gas: self.gas,
            relayer: self.relayer,
        }
    }
}

#[derive(Args, Debug)]
struct Send {
    /// The order, as session order sign wrote it.
    #[arg(value_name = "FILE")]
    order: PathBuf,
    /// The delegate's signature, for an order that is not signed: a passkey's, from its browser.
    #[arg(long, value_name = "HEX")]
    signature: Option<Bytes>,
    /// The file with the key that pays for gas; SESSION_SPONSOR_KEY or a prompt if left out.
    #[arg(long, value_name = "FILE")]
    sponsor_key_file: Option<PathBuf>,
    #[command(flatten)]
    chain: SendingFlags,
}

#[derive(Args, Debug)]
struct Show {
    #[command(flatten)]
    source: Source,
    /// The orders, as session order sign wrote them.
    #[arg(value_name = "ORDER", required = true)]
    orders: Vec<PathBuf>,
    #[command(flatten)]
    chain: ChainFlags,
}

pub(crate) async fn run(order: Order, printer: &Printer) -> Result<ExitCode, Failure> {
    match order.way {
        Way::Sign(arguments) => sign(*arguments, printer).await,
        Way::Send(arguments) => send(*arguments, printer).await,
        Way::Show(arguments) => show(arguments, printer).await,
    }
}

async fn sign(arguments: Sign, printer: &Printer) -> Result<ExitCode, Failure> {
    let grant = arguments.source.read()?;
    let calls = arguments.calls.read()?;
    let node = arguments.chain.node_for(&grant, printer).await?;
    let client = SessionClient::new(&grant, &node);
    let choice = arguments.bounds.choice();
    let output = arguments.output.as_deref();
    if grant.session.delegate_kind == DelegateKind::WebAuthn {
        let draft = client.prepare_order(&calls, choice).await?;
        let digest = draft.digest();
        let order = draft.unsigned();
        printer.note(direct::order_words(&order)?);
        let words = [
            format!("have the passkey sign the challenge {digest}"),
            "then bring it: session order send --signature 0x…".to_owned(),
        ];
        return told(&order, output, json!({ "digest": digest }), words, printer);
    }
    let file = arguments.delegate_key_file.as_deref();
    let delegate = secret::delegate(grant.session.delegate_kind, file)?;
    let order = direct::sign(&client, &calls, choice, &delegate, printer).await?;
    if let Some(sponsor) = arguments.sponsor_key_file.as_deref() {
        let sponsor = secret::secp256k1(Role::Sponsor, Some(sponsor))?;
        save(&order, output)?;
        return direct::bring(&node, &order, &sponsor, printer).await;
    }
    let call = order_call(&order)?;
    let words = [
        "anyone brings it by this call, without value:".to_owned(),
        format!("  to    {}", call.target),
        format!("  data  {}", call.data),
    ];
    let document = json!({ "to": call.target, "data": call.data, "value": "0" });
    told(&order, output, document, words, printer)
}

fn save(order: &SignedOrder, output: Option<&Path>) -> Result<(), Failure> {
    output.map_or(Ok(()), |path| write_file(path, &write_order(order)))
}

/// Writes an order, and tells what is to be done with it.
fn told<const N: usize>(
    order: &SignedOrder,
    output: Option<&Path>,
    more: Value,
    words: [String; N],
    printer: &Printer,
) -> Result<ExitCode, Failure> {
    save(order, output)?;
    let mut document = json!({ "order": direct::order_file(order) });
    if let (Some(fields), Value::Object(more)) = (document.as_object_mut(), more) {
        fields.extend(more);
        fields.insert("file".into(), json!(output));
    }
    printer.result(words, &document);
    Ok(ExitCode::SUCCESS)
}

fn read(path: &Path) -> Result<SignedOrder, Failure> {
    let content = read_file(path, "name a file that session order sign wrote")?;
    read_order(&content).map_err(|refusal| {
        Failure::new(format!("{}: {}", path.display(), refusal.reason()), refusal.remedy())
    })
}

async fn send(arguments: Send, printer: &Printer) -> Result<ExitCode, Failure> {
    let mut order = read(&arguments.order)?;
    if let Some(signature) = arguments.signature {
        if order.signature.is_some() {
            return Err(Failure::new(
                format!("{} is signed already", arguments.order.display()),
                "leave --signature out, or have a new order signed",
            ));
        }
        order = order.sealed(signature)?;
    }
    // What is not signed is refused before any key is asked for.
    order_call(&order)?;
    let node = arguments.chain.node().await?;
    node.expect_chain(order.chain_id).await?;
    arguments.chain.chain.known.check(Some(&node), order.module).await?;
    printer.note(direct::order_words(&order)?);
    let sponsor = secret::secp256k1(Role::Sponsor, arguments.sponsor_key_file.as_deref())?;
    direct::bring(&node, &order, &sponsor, printer).await
}

async fn show(arguments: Show, printer: &Printer) -> Result<ExitCode, Failure> {
    let grant = arguments.source.read()?;
    let node = arguments.chain.look_at(&grant, printer).await?;
    let chain_id = node.chain_id().await?;
    let mut orders = Vec::with_capacity(arguments.orders.len());
    for path in &arguments.orders {
        let order = read(path)?;
        let is_this = order.account == grant.session.account
            && order.module == grant.module
            && order.chain_id == chain_id;
        if !is_this {
            return Err(Failure::new(
                format!("{} is an order of another account, module or chain", path.display()),
                "name the session that it is of",
            ));
        }
        orders.push(order);
    }
    let client = SessionClient::new(&grant, &node);
    let terms: Vec<_> = orders.iter().map(|order| order.terms).collect();
    let fates = client.order_fates(&terms).await?;
    let mut lines = Vec::new();
    let mut documents = Vec::new();
    for ((path, terms), fate) in arguments.orders.iter().zip(&terms).zip(fates) {
        lines.push(format!("{}: nonce {}: {}", path.display(), terms.nonce, fate.words()));
        documents.push(json!({
            "file": path,
            "nonce": terms.nonce,
            "deadline": terms.deadline,
            "mayStillLand": fate.may_still_land(),
            "words": fate.words(),
        }));
    }
    printer.result(lines, &json!({ "orders": documents }));
    Ok(ExitCode::SUCCESS)
}
