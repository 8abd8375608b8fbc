//! Messages that are signed for apps through ERC-1271, and no calls.

use alloy_dyn_abi::TypedData;
use alloy_primitives::{Address, B256, U256, keccak256};
use alloy_sol_types::{Eip712Domain, SolStruct, sol};
use serde_json::Value;
use smart_session_core::session::{ArgumentRule, SigningScope};

use crate::refusal::{Refusal, RefusalCode};
use crate::session::builder::SessionBuilder;

sol! {
    /// What Permit2 moves, within what it signs.
    struct TokenPermissions {
        address token;
        uint256 amount;
    }
}

const PERMIT: &str =
    "Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)";
const PERMIT_TRANSFER_FROM: &str = "PermitTransferFrom(TokenPermissions permitted,\
     address spender,uint256 nonce,uint256 deadline)TokenPermissions(address token,uint256 amount)";

/// Signatures for apps.
///
/// What is permitted by a signature is in no budget, and each signature may be made again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SignInAndPermits {
    /// Messages that sign in to an app: any of the type and domain.
    pub sign_in: Vec<MessageType>,
    /// Allowances by ERC-2612.
    pub permits: Vec<Permit>,
    /// Transfers by Permit2.
    pub transfers: Vec<Permit2Transfer>,
}

/// The type and the domain of a message, both hashed by EIP-712.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MessageType {
    /// Hash of the domain.
    pub domain_separator: B256,
    /// Hash of the type.
    pub type_hash: B256,
}

impl MessageType {
    /// Reads them from a message, as `eth_signTypedData_v4` takes it.
    ///
    /// # Errors
    /// [`RefusalCode::Malformed`] if it is no typed data, or describes its domain by another type
    /// than what its domain has.
    pub fn of(message: &Value) -> Result<Self, Refusal> {
        let remedy = "give typed data as eth_signTypedData_v4 takes it";
        let malformed = |why: String| {
            Refusal::new(RefusalCode::Malformed, format!("no typed data: {why}"), remedy)
        };
        let typed: TypedData = serde_json::from_value(message.clone())
            .map_err(|error| malformed(error.to_string()))?;
        let named = message.get("types").and_then(|types| types.get("EIP712Domain"));
        if let Some(fields) = named
            && !is_type_of(fields, &typed.domain)
        {
            return Err(malformed("EIP712Domain is not the type of its domain".into()));
        }
        // Hashing the whole finds what is wrong in its types and its message.
        typed.eip712_signing_hash().map_err(|error| malformed(error.to_string()))?;
        let type_hash = typed.type_hash().map_err(|error| malformed(error.to_string()))?;
        let domain = message.get("domain").unwrap_or(&Value::Null);
        Ok(Self { domain_separator: domain_separator(domain)?, type_hash })
    }
}

/// Returns the hash of an app's domain, as typed data has it: `name`, `version`, `chainId`,
/// `verifyingContract` and `salt`, each where the app has it.
///
/// # Errors
/// [`RefusalCode::Malformed`] if it is no domain.
pub fn domain_separator(domain: &Value) -> Result<B256, Refusal> {
    let malformed = |why: String| {
        Refusal::new(
            RefusalCode::Malformed,
            format!("no domain of typed data: {why}"),
            "give name, version, chainId and verifyingContract as the app's messages have them",
        )
    };
    let fields = domain.as_object().ok_or_else(|| malformed(format!("{domain} is no object")))?;
    let known = ["name", "version", "chainId", "verifyingContract", "salt"];
    if let Some(other) = fields.keys().find(|field| !known.contains(&field.as_str())) {
        return Err(malformed(format!("it has no field {other:?}")));
    }
    let domain: Eip712Domain =
        serde_json::from_value(domain.clone()).map_err(|error| malformed(error.to_string()))?;
    Ok(domain.separator())
}

/// Whether fields, as typed data lists them, are those that a domain has, in EIP-712's order.
fn is_type_of(fields: &Value, domain: &Eip712Domain) -> bool {
    let text = |field: &Value, name: &str| field.get(name)?.as_str().map(str::to_owned);
    let field = |field: &Value| Some(format!("{} {}", text(field, "type")?, text(field, "name")?));
    let fields: Option<Vec<String>> =
        fields.as_array().and_then(|fields| fields.iter().map(field).collect());
    fields
        .is_some_and(|fields| format!("EIP712Domain({})", fields.join(",")) == domain.encode_type())
}

/// Allowances of a token by ERC-2612, to one spender.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Permit {
    /// Hash of the token's domain.
    pub domain_separator: B256,
    /// Who may spend.
    pub spender: Address,
    /// The most, in the token's smallest unit.
    pub most: U256,
    /// The latest deadline, in unix seconds.
    pub deadline: U256,
}

/// Transfers of a token by Permit2, to one spender.
///
/// Token and amount are hashed within the message, so a session names an amount and does not
/// bound it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Permit2Transfer {
    /// Hash of Permit2's domain.
    pub domain_separator: B256,
    /// An ERC-20.
    pub token: Address,
    /// The exact amount, in its smallest unit.
    pub amount: U256,
    /// Who takes it.
    pub spender: Address,
    /// The latest deadline, in unix seconds.
    pub deadline: U256,
}

impl SignInAndPermits {
    /// Fills a session in. It calls nothing.
    pub fn fill(&self, frame: SessionBuilder) -> SessionBuilder {
        let account = frame.account();
        let sign_in = self.sign_in.iter().map(|message| SigningScope {
            domain_separator: message.domain_separator,
            type_hash: message.type_hash,
            rules: Vec::new(),
        });
        let permits = self.permits.iter().map(|permit| SigningScope {
            domain_separator: permit.domain_separator,
            type_hash: keccak256(PERMIT),
            rules: vec![
                is(0, word(account)),
                is(1, word(permit.spender)),
                at_most(2, permit.most),
                at_most(4, permit.deadline),
            ],
        });
        let transfers = self.transfers.iter().map(|transfer| {
            let Permit2Transfer { token, amount, .. } = *transfer;
            let permitted = TokenPermissions { token, amount }.eip712_hash_struct();
            SigningScope {
                domain_separator: transfer.domain_separator,
                type_hash: keccak256(PERMIT_TRANSFER_FROM),
                rules: vec![
                    is(0, permitted.into()),
                    is(1, word(transfer.spender)),
                    at_most(3, transfer.deadline),
                ],
            }
        });
        let scopes = sign_in.chain(permits).chain(transfers);
        scopes.fold(frame.most_calls(1), SessionBuilder::sign)
    }
}

fn word(address: Address) -> U256 {
    address.into_word().into()
}

const fn is(index: u8, value: U256) -> ArgumentRule {
    ArgumentRule { index, min: value, max: value }
}

const fn at_most(index: u8, most: U256) -> ArgumentRule {
    ArgumentRule { index, min: U256::ZERO, max: most }
}
