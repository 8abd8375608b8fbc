//! How a session and an operation travel: an encoder written from the format's description.

use alloy_primitives::{Address, B256, U256, keccak256};

use crate::eip712;
use crate::operation::{Execution, Hidden, Operation};
use crate::session::{ANY_PAYMASTER, Permission, Rule, Scope, Session};

/// Returns the packed session.
pub fn session(session: &Session, hidden: &Hidden) -> Vec<u8> {
    let mut to = Vec::new();
    put_list(&mut to, &session.chains, |to, at, chain| {
        if hidden.chains.contains(&at) {
            put_hash(to, eip712::chain(chain));
        } else {
            to.push(1);
            put_number(to, chain.id);
            put_number(to, U256::from(chain.epoch));
        }
    });
    to.extend(session.delegate);
    to.push(session.delegate_kind);
    put_fixed(&mut to, U256::from(session.valid_after), 6);
    put_fixed(&mut to, U256::from(session.valid_until), 6);
    put_number(&mut to, U256::from(session.max_calls));
    put_number(&mut to, U256::from(session.fee_limit));
    match session.paymaster {
        Address::ZERO => to.push(0),
        ANY_PAYMASTER => to.push(0xff),
        one => {
            to.push(1);
            to.extend(one);
        }
    }
    if hidden.all_permissions {
        put_list_hash(&mut to, session.permissions.iter().map(eip712::permission));
    } else {
        put_list(&mut to, &session.permissions, |to, at, permission| {
            if hidden.permissions.contains(&at) {
                put_hash(to, eip712::permission(permission));
            } else {
                put_permission(to, permission);
            }
        });
    }
    put_list(&mut to, &session.budgets, |to, _, budget| {
        to.extend(budget.token);
        put_number(to, U256::from(budget.amount));
        put_number(to, U256::from(budget.period));
    });
    if hidden.all_scopes {
        put_list_hash(&mut to, session.signing.iter().map(eip712::scope));
    } else {
        put_list(&mut to, &session.signing, |to, at, scope| {
            if hidden.scopes.contains(&at) {
                put_hash(to, eip712::scope(scope));
            } else {
                put_scope(to, scope);
            }
        });
    }
    put_number(&mut to, U256::from(session.salt));
    to
}

/// Returns `userOp.signature` up to the claimed time: what the disclosure hash covers.
pub fn disclosed(granted: &Session, operation: &Operation) -> Vec<u8> {
    let mut to = vec![u8::from(operation.enables)];
    to.extend(session(granted, &operation.hidden));
    to.extend(&operation.indices);
    if let Some(time) = operation.claimed_time {
        put_fixed(&mut to, U256::from(time), 6);
    }
    to
}

/// Returns `userOp.signature`.
pub fn signature(
    granted: &Session,
    operation: &Operation,
    owner_signature: &[u8],
    delegate_signature: &[u8],
) -> Vec<u8> {
    let mut to = disclosed(granted, operation);
    if operation.enables {
        put_fixed(&mut to, U256::from(owner_signature.len()), 2);
        to.extend(owner_signature);
    }
    to.extend(delegate_signature);
    to
}

/// Returns what the direct path takes for `userOp.signature`: no claimed time, no delegate's
/// signature.
pub fn direct(granted: &Session, operation: &Operation, owner_signature: &[u8]) -> Vec<u8> {
    let timeless = Operation { claimed_time: None, ..operation.clone() };
    signature(granted, &timeless, owner_signature, &[])
}

/// Returns a permission context: the account, and the same without indices.
pub fn context(granted: &Session, operation: &Operation, owner_signature: &[u8]) -> Vec<u8> {
    let unnamed = Operation { indices: vec![], ..operation.clone() };
    [granted.account.as_slice(), &direct(granted, &unnamed, owner_signature)].concat()
}

/// Returns an order: its terms, and the delegate's signature.
pub fn order(nonce: u32, deadline: u64, gas: u32, relayer: Address, signature: &[u8]) -> Vec<u8> {
    let mut to = Vec::new();
    put_fixed(&mut to, U256::from(nonce), 3);
    put_fixed(&mut to, U256::from(deadline), 6);
    put_fixed(&mut to, U256::from(gas), 4);
    to.extend(relayer);
    to.extend(signature);
    to
}

/// Returns the account's calldata: one call as ERC-7579's single mode, any other number as batch.
pub fn call_data(executions: &[Execution]) -> Vec<u8> {
    let (call_type, calldata) = executions_of(executions);
    execute(call_type, &calldata)
}

/// Returns the mode and the executions' calldata of such a call.
pub fn run(executions: &[Execution]) -> (B256, Vec<u8>) {
    let (call_type, calldata) = executions_of(executions);
    (B256::right_padding_from(&[call_type]), calldata)
}

fn executions_of(executions: &[Execution]) -> (u8, Vec<u8>) {
    match executions {
        [one] => {
            let value = one.value.to_be_bytes::<32>();
            (0, [one.target.as_slice(), &value, &one.data].concat())
        }
        many => (1, batch(many)),
    }
}

/// Returns a call of `execute(bytes32,bytes)` with a call type.
pub fn execute(call_type: u8, calldata: &[u8]) -> Vec<u8> {
    let mut to = keccak256("execute(bytes32,bytes)").get(..4).unwrap_or_default().to_vec();
    to.extend(B256::right_padding_from(&[call_type]));
    put_word(&mut to, 0x40);
    put_bytes(&mut to, calldata);
    to
}

/// Returns `abi.encode(Execution[])`.
pub fn batch(executions: &[Execution]) -> Vec<u8> {
    let elements: Vec<Vec<u8>> = executions.iter().map(element).collect();
    let mut to = Vec::new();
    put_word(&mut to, 0x20);
    put_word(&mut to, elements.len());
    let mut at = 32 * elements.len();
    for element in &elements {
        put_word(&mut to, at);
        at += element.len();
    }
    to.extend(elements.concat());
    to
}

fn element(execution: &Execution) -> Vec<u8> {
    let mut to = execution.target.into_word().to_vec();
    to.extend(execution.value.to_be_bytes::<32>());
    put_word(&mut to, 0x60);
    put_bytes(&mut to, &execution.data);
    to
}

fn put_word(to: &mut Vec<u8>, number: usize) {
    to.extend(U256::from(number).to_be_bytes::<32>());
}

fn put_bytes(to: &mut Vec<u8>, bytes: &[u8]) {
    put_word(to, bytes.len());
    to.extend(bytes);
    to.extend(vec![0; bytes.len().next_multiple_of(32) - bytes.len()]);
}

fn put_permission(to: &mut Vec<u8>, permission: &Permission) {
    to.push(1);
    to.extend(permission.target);
    to.extend(permission.selector);
    put_number(to, permission.value_limit);
    put_rules(to, &permission.rules);
}

fn put_scope(to: &mut Vec<u8>, scope: &Scope) {
    to.push(1);
    to.extend(scope.domain_separator);
    to.extend(scope.type_hash);
    put_rules(to, &scope.rules);
}

fn put_rules(to: &mut Vec<u8>, rules: &[Rule]) {
    put_list(to, rules, |to, _, rule| {
        to.push(rule.index);
        put_number(to, rule.min);
        put_number(to, rule.max);
    });
}

fn put_list<T>(to: &mut Vec<u8>, list: &[T], mut put: impl FnMut(&mut Vec<u8>, usize, &T)) {
    put_fixed(to, U256::from(list.len()), 1);
    for (at, item) in list.iter().enumerate() {
        put(to, at, item);
    }
}

fn put_hash(to: &mut Vec<u8>, hash: B256) {
    to.push(0);
    to.extend(hash);
}

fn put_list_hash(to: &mut Vec<u8>, hashes: impl Iterator<Item = B256>) {
    to.push(0xff);
    to.extend(eip712::list(hashes));
}

/// A length, and so many bytes without a leading zero.
fn put_number(to: &mut Vec<u8>, number: U256) {
    let bytes: Vec<u8> =
        number.to_be_bytes::<32>().into_iter().skip_while(|byte| *byte == 0).collect();
    put_fixed(to, U256::from(bytes.len()), 1);
    to.extend(bytes);
}

/// The last `width` bytes of a number.
fn put_fixed(to: &mut Vec<u8>, number: U256, width: usize) {
    to.extend(number.to_be_bytes::<32>().into_iter().skip(32 - width));
}
