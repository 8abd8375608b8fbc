//! The session id: `hashStruct(Session)`, spelled out from EIP-712 and the type's text.

use alloy_primitives::{Address, B256, U256, keccak256};

use crate::session::{Budget, Chain, Permission, Rule, Scope, Session};

const SESSION: &str = "Session(address account,Chain[] chains,address delegate,uint8 delegateKind,uint48 validAfter,uint48 validUntil,uint32 maxCalls,uint96 feeLimit,address paymaster,Permission[] permissions,Budget[] budgets,SigningScope[] signing,uint64 salt)";
const RULE: &str = "ArgumentRule(uint8 index,uint256 min,uint256 max)";
const BUDGET: &str = "Budget(address token,uint128 amount,uint32 period)";
const CHAIN: &str = "Chain(uint256 chainId,uint64 epoch)";
const PERMISSION: &str =
    "Permission(address target,bytes4 selector,uint256 valueLimit,ArgumentRule[] rules)";
const SCOPE: &str = "SigningScope(bytes32 domainSeparator,bytes32 typeHash,ArgumentRule[] rules)";

/// Returns the session id.
pub fn session_id(session: &Session) -> B256 {
    // Referenced types follow in alphabetical order.
    let text = [SESSION, RULE, BUDGET, CHAIN, PERMISSION, SCOPE].concat();
    hash_struct(
        &text,
        &[
            address(session.account),
            list(session.chains.iter().map(chain)),
            address(session.delegate),
            number(session.delegate_kind),
            number(session.valid_after),
            number(session.valid_until),
            number(session.max_calls),
            number(session.fee_limit),
            address(session.paymaster),
            list(session.permissions.iter().map(permission)),
            list(session.budgets.iter().map(budget)),
            list(session.signing.iter().map(scope)),
            number(session.salt),
        ],
    )
}

pub(crate) fn chain(chain: &Chain) -> B256 {
    hash_struct(CHAIN, &[chain.id.into(), number(chain.epoch)])
}

pub(crate) fn permission(permission: &Permission) -> B256 {
    hash_struct(
        &[PERMISSION, RULE].concat(),
        &[
            address(permission.target),
            B256::right_padding_from(&permission.selector),
            permission.value_limit.into(),
            list(permission.rules.iter().map(rule)),
        ],
    )
}

pub(crate) fn scope(scope: &Scope) -> B256 {
    let rules = list(scope.rules.iter().map(rule));
    hash_struct(&[SCOPE, RULE].concat(), &[scope.domain_separator, scope.type_hash, rules])
}

/// Returns the hash of an array of structs.
pub(crate) fn list(hashes: impl Iterator<Item = B256>) -> B256 {
    keccak256(hashes.collect::<Vec<_>>().concat())
}

fn rule(rule: &Rule) -> B256 {
    hash_struct(RULE, &[number(rule.index), rule.min.into(), rule.max.into()])
}

fn budget(budget: &Budget) -> B256 {
    let fields = [address(budget.token), number(budget.amount), number(budget.period)];
    hash_struct(BUDGET, &fields)
}

fn hash_struct(text: &str, fields: &[B256]) -> B256 {
    keccak256([&[keccak256(text)], fields].concat().concat())
}

fn address(address: Address) -> B256 {
    address.into_word()
}

fn number(number: impl Into<u128>) -> B256 {
    U256::from(number.into()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_type_is_the_one_that_the_design_fixes() {
        let text = [SESSION, RULE, BUDGET, CHAIN, PERMISSION, SCOPE].concat();
        assert_eq!(
            alloy_primitives::hex::encode(keccak256(text)),
            "26dc6e68edfbde79678a739e6652199cd7dbefd8eff4b2a30277902dc77f4e8e"
        );
    }
}
