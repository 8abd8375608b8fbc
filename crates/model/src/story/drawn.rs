//! The sessions and operations of which stories are made.

use alloy_primitives::{Address, Bytes, U256};

use super::{Call, World};
use crate::operation::{Execution, Gas, Hidden, Operation, selector};
use crate::session::{
    ANY_CALLDATA, Budget, Chain, NATIVE, PLAIN_TRANSFER, Permission, Rule, Session, UNCOUNTED_CALLS,
};
use crate::strategy::{GAME, TOKEN};

/// Draws up one of three sessions, as an owner would who knows the epoch.
pub(super) fn session<W: World>(
    world: &W,
    account: usize,
    slot: usize,
    epoch: u64,
    salt: u64,
) -> Session {
    let place = world.place(account);
    let now = world.now();
    let fee = quiet(world, vec![]).fee().saturating_to::<u128>();
    let base = Session {
        account: place.account,
        chains: vec![Chain { id: U256::from(place.chain_id), epoch }],
        delegate: world.delegate(),
        delegate_kind: 0,
        valid_after: now - 10,
        valid_until: now + 1_000,
        max_calls: 7,
        fee_limit: 5 * fee + 1,
        paymaster: Address::ZERO,
        permissions: vec![
            permission(GAME, PLAIN_TRANSFER, 4, vec![]),
            permission(GAME, ANY_CALLDATA, 2, vec![]),
        ],
        budgets: vec![],
        signing: vec![],
        salt,
    };
    match slot {
        0 => base,
        1 => Session {
            max_calls: UNCOUNTED_CALLS,
            fee_limit: 1_000 * fee,
            budgets: vec![
                Budget { token: NATIVE, amount: 9, period: 60 },
                Budget { token: NATIVE, amount: 30, period: 0 },
            ],
            ..base
        },
        _ => Session {
            max_calls: 100,
            fee_limit: 1_000 * fee,
            permissions: vec![
                permission(
                    TOKEN,
                    selector("transfer(address,uint256)"),
                    0,
                    vec![Rule { index: 1, min: U256::from(1), max: U256::from(4) }],
                ),
                permission(TOKEN, selector("approve(address,uint256)"), 0, vec![]),
            ],
            budgets: vec![
                Budget { token: TOKEN, amount: 20, period: 0 },
                Budget { token: TOKEN, amount: 7, period: 240 },
            ],
            ..base
        },
    }
}

fn permission(target: Address, selector: [u8; 4], limit: u64, rules: Vec<Rule>) -> Permission {
    Permission { target, selector, value_limit: U256::from(limit), rules }
}

/// Returns an operation of some calls, with nothing else to it.
pub(super) fn quiet<W: World>(world: &W, executions: Vec<Execution>) -> Operation {
    Operation { gas: world.gas(), ..free(executions) }
}

/// Returns an operation of some calls that pays for no gas.
pub(super) fn free(executions: Vec<Execution>) -> Operation {
    let gas = Gas { verification: 0, call: 0, pre_verification: U256::ZERO, max_fee: 0 };
    Operation {
        enables: false,
        hidden: Hidden::default(),
        executions,
        indices: vec![],
        claimed_time: None,
        gas,
        paymaster_and_data: Bytes::new(),
    }
}

/// Returns what a call is, under the permission that it names.
pub(super) fn execution(call: &Call, session: &Session, account: Address) -> Execution {
    let permission = &session.permissions[usize::from(call.index)];
    let amount = U256::from(call.amount);
    let data = match permission.selector {
        _ if call.stray == 1 => vec![1, 2, 3],
        PLAIN_TRANSFER | ANY_CALLDATA => vec![],
        exact => {
            let to = Address::repeat_byte(0x99).into_word();
            [&exact[..], to.as_slice(), &amount.to_be_bytes::<32>()].concat()
        }
    };
    let value = if permission.target == GAME { amount } else { U256::ZERO };
    let target = match call.stray {
        0 => Address::repeat_byte(0x98),
        2 => account,
        _ => permission.target,
    };
    Execution { target, value, data: data.into() }
}
