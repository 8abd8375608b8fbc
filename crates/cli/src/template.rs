//! What sessions are commonly for.

use alloy_primitives::{Address, U256};
use clap::{Args, ValueEnum};
use smart_session_client::{
    FunctionSignature, Names, PermissionBuilder, SessionBuilder, parse_address, unit,
};
use smart_session_core::policy::budget::NATIVE;

use crate::failure::Failure;

/// What a session is for.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Template {
    /// One function of one contract: --target, --call. 2 hours, 100 calls, 0.01 ETH a call.
    Game,
    /// Transfers of an ERC-20 up to an amount each day: --target (the token), --amount,
    /// --decimals, and --receiver if there is only one. 30 days.
    Allowance,
    /// Ether to one receiver up to a total: --target, --amount. 30 days.
    Payout,
}

/// What a template is filled with.
#[derive(Args, Clone, Debug)]
pub(crate) struct Terms {
    /// What the session is for.
    #[arg(long, value_enum, default_value = "game")]
    template: Template,
    /// The contract that may be called: the game, the token, or the receiver of ether.
    #[arg(long, value_name = "ADDRESS", value_parser = parse_address)]
    target: Address,
    /// The function that may be called, as in "move(uint8)".
    #[arg(long, value_name = "SIGNATURE", required_if_eq("template", "game"))]
    call: Option<String>,
    /// The most ether that may go with one call.
    #[arg(long, value_name = "AMOUNT")]
    value: Option<String>,
    /// The most that may move: tokens as in "12.5", ether as in "0.5 ETH".
    #[arg(
        long,
        value_name = "AMOUNT",
        required_if_eq_any([("template", "allowance"), ("template", "payout")])
    )]
    amount: Option<String>,
    /// The token's decimals.
    #[arg(long, value_name = "N", default_value_t = 18)]
    decimals: u8,
    /// How often the amount begins anew, as in "1d"; "never" for one total.
    #[arg(long, value_name = "DURATION")]
    per: Option<String>,
    /// The only receiver of the tokens.
    #[arg(long, value_name = "ADDRESS", value_parser = parse_address)]
    receiver: Option<Address>,
    /// How long the session is valid, as in "2h" or "30d".
    #[arg(long = "for", value_name = "DURATION")]
    lasting: Option<String>,
    /// The total number of calls, or "uncounted".
    #[arg(long, value_name = "N")]
    max_calls: Option<String>,
    /// The most that gas may cost in total, whoever pays; "uncounted" where one paymaster is named.
    #[arg(long, value_name = "AMOUNT", default_value = "0.01 ETH")]
    fees: String,
}

/// Transfers of an ERC-20.
const TRANSFER: &str = "transfer(address,uint256)";

impl Terms {
    /// Returns the names that its permission and budget have: for the session's file.
    pub(crate) fn names(&self) -> Result<Names, Failure> {
        let (call, decimals) = match self.template {
            Template::Game => (self.call.as_deref(), None),
            Template::Allowance => (Some(TRANSFER), Some(self.decimals)),
            Template::Payout => (None, None),
        };
        let function = call.map(str::parse::<FunctionSignature>).transpose()?;
        Ok(Names::new(vec![function], vec![decimals]))
    }

    /// Fills a session in.
    pub(crate) fn fill(&self, session: SessionBuilder) -> Result<SessionBuilder, Failure> {
        let (lasting, max_calls) = match self.template {
            Template::Game => ("2h", 100),
            Template::Allowance | Template::Payout => ("30d", 1_000),
        };
        let lasting = unit::parse_duration(self.lasting.as_deref().unwrap_or(lasting))?;
        let session = match self.max_calls.as_deref() {
            None => session.most_calls(max_calls),
            Some(UNCOUNTED) => session.uncounted_calls(),
            Some(text) => session.most_calls(text.parse().map_err(|_| {
                Failure::new(
                    format!("{text:?} is no number of calls"),
                    "give a whole number below 2^32, or \"uncounted\"",
                )
            })?),
        };
        let session = match self.fees.as_str() {
            UNCOUNTED => session.uncounted_fees(),
            text => session.most_fees(unit::parse_ether(text)?),
        };
        let session = session.lasting(lasting);
        match self.template {
            Template::Game => self.game(session),
            Template::Allowance => self.allowance(session),
            Template::Payout => self.payout(session),
        }
    }

    fn game(&self, session: SessionBuilder) -> Result<SessionBuilder, Failure> {
        let value = unit::parse_ether(self.value.as_deref().unwrap_or("0.01 ETH"))?;
        let signature = self.call.as_deref().unwrap_or_default();
        let permission = PermissionBuilder::function(self.target, signature)?;
        Ok(session.permit(permission.with_value(value)))
    }

    fn allowance(&self, session: SessionBuilder) -> Result<SessionBuilder, Failure> {
        let mut permission = PermissionBuilder::function(self.target, TRANSFER)?;
        if let Some(receiver) = self.receiver {
            permission = permission.argument_is(0, U256::from_be_bytes(receiver.into_word().0));
        }
        let amount = self.amount.as_deref().unwrap_or_default();
        let amount = unit::parse_units(amount, self.decimals)?;
        self.budget(session.permit(permission), self.target, amount, "1d")
    }

    fn payout(&self, session: SessionBuilder) -> Result<SessionBuilder, Failure> {
        let amount = unit::parse_ether(self.amount.as_deref().unwrap_or_default())?;
        let permission = PermissionBuilder::plain_transfer(self.target).with_value(amount);
        self.budget(session.permit(permission), NATIVE, amount, NEVER)
    }

    fn budget(
        &self,
        session: SessionBuilder,
        token: Address,
        amount: U256,
        per: &str,
    ) -> Result<SessionBuilder, Failure> {
        let too_large = || Failure::new("the amount is too large", "stay below 2^128");
        let amount = u128::try_from(amount).map_err(|_| too_large())?;
        match self.per.as_deref().unwrap_or(per) {
            NEVER => Ok(session.budget(token, amount)),
            text => {
                let seconds = u32::try_from(unit::parse_duration(text)?).map_err(|_| {
                    Failure::new(format!("{text:?} is too long a period"), "stay below 136 years")
                })?;
                Ok(session.budget_per_period(token, amount, seconds))
            }
        }
    }
}

/// What is not counted.
const UNCOUNTED: &str = "uncounted";
/// One total, with no period.
const NEVER: &str = "never";
