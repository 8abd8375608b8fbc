//! Checks of an outcome, each one expression, for tests. They panic with what happened instead.

use alloy_primitives::Log;
use alloy_sol_types::{Panic, Revert, SolCall, SolError, SolEvent};

use crate::{HaltReason, Outcome, Status};

impl Outcome {
    /// Checks that it succeeded.
    ///
    /// # Panics
    ///
    /// If it did not, with the reason.
    #[track_caller]
    pub fn expect_success(&self) -> &Self {
        assert!(self.is_success(), "expected success, got {}", self.end());
        self
    }

    /// Checks that it succeeded and decodes what the call returned.
    ///
    /// # Panics
    ///
    /// If it did not succeed, or returned something else.
    #[track_caller]
    pub fn expect_return<C: SolCall>(&self) -> C::Return {
        self.expect_success();
        match C::abi_decode_returns(&self.output) {
            Ok(value) => value,
            Err(error) => {
                panic!("expected what {} returns, got {}: {error}", C::SIGNATURE, self.output)
            }
        }
    }

    /// Checks that it reverted with an error, and returns that.
    ///
    /// # Panics
    ///
    /// If it did not revert, or with something else.
    #[track_caller]
    pub fn expect_revert<E: SolError>(&self) -> E {
        let expected = E::SIGNATURE;
        assert!(self.status == Status::Revert, "expected {expected}, got {}", self.end());
        match E::abi_decode(&self.output) {
            Ok(error) => error,
            Err(other) => panic!("expected {expected}, got {} ({other})", self.end()),
        }
    }

    /// Checks that it broke off for a reason.
    ///
    /// # Panics
    ///
    /// If it did not, or for another.
    #[track_caller]
    pub fn expect_halt(&self, reason: HaltReason) -> &Self {
        assert!(
            self.status == Status::Halt(reason),
            "expected a halt ({reason}), got {}",
            self.end()
        );
        self
    }

    /// Checks that it used no more gas, the intrinsic gas included.
    ///
    /// # Panics
    ///
    /// If it used more.
    #[track_caller]
    pub fn expect_gas_at_most(&self, most: u64) -> &Self {
        assert!(self.gas_used <= most, "expected at most {most} gas, got {}", self.gas_used);
        self
    }

    /// Checks that it logged an event, and returns the first with the address that logged it.
    ///
    /// # Panics
    ///
    /// If there is none.
    #[track_caller]
    pub fn expect_log<E: SolEvent>(&self) -> Log<E> {
        let found = self.logs.iter().find_map(|log| E::decode_log(log).ok());
        match found {
            Some(log) => log,
            None => {
                panic!("expected {} among {} logs: {:?}", E::SIGNATURE, self.logs.len(), self.logs)
            }
        }
    }

    /// How it ended, in words.
    fn end(&self) -> String {
        match self.status {
            Status::Success => format!("success with output {}", self.output),
            Status::Halt(reason) => format!("a halt ({reason})"),
            Status::Revert => {
                let text = Revert::abi_decode(&self.output).map(|revert| revert.reason);
                let text = text
                    .or_else(|_| Panic::abi_decode(&self.output).map(|panic| panic.to_string()));
                match text {
                    Ok(text) => format!("a revert: {text}"),
                    Err(_) => format!("a revert with {}", self.output),
                }
            }
        }
    }
}
