//! Sessions as owned values, and how they are packed. Off chain only.
//!
//! Ids and hashes come from alloy's EIP-712 here, and from [`crate::packed`] on chain: two
//! implementations that the tests hold against each other.

use alloc::vec::Vec;

use alloy_primitives::aliases::{U48, U96};
use alloy_primitives::{Address, B256, U256};
use alloy_sol_types::SolStruct;

use crate::abi;
use crate::packed::{
    DelegateKind, MAX_BUDGETS, MAX_CHAINS, MAX_PERMISSIONS, MAX_RULES, MAX_SCOPES, Paymaster,
};
use crate::window::ValidityWindow;

/// A temporary, limited permission slip for one account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// The account it is for.
    pub account: Address,
    /// The chains it holds on.
    pub chains: Vec<Chain>,
    /// Who may act.
    pub delegate: Address,
    /// What kind of key the delegate has.
    pub delegate_kind: DelegateKind,
    /// When.
    pub window: ValidityWindow,
    /// The total number of executions; 2^32 − 1 for any.
    pub max_calls: u32,
    /// Most wei of gas in total; 2^96 − 1 for any.
    pub fee_limit: U96,
    /// Who else may pay for gas.
    pub paymaster: Paymaster,
    /// What may be called. Empty: nothing.
    pub permissions: Vec<Permission>,
    /// Totals.
    pub budgets: Vec<Budget>,
    /// What may be signed through ERC-1271.
    pub signing: Vec<SigningScope>,
    /// Makes two equal sessions differ.
    pub salt: u64,
}

/// A chain that a session holds on, with the account's epoch there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chain {
    /// The chain.
    pub chain_id: U256,
    /// The account's epoch there: 0 until it revokes all sessions for the first time.
    pub epoch: u64,
}

/// One target and function that may be called, and the limits on such a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Permission {
    /// The contract, or the receiver of a plain transfer.
    pub target: Address,
    /// The function, or one of the two values of [`crate::policy::selector`].
    pub selector: [u8; 4],
    /// Most wei in one call.
    pub value_limit: U256,
    /// Bounds on words of the calldata; all must hold.
    pub rules: Vec<ArgumentRule>,
}

/// A bound on the calldata word at 4 + 32 · index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ArgumentRule {
    /// Which word.
    pub index: u8,
    /// The lowest value, unsigned.
    pub min: U256,
    /// The highest value, unsigned.
    pub max: U256,
}

/// A total over the session, or over each period of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// An ERC-20, or 0xee…ee for native value.
    pub token: Address,
    /// The most, in the token's smallest unit.
    pub amount: u128,
    /// Seconds, from the start of the session on; 0 for the whole session.
    pub period: u32,
}

/// A type of message that a session may sign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SigningScope {
    /// The app's EIP-712 domain separator.
    pub domain_separator: B256,
    /// The message's type hash.
    pub type_hash: B256,
    /// Bounds on the words of the message.
    pub rules: Vec<ArgumentRule>,
}

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
    /// Returns the session id: the EIP-712 hash of the struct that the owner signs.
    pub fn id(&self) -> B256 {
        self.to_abi().eip712_hash_struct()
    }

    /// Returns the struct that the owner signs.
    pub fn to_abi(&self) -> abi::Session {
        abi::Session {
            account: self.account,
            chains: self.chains.iter().copied().map(Chain::to_abi).collect(),
            delegate: self.delegate,
            delegateKind: self.delegate_kind.to_byte(),
            validAfter: U48::from(self.window.valid_after().seconds()),
            validUntil: U48::from(self.window.valid_until().seconds()),
            maxCalls: self.max_calls,
            feeLimit: self.fee_limit,
            paymaster: self.paymaster.address(),
            permissions: self.permissions.iter().map(Permission::to_abi).collect(),
            budgets: self.budgets.iter().copied().map(Budget::to_abi).collect(),
            signing: self.signing.iter().map(SigningScope::to_abi).collect(),
            salt: self.salt,
        }
    }

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

impl Chain {
    fn to_abi(self) -> abi::Chain {
        abi::Chain { chainId: self.chain_id, epoch: self.epoch }
    }
}

impl Permission {
    fn to_abi(&self) -> abi::Permission {
        abi::Permission {
            target: self.target,
            selector: self.selector.into(),
            valueLimit: self.value_limit,
            rules: self.rules.iter().copied().map(ArgumentRule::to_abi).collect(),
        }
    }
}

impl ArgumentRule {
    fn to_abi(self) -> abi::ArgumentRule {
        abi::ArgumentRule { index: self.index, min: self.min, max: self.max }
    }
}

impl Budget {
    fn to_abi(self) -> abi::Budget {
        abi::Budget { token: self.token, amount: self.amount, period: self.period }
    }
}

impl SigningScope {
    fn to_abi(&self) -> abi::SigningScope {
        abi::SigningScope {
            domainSeparator: self.domain_separator,
            typeHash: self.type_hash,
            rules: self.rules.iter().copied().map(ArgumentRule::to_abi).collect(),
        }
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
