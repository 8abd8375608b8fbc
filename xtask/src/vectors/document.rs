//! The shape of the file. Numbers that may exceed 2^53 are decimal text.

use serde::Serialize;

/// The whole file.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Document {
    pub(crate) module: String,
    pub(crate) vectors: Vec<Vector>,
    pub(crate) revocations: Revocations,
}

/// One session, what it is known by, and what is done within it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Vector {
    pub(crate) name: &'static str,
    /// The secret key of the delegate.
    pub(crate) delegate_secret: String,
    pub(crate) session: Session,
    pub(crate) id: String,
    pub(crate) digest: String,
    pub(crate) packed: String,
    pub(crate) disclosed: Vec<Disclosed>,
    pub(crate) operation: Option<Operation>,
    pub(crate) signing: Option<Signing>,
}

/// A session, field by field.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Session {
    pub(crate) account: String,
    pub(crate) chains: Vec<Chain>,
    pub(crate) delegate: String,
    pub(crate) delegate_kind: u8,
    pub(crate) valid_after: u64,
    pub(crate) valid_until: u64,
    pub(crate) max_calls: u32,
    pub(crate) fee_limit: String,
    pub(crate) paymaster: String,
    pub(crate) permissions: Vec<Permission>,
    pub(crate) budgets: Vec<Budget>,
    pub(crate) signing: Vec<Scope>,
    pub(crate) salt: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Chain {
    pub(crate) chain_id: String,
    pub(crate) epoch: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Permission {
    pub(crate) target: String,
    pub(crate) selector: String,
    pub(crate) value_limit: String,
    pub(crate) rules: Vec<Rule>,
}

#[derive(Serialize)]
pub(crate) struct Rule {
    pub(crate) index: u8,
    pub(crate) min: String,
    pub(crate) max: String,
}

#[derive(Serialize)]
pub(crate) struct Budget {
    pub(crate) token: String,
    pub(crate) amount: String,
    pub(crate) period: u32,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Scope {
    pub(crate) domain_separator: String,
    pub(crate) type_hash: String,
    pub(crate) rules: Vec<Rule>,
}

/// What is shown in full; `null` for everything.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Shown {
    pub(crate) chain_id: Option<String>,
    pub(crate) permissions: Option<Vec<u8>>,
    pub(crate) signing: Option<Vec<u8>>,
}

/// A packed session that shows only a part.
#[derive(Serialize)]
pub(crate) struct Disclosed {
    #[serde(flatten)]
    pub(crate) shown: Shown,
    pub(crate) packed: String,
}

/// An operation within the session.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Operation {
    pub(crate) mode: &'static str,
    pub(crate) disclosure: Shown,
    pub(crate) permission_indices: Vec<u8>,
    pub(crate) claimed_time: Option<u64>,
    pub(crate) owner_signature: Option<String>,
    pub(crate) user_op_hash: String,
    /// What the delegate signs.
    pub(crate) digest: String,
    pub(crate) delegate_signature: String,
    /// All of `userOp.signature`.
    pub(crate) signature: String,
    /// What the direct path takes for it.
    pub(crate) direct: String,
    /// The same as a permission context (ERC-7710).
    pub(crate) context: String,
    pub(crate) order: Order,
}

/// What a delegate signs so that anyone may bring the operation's calls.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_field_names, reason = "the order's bytes, under the name that is shared")]
pub(crate) struct Order {
    pub(crate) chain_id: String,
    pub(crate) mode: String,
    pub(crate) execution_calldata: String,
    pub(crate) nonce: u32,
    pub(crate) deadline: u64,
    pub(crate) gas: u32,
    pub(crate) relayer: String,
    /// What the delegate signs.
    pub(crate) digest: String,
    pub(crate) delegate_signature: String,
    /// All of it, as the module takes it.
    pub(crate) order: String,
}

/// A message that the session signs through ERC-1271.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Signing {
    pub(crate) disclosure: Shown,
    pub(crate) scope: u8,
    pub(crate) words: Vec<String>,
    /// The hash that an app asks about.
    pub(crate) hash: String,
    /// What the delegate signs.
    pub(crate) digest: String,
    pub(crate) delegate_signature: String,
    /// All of the ERC-1271 signature, as the module takes it.
    pub(crate) signature: String,
}

/// What is signed to end sessions.
#[derive(Serialize)]
pub(crate) struct Revocations {
    pub(crate) one: RevokeOne,
    pub(crate) all: RevokeAll,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RevokeOne {
    pub(crate) account: String,
    pub(crate) session_id: String,
    pub(crate) digest: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RevokeAll {
    pub(crate) account: String,
    pub(crate) chain_id: String,
    pub(crate) epoch: String,
    pub(crate) salt: String,
    pub(crate) digest: String,
}
