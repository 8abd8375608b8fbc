//! Sessions, put together field by field.

use alloy_primitives::aliases::U96;
use alloy_primitives::{Address, U256};
use smart_session_core::packed::{DelegateKind, Paymaster};
use smart_session_core::policy::selector::PLAIN_TRANSFER;
use smart_session_core::policy::{budget, calls, fee};
use smart_session_core::session::{ArgumentRule, Budget, Chain, Permission, Session, SigningScope};
use smart_session_core::window::{Timestamp, ValidityWindow};

use super::function::FunctionSignature;
use crate::refusal::{Refusal, RefusalCode};

/// Puts a session together. What is never given is never allowed: there is no default chain,
/// window, number of calls or fee.
///
/// ```
/// use alloy_primitives::{Address, U256, address};
/// use smart_session_client::{PermissionBuilder, SessionBuilder};
///
/// let alice: Address = address!("00000000000000000000000000000000000a11ce");
/// let game: Address = address!("0000000000000000000000000000000000009a3e");
/// let frontend: Address = address!("000000000000000000000000000000000000f00d");
///
/// let session = SessionBuilder::new(alice, frontend)
///     .on_chain(42_161, 0)
///     .from(1_767_225_600)
///     .lasting(2 * 60 * 60)
///     .most_calls(100)
///     .most_fees(U256::from(10_000_000_000_000_000_u64))
///     .permit(PermissionBuilder::function(game, "move(uint8)")?.with_value(U256::from(10)))
///     .build()?;
///
/// assert_eq!(session.permissions[0].value_limit, U256::from(10));
/// # Ok::<(), smart_session_client::Refusal>(())
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct SessionBuilder {
    account: Address,
    delegate: Address,
    delegate_kind: DelegateKind,
    chains: Vec<Chain>,
    from: Option<u64>,
    until: Option<End>,
    max_calls: Option<Total<u32>>,
    fee_limit: Option<Total<U256>>,
    paymaster: Paymaster,
    permissions: Vec<PermissionBuilder>,
    budgets: Vec<Budget>,
    signing: Vec<SigningScope>,
    salt: u64,
}

#[derive(Clone, Copy, Debug)]
enum End {
    At(u64),
    After(u64),
}

/// A total that is counted, or is not. The format has its highest number for the latter, which is
/// refused as a number.
#[derive(Clone, Copy, Debug)]
enum Total<T> {
    Counted(T),
    Uncounted,
}

impl SessionBuilder {
    /// Begins a session of an account for a delegate with a secp256k1 key.
    pub const fn new(account: Address, delegate: Address) -> Self {
        Self {
            account,
            delegate,
            delegate_kind: DelegateKind::Secp256k1,
            chains: Vec::new(),
            from: None,
            until: None,
            max_calls: None,
            fee_limit: None,
            paymaster: Paymaster::None,
            permissions: Vec::new(),
            budgets: Vec::new(),
            signing: Vec::new(),
            salt: 0,
        }
    }

    /// Says what kind of key the delegate has.
    pub const fn delegate_kind(mut self, kind: DelegateKind) -> Self {
        self.delegate_kind = kind;
        self
    }

    /// Lets it hold on a chain where the account is in this epoch.
    pub fn on_chain(mut self, chain_id: u64, epoch: u64) -> Self {
        self.chains.push(Chain { chain_id: U256::from(chain_id), epoch });
        self
    }

    /// Lets it begin at a moment, in unix seconds.
    pub const fn from(mut self, seconds: u64) -> Self {
        self.from = Some(seconds);
        self
    }

    /// Lets it end at a moment, in unix seconds.
    pub const fn until(mut self, seconds: u64) -> Self {
        self.until = Some(End::At(seconds));
        self
    }

    /// Lets it end so many seconds after its beginning.
    pub const fn lasting(mut self, seconds: u64) -> Self {
        self.until = Some(End::After(seconds));
        self
    }

    /// Bounds the total number of calls.
    pub const fn most_calls(mut self, calls: u32) -> Self {
        self.max_calls = Some(Total::Counted(calls));
        self
    }

    /// Does not count calls.
    pub const fn uncounted_calls(mut self) -> Self {
        self.max_calls = Some(Total::Uncounted);
        self
    }

    /// Bounds what gas may cost in total, in wei, whoever pays.
    pub const fn most_fees(mut self, wei: U256) -> Self {
        self.fee_limit = Some(Total::Counted(wei));
        self
    }

    /// Does not count fees: this one paymaster pays, in every operation.
    pub fn sponsored_by(self, paymaster: Address) -> Self {
        self.paymaster(Paymaster::One(paymaster)).uncounted_fees()
    }

    /// Does not count fees, which only a session that names one paymaster may.
    pub const fn uncounted_fees(mut self) -> Self {
        self.fee_limit = Some(Total::Uncounted);
        self
    }

    /// Says who else may pay for gas. The fees are counted all the same.
    pub const fn paymaster(mut self, paymaster: Paymaster) -> Self {
        self.paymaster = paymaster;
        self
    }

    /// Adds a permission.
    pub fn permit(mut self, permission: PermissionBuilder) -> Self {
        self.permissions.push(permission);
        self
    }

    /// Returns the functions of the permissions as they were named, in their order: what a
    /// session's file keeps and the session does not.
    pub fn functions(&self) -> Vec<Option<FunctionSignature>> {
        self.permissions.iter().map(|permission| permission.function.clone()).collect()
    }

    /// Returns the account that the session is of.
    pub(crate) const fn account(&self) -> Address {
        self.account
    }

    /// Bounds the total of a token that moves.
    pub fn budget(mut self, token: Address, amount: u128) -> Self {
        self.budgets.push(Budget { token, amount, period: 0 });
        self
    }

    /// Bounds the total of a token that moves in each period of so many seconds.
    pub fn budget_per_period(mut self, token: Address, amount: u128, period: u32) -> Self {
        self.budgets.push(Budget { token, amount, period });
        self
    }

    /// Bounds the total of native value that moves, in wei.
    pub fn native_budget(self, wei: u128) -> Self {
        self.budget(budget::NATIVE, wei)
    }

    /// Lets it sign a type of message.
    pub fn sign(mut self, scope: SigningScope) -> Self {
        self.signing.push(scope);
        self
    }

    /// Makes it differ from an equal session.
    pub const fn salt(mut self, salt: u64) -> Self {
        self.salt = salt;
        self
    }

    /// Returns the session. [`check_session`](crate::check_session) says whether it can work.
    ///
    /// # Errors
    /// [`RefusalCode::MissingField`] for what must be given, [`RefusalCode::RefusedWindow`] and
    /// [`RefusalCode::NumberTooWide`] for what does not fit.
    pub fn build(self) -> Result<Session, Refusal> {
        let from = self.from.ok_or_else(|| missing("its beginning", "call from"))?;
        let until = match self.until.ok_or_else(|| missing("its end", "call until or lasting"))? {
            End::At(seconds) => seconds,
            End::After(seconds) => from.saturating_add(seconds),
        };
        let max_calls = self
            .max_calls
            .ok_or_else(|| missing("the number of calls", "call most_calls or uncounted_calls"))?;
        let fee_limit = self
            .fee_limit
            .ok_or_else(|| missing("what gas may cost", "call most_fees or sponsored_by"))?;
        Ok(Session {
            account: self.account,
            chains: self.chains,
            delegate: self.delegate,
            delegate_kind: self.delegate_kind,
            window: window(from, until)?,
            max_calls: match max_calls {
                Total::Counted(calls) => counted_calls(calls)?,
                Total::Uncounted => calls::UNCOUNTED,
            },
            fee_limit: match fee_limit {
                Total::Counted(wei) => counted_fees(wei)?,
                Total::Uncounted => U96::from(fee::UNCOUNTED),
            },
            paymaster: self.paymaster,
            permissions: self.permissions.into_iter().map(|it| it.permission).collect(),
            budgets: self.budgets,
            signing: self.signing,
            salt: self.salt,
        })
    }
}

/// The last moment that a session may name: the beginning of the year 2100, UTC. A later one is
/// taken for milliseconds.
pub(crate) const LATEST: u64 = 4_102_444_800;

/// Returns the window between two moments.
pub(crate) fn window(from: u64, until: u64) -> Result<ValidityWindow, Refusal> {
    check_moment(from)?;
    check_moment(until)?;
    Timestamp::new(from)
        .zip(Timestamp::new(until))
        .and_then(|(from, until)| ValidityWindow::new(from, until))
        .ok_or_else(|| {
            Refusal::new(
                RefusalCode::RefusedWindow,
                format!("the session is valid after {from} until {until}: no window"),
                "let it end after it begins",
            )
        })
}

/// Refuses moments that lie behind the beginning of the year 2100.
pub(crate) fn check_moment(seconds: u64) -> Result<(), Refusal> {
    if seconds <= LATEST {
        return Ok(());
    }
    Err(Refusal::new(
        RefusalCode::RefusedWindow,
        format!("the time {seconds} is after the beginning of the year 2100"),
        "give unix time in seconds, not in milliseconds",
    ))
}

/// Returns a number of calls that is counted.
pub(crate) fn counted_calls(calls: u32) -> Result<u32, Refusal> {
    if calls != calls::UNCOUNTED {
        return Ok(calls);
    }
    Err(Refusal::new(
        RefusalCode::RefusedMaxCalls,
        format!("{calls} calls would mean that calls are not counted"),
        "give a smaller number, or say that calls are uncounted",
    ))
}

/// Returns a fee limit of so many wei, which are counted.
pub(crate) fn counted_fees(wei: U256) -> Result<U96, Refusal> {
    let refuse = |why: &str| {
        Refusal::new(
            RefusalCode::NumberTooWide,
            format!("a fee limit of {wei} wei {why}"),
            "give a smaller one, or name a paymaster and say that fees are uncounted",
        )
    };
    let limit = u128::try_from(wei).map_err(|_| refuse("is too large"))?;
    if limit == fee::UNCOUNTED {
        return Err(refuse("would mean that fees are not counted"));
    }
    U96::try_from(limit).map_err(|_| refuse("is too large"))
}

fn missing(what: &str, remedy: &str) -> Refusal {
    let reason = format!("{what} was never given, and nothing unset means unlimited");
    Refusal::new(RefusalCode::MissingField, reason, remedy)
}

/// Puts a permission together: one target, one function, no value unless it says so.
#[derive(Clone, Debug)]
#[must_use]
pub struct PermissionBuilder {
    permission: Permission,
    function: Option<FunctionSignature>,
}

impl PermissionBuilder {
    /// Permits a function by its signature, as in `transfer(address,uint256)`. It is parsed: names
    /// of parameters, spaces and `uint` do not matter.
    ///
    /// # Errors
    /// [`RefusalCode::MalformedFunction`].
    pub fn function(target: Address, signature: &str) -> Result<Self, Refusal> {
        let function: FunctionSignature = signature.parse()?;
        let permission = Self::selector(target, function.selector());
        Ok(Self { function: Some(function), ..permission })
    }

    /// Permits a function by its selector.
    pub const fn selector(target: Address, selector: [u8; 4]) -> Self {
        Self {
            permission: Permission { target, selector, value_limit: U256::ZERO, rules: Vec::new() },
            function: None,
        }
    }

    /// Permits transfers of native value with no calldata.
    pub const fn plain_transfer(target: Address) -> Self {
        Self::selector(target, PLAIN_TRANSFER)
    }

    /// Lets so many wei go with each call.
    pub const fn with_value(mut self, most: U256) -> Self {
        self.permission.value_limit = most;
        self
    }

    /// Bounds an argument, both ends included.
    pub fn argument_between(mut self, index: u8, min: U256, max: U256) -> Self {
        self.permission.rules.push(ArgumentRule { index, min, max });
        self
    }

    /// Fixes an argument.
    pub fn argument_is(self, index: u8, value: U256) -> Self {
        self.argument_between(index, value, value)
    }

    /// Fixes an argument that is an address.
    pub fn argument_is_address(self, index: u8, address: Address) -> Self {
        self.argument_is(index, U256::from_be_bytes(address.into_word().0))
    }

    /// Bounds an argument from above.
    pub fn argument_at_most(self, index: u8, most: U256) -> Self {
        self.argument_between(index, U256::ZERO, most)
    }

    /// Bounds an argument from below.
    pub fn argument_at_least(self, index: u8, least: U256) -> Self {
        self.argument_between(index, least, U256::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn begun() -> SessionBuilder {
        SessionBuilder::new(Address::repeat_byte(1), Address::repeat_byte(2))
    }

    #[test]
    fn nothing_that_bounds_a_session_has_a_default() {
        let complete = begun().from(1).lasting(2).most_calls(3).most_fees(U256::from(4));
        assert!(complete.build().is_ok());

        for incomplete in [
            begun().lasting(2).most_calls(3).most_fees(U256::from(4)),
            begun().from(1).most_calls(3).most_fees(U256::from(4)),
            begun().from(1).lasting(2).most_fees(U256::from(4)),
            begun().from(1).lasting(2).most_calls(3),
        ] {
            assert_eq!(incomplete.build().unwrap_err().code(), RefusalCode::MissingField);
        }
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let most = U256::from(1) << 96;
        let fees = begun().from(1).lasting(2).most_calls(3).most_fees(most);
        assert_eq!(fees.build().unwrap_err().code(), RefusalCode::NumberTooWide);
        let late = begun().from(1).until(1 << 47).most_calls(3).most_fees(U256::from(4));
        assert_eq!(late.build().unwrap_err().code(), RefusalCode::RefusedWindow);
        let empty = begun().from(9).until(9).most_calls(3).most_fees(U256::from(4));
        assert_eq!(empty.build().unwrap_err().code(), RefusalCode::RefusedWindow);
    }

    /// 2^32 − 1 calls and 2^96 − 1 wei stand for "not counted" in the format.
    #[test]
    fn the_highest_numbers_are_refused_as_numbers() {
        let within = begun().from(1).lasting(2);
        let calls = |most| within.clone().most_fees(U256::from(4)).most_calls(most).build();
        let highest = (U256::from(1) << 96_usize).wrapping_sub(U256::from(1));
        let fees = |most| within.clone().most_calls(3).most_fees(most).build();

        assert_eq!(calls(4_294_967_295).unwrap_err().code(), RefusalCode::RefusedMaxCalls);
        assert_eq!(calls(4_294_967_294).unwrap().max_calls, 4_294_967_294);
        let uncounted = within.clone().most_fees(U256::from(4)).uncounted_calls().build();
        assert_eq!(uncounted.unwrap().max_calls, 4_294_967_295);
        assert_eq!(fees(highest).unwrap_err().code(), RefusalCode::NumberTooWide);
        assert!(fees(highest.wrapping_sub(U256::from(1))).is_ok());
        let sponsored = within.most_calls(3).sponsored_by(Address::repeat_byte(9)).build();
        assert_eq!(U256::from(sponsored.unwrap().fee_limit), highest);
    }

    /// 4,102,444,800 is 2100-01-01T00:00:00Z.
    #[test]
    fn times_after_2100_began_are_refused_with_the_remedy_seconds() {
        let counted = || begun().most_calls(3).most_fees(U256::from(4));
        let last = counted().from(4_102_440_000).until(4_102_444_800).build();
        let milliseconds = counted().from(1_767_225_600_000).lasting(7_200).build().unwrap_err();

        assert!(last.is_ok());
        assert!(counted().from(4_102_440_000).until(4_102_444_801).build().is_err());
        assert_eq!(milliseconds.code(), RefusalCode::RefusedWindow);
        assert_eq!(milliseconds.remedy(), "give unix time in seconds, not in milliseconds");
    }
}
