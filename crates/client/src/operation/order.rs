//! Orders: direct calls that a delegate signs, for anyone to bring.
//!
//! Of the orders of one session each has the next nonce, so they run strictly one after another: a
//! second one waits for the first. An order that fails spends nothing, and may be brought again
//! until its deadline. Only another order with its nonce, its deadline or a revocation ends it: who
//! gives an order up and does the same another way signs the same nonce again, or waits past the
//! deadline.

use alloy_primitives::aliases::{U24, U48};
use alloy_primitives::{Address, B256, Bytes, U256, keccak256};
use alloy_sol_types::{SolCall, SolStruct};
use smart_session_core::OffChain;
use smart_session_core::abi::{ISmartSession, SessionExecution};
use smart_session_core::packed::{DelegateKind, DelegateSignature, Reader};
pub use smart_session_core::policy::order::NONCE_END as ORDER_NONCE_END;
use smart_session_core::session::Session;

use crate::account::call::{Call, calls_of, execution};
use crate::keys::delegate::{Delegate, check_delegate_key};
use crate::operation::plan::DraftContext;
use crate::refusal::{Refusal, RefusalCode};
use crate::session::digest::domain;
use crate::session::grant::Grant;

/// Seconds until the deadline of an order that says nothing else.
pub const ORDER_SECONDS: u64 = 300;
/// The most seconds until an order's deadline.
pub const MOST_ORDER_SECONDS: u64 = 86_400;

/// What a delegate signs about an order, besides session and calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OrderTerms {
    /// Its place among the session's orders.
    pub nonce: u32,
    /// The last second in which it runs, in unix seconds.
    pub deadline: u64,
    /// The least gas that the account's call must have, its hooks included; 0 for no minimum.
    pub gas: u32,
    /// Who alone may bring it; `None` for anyone.
    pub relayer: Option<Address>,
}

impl OrderTerms {
    /// Checks terms before they are signed, at a time in unix seconds.
    ///
    /// # Errors
    /// [`Refusal`] for a deadline that is past or more than a day away, for an order that anyone
    /// may bring with too little gas, and for a nonce that no order has.
    pub fn check(&self, now: u64) -> Result<(), Refusal> {
        let deadline = self.deadline;
        if deadline < now {
            return Err(Refusal::new(
                RefusalCode::RefusedDeadline,
                format!("the deadline of the order was {deadline} (unix seconds), it is {now}"),
                "give a moment that is still to come",
            ));
        }
        if deadline > now.saturating_add(MOST_ORDER_SECONDS) {
            return Err(Refusal::new(
                RefusalCode::RefusedDeadline,
                format!(
                    "the deadline of the order is {deadline} (unix seconds), more than a day after \
                     {now}"
                ),
                "let it end within a day: until then it may land, whatever is done meanwhile",
            ));
        }
        if self.gas == 0 && self.relayer.is_none() {
            return Err(Refusal::new(
                RefusalCode::NoMinimumGas,
                "the order asks for no gas and names no relayer: whoever brings it may starve its \
                 calls and spend it",
                "ask for what the calls use and a third more, or name the relayer",
            ));
        }
        if self.nonce >= ORDER_NONCE_END {
            return Err(Refusal::new(
                RefusalCode::OrdersUsedUp,
                format!("no order has nonce {}: the last one has {LAST_NONCE}", self.nonce),
                "ask the owner for a new session",
            ));
        }
        Ok(())
    }

    /// Tells what may become of an order with these terms, of a session that is in force, when the
    /// chain's next nonce and its newest block's time are these.
    pub const fn fate(&self, next_nonce: u32, newest_block: u64) -> OrderFate {
        if self.nonce < next_nonce {
            OrderFate::NonceUsed
        } else if self.deadline < newest_block {
            OrderFate::Expired
        } else if self.nonce > next_nonce {
            OrderFate::Waits
        } else {
            OrderFate::MayLand
        }
    }
}

const LAST_NONCE: u32 = ORDER_NONCE_END - 1;

/// What may become of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OrderFate {
    /// Its nonce is next and its deadline is to come: whoever has it may bring it now.
    MayLand,
    /// Orders with earlier nonces come first; it may land after them.
    Waits,
    /// An order with its nonce has run, this one or another.
    NonceUsed,
    /// Its deadline is past.
    Expired,
    /// The session was revoked, or all of its epoch were.
    SessionEnded,
}

impl OrderFate {
    /// Returns whether it may still land, now or later.
    pub const fn may_still_land(self) -> bool {
        matches!(self, Self::MayLand | Self::Waits)
    }

    /// Tells it in words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::MayLand => "it may land now",
            Self::Waits => "it may land once the orders before it have",
            Self::NonceUsed => "an order with its nonce has run",
            Self::Expired => "its deadline is past",
            Self::SessionEnded => "its session was revoked",
        }
    }
}

/// A direct call with everything that its delegate signs: whoever has it signed may bring it, or
/// its relayer alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// The module.
    pub module: Address,
    /// The chain.
    pub chain_id: u64,
    /// The account.
    pub account: Address,
    /// Nonce, deadline, gas and relayer.
    pub terms: OrderTerms,
    /// The session as the module reads it, with the permissions of the calls.
    pub session: Bytes,
    /// How ERC-7579 executes the calls.
    pub mode: B256,
    /// The calls, as ERC-7579 encodes them.
    pub executions: Bytes,
    /// The delegate's kind of key.
    pub delegate_kind: DelegateKind,
    /// The delegate's signature, once there is one.
    pub signature: Option<Bytes>,
}

/// An order that waits for its delegate's signature, and the digest that is signed. The digest is
/// computed from the fields, here and nowhere else: no order that came from elsewhere has one.
#[derive(Clone, Debug)]
pub struct OrderDraft {
    order: Order,
    digest: B256,
}

impl Grant {
    /// Drafts the order that makes these calls.
    ///
    /// # Errors
    /// [`Refusal`] as [`OrderTerms::check`], and for what no operation of the session can do.
    pub fn draft_order(
        &self,
        calls: &[Call],
        context: DraftContext,
        terms: OrderTerms,
    ) -> Result<OrderDraft, Refusal> {
        terms.check(context.now)?;
        let draft = self.draft_untimed(calls, context)?;
        let (mode, executions) = execution(calls)?;
        let OrderTerms { nonce, deadline, gas, relayer } = terms;
        let signed = SessionExecution {
            sessionId: self.id(),
            disclosure: draft.disclosure(),
            chainId: U256::from(context.chain_id),
            mode,
            executions: keccak256(&executions),
            nonce: U24::from(nonce),
            deadline: U48::from(deadline),
            gas,
            relayer: relayer.unwrap_or_default(),
        };
        let order = Order {
            module: self.module,
            chain_id: context.chain_id,
            account: self.session.account,
            terms,
            session: draft.sealed(&[]),
            mode,
            executions,
            delegate_kind: self.session.delegate_kind,
            signature: None,
        };
        Ok(OrderDraft { order, digest: signed.eip712_signing_hash(&domain(self.module)) })
    }
}

impl OrderDraft {
    /// Returns the digest that the delegate signs: that of `SessionExecution` in the module's
    /// domain.
    pub const fn digest(&self) -> B256 {
        self.digest
    }

    /// Returns the order as it is, for a delegate that signs elsewhere.
    pub fn unsigned(self) -> Order {
        self.order
    }

    /// Has the session's delegate sign.
    ///
    /// # Errors
    /// [`RefusalCode::WrongKey`] if it is not the session's key, [`Refusal`] if it does not sign.
    pub async fn sign(self, session: &Session, delegate: &impl Delegate) -> Result<Order, Refusal> {
        check_delegate_key(session, delegate)?;
        let signature = delegate.sign_digest(self.digest).await?;
        self.order.sealed(signature)
    }
}

impl Order {
    /// Returns the order with its delegate's signature, which a passkey made elsewhere, for
    /// instance.
    ///
    /// # Errors
    /// [`RefusalCode::UnusableSignature`] if it is not as long as signatures of the delegate's kind
    /// of key are.
    pub fn sealed(mut self, signature: Bytes) -> Result<Self, Refusal> {
        check_shape(self.delegate_kind, &signature)?;
        self.signature = Some(signature);
        Ok(self)
    }

    /// Returns the order's bytes: nonce (3) ‖ deadline (6) ‖ gas (4) ‖ relayer (20) ‖ signature.
    ///
    /// # Errors
    /// [`RefusalCode::UnusableSignature`] if it is not signed.
    pub fn to_bytes(&self) -> Result<Bytes, Refusal> {
        let signature = self.signature.as_ref().ok_or_else(|| {
            Refusal::new(
                RefusalCode::UnusableSignature,
                "the order is not signed by its delegate",
                "have the delegate sign it first",
            )
        })?;
        let OrderTerms { nonce, deadline, gas, relayer } = self.terms;
        let [_, nonce @ ..] = nonce.to_be_bytes();
        let [_, _, deadline @ ..] = deadline.to_be_bytes();
        let mut bytes = nonce.to_vec();
        bytes.extend(deadline);
        bytes.extend(gas.to_be_bytes());
        bytes.extend(relayer.unwrap_or_default());
        bytes.extend(signature);
        Ok(bytes.into())
    }

    /// Returns the calls that the account makes.
    ///
    /// # Errors
    /// [`RefusalCode::Malformed`] if they are not encoded as they must be.
    pub fn calls(&self) -> Result<Vec<Call>, Refusal> {
        calls_of(self.mode, &self.executions)
    }
}

/// Returns the call of the module by which anyone brings an order. It needs nothing but its
/// calldata, and takes no value.
///
/// # Errors
/// [`RefusalCode::UnusableSignature`] if the order is not signed.
pub fn order_call(order: &Order) -> Result<Call, Refusal> {
    let call = ISmartSession::executeForCall {
        account: order.account,
        session: order.session.clone(),
        mode: order.mode,
        executionCalldata: order.executions.clone(),
        order: order.to_bytes()?,
    };
    Ok(Call::new(order.module, call.abi_encode()))
}

/// Checks that a delegate's signature has the shape that its kind of key gives it, as the module reads
/// it.
fn check_shape(kind: DelegateKind, signature: &[u8]) -> Result<(), Refusal> {
    let environment = &OffChain::default();
    if DelegateSignature::read(&mut Reader::new(environment, signature), kind).is_ok() {
        return Ok(());
    }
    let got = signature.len();
    let wanted = match kind {
        DelegateKind::Secp256k1 => "65 (r, s, v)",
        DelegateKind::P256 => "128 (r, s, x, y)",
        DelegateKind::WebAuthn => "two pieces with their lengths before them, and 128 (r, s, x, y)",
    };
    Err(Refusal::new(
        RefusalCode::UnusableSignature,
        format!("the delegate's signature has {got} bytes, its kind of key makes {wanted}"),
        "give it in the form of docs/session-format.md",
    ))
}
