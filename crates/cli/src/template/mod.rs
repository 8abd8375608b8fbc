//! What sessions are commonly for: `session new --template`.

mod amount;
mod fill;
mod terms;

use clap::ValueEnum;

pub(crate) use terms::Terms;

/// What a session is for, with the flags that it takes beside --for and --fees. What it grants and
/// what it does not stop is told in docs/recipes.md.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Template {
    /// Functions of one contract (game moves): --target, --call for each, --max-calls, --value with
    /// one call, --amount in all. 2 hours, 100 calls, 0.01 ETH a call.
    Game,
    /// Transfers of an ERC-20 up to an amount each day: --target (the token), --amount,
    /// --decimals, --per, and --receiver if there is only one. 30 days.
    Allowance,
    /// Ether to one receiver up to a total: --target, --amount, --per. 30 days.
    Payout,
    /// One transfer of an ERC-20 in each period: --target (the token), --receiver, --amount,
    /// --decimals, --per, --payments. It ends after the last period.
    Subscription,
    /// Swaps of one ERC-20 for another: --target (the router), --sell, --buy, --pool-fee, --largest,
    /// --least-out, --amount, --decimals, --buy-decimals, --per. 1 day.
    TradingBot,
    /// NFTs for one receiver: --target (their contract), --call, --receiver, --max-calls, --each,
    /// --value. 1 day.
    BatchMint,
    /// Daily amounts, no approvals: --amount of ether to each --receiver, --token for each ERC-20.
    /// 30 days.
    SecondDevice,
    /// One function, any arguments, no value: --target, --call, --max-calls. 30 days.
    AutomationKeeper,
    /// Transfers of an ERC-20 to several payees from one budget: --target (the token), --payee for
    /// each, --decimals, --per. 360 days.
    Payroll,
    /// Signatures for apps, no calls: --sign-in, --permit, --permit2. 1 day.
    SignInAndPermits,
}

impl Template {
    /// How long it lasts unless something else is said.
    const fn lasting(self) -> &'static str {
        match self {
            Self::Game => "2h",
            Self::TradingBot | Self::BatchMint | Self::SignInAndPermits => "1d",
            Self::Payroll => "360d",
            _ => "30d",
        }
    }

    /// The flags that it takes, in the order of the help.
    const fn flags(self) -> &'static [&'static str] {
        match self {
            Self::Game => &["target", "call", "max-calls", "value", "amount"],
            Self::Allowance => &["target", "amount", "decimals", "per", "receiver", "max-calls"],
            Self::Payout => &["target", "amount", "per", "max-calls"],
            Self::Subscription => &["target", "receiver", "amount", "decimals", "per", "payments"],
            Self::TradingBot => &[
                "target",
                "sell",
                "buy",
                "pool-fee",
                "largest",
                "least-out",
                "amount",
                "decimals",
                "buy-decimals",
                "per",
            ],
            Self::BatchMint => &["target", "call", "receiver", "max-calls", "each", "value"],
            Self::SecondDevice => &["amount", "receiver", "token"],
            Self::AutomationKeeper => &["target", "call", "max-calls"],
            Self::Payroll => &["target", "payee", "decimals", "per"],
            Self::SignInAndPermits => &["sign-in", "permit", "permit2"],
        }
    }
}
