//! What a program's frame tells of itself: calls of host functions, and the opcodes that stand for
//! them.

use alloy_primitives::{Bytes, U256};

use super::steps::{self, Shown};
use super::{Asked, ProgramFrame, capture};
use crate::HostioCall;
use crate::context::Context;
use crate::hostio::{HostCall, Value};
use crate::meter::prices;
use crate::watch::Step;

impl ProgramFrame {
    /// What a host function is about to work with, if a watcher wants to see it.
    pub(super) fn operands(&self, context: &Context<'_>, call: &HostCall) -> Vec<U256> {
        if !context.chain.recorder.is_watched() {
            return Vec::new();
        }
        steps::operands(call, self.machine.memory())
    }

    /// Shows a host function that has answered to the watcher.
    pub(super) fn show_call(
        &self,
        context: &mut Context<'_>,
        call: &HostCall,
        operands: &[U256],
        answer: Option<Value>,
        ink_before: u64,
    ) {
        if !context.chain.recorder.is_watched() {
            return;
        }
        let touched = context.chain.recorder.take_touched();
        let input_len = self.state.args.len();
        let memory = self.machine.memory();
        let shown = steps::of_call(call, operands, memory, answer, &touched, input_len);
        self.show(context, ink_before, shown);
    }

    /// Shows opcodes that stand for a host function. The first of them takes all the gas.
    pub(super) fn show(
        &self,
        context: &mut Context<'_>,
        ink_before: u64,
        shown: impl IntoIterator<Item = Shown>,
    ) {
        if !context.chain.recorder.is_watched() {
            return;
        }
        let (mut gas, after) = (prices::gas(ink_before), prices::gas(self.machine.ink()));
        for Shown { opcode, stack, memory, cost, failure } in shown {
            let cost = cost.unwrap_or_else(|| gas.saturating_sub(after));
            let step = Step { opcode, gas, cost, stack, memory, failure, ..Step::default() };
            context.chain.recorder.step(step, &mut context.journaled_state.inner.state);
            gas = after;
        }
    }

    /// What a host function is about to work with, if it is to be written down.
    pub(super) fn captured(&self, call: &HostCall) -> Bytes {
        if self.traces { capture::arguments(call, self.machine.memory()) } else { Bytes::new() }
    }

    /// Writes down a host function that has succeeded.
    pub(super) fn note(&mut self, context: &mut Context<'_>, asked: Asked, value: Option<Value>) {
        let Asked { call, ink_before, args, frame } = asked;
        let ink_after = self.machine.ink();
        let name = call.function.row().name;
        let total = self.report.hostios.entry(name).or_default();
        total.count = total.count.saturating_add(1);
        total.ink = total.ink.saturating_add(ink_before.saturating_sub(ink_after));
        if self.traces {
            let outs = capture::results(&call, self.machine.memory(), value, &self.state);
            let bytes =
                size_of::<HostioCall>().saturating_add(args.len()).saturating_add(outs.len());
            context.chain.recorder.took(bytes);
            let call = HostioCall { name, args, outs, ink_before, ink_after, frame };
            self.report.calls.push(call);
        }
    }
}
