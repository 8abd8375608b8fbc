//! The block, the transaction and the call the program runs in.

use alloy_primitives::U256;
use revm::context_interface::Transaction;

use super::hooks::{Answer, Args, Hooks};
use crate::hostio::Value;
use crate::meter::prices::INK_PER_GAS;

impl Hooks<'_, '_> {
    /// `block_basefee(dest)`
    pub(super) fn block_basefee(&mut self, args: Args) -> Answer {
        let fee = U256::from(self.context.block.basefee);
        self.write_number(args.int(0), fee)?;
        Ok(None)
    }

    /// `block_coinbase(dest)`
    pub(super) fn block_coinbase(&mut self, args: Args) -> Answer {
        let coinbase = self.context.block.beneficiary;
        self.write(args.int(0), coinbase.as_slice())?;
        Ok(None)
    }

    /// `block_number() → number`, which is that of the parent chain.
    pub(super) fn block_number(&self) -> Value {
        Value::Long(self.context.block.number.saturating_to())
    }

    /// `block_timestamp() → seconds`
    pub(super) fn block_timestamp(&self) -> Value {
        Value::Long(self.context.block.timestamp.saturating_to())
    }

    /// `block_gas_limit() → gas`
    pub(super) fn block_gas_limit(&self) -> Value {
        Value::Long(self.context.block.gas_limit)
    }

    /// `chainid() → id`
    pub(super) fn chain_id(&self) -> Value {
        Value::Long(self.context.cfg.chain_id)
    }

    /// `contract_address(dest)`
    pub(super) fn contract_address(&mut self, args: Args) -> Answer {
        let address = self.address();
        self.write(args.int(0), address.as_slice())?;
        Ok(None)
    }

    /// `msg_sender(dest)`
    pub(super) fn msg_sender(&mut self, args: Args) -> Answer {
        let sender = self.interpreter.input.caller_address;
        self.write(args.int(0), sender.as_slice())?;
        Ok(None)
    }

    /// `msg_value(dest)`
    pub(super) fn msg_value(&mut self, args: Args) -> Answer {
        let value = self.interpreter.input.call_value;
        self.write_number(args.int(0), value)?;
        Ok(None)
    }

    /// `msg_reentrant() → 0 or 1`
    pub(super) fn msg_reentrant(&self) -> Value {
        Value::Int(u32::from(self.context.chain.recorder.is_reentrant(self.address())))
    }

    /// `tx_origin(dest)`
    pub(super) fn tx_origin(&mut self, args: Args) -> Answer {
        let origin = self.context.tx.caller;
        self.write(args.int(0), origin.as_slice())?;
        Ok(None)
    }

    /// `tx_gas_price(dest)`
    pub(super) fn tx_gas_price(&mut self, args: Args) -> Answer {
        let base_fee = u128::from(self.context.block.basefee);
        let price = U256::from(self.context.tx.effective_gas_price(base_fee));
        self.write_number(args.int(0), price)?;
        Ok(None)
    }

    /// `tx_ink_price() → ink per gas`
    pub(super) fn tx_ink_price() -> Value {
        Value::Int(u32::try_from(INK_PER_GAS).unwrap_or(u32::MAX))
    }
}
