//! An order: what a delegate signs so that anyone may bring a direct call.

use super::layout::{Layout, fixed};
use super::{DelegateKind, DelegateSignature, Reader};
use crate::Environment;
use crate::abi::ISmartSession as Abi;
use crate::refusal::{Refusal, Refused};
use crate::word::{self, Word};

/// The terms of a direct call, and the delegate's signature.
///
/// ```text
/// nonce (3) ‖ deadline (6) ‖ gas (4) ‖ relayer (20) ‖ delegate signature
/// ```
#[derive(Debug)]
pub struct Order<'a> {
    terms: [Word; 4],
    /// The delegate's signature of [`crate::eip712::session_execution`].
    pub delegate_signature: DelegateSignature<'a>,
}

/// Bytes of the terms.
const LEN: usize = 3 + 6 + 4 + 20;

impl<'a> Order<'a> {
    /// Reads all of `bytes` as an order of a delegate with a key of some kind.
    ///
    /// # Errors
    /// `MalformedOrder` if there are fewer bytes than the terms have, `MalformedDelegateSignature` if
    /// what follows them has another shape than the key's signatures.
    #[inline]
    pub fn read(
        environment: impl Environment,
        bytes: &'a [u8],
        kind: DelegateKind,
    ) -> Result<Self, Refused> {
        const TERMS: Layout = Layout::of([fixed(3), fixed(6), fixed(4), fixed(20)]);

        if bytes.len() < LEN {
            let mut refusal = Refusal::of::<Abi::MalformedOrder>();
            return Err(refusal.size(bytes.len()).size(LEN).tell(environment));
        }
        let mut reader = Reader::new(environment, bytes);
        let mut terms = [word::ZERO; 4];
        reader.fields(TERMS, &mut terms)?;
        Ok(Self { terms, delegate_signature: DelegateSignature::read(&mut reader, kind)? })
    }

    /// Returns the words of nonce, deadline, gas and relayer, as they are signed.
    pub const fn terms(&self) -> &[Word; 4] {
        &self.terms
    }

    /// Returns which order of its session it is, counted from 0.
    pub fn nonce(&self) -> u64 {
        word::low_u64(&self.terms[0])
    }

    /// Returns the last second in which it may run, in unix seconds.
    pub fn deadline(&self) -> u64 {
        word::low_u64(&self.terms[1])
    }

    /// Returns the least gas that the account's call must have; 0 for no minimum.
    pub fn gas(&self) -> u64 {
        word::low_u64(&self.terms[2])
    }

    /// Returns the word of the address that alone may bring it, zero for anyone.
    pub const fn relayer(&self) -> &Word {
        &self.terms[3]
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use alloy_primitives::{U256, hex};

    use super::*;
    use crate::OffChain;
    use crate::abi::ISmartSession::ISmartSessionErrors as Error;

    /// Returns its terms as text, so that nothing borrows.
    fn read(bytes: &[u8]) -> Result<(u64, u64, u64, Word), Error> {
        OffChain::ask(|environment| {
            let order = Order::read(environment, bytes, DelegateKind::Secp256k1)?;
            Ok((order.nonce(), order.deadline(), order.gas(), *order.relayer()))
        })
    }

    fn order() -> Vec<u8> {
        let mut bytes = hex!("010203 0405060708aa 0b0c0d0e").to_vec();
        bytes.extend([0x4e; 20]);
        bytes.extend([7; 65]);
        bytes
    }

    #[test]
    fn an_order_is_nonce_deadline_gas_relayer_and_a_signature() {
        let relayer = word::from_address(alloy_primitives::Address::repeat_byte(0x4e));

        assert_eq!(read(&order()), Ok((0x0001_0203, 0x0405_0607_08aa, 0x0b0c_0d0e, relayer)));
    }

    #[test]
    fn all_orders_shorter_than_their_terms_are_refused_as_such() {
        for len in 0..33 {
            let [got, allowed] = [len, 33].map(U256::from);
            let error = Abi::MalformedOrder { got, allowed };
            assert_eq!(read(&order()[..len]), Err(Error::MalformedOrder(error)), "{len}");
        }
    }

    #[test]
    fn a_signature_of_another_length_is_refused_as_such() {
        for len in [0, 64, 66] {
            let mut bytes = order();
            bytes.resize(33 + len, 7);
            let [got, allowed] = [len, 65].map(U256::from);
            let error = Abi::MalformedDelegateSignature { got, allowed };
            assert_eq!(read(&bytes), Err(Error::MalformedDelegateSignature(error)), "{len}");
        }
    }
}
