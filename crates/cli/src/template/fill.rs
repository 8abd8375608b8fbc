//! Templates filled in.

use std::path::Path;

use alloy_primitives::{Address, U256};
use serde::Deserialize;
use serde_json::Value;
use smart_session_client::template::{
    AutomationKeeper, BatchMint, DailyNative, DailyToken, GameMoves, MessageType, Payee, Payroll,
    Permit, Permit2Transfer, SecondDevice, SignInAndPermits, Subscription, TradingBot,
    domain_separator,
};
use smart_session_client::{Names, PermissionBuilder, SessionBuilder, unit};
use smart_session_core::policy::budget::NATIVE;

use super::amount::{DECIMALS, budgeted};
use super::{Template, Terms};
use crate::failure::Failure;
use crate::source::read_file;

/// A session that is filled in, and what its file calls things.
pub(crate) struct Filled {
    pub(crate) session: SessionBuilder,
    functions: Names,
    decimals: Vec<(Address, u8)>,
}

impl Filled {
    /// Returns the names for a session's file: of its permissions, and of its budgets' tokens.
    pub(crate) fn names(&self, tokens: impl Iterator<Item = Address>) -> Names {
        let of = |token| self.decimals.iter().find(|(known, _)| *known == token);
        self.functions.clone().with_decimals(tokens.map(|token| of(token).map(|it| it.1)).collect())
    }
}

/// What is not counted.
const UNCOUNTED: &str = "uncounted";
/// One total, with no period.
const NEVER: &str = "never";
/// Transfers of an ERC-20.
const TRANSFER: &str = "transfer(address,uint256)";

impl Terms {
    /// Fills a session in.
    pub(crate) fn fill(&self, frame: SessionBuilder) -> Result<Filled, Failure> {
        self.check_flags()?;
        let frame = match self.fees.as_str() {
            UNCOUNTED => frame.uncounted_fees(),
            text => frame.most_fees(unit::parse_ether(text)?),
        };
        let frame = match (self.template, self.lasting.as_deref()) {
            (Template::Subscription, Some(_)) => {
                return Err(Failure::new(
                    "a subscription ends after its last period, so --for has no say",
                    "leave --for out: --per and --payments say when it ends",
                ));
            }
            (template, lasting) => {
                frame.lasting(unit::parse_duration(lasting.unwrap_or(template.lasting()))?)
            }
        };
        let session = match self.template {
            Template::Game => self.game(frame),
            Template::Allowance => self.allowance(frame),
            Template::Payout => self.payout(frame),
            Template::Subscription => self.subscription(frame),
            Template::TradingBot => self.trading_bot(frame),
            Template::BatchMint => self.batch_mint(frame),
            Template::SecondDevice => self.second_device(frame),
            Template::AutomationKeeper => self.automation_keeper(frame),
            Template::Payroll => self.payroll(frame),
            Template::SignInAndPermits => self.sign_in_and_permits(frame),
        }?;
        let functions = Names::new(session.functions(), Vec::new());
        Ok(Filled { session, functions, decimals: self.token_decimals() })
    }

    fn game(&self, frame: SessionBuilder) -> Result<SessionBuilder, Failure> {
        self.need("call", self.call.first())?;
        let calls = self.calls(100)?;
        let game = GameMoves {
            game: self.need("target", self.target)?,
            functions: self.call.clone(),
            moves: calls.unwrap_or(u32::MAX),
            stake: unit::parse_ether(self.value.as_deref().unwrap_or("0.01 ETH"))?,
            stakes: self.amount.as_deref().map(unit::parse_ether).transpose()?,
        };
        if calls.is_some() {
            return Ok(game.fill(frame)?);
        }
        // Of moves that are not counted, no total follows from the stake.
        if game.stakes.is_none() && !game.stake.is_zero() {
            return Err(Failure::new(
                "moves that are not counted may lose any amount",
                "give the most ether in all (--amount), or let none go along (--value '0 ETH')",
            ));
        }
        Ok(game.fill(frame)?.uncounted_calls())
    }

    fn allowance(&self, frame: SessionBuilder) -> Result<SessionBuilder, Failure> {
        let token = self.need("target", self.target)?;
        let mut permission = PermissionBuilder::function(token, TRANSFER)?;
        if let Some(receiver) = self.one_receiver()? {
            permission = permission.argument_is_address(0, receiver);
        }
        let amount = self.tokens("amount", self.amount.as_deref())?;
        let frame = self.count(frame, 1_000)?.permit(permission);
        Ok(frame.budget_per_period(token, budgeted(amount)?, self.period(Some("1d"))?))
    }

    fn payout(&self, frame: SessionBuilder) -> Result<SessionBuilder, Failure> {
        let receiver = self.need("target", self.target)?;
        let amount = unit::parse_ether(self.need("amount", self.amount.as_deref())?)?;
        let permission = PermissionBuilder::plain_transfer(receiver).with_value(amount);
        let frame = self.count(frame, 1_000)?.permit(permission);
        Ok(frame.budget_per_period(NATIVE, budgeted(amount)?, self.period(Some(NEVER))?))
    }

    fn subscription(&self, frame: SessionBuilder) -> Result<SessionBuilder, Failure> {
        let subscription = Subscription {
            token: self.need("target", self.target)?,
            payee: self.need("receiver", self.one_receiver()?)?,
            price: budgeted(self.tokens("amount", self.amount.as_deref())?)?,
            period: self.period(None)?,
            payments: self.need("payments", self.payments)?,
        };
        Ok(subscription.fill(frame)?)
    }

    fn trading_bot(&self, frame: SessionBuilder) -> Result<SessionBuilder, Failure> {
        let bought = self.buy_decimals.unwrap_or(DECIMALS);
        let least_out = self.least_out.as_deref().map(|text| unit::parse_units(text, bought));
        let bot = TradingBot {
            router: self.need("target", self.target)?,
            token_in: self.need("sell", self.sell)?,
            token_out: self.need("buy", self.buy)?,
            fee: self.pool_fee,
            largest: self.tokens("largest", self.largest.as_deref())?,
            least_out: least_out.transpose()?.unwrap_or_default(),
            amount: budgeted(self.tokens("amount", self.amount.as_deref())?)?,
            period: self.period(Some(NEVER))?,
        };
        Ok(bot.fill(frame)?)
    }

    fn batch_mint(&self, frame: SessionBuilder) -> Result<SessionBuilder, Failure> {
        let mint = BatchMint {
            collection: self.need("target", self.target)?,
            function: self.one_call()?,
            receiver: self.one_receiver()?,
            calls: self.counted_calls()?,
            each: self.each.map(U256::from),
            price: self.value.as_deref().map_or(Ok(U256::ZERO), unit::parse_ether)?,
        };
        Ok(mint.fill(frame)?)
    }

    fn second_device(&self, frame: SessionBuilder) -> Result<SessionBuilder, Failure> {
        let native = match (self.amount.as_deref(), self.receiver.as_slice()) {
            (None, []) => None,
            (Some(amount), receivers @ [_, ..]) => Some(DailyNative {
                daily: budgeted(unit::parse_ether(amount)?)?,
                receivers: receivers.to_vec(),
            }),
            (None, _) => return self.need("amount", None),
            (Some(_), []) => return self.need("receiver", None),
        };
        let tokens: Result<Vec<DailyToken>, Failure> = self
            .token
            .iter()
            .map(|token| {
                let daily = budgeted(token.tokens(token.decimals())?)?;
                Ok(DailyToken { token: token.address, daily })
            })
            .collect();
        let tokens = tokens?;
        if native.is_none() && tokens.is_empty() {
            return self.need("token", None);
        }
        Ok(SecondDevice { native, tokens }.fill(frame)?)
    }

    fn automation_keeper(&self, frame: SessionBuilder) -> Result<SessionBuilder, Failure> {
        let keeper = AutomationKeeper {
            target: self.need("target", self.target)?,
            function: self.need("call", self.one_call()?)?,
            calls: if self.max_calls.is_some() { self.calls(0)? } else { None },
        };
        Ok(keeper.fill(frame)?)
    }

    fn payroll(&self, frame: SessionBuilder) -> Result<SessionBuilder, Failure> {
        self.need("payee", self.payee.first())?;
        let decimals = self.decimals.unwrap_or(DECIMALS);
        let payees: Result<Vec<Payee>, Failure> = self
            .payee
            .iter()
            .map(|it| Ok(Payee { payee: it.address, salary: it.tokens(decimals)? }))
            .collect();
        let payroll = Payroll {
            token: self.need("target", self.target)?,
            payees: payees?,
            period: self.period(None)?,
        };
        Ok(payroll.fill(frame)?)
    }

    fn sign_in_and_permits(&self, frame: SessionBuilder) -> Result<SessionBuilder, Failure> {
        let read = |path: &Path| -> Result<MessageType, Failure> {
            Ok(MessageType::of(&json::<Value>(path)?)?)
        };
        let terms = SignInAndPermits {
            sign_in: self.sign_in.iter().map(|path| read(path)).collect::<Result<_, _>>()?,
            permits: self
                .permit
                .iter()
                .map(|path| json::<PermitFile>(path)?.terms())
                .collect::<Result<_, _>>()?,
            transfers: self
                .permit2
                .iter()
                .map(|path| json::<TransferFile>(path)?.terms())
                .collect::<Result<_, _>>()?,
        };
        if terms == SignInAndPermits::default() {
            return self.need("sign-in", None);
        }
        Ok(terms.fill(frame))
    }

    /// The number of calls, `None` if they are not counted.
    fn calls(&self, default: u32) -> Result<Option<u32>, Failure> {
        match self.max_calls.as_deref() {
            None => Ok(Some(default)),
            Some(UNCOUNTED) => Ok(None),
            Some(text) => text.parse().map(Some).map_err(|_| {
                Failure::new(
                    format!("{text:?} is no number of calls"),
                    "give a whole number below 2^32, or \"uncounted\"",
                )
            }),
        }
    }

    fn counted_calls(&self) -> Result<u32, Failure> {
        self.need("max-calls", self.max_calls.as_ref())?;
        self.calls(0)?.ok_or_else(|| {
            Failure::new(
                format!("the template {} counts its calls", self.template.name()),
                "give a number of calls (--max-calls)",
            )
        })
    }

    fn count(&self, frame: SessionBuilder, default: u32) -> Result<SessionBuilder, Failure> {
        Ok(match self.calls(default)? {
            Some(calls) => frame.most_calls(calls),
            None => frame.uncounted_calls(),
        })
    }

    fn tokens(&self, flag: &str, amount: Option<&str>) -> Result<U256, Failure> {
        let decimals = self.decimals.unwrap_or(DECIMALS);
        Ok(unit::parse_units(self.need(flag, amount)?, decimals)?)
    }

    /// Seconds, 0 for one total.
    fn period(&self, default: Option<&str>) -> Result<u32, Failure> {
        match self.need("per", self.per.as_deref().or(default))? {
            NEVER => Ok(0),
            text => u32::try_from(unit::parse_duration(text)?).map_err(|_| {
                Failure::new(format!("{text:?} is too long a period"), "stay below 136 years")
            }),
        }
    }

    fn one_receiver(&self) -> Result<Option<Address>, Failure> {
        self.one("receiver", &self.receiver)
    }

    fn one_call(&self) -> Result<Option<String>, Failure> {
        self.one("call", &self.call)
    }

    fn one<T: Clone>(&self, flag: &str, given: &[T]) -> Result<Option<T>, Failure> {
        match given {
            [] => Ok(None),
            [one] => Ok(Some(one.clone())),
            several => Err(Failure::new(
                format!(
                    "the template {} takes one --{flag}, {} are given",
                    self.template.name(),
                    several.len()
                ),
                "make a session for each",
            )),
        }
    }

    /// The decimals of the tokens that are named.
    fn token_decimals(&self) -> Vec<(Address, u8)> {
        let decimals = self.decimals.unwrap_or(DECIMALS);
        let sold = if self.template == Template::TradingBot { self.sell } else { self.target };
        let tokens = self.token.iter().map(|token| (token.address, token.decimals()));
        sold.map(|token| (token, decimals)).into_iter().chain(tokens).collect()
    }
}

/// An allowance by ERC-2612, in a file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PermitFile {
    domain: Value,
    spender: Address,
    most: U256,
    deadline: U256,
}

impl PermitFile {
    fn terms(self) -> Result<Permit, Failure> {
        let Self { domain, spender, most, deadline } = self;
        let domain_separator = domain_separator(&domain)?;
        Ok(Permit { domain_separator, spender, most, deadline })
    }
}

/// A transfer by Permit2, in a file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TransferFile {
    domain: Value,
    token: Address,
    amount: U256,
    spender: Address,
    deadline: U256,
}

impl TransferFile {
    fn terms(self) -> Result<Permit2Transfer, Failure> {
        let Self { domain, token, amount, spender, deadline } = self;
        let domain_separator = domain_separator(&domain)?;
        Ok(Permit2Transfer { domain_separator, token, amount, spender, deadline })
    }
}

fn json<T: serde::de::DeserializeOwned>(path: &Path) -> Result<T, Failure> {
    let remedy = "write it as session new --help shows";
    serde_json::from_str(&read_file(path, remedy)?)
        .map_err(|error| Failure::new(format!("{}: {error}", path.display()), remedy))
}
