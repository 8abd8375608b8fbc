//! An ERC-20 of stylus-sdk, tested in process.
//!
//! `cargo run --example erc20`; its source is in `examples/contracts/erc20`.

use alloy_primitives::U256;
use alloy_sol_types::{SolCall, sol};
use stylus_devchain::{DevChain, Outcome, Transaction, TransactionError};

sol! {
    interface Token {
        event Transfer(address indexed from, address indexed to, uint256 value);
        error InsufficientBalance(address owner, uint256 have, uint256 want);
        error InsufficientAllowance(address owner, address spender, uint256 have, uint256 want);
        function totalSupply() external view returns (uint256);
        function balanceOf(address owner) external view returns (uint256);
        function mintAll(uint256 value) external;
        function transfer(address to, uint256 value) external returns (bool);
        function approve(address spender, uint256 value) external returns (bool);
        function transferFrom(address from, address to, uint256 value) external returns (bool);
    }
}

const WASM: &[u8] = include_bytes!("erc20.wasm");

pub(crate) fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut chain = DevChain::new();
    let [alice, bob, mallory, ..] = stylus_devchain::DEV_ACCOUNTS.map(|account| account.address);
    let token = chain.deploy_stylus(WASM)?;
    let number = U256::from::<u64>;

    send(&mut chain, alice, token, &Token::mintAllCall { value: number(100) })?.expect_success();
    let paid = Token::transferCall { to: bob, value: number(30) };
    let outcome = send(&mut chain, alice, token, &paid)?;
    assert!(outcome.expect_return::<Token::transferCall>());
    let transfer = outcome.expect_log::<Token::Transfer>();
    assert_eq!((transfer.from, transfer.to, transfer.value), (alice, bob, number(30)));
    outcome.expect_gas_at_most(100_000);

    let too_much = Token::transferCall { to: alice, value: number(31) };
    let refused = send(&mut chain, bob, token, &too_much)?;
    let refused = refused.expect_revert::<Token::InsufficientBalance>();
    assert_eq!((refused.owner, refused.have, refused.want), (bob, number(30), number(31)));

    send(&mut chain, alice, token, &Token::approveCall { spender: bob, value: number(5) })?
        .expect_success();
    let take = Token::transferFromCall { from: alice, to: bob, value: number(5) };
    send(&mut chain, mallory, token, &take)?.expect_revert::<Token::InsufficientAllowance>();
    send(&mut chain, bob, token, &take)?.expect_success();
    send(&mut chain, bob, token, &take)?.expect_revert::<Token::InsufficientAllowance>();

    let balance = |owner| {
        let call = Transaction::call_to(alice, token, &Token::balanceOfCall { owner });
        chain.call(call).map(|outcome| outcome.expect_return::<Token::balanceOfCall>())
    };
    assert_eq!((balance(alice)?, balance(bob)?), (number(65), number(35)));
    println!("the token pays: {} gas for a transfer", outcome.gas_used);
    Ok(())
}

fn send(
    chain: &mut DevChain,
    from: alloy_primitives::Address,
    token: alloy_primitives::Address,
    call: &impl SolCall,
) -> Result<Outcome, TransactionError> {
    chain.transact(Transaction::call_to(from, token, call))
}
