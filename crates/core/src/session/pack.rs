//! Owned sessions into the packed format.

use alloc::vec::Vec;

use alloy_primitives::{B256, U256};
use alloy_sol_types::SolStruct;

use super::{ArgumentRule, Permission, Session, SigningScope};
use crate::packed::{MAX_BUDGETS, MAX_CHAINS, MAX_PERMISSIONS, MAX_RULES, MAX_SCOPES, Paymaster};

/// Why a session has no packed form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EncodeError {
    /// A list is longer than its cap.
    TooMany {
        /// The list.
        field: &'static str,
        /// Its length.
        got: usize,
        /// The cap.
        allowed: usize,
    },
}

impl core::fmt::Display for EncodeError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::TooMany { field, got, allowed } => {
                write!(f, "{field}: {got}, at most {allowed} are allowed")
            }
        }
    }
}

impl core::error::Error for EncodeError {}

/// Which grants of a session travel in full. Restrictions always do.
#[derive(Clone, Copy, Debug, Default)]
pub struct Disclosure<'a> {
    /// The one chain to disclose; `None` for all.
    pub chain_id: Option<U256>,
    /// The permissions to disclose; `None` for all. An empty list hides the list as a whole.
    pub permissions: Option<&'a [u8]>,
    /// The signing scopes to disclose; `None` for all. An empty list hides the list as a whole.
    pub signing: Option<&'a [u8]>,
}

impl Disclosure<'_> {
    /// Everything in full, as enabling demands.
    pub const WHOLE: Self = Self { chain_id: None, permissions: None, signing: None };
}

impl Session {
    /// Returns the packed session, everything in full.
    ///
    /// # Errors
    /// [`EncodeError`] if a list is over its cap.
    pub fn pack(&self) -> Result<Vec<u8>, EncodeError> {
        self.pack_disclosing(&Disclosure::WHOLE)
    }

    /// Returns the packed session with only some of its grants in full.
    ///
    /// # Errors
    /// [`EncodeError`] if a list is over its cap.
    pub fn pack_disclosing(&self, disclosure: &Disclosure<'_>) -> Result<Vec<u8>, EncodeError> {
        let mut to = Vec::new();
        put_count(&mut to, "chains", self.chains.len(), MAX_CHAINS)?;
        for chain in &self.chains {
            let shown = disclosure.chain_id.is_none_or(|chain_id| chain_id == chain.chain_id);
            put_tag(&mut to, shown);
            if shown {
                put_number(&mut to, chain.chain_id);
                put_number(&mut to, U256::from(chain.epoch));
            } else {
                to.extend(chain.to_abi().eip712_hash_struct());
            }
        }
        to.extend(self.delegate);
        to.push(self.delegate_kind.to_byte());
        put_time(&mut to, self.window.valid_after().seconds());
        put_time(&mut to, self.window.valid_until().seconds());
        put_number(&mut to, U256::from(self.max_calls));
        put_number(&mut to, U256::from(self.fee_limit));
        put_paymaster(&mut to, self.paymaster);
        put_grants(&mut to, disclosure.permissions, &self.permissions, MAX_PERMISSIONS)?;
        put_count(&mut to, "budgets", self.budgets.len(), MAX_BUDGETS)?;
        for budget in &self.budgets {
            to.extend(budget.token);
            put_number(&mut to, U256::from(budget.amount));
            put_number(&mut to, U256::from(budget.period));
        }
        put_grants(&mut to, disclosure.signing, &self.signing, MAX_SCOPES)?;
        put_number(&mut to, U256::from(self.salt));
        Ok(to)
    }
}

/// An entry of a list that may be hidden.
trait Grant {
    const LIST: &'static str;

    fn put(&self, to: &mut Vec<u8>) -> Result<(), EncodeError>;
    fn hash(&self) -> B256;
}

impl Grant for Permission {
    const LIST: &'static str = "permissions";

    fn put(&self, to: &mut Vec<u8>) -> Result<(), EncodeError> {
        to.extend(self.target);
        to.extend(self.selector);
        put_number(to, self.value_limit);
        put_rules(to, &self.rules)
    }

    fn hash(&self) -> B256 {
        self.to_abi().eip712_hash_struct()
    }
}

impl Grant for SigningScope {
    const LIST: &'static str = "signing";

    fn put(&self, to: &mut Vec<u8>) -> Result<(), EncodeError> {
        to.extend(self.domain_separator);
        to.extend(self.type_hash);
        put_rules(to, &self.rules)
    }

    fn hash(&self) -> B256 {
        self.to_abi().eip712_hash_struct()
    }
}

/// Writes a list, the entries that are not `shown` as their hashes, or an array hash where none
/// is shown.
fn put_grants<T: Grant>(
    to: &mut Vec<u8>,
    shown: Option<&[u8]>,
    grants: &[T],
    cap: usize,
) -> Result<(), EncodeError> {
    check_count(T::LIST, grants.len(), cap)?;
    if shown.is_some_and(<[u8]>::is_empty) && !grants.is_empty() {
        let hashes: Vec<u8> = grants.iter().flat_map(|grant| grant.hash().0).collect();
        to.push(0xff);
        to.extend(alloy_primitives::keccak256(hashes));
        return Ok(());
    }
    put_count(to, T::LIST, grants.len(), cap)?;
    for (index, grant) in grants.iter().enumerate() {
        let is_shown = shown.is_none_or(|shown| shown.iter().any(|i| usize::from(*i) == index));
        put_tag(to, is_shown);
        if is_shown {
            grant.put(to)?;
        } else {
            to.extend(grant.hash());
        }
    }
    Ok(())
}

fn put_rules(to: &mut Vec<u8>, rules: &[ArgumentRule]) -> Result<(), EncodeError> {
    put_count(to, "rules", rules.len(), MAX_RULES)?;
    for rule in rules {
        to.push(rule.index);
        put_number(to, rule.min);
        put_number(to, rule.max);
    }
    Ok(())
}

fn put_count(
    to: &mut Vec<u8>,
    field: &'static str,
    got: usize,
    allowed: usize,
) -> Result<(), EncodeError> {
    to.push(check_count(field, got, allowed)?);
    Ok(())
}

fn check_count(field: &'static str, got: usize, allowed: usize) -> Result<u8, EncodeError> {
    match u8::try_from(got) {
        Ok(count) if got <= allowed => Ok(count),
        _ => Err(EncodeError::TooMany { field, got, allowed }),
    }
}

fn put_tag(to: &mut Vec<u8>, is_full: bool) {
    to.push(is_full.into());
}

fn put_number(to: &mut Vec<u8>, number: U256) {
    let bytes = number.to_be_bytes_trimmed_vec();
    to.push(u8::try_from(bytes.len()).unwrap_or(u8::MAX));
    to.extend(bytes);
}

fn put_time(to: &mut Vec<u8>, seconds: u64) {
    let [_, _, time @ ..] = seconds.to_be_bytes();
    to.extend(time);
}

fn put_paymaster(to: &mut Vec<u8>, paymaster: Paymaster) {
    match paymaster {
        Paymaster::None => to.push(0),
        Paymaster::One(address) => {
            to.push(1);
            to.extend(address);
        }
        Paymaster::Any => to.push(0xff),
    }
}
