//! Functions as people write them, and the words of their arguments.

use core::fmt;

use alloy_dyn_abi::{DynSolType, Specifier};
use alloy_json_abi::Function;
use alloy_primitives::keccak256;

use super::word::WordType;
use crate::refusal::{Refusal, RefusalCode};

/// A function by its canonical signature, as in `transfer(address,uint256)`.
///
/// What is written is parsed, and the canonical form is hashed: names of parameters, spaces,
/// `uint` for `uint256`, `function` before it and `returns` behind it do not change the selector.
///
/// ```
/// use smart_session_client::FunctionSignature;
///
/// let move_piece: FunctionSignature = "function move(uint steps) returns (bool)".parse()?;
///
/// assert_eq!(move_piece.to_string(), "move(uint256)");
/// # Ok::<(), smart_session_client::Refusal>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FunctionSignature {
    canonical: String,
    parameters: Vec<DynSolType>,
}

impl core::str::FromStr for FunctionSignature {
    type Err = Refusal;

    fn from_str(text: &str) -> Result<Self, Refusal> {
        let malformed = || {
            Refusal::new(
                RefusalCode::MalformedFunction,
                format!("{text:?} is no function"),
                "write it with the types of its parameters, as \"transfer(address,uint256)\"",
            )
        };
        // The parser takes `Contract.Enum` for a uint8: nobody knows how large that enum is.
        if text.contains('.') {
            return Err(malformed());
        }
        let unnamed = without_component_names(text).ok_or_else(malformed)?;
        let function = Function::parse(unnamed.trim()).map_err(|_| malformed())?;
        let mut parameters = Vec::with_capacity(function.inputs.len());
        for input in &function.inputs {
            let parameter = input.resolve().map_err(|_| {
                Refusal::new(
                    RefusalCode::MalformedFunction,
                    format!("{text:?} has a parameter of type {:?}, which is no type", input.ty),
                    "write the types that the ABI has: address for a contract, uint8 for an \
                     enum, (type,type) for a struct",
                )
            })?;
            parameters.push(parameter);
        }
        let types: Vec<String> =
            parameters.iter().map(|parameter| parameter.sol_type_name().into_owned()).collect();
        let canonical = format!("{}({})", function.name, types.join(","));
        Ok(Self { canonical, parameters })
    }
}

/// Drops the names of the components of tuples, which the parser does not take: those of parameters
/// it does. `None` if something else stands in their place.
fn without_component_names(text: &str) -> Option<String> {
    let mut kept = String::with_capacity(text.len());
    let mut depth = 0_u32;
    // What is behind the type of a component.
    let mut behind: Option<String> = None;
    let mut has_type = false;
    for character in text.chars() {
        match character {
            '(' | ',' | ')' => {
                if behind.take().is_some_and(|name| !is_name_or_nothing(&name)) {
                    return None;
                }
                has_type = character == ')';
                depth = match character {
                    '(' => depth.saturating_add(1),
                    ')' => depth.saturating_sub(1),
                    _ => depth,
                };
                kept.push(character);
            }
            _ if depth < 2 => kept.push(character),
            _ if character.is_whitespace() && !has_type => {}
            _ => match &mut behind {
                Some(name) => name.push(character),
                None if character.is_whitespace() => behind = Some(String::new()),
                None => {
                    has_type = true;
                    kept.push(character);
                }
            },
        }
    }
    Some(kept)
}

fn is_name_or_nothing(text: &str) -> bool {
    text.trim().chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '$')
}

impl fmt::Display for FunctionSignature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.canonical)
    }
}

impl FunctionSignature {
    /// Returns its selector: the first four bytes of the hash of its canonical form.
    pub fn selector(&self) -> [u8; 4] {
        let [a, b, c, d, ..] = keccak256(&self.canonical).0;
        [a, b, c, d]
    }

    /// Returns the types of its parameters.
    pub fn parameters(&self) -> &[DynSolType] {
        &self.parameters
    }

    /// Returns what argument word `index` holds, where the parameters say it: `Ok(None)` for a
    /// word behind them, where values of dynamic length are.
    ///
    /// # Errors
    /// [`RefusalCode::NoSuchArgument`] if the calldata of the function never has that word.
    pub fn word(&self, index: u8) -> Result<Option<WordType>, Refusal> {
        let words: Vec<WordType> = self.parameters.iter().flat_map(WordType::of).collect();
        if let Some(word) = words.get(usize::from(index)) {
            return Ok(Some(*word));
        }
        if words.contains(&WordType::Offset) {
            return Ok(None);
        }
        Err(Refusal::new(
            RefusalCode::NoSuchArgument,
            format!("{self} has {} argument words, and no word {index}", words.len()),
            "count them from 0",
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> FunctionSignature {
        text.parse().unwrap()
    }

    /// Selectors as `solc` and viem write them.
    #[test]
    fn the_canonical_form_is_hashed_however_it_is_written() {
        for text in [
            "transfer(address,uint256)",
            " transfer( address , uint256 ) ",
            "transfer(address,uint)",
            "transfer(address to, uint amount)",
            "function transfer(address to, uint256 amount) external returns (bool)",
            "transfer(address payable,uint256)",
        ] {
            let function = parse(text);

            assert_eq!(function.to_string(), "transfer(address,uint256)", "{text}");
            assert_eq!(function.selector(), [0xa9, 0x05, 0x9c, 0xbb], "{text}");
        }
        // exactInputSingle of Uniswap's SwapRouter.
        let swap =
            "exactInputSingle((address,address,uint24,address,uint256,uint256,uint256,uint160))";
        let named = "exactInputSingle((address tokenIn, address tokenOut, uint24 fee, address to, \
                     uint256 deadline, uint256 amountIn, uint256 least, uint160 limit) params)";
        assert_eq!(parse(swap).selector(), [0x41, 0x4b, 0xf3, 0x89]);
        assert_eq!(parse(named).to_string(), swap);
        assert_eq!(parse("f(uint[2][] a, int b)").to_string(), "f(uint256[2][],int256)");
        let nested = "f(((uint a, bool b)[2] pairs, bytes data)[] items, address to)";
        assert_eq!(parse(nested).to_string(), "f(((uint256,bool)[2],bytes)[],address)");
    }

    #[test]
    fn what_is_no_function_is_refused() {
        for text in [
            "",
            "move",
            "move(",
            "(uint8)",
            "move(uint8",
            "move(uint7)",
            "move(uint264)",
            "move(bytes33)",
            "move(Piece)",
            "move(Game.Piece)",
            "move(uint8) and more",
            "move(uint8);drop(uint8)",
            "1move(uint8)",
            "move((uint8 a b))",
            "move((uint8 [2]))",
        ] {
            let refusal = text.parse::<FunctionSignature>().unwrap_err();

            assert_eq!(refusal.code(), RefusalCode::MalformedFunction, "{text}");
        }
    }

    #[test]
    fn words_are_those_of_the_abi() {
        let fixed = parse("f(uint8,(bool,bytes4)[2],int16)");
        let open = parse("f(string,address)");

        assert_eq!(fixed.word(1), Ok(Some(WordType::Bool)));
        assert_eq!(fixed.word(4), Ok(Some(WordType::Bytes(4))));
        assert_eq!(fixed.word(5), Ok(Some(WordType::Int(16))));
        assert_eq!(fixed.word(6).unwrap_err().code(), RefusalCode::NoSuchArgument);
        assert_eq!(open.word(0), Ok(Some(WordType::Offset)));
        assert_eq!(open.word(1), Ok(Some(WordType::Address)));
        assert_eq!(open.word(2), Ok(None), "the length of the string");
    }
}
