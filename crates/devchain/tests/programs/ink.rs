//! What instructions and host functions cost.

use stylus_devchain::{HaltReason, Status, Transaction, TransactionError};
use wasm_encoder::Instruction;

use crate::{ALICE, deployed, module};

/// Ink that the program's instructions took, host functions included.
fn ink(wasm: &[u8]) -> u64 {
    let (chain, program) = deployed(wasm);
    let outcome = chain.call(Transaction::new(ALICE, program)).expect("the call runs");
    let report = outcome.frames[0].program.clone().expect("a program ran");
    report.ink_at_entry - report.ink_left
}

#[test]
fn an_empty_program_costs_its_block() {
    // i32.const 0 · end: a block of 2,450 and two operators of 1.
    assert_eq!(ink(&module(&[Instruction::I32Const(0), Instruction::End])), 2_452);
}

#[test]
fn a_basic_block_ends_where_control_may_turn() {
    use wasm_encoder::BlockType::Empty;
    // Blocks: [block, const, br_if] [br] [end] … the br leaves the block, so the last is [const, end].
    let body = [
        Instruction::Block(Empty),
        Instruction::I32Const(0),
        Instruction::BrIf(0),
        Instruction::Br(0),
        Instruction::End,
        Instruction::I32Const(0),
        Instruction::End,
    ];
    let first = 2_450 + 1 + 1 + 765;
    let second = 2_450 + 765;
    let last = 2_450 + 1 + 1;
    assert_eq!(ink(&module(&body)), first + second + last);
}

#[test]
fn operators_after_an_unreachable_belong_to_its_block() {
    let trapping = |dead: usize| {
        let mut body = vec![Instruction::Unreachable];
        body.resize(dead + 1, Instruction::Nop);
        body.push(Instruction::End);
        let (chain, program) = deployed(&module(&body));
        let outcome = chain.call(Transaction::new(ALICE, program)).expect("the call runs");
        assert_eq!(outcome.status, Status::Revert);
        let report = outcome.frames[0].program.clone().expect("a program ran");
        report.ink_at_entry - report.ink_left
    };
    assert_eq!(trapping(0), 2_450 + 2);
    assert_eq!(trapping(100), 2_450 + 2 + 100);
}

#[test]
fn a_host_function_charges_by_the_length_of_its_buffer() {
    // write_result(0, n): 8,400 and twice 16,381 + 55 for each byte beyond 32; call 3,800.
    let writing = |len: i32| {
        ink(&module(&[
            Instruction::I32Const(0),
            Instruction::I32Const(len),
            Instruction::Call(1),
            Instruction::I32Const(0),
            Instruction::End,
        ]))
    };
    let around = (2_450 + 1 + 1 + 3_800) + (2_450 + 1 + 1);
    assert_eq!(writing(0), around + 8_400 + 2 * 16_381);
    assert_eq!(writing(33), around + 8_400 + 2 * (16_381 + 55));
}

#[test]
fn a_loop_without_end_uses_up_the_gas() {
    let body = [
        Instruction::Loop(wasm_encoder::BlockType::Empty),
        Instruction::Br(0),
        Instruction::End,
        Instruction::Unreachable,
        Instruction::End,
    ];
    let (chain, program) = deployed(&module(&body));

    let outcome = chain
        .call(Transaction::new(ALICE, program).with_gas_limit(1_000_000))
        .expect("the call runs");

    assert_eq!(outcome.status, Status::Halt(HaltReason::OutOfGas));
    assert_eq!(outcome.gas_used, 1_000_000);
    assert_eq!(outcome.frames[0].program.clone().expect("a program ran").ink_left, 0);
}

#[test]
fn a_trace_that_grows_without_end_is_refused_and_without_a_trace_it_runs() {
    // read_args(0), for ever.
    let body = [
        Instruction::Loop(wasm_encoder::BlockType::Empty),
        Instruction::I32Const(0),
        Instruction::Call(0),
        Instruction::Br(0),
        Instruction::End,
        Instruction::Unreachable,
        Instruction::End,
    ];
    let (mut chain, program) = deployed(&module(&body));
    let block = chain.block_number();
    let call = Transaction::new(ALICE, program).with_gas_limit(50_000_000);

    let error = chain.transact(call.clone().with_trace(true)).expect_err("it is too large");
    let outcome = chain.call(call.with_gas_limit(1_000_000)).expect("it runs");

    assert_eq!(error, TransactionError::TraceTooLarge { budget: 268_435_456 });
    assert_eq!(outcome.status, Status::Halt(HaltReason::OutOfGas));
    assert_eq!((chain.block_number(), chain.nonce(ALICE)), (block, 0));
}
