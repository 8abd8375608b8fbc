//! The fields of a session file.

use alloy_primitives::aliases::U96;
use alloy_primitives::{B256, Bytes, U256};
use serde::{Deserialize, Serialize};
use smart_session_core::policy::{budget, calls, fee};
use smart_session_core::session::{Budget, Chain, Permission, Session, SigningScope};

use super::amount::{Count, Ether, FeeLimit, Period, TokenText};
use super::call::CallText;
use super::party::{KeyText, KindText, PaymasterText};
use super::rule::{RuleEntry, read_rules};
use super::scalar::{Account, Epoch, Number, Time};
use crate::refusal::{Refusal, RefusalCode};
use crate::session::builder::{counted_fees, window};
use crate::session::function::FunctionSignature;
use crate::session::grant::Grant;
use crate::session::names::Names;
use crate::unit::{ETHER_DECIMALS, format_units, parse_ether, parse_units};

/// A session file, as it is written.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Document {
    module: Account,
    account: Account,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    account_kind: Option<KindText>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    owner_validator: Option<Account>,
    chains: Vec<ChainEntry>,
    delegate: Account,
    #[serde(default, skip_serializing_if = "KeyText::is_default")]
    delegate_kind: KeyText,
    from: Time,
    expiry: Time,
    max_calls: Count,
    fee_limit: FeeLimit,
    #[serde(default)]
    paymaster: PaymasterText,
    permissions: Vec<PermissionEntry>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    budgets: Vec<BudgetEntry>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    signing: Vec<ScopeEntry>,
    #[serde(default = "zero")]
    salt: Number,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    owner_signature: Option<Bytes>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ChainEntry {
    chain: Number,
    epoch: Epoch,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct PermissionEntry {
    target: Account,
    call: CallText,
    #[serde(default, skip_serializing_if = "Ether::is_zero")]
    value: Ether,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    rules: Vec<RuleEntry>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct BudgetEntry {
    token: TokenText,
    amount: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    decimals: Option<u8>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    per: Option<Period>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ScopeEntry {
    domain_separator: B256,
    type_hash: B256,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    rules: Vec<RuleEntry>,
}

const fn zero() -> Number {
    Number(U256::ZERO)
}

impl Document {
    pub(super) fn of(grant: &Grant) -> Self {
        let session = &grant.session;
        let fee_limit = session.fee_limit.to::<u128>();
        Self {
            module: Account(grant.module),
            account: Account(session.account),
            account_kind: grant.account_kind.map(KindText),
            owner_validator: grant.owner_validator.map(Account),
            chains: session
                .chains
                .iter()
                .map(|chain| ChainEntry {
                    chain: Number(chain.chain_id),
                    epoch: Epoch(chain.epoch),
                })
                .collect(),
            delegate: Account(session.delegate),
            delegate_kind: KeyText(session.delegate_kind),
            from: Time(session.window.valid_after().seconds()),
            expiry: Time(session.window.valid_until().seconds()),
            max_calls: match session.max_calls {
                calls::UNCOUNTED => Count::Uncounted,
                count => Count::Counted(count),
            },
            fee_limit: match fee_limit {
                fee::UNCOUNTED => FeeLimit::Uncounted,
                wei => FeeLimit::Counted(U256::from(wei)),
            },
            paymaster: PaymasterText(session.paymaster),
            permissions: session.permissions.iter().map(PermissionEntry::of).collect(),
            budgets: session.budgets.iter().map(BudgetEntry::of).collect(),
            signing: session
                .signing
                .iter()
                .map(|scope| ScopeEntry {
                    domain_separator: scope.domain_separator,
                    type_hash: scope.type_hash,
                    rules: scope.rules.iter().map(RuleEntry::of).collect(),
                })
                .collect(),
            salt: Number(U256::from(session.salt)),
            owner_signature: grant.owner_signature.clone(),
        }
    }

    /// Writes functions by their names, and amounts of tokens by their decimals.
    pub(super) fn with_names(mut self, session: &Session, names: &Names) -> Self {
        let entries = self.permissions.iter_mut().zip(&session.permissions).enumerate();
        for (i, (entry, permission)) in entries {
            if let Some(function) = names.function(i, permission.selector)
                && let Some(named) = PermissionEntry::named(permission, function)
            {
                *entry = named;
            }
        }
        for (i, (entry, budget)) in self.budgets.iter_mut().zip(&session.budgets).enumerate() {
            if let Some(decimals) = names.decimals(i)
                && budget.token != budget::NATIVE
            {
                entry.amount = format_units(U256::from(budget.amount), decimals);
                entry.decimals = Some(decimals);
            }
        }
        self
    }

    /// Takes over how another document names and measures the same things.
    pub(super) fn with_names_of(mut self, other: &Self) -> Self {
        for (mine, theirs) in self.permissions.iter_mut().zip(&other.permissions) {
            // A rule is written by the type that the function's name gives it.
            if let (Ok(ours), Ok(same)) = (mine.read(0), theirs.read(0))
                && ours == same
            {
                *mine = theirs.clone();
            }
        }
        for (mine, theirs) in self.budgets.iter_mut().zip(&other.budgets) {
            if mine.read().ok() == theirs.read().ok() {
                *mine = theirs.clone();
            }
        }
        self
    }

    /// Returns what it says beyond the session.
    pub(super) fn names(&self) -> Names {
        Names::new(
            self.permissions.iter().map(|entry| entry.call.function.clone()).collect(),
            self.budgets.iter().map(|entry| entry.decimals).collect(),
        )
    }

    pub(super) fn into_grant(self) -> Result<Grant, Refusal> {
        let too_wide = |field: &str| {
            Refusal::new(
                RefusalCode::NumberTooWide,
                format!("{field} is too large"),
                "give a whole number below 2^64",
            )
        };
        let budgets = self.budgets.iter().enumerate().map(|(i, entry)| {
            entry.read().map_err(|reason| {
                let reason = format!("budgets[{i}].amount: {reason}");
                let remedy = "write ether as \"0.01 ETH\", tokens as \"12.5\" beside decimals";
                Refusal::new(RefusalCode::NumberTooWide, reason, remedy)
            })
        });
        let session = Session {
            account: self.account.0,
            chains: self
                .chains
                .iter()
                .map(|entry| Chain { chain_id: entry.chain.0, epoch: entry.epoch.0 })
                .collect(),
            delegate: self.delegate.0,
            delegate_kind: self.delegate_kind.0,
            window: window(self.from.0, self.expiry.0)?,
            max_calls: match self.max_calls {
                Count::Uncounted => calls::UNCOUNTED,
                Count::Counted(count) => count,
            },
            fee_limit: match self.fee_limit {
                FeeLimit::Uncounted => U96::from(fee::UNCOUNTED),
                FeeLimit::Counted(wei) => counted_fees(wei)?,
            },
            paymaster: self.paymaster.0,
            permissions: self
                .permissions
                .iter()
                .enumerate()
                .map(|(i, entry)| entry.read(i))
                .collect::<Result<_, _>>()?,
            budgets: budgets.collect::<Result<_, _>>()?,
            signing: self
                .signing
                .iter()
                .enumerate()
                .map(|(i, entry)| {
                    Ok(SigningScope {
                        domain_separator: entry.domain_separator,
                        type_hash: entry.type_hash,
                        rules: read_rules(&format!("signing[{i}]"), &entry.rules, None)?,
                    })
                })
                .collect::<Result<_, Refusal>>()?,
            salt: u64::try_from(self.salt.0).map_err(|_| too_wide("salt"))?,
        };
        let mut grant = Grant::unsigned(self.module.0, session);
        grant.account_kind = self.account_kind.map(|kind| kind.0);
        grant.owner_validator = self.owner_validator.map(|validator| validator.0);
        if let Some(signature) = self.owner_signature {
            grant.take_signature(signature)?;
        }
        Ok(grant)
    }
}

impl PermissionEntry {
    fn of(permission: &Permission) -> Self {
        Self {
            target: Account(permission.target),
            call: permission.selector.into(),
            value: Ether(permission.value_limit),
            rules: permission.rules.iter().map(RuleEntry::of).collect(),
        }
    }

    /// Writes a permission by its function; `None` if a rule does not fit its arguments.
    fn named(permission: &Permission, function: &FunctionSignature) -> Option<Self> {
        let rules = permission.rules.iter().map(|rule| match function.word(rule.index).ok()? {
            Some(word) => RuleEntry::typed(rule, word),
            None => Some(RuleEntry::of(rule)),
        });
        Some(Self {
            call: CallText { selector: permission.selector, function: Some(function.clone()) },
            rules: rules.collect::<Option<_>>()?,
            ..Self::of(permission)
        })
    }

    fn read(&self, index: usize) -> Result<Permission, Refusal> {
        Ok(Permission {
            target: self.target.0,
            selector: self.call.selector,
            value_limit: self.value.0,
            rules: read_rules(
                &format!("permissions[{index}]"),
                &self.rules,
                self.call.function.as_ref(),
            )?,
        })
    }
}

impl BudgetEntry {
    fn of(item: &Budget) -> Self {
        let per = (item.period > 0).then_some(Period(item.period));
        let amount = U256::from(item.amount);
        if item.token == budget::NATIVE {
            let amount = format!("{} ETH", format_units(amount, ETHER_DECIMALS));
            return Self { token: TokenText::Native, amount, decimals: None, per };
        }
        let token = TokenText::Erc20(item.token);
        Self { token, amount: amount.to_string(), decimals: None, per }
    }

    fn read(&self) -> Result<Budget, String> {
        let (token, amount) = match self.token {
            TokenText::Native => (budget::NATIVE, parse_ether(&self.amount)),
            TokenText::Erc20(token) => {
                (token, parse_units(&self.amount, self.decimals.unwrap_or(0)))
            }
        };
        let amount = amount.map_err(|error| error.to_string())?;
        let amount =
            u128::try_from(amount).map_err(|_| format!("{:?} is too large", self.amount))?;
        Ok(Budget { token, amount, period: self.per.map_or(0, |per| per.0) })
    }
}
