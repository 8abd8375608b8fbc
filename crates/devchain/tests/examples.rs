//! The examples pass, and their contracts are what Stylus takes.

#[path = "../examples/counter.rs"]
mod counter;
#[path = "../examples/erc20.rs"]
mod erc20;

#[test]
fn the_counter_of_the_examples_passes() {
    counter::main().expect("it passes");
}

#[test]
fn the_token_of_the_examples_passes() {
    erc20::main().expect("it passes");
}
