//! What the direct path costs, in whole transactions: by the delegate's own call, by an order, and as
//! ERC-7710 has it.

use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use alloy_primitives::{Address, B256, U256};
use alloy_sol_types::SolCall;
use smart_session_client::{Delegate, P256Key};
use smart_session_core::abi::ISmartSession;
use smart_session_core::session::Session;

use super::{Gas, World};
use crate::abi::IGame;
use crate::account::{Call, ModuleType};
use crate::direct::{DirectCall, Order, redeem};
use crate::game::GameSession;
use crate::test_bed::TestBedError;
use crate::units::ether;

impl World {
    pub(super) fn execute(&mut self, cached: bool) -> Result<Gas, TestBedError> {
        let (game, call) = self.one_move(|_| ())?;
        let call = call.execute();
        self.second_of(game.delegate.address(), [&call, &call], cached)
    }

    pub(super) fn order(&mut self, cached: bool) -> Result<Gas, TestBedError> {
        let (game, call) = self.one_move(|_| ())?;
        let orders = self.orders(&call, &game.delegate)?;
        self.second_of(self.bed.entry_point.bundler, [&orders.0, &orders.1], cached)
    }

    pub(super) fn order_by_p256(&mut self, cached: bool) -> Result<Gas, TestBedError> {
        let key = P256Key::new(B256::repeat_byte(0x42))?;
        let (_, call) = self.one_move(|session| {
            session.delegate_kind = key.kind();
            session.delegate = key.address();
        })?;
        let orders = self.orders(&call, &key)?;
        self.second_of(self.bed.entry_point.bundler, [&orders.0, &orders.1], cached)
    }

    pub(super) fn redemption(&mut self, cached: bool) -> Result<Gas, TestBedError> {
        let (game, call) = self.one_move(|_| ())?;
        let call = redeem(&[call]);
        self.second_of(game.delegate.address(), [&call, &call], cached)
    }

    /// Installs the executor too, enables a session, and makes one move within it.
    fn one_move(
        &mut self,
        change: impl FnOnce(&mut Session),
    ) -> Result<(GameSession, DirectCall), TestBedError> {
        self.bed.install_as(&*self.account, ModuleType::Executor)?;
        let game = self.session(change)?;
        self.enable_own(&game)?;
        let data = IGame::moveCall { step: 1 }.abi_encode();
        let one = Call::new(self.target, data).with_value(ether(1));
        let call = DirectCall::new(&game, &game.using(1)?, &[one]);
        Ok((game, call))
    }

    /// Returns the session's first order, and the next one.
    fn orders(
        &self,
        call: &DirectCall,
        delegate: &impl Delegate,
    ) -> Result<(ISmartSession::executeForCall, ISmartSession::executeForCall), TestBedError> {
        let chain = &self.bed.chain;
        let deadline = chain.timestamp().saturating_add(300);
        let sign = |nonce: u32| {
            let order = Order { nonce, deadline, gas: 100_000, relayer: Address::ZERO };
            let digest = call.digest(self.bed.module, chain.chain_id(), &order);
            let signature =
                at_once(delegate.sign_digest(digest)).and_then(Result::ok).ok_or_else(|| {
                    TestBedError::failed("signing an order", "the key does not sign at once")
                })?;
            Ok::<_, TestBedError>(call.execute_for(&order, &signature))
        };
        Ok((sign(0)?, sign(1)?))
    }

    /// Sends two calls, and measures the second one.
    fn second_of<C: SolCall>(
        &mut self,
        from: Address,
        [first, second]: [&C; 2],
        cached: bool,
    ) -> Result<Gas, TestBedError> {
        let module = self.bed.module;
        self.bed.chain.set_balance(from, ether(10_000));
        self.transact(from, module, U256::ZERO, first)?;
        self.set_cached(cached)?;
        let outcome = self.transact(from, module, U256::ZERO, second)?;
        self.gas_of(&outcome, C::SELECTOR)
    }
}

/// Returns what a future is through with already, as a key in memory is.
fn at_once<T>(future: impl Future<Output = T>) -> Option<T> {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(answer) => Some(answer),
        Poll::Pending => None,
    }
}
