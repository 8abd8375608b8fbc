//! Calls and creations: the program waits while another frame runs.

use alloy_primitives::{Address, B256, Bytes, U256};
use revm::bytecode::{Bytecode, opcode};
use revm::context_interface::{ContextTr, CreateScheme, JournalTr};
use revm::interpreter::{CallInput, CallInputs, CallScheme, CallValue, CreateInputs, FrameInput};

use super::account::{access, window};
use super::hooks::{Answer, Args, Hooks, Stop, length};
use super::memory::read_twice;
use super::opened::{Pending, Returned};
use crate::account_code::peek_code;
use crate::hostio::Value;
use crate::meter::prices::{self, evm_gas};

/// Status of a call that succeeded.
const SUCCESS: u32 = 0;
/// Status of a call that did not.
const FAILURE: u32 = 2; // host-call

struct CallRequest {
    scheme: CallScheme,
    to: Address,
    data: Bytes,
    value: U256,
    gas: u64,
    length_pointer: u32,
}

impl Hooks<'_, '_> {
    /// `call_contract(to, data, len, value, gas, return_len) → status`
    pub(super) fn call_contract(&mut self, args: Args) -> Answer {
        let (data, len) = (args.int(1), args.int(2));
        self.buy_ink(read_twice(len))?;
        let request = CallRequest {
            scheme: CallScheme::Call,
            to: self.read_address(args.int(0))?,
            data: self.read_bytes(data, len)?,
            value: self.read_number(args.int(3))?,
            gas: args.long(4),
            length_pointer: args.int(5),
        };
        self.open_call(request)
    }

    /// `static_call_contract(to, data, len, gas, return_len) → status`
    pub(super) fn static_call_contract(&mut self, args: Args) -> Answer {
        self.call_without_value(CallScheme::StaticCall, args)
    }

    /// `delegate_call_contract(to, data, len, gas, return_len) → status`
    pub(super) fn delegate_call_contract(&mut self, args: Args) -> Answer {
        self.call_without_value(CallScheme::DelegateCall, args)
    }

    fn call_without_value(&mut self, scheme: CallScheme, args: Args) -> Answer {
        let (data, len) = (args.int(1), args.int(2));
        self.buy_ink(read_twice(len))?;
        let request = CallRequest {
            scheme,
            to: self.read_address(args.int(0))?,
            data: self.read_bytes(data, len)?,
            value: U256::ZERO,
            gas: args.long(3),
            length_pointer: args.int(4),
        };
        self.open_call(request)
    }

    fn open_call(&mut self, request: CallRequest) -> Answer {
        let CallRequest { scheme, to, data, value, gas, length_pointer } = request;
        let has_value = !value.is_zero();
        if has_value && self.is_static() {
            return self.call_failed(0, length_pointer);
        }
        let available = self.gas_left();
        let Ok(account) = self.context.journal_mut().load_account_with_code(to);
        let (is_cold, is_empty) = (account.is_cold, account.is_empty());
        self.context.chain.recorder.account(opcode_of(scheme), to);

        let mut base = access(is_cold);
        if has_value {
            base = base.saturating_add(evm_gas::CALL_VALUE);
            if is_empty {
                base = base.saturating_add(evm_gas::NEW_ACCOUNT);
            }
        }
        let Some(rest) = available.checked_sub(base) else {
            return self.call_failed(available, length_pointer);
        };
        // The product cannot overflow: ink is at least 10,000 times the gas.
        let most = rest.saturating_mul(63) / 64;
        let mut given = most.min(gas);
        if has_value {
            given = given.saturating_add(evm_gas::CALL_STIPEND);
        }

        let own = &self.interpreter.input;
        let (target_address, caller, value) = match scheme {
            CallScheme::DelegateCall | CallScheme::CallCode => {
                (own.target_address, own.caller_address, CallValue::Apparent(own.call_value))
            }
            CallScheme::Call | CallScheme::StaticCall => {
                (to, own.target_address, CallValue::Transfer(value))
            }
        };
        let inputs = CallInputs {
            input: CallInput::Bytes(data),
            return_memory_offset: 0..0,
            gas_limit: given,
            reservoir: 0,
            bytecode_address: to,
            known_bytecode: self.code_to_run(to),
            target_address,
            caller,
            value,
            scheme,
            is_static: self.is_static() || scheme == CallScheme::StaticCall,
            charged_new_account_state_gas: false,
        };
        let pending = Pending::Call { base, given, length_pointer };
        Err(Stop::Open(Box::new(FrameInput::Call(Box::new(inputs))), pending))
    }

    /// A call that failed before its frame opened.
    fn call_failed(&mut self, gas: u64, length_pointer: u32) -> Answer {
        self.buy_gas(gas)?;
        self.frame.return_data = Bytes::new();
        self.write_length(length_pointer, 0)?;
        Ok(Some(Value::Int(FAILURE)))
    }

    /// The code that a call of `to` runs. Following an EIP-7702 delegation costs nothing here, so
    /// it doesn't warm the delegate either.
    fn code_to_run(&mut self, to: Address) -> (B256, Bytecode) {
        let (hash, code) = peek_code(self.context, to);
        match code.eip7702_address() {
            Some(delegate) => peek_code(self.context, delegate),
            None => (hash, code),
        }
    }

    /// `create1(code, len, endowment, address, revert_len)`
    pub(super) fn create1(&mut self, args: Args) -> Answer {
        self.create(args, None, args.int(3), args.int(4))
    }

    /// `create2(code, len, endowment, salt, address, revert_len)`
    pub(super) fn create2(&mut self, args: Args) -> Answer {
        self.create(args, Some(args.int(3)), args.int(4), args.int(5))
    }

    fn create(
        &mut self,
        args: Args,
        salt_pointer: Option<u32>,
        address_pointer: u32,
        length_pointer: u32,
    ) -> Answer {
        let len = args.int(1);
        self.buy_ink(read_twice(len))?;
        let code = self.read_bytes(args.int(0), len)?;
        let endowment = self.read_number(args.int(2))?;
        let salt = salt_pointer.map(|pointer| self.read_number(pointer)).transpose()?;
        if self.is_static() {
            return Err(Stop::Failure);
        }

        let gas = self.gas_left();
        let mut base = evm_gas::CREATE;
        if salt.is_some() {
            let words = u64::from(len).div_ceil(32);
            base = base.saturating_add(words.saturating_mul(evm_gas::KECCAK_WORD));
        }
        // Too little gas is an error of the host here: what is left comes back (host-create-edge).
        let rest = gas.checked_sub(base).ok_or(Stop::Failure)?;
        let kept = rest / 64;
        let given = rest.saturating_sub(kept);

        let scheme = match salt {
            Some(salt) => CreateScheme::Create2 { salt },
            None => CreateScheme::Create,
        };
        let inputs = CreateInputs::new(self.address(), scheme, endowment, code, given, 0);
        let pending = Pending::Create { gas, kept, address_pointer, length_pointer };
        Err(Stop::Open(Box::new(FrameInput::Create(Box::new(inputs))), pending))
    }

    /// Ends a host function whose frame has ended.
    pub(crate) fn complete(&mut self, pending: Pending, returned: Returned) -> Answer {
        let length = u32::try_from(returned.data.len()).unwrap_or(u32::MAX);
        match pending {
            Pending::Call { base, given, length_pointer } => {
                let used = given.saturating_sub(returned.gas);
                self.buy_gas(base.saturating_add(used))?;
                self.frame.return_data = returned.data;
                self.write_length(length_pointer, length)?;
                Ok(Some(Value::Int(if returned.word.is_zero() { FAILURE } else { SUCCESS })))
            }
            Pending::Create { gas, kept, address_pointer, length_pointer } => {
                self.buy_gas(gas.saturating_sub(returned.gas.saturating_add(kept)))?;
                self.frame.return_data = returned.data;
                self.write_length(length_pointer, length)?;
                let address = Address::from_word(returned.word.into());
                self.write(address_pointer, address.as_slice())?;
                Ok(None)
            }
        }
    }

    /// `return_data_size() → size`
    pub(super) fn return_data_size(&self) -> Value {
        length(&self.frame.return_data)
    }

    /// `read_return_data(dest, offset, size) → size copied`
    pub(super) fn read_return_data(&mut self, args: Args) -> Answer {
        let data = self.frame.return_data.clone();
        let part = window(&data, args.int(1), args.int(2));
        self.buy_ink(prices::write(part.len()))?;
        if !part.is_empty() {
            self.write(args.int(0), part)?;
        }
        Ok(Some(length(part)))
    }
}

const fn opcode_of(scheme: CallScheme) -> u8 {
    match scheme {
        CallScheme::Call => opcode::CALL,
        CallScheme::CallCode => opcode::CALLCODE,
        CallScheme::DelegateCall => opcode::DELEGATECALL,
        CallScheme::StaticCall => opcode::STATICCALL,
    }
}
