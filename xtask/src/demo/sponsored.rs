//! What goes without a bundler and without ether of the account: orders that a passkey signs and a
//! sponsor brings.

use std::error::Error;

use alloy_primitives::Address;
use alloy_sol_types::SolCall;
use smart_session_client::OperationDraft;
use smart_session_core::packed::DelegateKind;
use stylus_devchain::{Outcome, Transaction};
use testbed::abi::IEntryPoint;
use testbed::account::ModuleType;
use testbed::direct::{DirectCall, Order};
use testbed::game::GameSession;
use testbed::test_bed::{self, TestBed, install_data};
use testbed::{AccountKind, Call, TestBedError, ether};

use super::report::Report;
use crate::keys::Key;

/// Gas that the account's frame must have: a move takes a good part of it.
const ORDER_GAS: u32 = 150_000;
const ORDER_SECONDS: u64 = 300;
/// Carol's passkey: a P-256 key in her browser, which no account stands behind.
const PASSKEY: Key = Key(DelegateKind::WebAuthn);

/// Tells it, with an account of its own.
pub(crate) fn tell(report: &mut Report, bed: &mut TestBed) -> Result<(), Box<dyn Error>> {
    report.tell(
        "Carol's address is an ordinary key that runs an account's code (EIP-7702). She installs the\n\
         module by a transaction of her own, and signs a session for a passkey in her browser. The\n\
         passkey has no ether and sends nothing: it signs orders, and a sponsor brings them. There is\n\
         no bundler, and no ether of Carol's account at the EntryPoint.",
    );
    let carol = bed.account(AccountKind::OpenZeppelin7702, "carol")?;
    let data = install_data(&*carol, ModuleType::Executor);
    let install = carol.install_module(ModuleType::Executor, bed.module, data);
    let outcome = send(bed, carol.address(), &Call::new(carol.address(), install))?;
    report.transaction("Carol installs the module herself", "executed", &outcome);

    let address = PASSKEY.address()?;
    let game = GameSession::with(bed, &*carol, |session| {
        session.delegate_kind = DelegateKind::WebAuthn;
        session.delegate = address;
    })?;
    let sponsor = test_bed::key("sponsor")?.address();

    let first = order(bed, &game, &game.enabling(1)?, 0)?;
    let outcome = send(bed, sponsor, &first)?;
    report.transaction("enable and move, by the passkey's order", "executed", &outcome);
    let second = order(bed, &game, &game.using(1)?, 1)?;
    let outcome = send(bed, sponsor, &second)?;
    report.transaction("move, by its next order", "executed", &outcome);
    let outcome = send(bed, sponsor, &second)?;
    report.transaction("the sponsor brings that order again", "refused: WrongOrderNonce", &outcome);
    let late = order(bed, &game, &game.using(1)?, 2)?;
    bed.chain.warp(ORDER_SECONDS.saturating_add(1));
    let outcome = send(bed, sponsor, &late)?;
    report.transaction("an order after its deadline", "refused: DeadlinePassed", &outcome);

    let deposit = IEntryPoint::balanceOfCall { account: carol.address() };
    let deposit = bed.ask(bed.entry_point.address, &deposit)?;
    if !deposit.is_zero() {
        let why = format!("the account has {deposit} wei at the EntryPoint");
        return Err(TestBedError::Failed { step: "moving without ether", why }.into());
    }
    Ok(())
}

/// Has the passkey sign the order of one move, and returns the call that brings it.
fn order(
    bed: &TestBed,
    game: &GameSession,
    draft: &OperationDraft,
    nonce: u32,
) -> Result<Call, Box<dyn Error>> {
    let call = DirectCall::new(game, draft, &[bed.a_move(1, 10)]);
    let deadline = bed.chain.timestamp().saturating_add(ORDER_SECONDS);
    let order = Order { nonce, deadline, gas: ORDER_GAS, relayer: Address::ZERO };
    let digest = call.digest(bed.module, bed.chain.chain_id(), &order);
    let brought = call.execute_for(&order, &PASSKEY.sign(digest)?);
    Ok(Call::new(bed.module, brought.abi_encode()))
}

fn send(bed: &mut TestBed, from: Address, call: &Call) -> Result<Outcome, TestBedError> {
    bed.chain.set_balance(from, ether(1_000));
    let transaction = Transaction::new(from, call.target).with_data(call.data.clone());
    Ok(bed.chain.transact(transaction.with_gas_limit(3_000_000))?)
}
