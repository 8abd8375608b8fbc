//! Calls, as they are given on the command line or in a file.

use std::path::PathBuf;

use alloy_dyn_abi::{DynSolType, DynSolValue};
use alloy_primitives::{Address, Bytes, U256};
use clap::Args;
use serde::Deserialize;
use smart_session_client::{Call, FunctionSignature, parse_address, unit};

use crate::failure::Failure;
use crate::source::read_file;

/// What the account shall do.
#[derive(Args, Clone, Debug)]
pub(crate) struct Calls {
    /// The contract, or the receiver of a plain transfer.
    #[arg(long, value_name = "ADDRESS", value_parser = parse_address, required_unless_present = "file")]
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
    to: String,
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
            let malformed = |error: String| {
                Failure::new(
                    format!("{}: {error}", path.display()),
                    "write it as [{\"to\": \"0x…\", \"call\": \"move(uint8)\", \"args\": [\"1\"]}]",
                )
            };
            let entries: Vec<Entry> =
                serde_json::from_str(&read_file(path, "name a file with calls")?)
                    .map_err(|error| malformed(error.to_string()))?;
            let read = |entry: Entry| {
                let to = parse_address(&entry.to).map_err(malformed)?;
                entry.read(to)
            };
            return entries.into_iter().map(read).collect();
        }
        let to = self.to.ok_or_else(|| Failure::new("no call is given", "give --to"))?;
        let (call, args) = (self.call.clone(), self.arg.clone());
        let (data, value) = (self.data.clone(), self.value.clone());
        Ok(vec![Entry { to: to.to_string(), call, args, data, value }.read(to)?])
    }
}

impl Entry {
    fn read(self, to: Address) -> Result<Call, Failure> {
        let data = match (self.call, self.data) {
            (Some(signature), None) => encode(&signature, &self.args)?,
            (None, data) => data.unwrap_or_default(),
            (Some(_), Some(_)) => {
                return Err(Failure::new("a call has calldata and a function", "keep one of them"));
            }
        };
        let value = self.value.map_or(Ok(U256::ZERO), |text| unit::parse_ether(&text))?;
        Ok(Call::new(to, data).with_value(value))
    }
}

/// Encodes a call of a function.
fn encode(signature: &str, args: &[String]) -> Result<Bytes, Failure> {
    let function: FunctionSignature = signature.parse()?;
    let parameters = function.parameters();
    if parameters.len() != args.len() {
        return Err(Failure::new(
            format!("arguments of {function}: {}, given: {}", parameters.len(), args.len()),
            "give --arg once for each",
        ));
    }
    let values: Result<Vec<DynSolValue>, Failure> =
        parameters.iter().zip(args).map(|(parameter, text)| value(parameter, text)).collect();
    let arguments = DynSolValue::Tuple(values?).abi_encode_params();
    Ok([function.selector().as_slice(), &arguments].concat().into())
}

fn value(parameter: &DynSolType, text: &str) -> Result<DynSolValue, Failure> {
    let none = |reason: String| Failure::new(reason, "give it as Solidity writes it");
    if *parameter == DynSolType::Address {
        return parse_address(text).map(DynSolValue::Address).map_err(none);
    }
    parameter
        .coerce_str(text)
        .map_err(|_| none(format!("{text:?} is no {}", parameter.sol_type_name())))
}
