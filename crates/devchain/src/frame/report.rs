//! What a program's frame tells of itself: calls of host functions, and the opcodes that stand for
//! them.

use alloy_primitives::U256;

use super::ProgramFrame;
use super::steps::{self, Shown};
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

    /// Writes down a host function that has succeeded.
    pub(super) fn note(
        &mut self,
        context: &mut Context<'_>,
        call: &HostCall,
        ink_before: u64,
        frame: Option<usize>,
    ) {
        let ink_after = self.machine.ink();
        let name = call.function.row().name;
        let total = self.report.hostios.entry(name).or_default();
        total.count = total.count.saturating_add(1);
        total.ink = total.ink.saturating_add(ink_before.saturating_sub(ink_after));
        if self.traces {
            self.report.calls.push(HostioCall { name, ink_before, ink_after, frame });
            context.chain.recorder.took(size_of::<HostioCall>());
        }
    }
}
