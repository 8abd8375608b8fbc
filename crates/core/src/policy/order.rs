//! Whether an order may run: who brings it, when, in which sequence, and with how much gas.

use crate::Environment;
use crate::abi::ISmartSession as Abi;
use crate::packed::Order;
use crate::refusal::{Refusal, Refused, refuse};
use crate::state::SessionState;
use crate::window::Timestamp;
use crate::word::{self, Word};

/// The nonce that no order has: with one order for each nonce before it, a session has no more.
pub const NONCE_END: u32 = (1 << 24) - 1;

/// Gas that a call of the account takes before the account's code runs, and that is taken off only
/// after the module has read what is left: a cold account (2,600), a cold address that it delegates to
/// (EIP-7702, 2,600), and the host's own work.
pub const RESERVE: u64 = 6_000;

/// Checks who brings an order and when, and that its gas is bound.
///
/// An order without a minimum of gas can be spent by whoever brings it with too little, where the
/// target swallows that; so it names the relayer that its delegate trusts with it.
///
/// # Errors
/// `WrongRelayer`, `NoMinimumGas` or `DeadlinePassed`.
#[inline]
pub fn check(
    environment: impl Environment,
    order: &Order<'_>,
    caller: &Word,
    clock: Timestamp,
) -> Result<(), Refused> {
    let relayer = order.relayer();
    if word::is_zero(relayer) {
        if order.gas() == 0 {
            return Err(refuse::<Abi::NoMinimumGas>(environment));
        }
    } else if !word::equal(relayer, caller) {
        let mut refusal = Refusal::of::<Abi::WrongRelayer>();
        return Err(refusal.word(caller).word(relayer).tell(environment));
    }
    let now = clock.seconds();
    if now > order.deadline() {
        let mut refusal = Refusal::of::<Abi::DeadlinePassed>();
        return Err(refusal.number(now).number(order.deadline()).tell(environment));
    }
    Ok(())
}

/// Counts an order of a session: orders run in sequence, each once.
///
/// # Errors
/// `WrongOrderNonce` if it is not the next one, `OrdersUsedUp` if there is no next one.
#[inline]
pub fn count(
    environment: impl Environment,
    order: &Order<'_>,
    state: &mut SessionState,
) -> Result<(), Refused> {
    let allowed = state.order_nonce();
    if allowed >= NONCE_END {
        return Err(refuse::<Abi::OrdersUsedUp>(environment));
    }
    if order.nonce() != u64::from(allowed) {
        let mut refusal = Refusal::of::<Abi::WrongOrderNonce>();
        return Err(refusal.number(order.nonce()).number(allowed.into()).tell(environment));
    }
    state.set_order_nonce(allowed.saturating_add(1));
    Ok(())
}

/// Checks that so much gas is left that the account's call gets what the order wants, right before
/// the call, with all written and its bytes in memory.
///
/// # Errors
/// `TooLittleGas`.
#[inline]
pub fn check_gas(
    environment: impl Environment,
    gas: u64,
    left: u64,
    calldata: usize,
) -> Result<(), Refused> {
    let wanted = least_gas(gas, calldata);
    if left >= wanted {
        return Ok(());
    }
    Err(Refusal::of::<Abi::TooLittleGas>().number(left).number(wanted).tell(environment))
}

/// Returns the least gas that must be left for a call to get so much, with so many bytes of calldata.
///
/// A call holds back a 64th of what is left (EIP-150).
pub fn least_gas(gas: u64, calldata: usize) -> u64 {
    let calldata = u64::try_from(calldata / 32).unwrap_or(u64::MAX);
    gas.saturating_add(gas.div_ceil(63)).saturating_add(RESERVE).saturating_add(calldata)
}

#[cfg(test)]
mod tests {
    use alloy_primitives::{U256, aliases::U24, aliases::U48};

    use super::*;
    use crate::OffChain;
    use crate::abi::ISmartSession::ISmartSessionErrors as Error;
    use crate::packed::DelegateKind;

    const RELAYER: [u8; 20] = [0x4e; 20];

    fn bytes(nonce: u32, deadline: u64, gas: u32, relayer: [u8; 20]) -> alloc::vec::Vec<u8> {
        [&nonce.to_be_bytes()[1..], &deadline.to_be_bytes()[2..], &gas.to_be_bytes(), &relayer]
            .concat()
            .into_iter()
            .chain([7; 65])
            .collect()
    }

    fn ask(
        bytes: &[u8],
        ask: impl FnOnce(&OffChain, &Order<'_>) -> Result<(), Refused>,
    ) -> Result<(), Error> {
        OffChain::ask(|environment| {
            let order = Order::read(environment, bytes, DelegateKind::Secp256k1)?;
            ask(environment, &order)
        })
    }

    fn brought(order: &[u8], caller: [u8; 20], now: u64) -> Result<(), Error> {
        let caller = word::from_address(caller.into());
        let clock = Timestamp::new(now).unwrap();
        ask(order, |environment, order| check(environment, order, &caller, clock))
    }

    #[test]
    fn the_relayer_that_is_named_brings_it_and_without_one_anyone() {
        let [got, allowed] = [[9; 20], RELAYER].map(Into::into);

        assert_eq!(brought(&bytes(0, 100, 5, RELAYER), RELAYER, 100), Ok(()));
        assert_eq!(brought(&bytes(0, 100, 5, [0; 20]), [9; 20], 100), Ok(()));
        assert_eq!(
            brought(&bytes(0, 100, 5, RELAYER), [9; 20], 100),
            Err(Error::WrongRelayer(Abi::WrongRelayer { got, allowed }))
        );
    }

    #[test]
    fn no_minimum_of_gas_needs_a_relayer() {
        assert_eq!(brought(&bytes(0, 100, 0, RELAYER), RELAYER, 100), Ok(()));
        assert_eq!(
            brought(&bytes(0, 100, 0, [0; 20]), RELAYER, 100),
            Err(Error::NoMinimumGas(Abi::NoMinimumGas {}))
        );
    }

    #[test]
    fn the_deadlines_own_second_is_in_time() {
        let (got, allowed) = (U256::from(101), U48::from(100));

        assert_eq!(brought(&bytes(0, 100, 5, RELAYER), RELAYER, 100), Ok(()));
        assert_eq!(
            brought(&bytes(0, 100, 5, RELAYER), RELAYER, 101),
            Err(Error::DeadlinePassed(Abi::DeadlinePassed { got, allowed }))
        );
        let last = (1 << 48) - 1;
        assert_eq!(brought(&bytes(0, last, 5, RELAYER), RELAYER, (1 << 47) - 1), Ok(()));
    }

    #[test]
    fn orders_run_in_sequence_and_the_last_nonce_never() {
        let run = |next: u32, nonce: u32| {
            let mut state = SessionState::default();
            state.set_order_nonce(next);
            let order = bytes(nonce, 100, 5, RELAYER);
            let answer = ask(&order, |environment, order| count(environment, order, &mut state));
            answer.map(|()| state.order_nonce())
        };
        let wrong = |got: u32, allowed: u32| {
            let [got, allowed] = [got, allowed].map(U24::from);
            Err(Error::WrongOrderNonce(Abi::WrongOrderNonce { got, allowed }))
        };
        let last = NONCE_END - 1;

        assert_eq!(run(0, 0), Ok(1));
        assert_eq!(run(7, 7), Ok(8));
        assert_eq!(run(7, 6), wrong(6, 7));
        assert_eq!(run(7, 8), wrong(8, 7));
        assert_eq!(run(last, last), Ok(NONCE_END));
        assert_eq!(run(last, NONCE_END), wrong(NONCE_END, last));
        for nonce in [0, last, NONCE_END] {
            assert_eq!(run(NONCE_END, nonce), Err(Error::OrdersUsedUp(Abi::OrdersUsedUp {})));
        }
    }

    #[test]
    fn what_must_be_left_is_what_a_call_then_gets_and_the_reserve() {
        // EIP-150: of what is left, a 64th stays behind.
        for gas in [0, 1, 62, 63, 64, 65, 100_000, u64::from(u32::MAX)] {
            let left = least_gas(gas, 0) - RESERVE;
            assert!(left - left / 64 >= gas, "{gas}");
            // The 64th is rounded down, so one less may do.
            let less = left.saturating_sub(2);
            assert!(gas == 0 || less - less / 64 < gas, "{gas}: hardly more than needed");
        }
        assert_eq!(least_gas(63, 320), 64 + 6_000 + 10);
        assert_eq!(least_gas(u64::MAX, usize::MAX), u64::MAX);

        let [got, wanted] = [6_063, 6_064].map(U256::from);
        assert_eq!(OffChain::ask(|environment| check_gas(environment, 63, 6_064, 0)), Ok(()));
        assert_eq!(
            OffChain::ask(|environment| check_gas(environment, 63, 6_063, 0)),
            Err(Error::TooLittleGas(Abi::TooLittleGas { got, wanted }))
        );
    }
}
