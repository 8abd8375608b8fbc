//! Calls, as they are given on the command line or in a file.

use std::path::PathBuf;

use alloy_dyn_abi::{DynSolValue, JsonAbiExt, Specifier};
use alloy_json_abi::Function;
use alloy_primitives::{Address, Bytes, U256};
use clap::Args;
use serde::Deserialize;
use session_client::{Call, unit};

use crate::failure::Failure;
use crate::source::read_file;

/// What the account shall do.
#[derive(Args, Clone, Debug)]
pub(crate) struct Calls {
    /// The contract, or the receiver of a plain transfer.
    #[arg(long, value_name = "ADDRESS", required_unless_present = "file")]
    to: Option<Address>,
    /// The function, as in "transfer(address,uint256)"; none for a plain transfer.
    #[arg(long, value_name = "SIGNATURE", requires = "to", conflicts_with = "data")]
    call: Option<String>,
    /// An argument of the function; repeat it for the next.
    #[arg(long, value_name = "VALUE", requires = "call", allow_hyphen_values = true)]
    arg: Vec<String>,
    /// The calldata, instead of a function.
    #[arg(long, value_name = "HEX", requires = "to")]
    data: Option<Bytes>,
    /// The ether that goes along, as in "0.01 ETH".
    #[arg(long, value_name = "AMOUNT", requires = "to")]
    value: Option<String>,
    /// A JSON file with several calls: [{"to", "call", "args", "data", "value"}, …].
    #[arg(long = "calls", value_name = "FILE", conflicts_with = "to")]
    file: Option<PathBuf>,
}

/// One call in a file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    to: Address,
    #[serde(default)]
    call: Option<String>,
    #[serde(default)]
    args: Vec<String>,
    #[serde(default)]
    data: Option<Bytes>,
    #[serde(default)]
    value: Option<String>,
}

impl Calls {
    /// Reads the calls.
    pub(crate) fn read(&self) -> Result<Vec<Call>, Failure> {
        if let Some(path) = &self.file {
            let entries: Vec<Entry> = serde_json::from_str(&read_file(path)?).map_err(|error| {
                Failure::new(
                    format!("{}: {error}", path.display()),
                    "write it as [{\"to\": \"0x…\", \"call\": \"move(uint8)\", \"args\": [\"1\"]}]",
                )
            })?;
            return entries.into_iter().map(Entry::read).collect();
        }
        let to = self.to.ok_or_else(|| Failure::new("no call is given", "give --to"))?;
        let (call, args) = (self.call.clone(), self.arg.clone());
        let (data, value) = (self.data.clone(), self.value.clone());
        Ok(vec![Entry { to, call, args, data, value }.read()?])
    }
}

impl Entry {
    fn read(self) -> Result<Call, Failure> {
        let data = match (self.call, self.data) {
            (Some(signature), None) => encode(&signature, &self.args)?,
            (None, data) => data.unwrap_or_default(),
            (Some(_), Some(_)) => {
                return Err(Failure::new("a call has calldata and a function", "keep one of them"));
            }
        };
        let value = self.value.map_or(Ok(U256::ZERO), |text| unit::parse_ether(&text))?;
        Ok(Call::new(self.to, data).with_value(value))
    }
}

/// Encodes a call of a function.
fn encode(signature: &str, args: &[String]) -> Result<Bytes, Failure> {
    let function = Function::parse(signature).map_err(|_| {
        Failure::new(
            format!("{signature:?} is no function"),
            "write it as \"transfer(address,uint256)\"",
        )
    })?;
    if function.inputs.len() != args.len() {
        return Err(Failure::new(
            format!(
                "{signature} takes {} arguments, {} are given",
                function.inputs.len(),
                args.len()
            ),
            "give --arg once for each",
        ));
    }
    let values: Result<Vec<DynSolValue>, Failure> = function
        .inputs
        .iter()
        .zip(args)
        .map(|(input, text)| {
            input.resolve().and_then(|of| of.coerce_str(text)).map_err(|_| {
                Failure::new(
                    format!("{text:?} is no {}", input.ty),
                    "give it as Solidity writes it",
                )
            })
        })
        .collect();
    let encoded = function.abi_encode_input(&values?).map_err(|error| {
        Failure::new(format!("{signature} cannot be encoded: {error}"), "check its arguments")
    })?;
    Ok(encoded.into())
}
