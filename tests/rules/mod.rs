//! The module's rules, one file for each: what is let through, what is refused, on the validation
//! path and on the direct one.
//!
//! Here they run as the compiled contract on the embedded chain. `native/` has the same rules without
//! a chain, in files of the same names.

mod account;
mod answers;
mod arguments;
mod budget;
mod calldata;
mod calls;
mod chain;
mod delegate;
mod direct_path;
mod disclosure;
mod enabling;
mod encoding;
mod epoch;
mod execution;
mod fee;
mod gas_starvation;
mod installing;
pub(crate) mod keys;
mod order_gas;
mod orders;
mod paymaster;
mod period;
mod redemption;
mod relaying;
mod revoking;
mod selector;
mod signing;
mod target;
mod value;
mod views;
mod window;

use alloy_primitives::{Address, B256, Bytes, U256};
use alloy_sol_types::SolCall;
use smart_session_client::OperationDraft;
use smart_session_core::abi::ISmartSession;
use smart_session_core::session::Session;
use stylus_devchain::Outcome;
use testbed::abi::IValidator;
use testbed::account::{ModuleType, packed};
use testbed::test_bed::ether;
use testbed::{Call, GameSession, SmartAccount};

use crate::setup::Setup;

fn balance(setup: &Setup) -> U256 {
    setup.bed.chain.balance(setup.bed.game)
}

/// Has the delegate try a single call under the first permission.
fn try_call(setup: &mut Setup, call: &Call) -> String {
    let call_data = setup.alice.execute(call);
    setup.act(&setup.game.using(1).unwrap(), call_data).verdict.summary()
}

fn try_call_data(setup: &mut Setup, call_data: Bytes) -> String {
    setup.act(&setup.game.using(1).unwrap(), call_data).verdict.summary()
}

const NATIVE: Address = Address::repeat_byte(0xee);

fn setup_with(change: impl FnOnce(&Setup, &mut Session)) -> Setup {
    let mut setup = Setup::new();
    setup.game =
        GameSession::with(&setup.bed, &setup.alice, |session| change(&setup, session)).unwrap();
    setup
}

/// Has the delegate make calls under the first permission, enabling the session if need be.
fn act(setup: &mut Setup, calls: &[Call]) -> String {
    let draft = setup.game.enabling(calls.len()).unwrap();
    act_drafted(setup, &draft, calls)
}

fn act_drafted(setup: &mut Setup, draft: &OperationDraft, calls: &[Call]) -> String {
    let call_data = setup.alice.execute_batch(calls);
    setup.act(draft, call_data).verdict.summary()
}

fn moves(setup: &Setup, values: &[u64]) -> Vec<Call> {
    values.iter().map(|value| setup.bed.a_move(1, *value)).collect()
}

/// Asserts that the calls ran.
fn ran(outcome: &Outcome) {
    assert!(outcome.is_success(), "{}", outcome.output);
}

/// Alice's account with the module as executor too, and a contract that calls whom it is told to.
fn with_relay() -> (Setup, Address) {
    let mut setup = Setup::new();
    let route = setup.alice.owner_route();
    let data = [&[2, u8::try_from(route.len()).unwrap()][..], &route, &[0]].concat();
    let call = setup.alice.install_module(ModuleType::Executor, setup.bed.module, data.into());
    let op = setup.bed.owner_op(&setup.alice, call).unwrap();
    assert_eq!(op.verdict.summary(), "executed");
    let relay = setup.bed.deploy("Relay").unwrap();
    (setup, relay)
}

fn direct_call(setup: &Setup, blob: Bytes, call: &Call) -> Vec<u8> {
    ISmartSession::executeCall {
        account: setup.alice.address(),
        session: blob,
        mode: [0; 32].into(),
        executionCalldata: packed(call).into(),
    }
    .abi_encode()
}

fn send_as(setup: &mut Setup, from: Address, data: Vec<u8>) -> Outcome {
    setup.bed.chain.set_balance(from, ether(10_000));
    setup.send_module(from, data)
}

/// Has the delegate enable a session with something changed before the owner signs it.
fn enable_with(change: impl FnOnce(&mut Session)) -> String {
    let mut setup = Setup::new();
    setup.game = GameSession::with(&setup.bed, &setup.alice, change).unwrap();
    setup.enable_and_move().verdict.summary()
}

fn install(data: &[u8]) -> Vec<u8> {
    IValidator::onInstallCall { data: Bytes::copy_from_slice(data) }.abi_encode()
}

fn uninstall(data: &[u8]) -> Vec<u8> {
    IValidator::onUninstallCall { data: Bytes::copy_from_slice(data) }.abi_encode()
}

fn revoke(session_id: B256) -> Vec<u8> {
    ISmartSession::revoke_0Call { sessionId: session_id }.abi_encode()
}

fn revoke_all(salt: B256) -> Vec<u8> {
    ISmartSession::revokeAll_0Call { salt }.abi_encode()
}

const CAROL: Address = Address::repeat_byte(0xca);

/// Install data of a validator that takes any route, with sessions.
fn install_data(games: &[GameSession]) -> Vec<u8> {
    let mut data = vec![1, 0, u8::try_from(games.len()).unwrap()];
    for game in games {
        let packed = game.session.pack().unwrap();
        data.extend(u32::try_from(packed.len()).unwrap().to_be_bytes());
        data.extend(packed);
    }
    data
}
