//! Warnings and refusals before signing, by the vectors that both clients share.

use alloy_primitives::{Address, B256, U256, keccak256};
use serde::Deserialize;
use smart_session_client::{
    Facts, PermissionBuilder, WarningCode, check_own_contracts, check_session, session_warnings,
};
use smart_session_core::packed::{DelegateKind, Paymaster};
use smart_session_core::session::{ArgumentRule, Budget, Chain, Permission, Session, SigningScope};
use smart_session_core::window::{Timestamp, ValidityWindow};

use crate::any_grant::{GAME, begun};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Vectors {
    module: Address,
    codes: Vec<Code>,
    wrapper_types: Vec<String>,
    #[serde(rename = "vectors")]
    warned: Vec<Warned>,
    refusals: Vec<Refused>,
}

#[derive(Deserialize)]
struct Code {
    code: String,
    meaning: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Warned {
    name: String,
    session: SessionText,
    facts: FactsText,
    warnings: Vec<WarningText>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Refused {
    name: String,
    session: SessionText,
    facts: FactsText,
    code: String,
}

#[derive(Debug, Deserialize, PartialEq, Eq)]
struct WarningText {
    code: String,
    at: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
#[derive(Default)]
struct FactsText {
    now: Option<u64>,
    epochs: std::collections::BTreeMap<String, String>,
    account_domains: Vec<B256>,
    own_contracts: Vec<Address>,
}

impl FactsText {
    fn read(&self) -> Facts {
        let epochs = self.epochs.iter();
        Facts {
            now: self.now,
            epochs: epochs.map(|(id, epoch)| (number(id), epoch.parse().unwrap())).collect(),
            account_domains: self.account_domains.clone(),
            own_contracts: self.own_contracts.clone(),
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct SessionText {
    account: Address,
    chains: Vec<ChainText>,
    delegate: Address,
    delegate_kind: u8,
    valid_after: u64,
    valid_until: u64,
    max_calls: u32,
    fee_limit: String,
    paymaster: Address,
    permissions: Vec<PermissionText>,
    budgets: Vec<BudgetText>,
    signing: Vec<ScopeText>,
    salt: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ChainText {
    chain_id: String,
    epoch: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PermissionText {
    target: Address,
    selector: alloy_primitives::FixedBytes<4>,
    value_limit: String,
    rules: Vec<RuleText>,
}

#[derive(Deserialize)]
struct BudgetText {
    token: Address,
    amount: String,
    period: u32,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ScopeText {
    domain_separator: B256,
    type_hash: B256,
    rules: Vec<RuleText>,
}

#[derive(Deserialize)]
struct RuleText {
    index: u8,
    min: String,
    max: String,
}

fn number(text: &str) -> U256 {
    text.parse().unwrap()
}

fn rules(rules: &[RuleText]) -> Vec<ArgumentRule> {
    rules
        .iter()
        .map(|rule| ArgumentRule {
            index: rule.index,
            min: number(&rule.min),
            max: number(&rule.max),
        })
        .collect()
}

impl SessionText {
    fn read(&self) -> Session {
        let [after, until] =
            [self.valid_after, self.valid_until].map(|at| Timestamp::new(at).unwrap());
        Session {
            account: self.account,
            chains: self
                .chains
                .iter()
                .map(|chain| Chain {
                    chain_id: number(&chain.chain_id),
                    epoch: chain.epoch.parse().unwrap(),
                })
                .collect(),
            delegate: self.delegate,
            delegate_kind: DelegateKind::from_byte(self.delegate_kind).unwrap(),
            window: ValidityWindow::new(after, until).unwrap(),
            max_calls: self.max_calls,
            fee_limit: self.fee_limit.parse().unwrap(),
            paymaster: match self.paymaster {
                Address::ZERO => Paymaster::None,
                Paymaster::ANY => Paymaster::Any,
                one => Paymaster::One(one),
            },
            permissions: self
                .permissions
                .iter()
                .map(|permission| Permission {
                    target: permission.target,
                    selector: permission.selector.0,
                    value_limit: number(&permission.value_limit),
                    rules: rules(&permission.rules),
                })
                .collect(),
            budgets: self
                .budgets
                .iter()
                .map(|budget| Budget {
                    token: budget.token,
                    amount: budget.amount.parse().unwrap(),
                    period: budget.period,
                })
                .collect(),
            signing: self
                .signing
                .iter()
                .map(|scope| SigningScope {
                    domain_separator: scope.domain_separator,
                    type_hash: scope.type_hash,
                    rules: rules(&scope.rules),
                })
                .collect(),
            salt: self.salt.parse().unwrap(),
        }
    }
}

fn vectors() -> Vectors {
    serde_json::from_str(include_str!("../../../../tests/vectors/warnings.json")).unwrap()
}

#[test]
fn the_codes_are_those_of_the_table_and_each_has_a_vector() {
    let Vectors { codes, warned: vectors, .. } = vectors();
    let named: Vec<&str> = codes.iter().map(|code| code.code.as_str()).collect();
    let warned = |code: &str| {
        vectors.iter().any(|vector| vector.warnings.iter().any(|warning| warning.code == code))
    };

    let ours: Vec<&str> = WarningCode::ALL.iter().map(|code| code.name()).collect();
    assert_eq!(ours, named);
    for Code { code, meaning } in &codes {
        assert!(warned(code) && meaning.ends_with('.'), "{code}");
    }
}

#[test]
fn each_session_is_warned_of_as_its_vector_says() {
    let Vectors { module, warned: vectors, .. } = vectors();
    assert!(vectors.len() > 30);
    for Warned { name, session, facts, warnings } in vectors {
        let (session, facts) = (session.read(), facts.read());

        let found = session_warnings(&session, &facts);

        let found: Vec<WarningText> = found
            .into_iter()
            .map(|warning| {
                assert!(!warning.sentence.contains('\n') && !warning.sentence.ends_with('.'));
                let at = warning.at.map(|place| place.to_string());
                WarningText { code: warning.code.name().into(), at }
            })
            .collect();
        assert_eq!(found, warnings, "{name}");
        assert_eq!(check_session(&session, module), Ok(()), "{name}");
        assert_eq!(check_own_contracts(&session, &facts), Ok(()), "{name}");
    }
}

#[test]
fn each_session_that_is_not_to_be_signed_is_refused() {
    let Vectors { module, refusals, .. } = vectors();
    assert!(refusals.len() > 4);
    for Refused { name, session, facts, code } in refusals {
        let (session, facts) = (session.read(), facts.read());

        let refusal =
            check_session(&session, module).and_then(|()| check_own_contracts(&session, &facts));

        assert_eq!(refusal.map_err(|refusal| refusal.code().name()), Err(code.as_str()), "{name}");
    }
}

/// The table of wrappers is not longer than the vectors, and the vectors' hashes are of its texts.
#[test]
fn each_wrapper_type_has_a_vector() {
    let Vectors { wrapper_types, warned: vectors, .. } = vectors();
    for text in wrapper_types {
        let hash = keccak256(&text);
        let has_vector = vectors.iter().any(|vector| {
            vector.session.signing.iter().any(|scope| scope.type_hash == hash)
                && vector.warnings.iter().any(|warning| warning.code == "WrapperType")
        });
        assert!(has_vector, "{text}");
    }
}

#[test]
fn a_sentence_names_the_entry_and_the_target() {
    let session = begun().permit(PermissionBuilder::selector(GAME, [0xff; 4])).build().unwrap();

    let warnings = session_warnings(&session, &Facts::default());

    let expected = format!("permission 0 lets the delegate call every function of {GAME}");
    assert_eq!(warnings.iter().map(|it| it.sentence.as_str()).collect::<Vec<_>>(), [expected]);
}
