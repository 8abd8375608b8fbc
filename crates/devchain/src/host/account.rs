//! Other accounts: balance and code.

use alloy_primitives::Bytes;
use revm::bytecode::opcode;
use revm::context_interface::{ContextTr, JournalTr};

use super::hooks::{Answer, Args, Hooks, Stop, length};
use crate::meter::prices::{self, evm_gas};

impl Hooks<'_, '_> {
    /// `account_balance(address, dest)`
    pub(super) fn account_balance(&mut self, args: Args) -> Answer {
        self.require_gas(evm_gas::COLD_ACCOUNT)?;
        let address = self.read_address(args.int(0))?;
        let Ok(account) = self.context.journal_mut().load_account(address);
        let (balance, is_cold) = (account.info.balance, account.is_cold);
        self.context.chain.recorder.account(opcode::BALANCE, address);
        self.buy_gas(access(is_cold))?;
        self.write_number(args.int(1), balance)?;
        Ok(None)
    }

    /// `account_codehash(address, dest)`
    pub(super) fn account_codehash(&mut self, args: Args) -> Answer {
        self.require_gas(evm_gas::COLD_ACCOUNT)?;
        let address = self.read_address(args.int(0))?;
        let Ok(hash) = self.context.journal_mut().code_hash(address);
        self.context.chain.recorder.account(opcode::EXTCODEHASH, address);
        self.buy_gas(access(hash.is_cold))?;
        self.write(args.int(1), hash.data.as_slice())?;
        Ok(None)
    }

    /// `account_code_size(address) → size`
    pub(super) fn account_code_size(&mut self, args: Args) -> Answer {
        let code = self.code_of(args.int(0), opcode::EXTCODESIZE)?;
        Ok(Some(length(&code)))
    }

    /// `account_code(address, offset, size, dest) → size copied`
    pub(super) fn account_code(&mut self, args: Args) -> Answer {
        let code = self.code_of(args.int(0), opcode::EXTCODECOPY)?;
        // All of the code is paid for, whatever is copied of it (host-account-code).
        self.buy_ink(prices::write(code.len()))?;
        let part = window(&code, args.int(1), args.int(2));
        self.write(args.int(3), part)?;
        Ok(Some(length(part)))
    }

    /// The code of the account at a pointer, for nothing if it is the one asked for last and has
    /// any. The gas of a first access must be there even then (host-account-order).
    fn code_of(&mut self, pointer: u32, opcode: u8) -> Result<Bytes, Stop> {
        self.require_gas(evm_gas::COLD_ACCOUNT)?;
        let address = self.read_address(pointer)?;
        if let Some((last, code)) = &self.frame.last_code
            && *last == address
        {
            return Ok(code.clone());
        }
        let Ok(load) = self.context.journal_mut().code(address);
        self.context.chain.recorder.account(opcode, address);
        self.buy_gas(access(load.is_cold).saturating_add(evm_gas::CODE))?;
        if !load.data.is_empty() {
            self.frame.last_code = Some((address, load.data.clone()));
        }
        Ok(load.data)
    }
}

/// At most `size` bytes from `offset` on.
pub(super) fn window(bytes: &[u8], offset: u32, size: u32) -> &[u8] {
    let offset = usize::try_from(offset).unwrap_or(usize::MAX);
    let size = usize::try_from(size).unwrap_or(usize::MAX);
    let rest = bytes.get(offset..).unwrap_or_default();
    rest.get(..size).unwrap_or(rest)
}

/// Gas of an access to an account.
pub(super) const fn access(is_cold: bool) -> u64 {
    if is_cold { evm_gas::COLD_ACCOUNT } else { evm_gas::WARM }
}
