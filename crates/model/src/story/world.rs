//! What a story needs of the world that it is told to.

use alloy_primitives::{Address, B256};

use crate::Place;
use crate::operation::{Gas, Operation};
use crate::session::Session;

/// Two accounts with their owners, a module, a clock, a delegate and a stranger.
///
/// Whatever changes something returns whether it was taken; what was not taken must have changed
/// nothing.
pub trait World {
    /// Returns where operations of an account are validated.
    fn place(&self, account: usize) -> Place;
    /// Returns the delegate of every session.
    fn delegate(&self) -> Address;
    /// Returns the gas fields that every operation has.
    fn gas(&self) -> Gas;
    /// Returns the time.
    fn now(&self) -> u64;
    /// Lets time pass.
    fn warp(&mut self, seconds: u64);

    /// Has an account install the module as validator and executor, without route and sessions.
    fn install(&mut self, account: usize) -> bool;
    /// Has an account uninstall it.
    fn uninstall(&mut self, account: usize) -> bool;

    /// Has an account enable a session by its own call.
    fn enable(&mut self, account: usize, session: &Session) -> bool;
    /// Has the stranger make that same call.
    fn enable_as_stranger(&mut self, session: &Session) -> bool;
    /// Has the stranger relay a signature over a session.
    fn enable_relayed(&mut self, account: usize, session: &Session, signer: Signer) -> bool;

    /// Sends an operation through the EntryPoint.
    fn operate(&mut self, request: &Request<'_>) -> bool;

    /// Has the request's delegate call `execute`, naming its permissions.
    fn execute(&mut self, request: &Request<'_>) -> bool;
    /// Has the stranger bring an order of the request's delegate.
    fn order(&mut self, request: &Request<'_>, nonce: u32, deadline: u64) -> bool;
    /// Has the request's delegate redeem its calls, naming no permissions.
    fn redeem(&mut self, request: &Request<'_>) -> bool;

    /// Has an account revoke a session by its own call.
    fn revoke(&mut self, account: usize, id: B256) -> bool;
    /// Has the stranger make that same call.
    fn revoke_as_stranger(&mut self, id: B256) -> bool;
    /// Has the stranger relay a signature over the session's end.
    fn revoke_relayed(&mut self, account: usize, id: B256, signer: Signer) -> bool;
    /// Has the caller revoke as the session's delegate, by its own call.
    fn revoke_as_delegate(&mut self, account: usize, session: &Session, caller: Signer) -> bool;

    /// Has an account revoke all its sessions.
    fn revoke_all(&mut self, account: usize) -> bool;
    /// Has the stranger relay a signature over that.
    fn revoke_all_relayed(&mut self, account: usize, signer: Signer) -> bool;

    /// Returns the epoch of an account.
    fn epoch(&self, account: usize) -> u64;
    /// Returns what is kept of a session, and of so many budgets of it.
    fn kept(&self, account: usize, id: B256, budgets: usize) -> Kept;
}

/// Whose key signs, or calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signer {
    /// The owner of an account.
    Owner(usize),
    /// The delegate.
    Delegate,
    /// A key that is no owner's and no delegate's.
    Stranger,
}

/// An operation, and who signs it.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// The account that it is sent to.
    pub account: usize,
    /// The session that it presents.
    pub session: &'a Session,
    /// What it asks for.
    pub operation: &'a Operation,
    /// Who signs the session, where the operation enables it.
    pub owner: Signer,
    /// Who signs as delegate, or calls as it.
    pub delegate: Signer,
    /// The session that the delegate's signature is for.
    pub signed_for: &'a Session,
}

/// What is kept of a session on chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// 0 unknown, 1 enabled, 2 revoked.
    pub status: u8,
    /// Executions.
    pub calls: u32,
    /// Wei of gas.
    pub fee: u128,
    /// Wei under a native budget for the whole session.
    pub native: u128,
    /// The nonce of the next order.
    pub order_nonce: u32,
    /// For each budget: what was spent, and in which period. Zeros for the one that `native` is.
    pub budgets: Vec<(u128, u64)>,
}
