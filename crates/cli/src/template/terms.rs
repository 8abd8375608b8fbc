//! The flags that templates are filled with.

use std::path::PathBuf;

use alloy_primitives::Address;
use clap::Args;
use smart_session_client::parse_address;

use super::Template;
use super::amount::{AddressedAmount, addressed};
use crate::failure::Failure;

/// What a template is filled with.
#[derive(Args, Clone, Debug)]
pub(crate) struct Terms {
    /// What the session is for.
    #[arg(long, value_enum, default_value = "game")]
    pub(super) template: Template,
    /// The contract that may be called, the token, the router, or the receiver of ether.
    #[arg(long, value_name = "ADDRESS", value_parser = parse_address)]
    pub(super) target: Option<Address>,
    /// The function that may be called, as in "move(uint8)"; repeat it for the next.
    #[arg(long, value_name = "SIGNATURE")]
    pub(super) call: Vec<String>,
    /// The most ether that may go with one call, as in "0.01 ETH".
    #[arg(long, value_name = "AMOUNT")]
    pub(super) value: Option<String>,
    /// The most that may move: tokens as in "12.5", ether as in "0.5 ETH".
    #[arg(long, value_name = "AMOUNT")]
    pub(super) amount: Option<String>,
    /// The token's decimals; 18 if left out.
    #[arg(long, value_name = "N")]
    pub(super) decimals: Option<u8>,
    /// How often the amount begins anew, as in "1d"; "never" for one total.
    #[arg(long, value_name = "DURATION")]
    pub(super) per: Option<String>,
    /// Who receives; repeat it for the next, where there may be several.
    #[arg(long, value_name = "ADDRESS", value_parser = parse_address)]
    pub(super) receiver: Vec<Address>,
    /// How many periods of a subscription are paid for.
    #[arg(long, value_name = "N")]
    pub(super) payments: Option<u32>,
    /// One who is paid, with the most in one payment; repeat it for the next.
    #[arg(long, value_name = "ADDRESS=AMOUNT", value_parser = addressed)]
    pub(super) payee: Vec<AddressedAmount>,
    /// An ERC-20 with the most in a day, and its decimals if not 18; repeat it for the next.
    #[arg(long, value_name = "ADDRESS=AMOUNT[:DECIMALS]", value_parser = addressed)]
    pub(super) token: Vec<AddressedAmount>,
    /// The token that is sold.
    #[arg(long, value_name = "ADDRESS", value_parser = parse_address)]
    pub(super) sell: Option<Address>,
    /// The token that is bought.
    #[arg(long, value_name = "ADDRESS", value_parser = parse_address)]
    pub(super) buy: Option<Address>,
    /// The pool's fee, in hundredths of a basis point; any pool if left out.
    #[arg(long, value_name = "N")]
    pub(super) pool_fee: Option<u32>,
    /// The most that one swap sells.
    #[arg(long, value_name = "AMOUNT")]
    pub(super) largest: Option<String>,
    /// The least that one swap buys; any price if left out.
    #[arg(long, value_name = "AMOUNT")]
    pub(super) least_out: Option<String>,
    /// The decimals of the token that is bought; 18 if left out.
    #[arg(long, value_name = "N")]
    pub(super) buy_decimals: Option<u8>,
    /// The most that one call mints, where the second argument says how many.
    #[arg(long, value_name = "N")]
    pub(super) each: Option<u64>,
    /// A file with a message that signs in to an app, as eth_signTypedData_v4 takes it: any message
    /// of its type and domain may be signed. Repeat it for the next.
    #[arg(long, value_name = "FILE")]
    pub(super) sign_in: Vec<PathBuf>,
    /// A file with an allowance by ERC-2612: {"domain", "spender", "most", "deadline"}, the domain
    /// as in typed data, the amount in the smallest unit. Repeat it for the next.
    #[arg(long, value_name = "FILE")]
    pub(super) permit: Vec<PathBuf>,
    /// A file with a transfer by Permit2: {"domain", "token", "amount", "spender", "deadline"}.
    /// Repeat it for the next.
    #[arg(long, value_name = "FILE")]
    pub(super) permit2: Vec<PathBuf>,
    /// How long the session is valid, as in "2h" or "30d".
    #[arg(long = "for", value_name = "DURATION")]
    pub(super) lasting: Option<String>,
    /// The total number of calls, or "uncounted".
    #[arg(long, value_name = "N")]
    pub(super) max_calls: Option<String>,
    /// The most that gas may cost in total, whoever pays; "uncounted" where one paymaster is named.
    #[arg(long, value_name = "AMOUNT", default_value = "0.01 ETH")]
    pub(super) fees: String,
}

impl Terms {
    /// The flags of templates that were given, by their names.
    fn given(&self) -> Vec<&'static str> {
        [
            ("target", self.target.is_some()),
            ("call", !self.call.is_empty()),
            ("value", self.value.is_some()),
            ("amount", self.amount.is_some()),
            ("decimals", self.decimals.is_some()),
            ("per", self.per.is_some()),
            ("receiver", !self.receiver.is_empty()),
            ("payments", self.payments.is_some()),
            ("payee", !self.payee.is_empty()),
            ("token", !self.token.is_empty()),
            ("sell", self.sell.is_some()),
            ("buy", self.buy.is_some()),
            ("pool-fee", self.pool_fee.is_some()),
            ("largest", self.largest.is_some()),
            ("least-out", self.least_out.is_some()),
            ("buy-decimals", self.buy_decimals.is_some()),
            ("each", self.each.is_some()),
            ("sign-in", !self.sign_in.is_empty()),
            ("permit", !self.permit.is_empty()),
            ("permit2", !self.permit2.is_empty()),
            ("max-calls", self.max_calls.is_some()),
        ]
        .into_iter()
        .filter(|(_, is_given)| *is_given)
        .map(|(flag, _)| flag)
        .collect()
    }

    /// Refuses flags that the template does not take: what they ask for would not be granted, or
    /// not be bounded.
    pub(super) fn check_flags(&self) -> Result<(), Failure> {
        let flags = self.template.flags();
        let Some(stray) = self.given().into_iter().find(|flag| !flags.contains(flag)) else {
            return Ok(());
        };
        Err(Failure::new(
            format!("the template {} takes no --{stray}", self.template.name()),
            format!("leave it out; it takes --{}", flags.join(", --")),
        ))
    }

    /// Returns a flag's value that the template cannot do without.
    pub(super) fn need<T>(&self, flag: &str, value: Option<T>) -> Result<T, Failure> {
        value.ok_or_else(|| {
            let name = self.template.name();
            Failure::new(format!("the template {name} needs --{flag}"), format!("give --{flag}"))
        })
    }
}

impl Template {
    pub(super) fn name(self) -> String {
        clap::ValueEnum::to_possible_value(&self)
            .map_or_else(String::new, |value| value.get_name().to_owned())
    }
}
