//! From cases to the text of the file.

use std::error::Error;

use alloy_primitives::aliases::{U24, U48};
use alloy_primitives::{Address, B256, U256, hex, keccak256};
use alloy_sol_types::{SolStruct, SolValue, eip712_domain};
use smart_session_core::packed::DelegateKind;
use smart_session_core::session::{ArgumentRule, Disclosure, Session};

use super::cases::{self, Act, Case, MODULE, Message};
use super::document;
use super::document::{
    Budget, Chain, Disclosed, Document, Operation, Order, Permission, Revocations, RevokeAll,
    RevokeOne, Rule, Scope, Shown, Signing, Vector,
};
use super::signed::{
    Execution, RevokeAllSessions, RevokeSession, SessionExecution, SessionOperation,
    SessionSignature,
};
use crate::keys::{self, Key};

/// Returns the text of `sessions.json`.
pub(crate) fn document() -> Result<String, Box<dyn Error>> {
    let vectors: Vec<_> = cases::all()?.into_iter().map(vector).collect::<Result<_, _>>()?;
    let document = Document { module: text(MODULE), vectors, revocations: revocations()? };
    Ok(serde_json::to_string_pretty(&document)? + "\n")
}

fn vector(case: Case) -> Result<Vector, Box<dyn Error>> {
    let Case { name, key, session, shown, act, message } = case;
    let disclosed = shown.iter().map(|shown| {
        let packed = text(session.pack_disclosing(shown)?);
        Ok::<_, Box<dyn Error>>(Disclosed { shown: show(shown), packed })
    });
    Ok(Vector {
        name,
        delegate_secret: text(keys::SECRET),
        id: text(session.id()),
        digest: text(digest(session.id())),
        packed: text(session.pack()?),
        disclosed: disclosed.collect::<Result<_, _>>()?,
        operation: act.map(|act| operation(&session, key, act)).transpose()?,
        signing: message.map(|message| signing(&session, key, message)).transpose()?,
        session: fields(&session),
    })
}

fn operation(session: &Session, key: Key, act: Act) -> Result<Operation, Box<dyn Error>> {
    let Act { disclosure, permissions, claimed_time, owner_signature } = act;
    let is_enable = owner_signature.is_some();
    let mut direct = vec![u8::from(is_enable)];
    direct.extend(session.pack_disclosing(&disclosure)?);
    let mut context = [session.account.as_slice(), &direct].concat();
    direct.extend(&permissions);
    let order = order(session, key, &direct, permissions.len())?;

    let mut signature = direct.clone();
    if let Some(time) = claimed_time {
        let [_, _, time @ ..] = time.to_be_bytes();
        signature.extend(time);
    }
    let user_op_hash = B256::repeat_byte(0xab);
    let disclosed = keccak256(&signature);
    let operation = SessionOperation {
        userOpHash: user_op_hash,
        sessionId: session.id(),
        disclosure: disclosed,
    };
    let digest = digest(operation.eip712_hash_struct());
    if let Some(owner) = &owner_signature {
        let length = u16::try_from(owner.len())?.to_be_bytes();
        for bytes in [&mut signature, &mut direct, &mut context] {
            bytes.extend(length);
            bytes.extend(owner);
        }
    }
    let delegate_signature = key.sign(digest)?;
    signature.extend(&delegate_signature);

    Ok(Operation {
        mode: if is_enable { "enable" } else { "use" },
        disclosure: show(&disclosure),
        permission_indices: permissions,
        claimed_time,
        owner_signature: owner_signature.map(text),
        user_op_hash: text(user_op_hash),
        digest: text(digest),
        delegate_signature: text(delegate_signature),
        signature: text(signature),
        direct: text(direct),
        context: text(context),
        order,
    })
}

/// Returns an order of so many calls, the seventh one of its session. A P-256 key and a passkey name
/// who brings it, and no gas.
fn order(
    session: &Session,
    key: Key,
    disclosed: &[u8],
    calls: usize,
) -> Result<Order, Box<dyn Error>> {
    let (chain_id, nonce, deadline) = (42_161_u64, 7_u32, 1_700_000_300_u64);
    let (gas, relayer) = match key.0 {
        DelegateKind::Secp256k1 => (100_000_u32, Address::ZERO),
        DelegateKind::P256 | DelegateKind::WebAuthn => (0, Address::repeat_byte(0x4e)),
    };
    let one = Execution {
        target: Address::repeat_byte(0x9a),
        value: U256::from(5),
        callData: vec![0x1a, 0x2b, 0x3c, 0x4d].into(),
    };
    let (mode, calldata) = if calls == 1 {
        let value = one.value.to_be_bytes::<32>();
        (B256::ZERO, [one.target.as_slice(), &value, &one.callData].concat())
    } else {
        (B256::right_padding_from(&[1]), vec![one; calls].abi_encode())
    };
    let meant = SessionExecution {
        sessionId: session.id(),
        disclosure: keccak256(disclosed),
        chainId: U256::from(chain_id),
        mode,
        executions: keccak256(&calldata),
        nonce: U24::from(nonce),
        deadline: U48::from(deadline),
        gas,
        relayer,
    };
    let digest = digest(meant.eip712_hash_struct());
    let delegate_signature = key.sign(digest)?;
    let [_, nonce_bytes @ ..] = nonce.to_be_bytes();
    let [_, _, deadline_bytes @ ..] = deadline.to_be_bytes();
    let order = [
        &nonce_bytes[..],
        &deadline_bytes,
        &gas.to_be_bytes(),
        relayer.as_slice(),
        &delegate_signature,
    ]
    .concat();
    Ok(Order {
        chain_id: chain_id.to_string(),
        mode: text(mode),
        execution_calldata: text(calldata),
        nonce,
        deadline,
        gas,
        relayer: text(relayer),
        digest: text(digest),
        delegate_signature: text(delegate_signature),
        order: text(order),
    })
}

fn signing(session: &Session, key: Key, message: Message) -> Result<Signing, Box<dyn Error>> {
    let Message { disclosure, scope, words, hash } = message;
    let mut signature = vec![2];
    signature.extend(session.pack_disclosing(&disclosure)?);
    signature.push(scope);
    signature.push(u8::try_from(words.len())?);
    signature.extend(words.iter().flatten());

    let struct_hash =
        SessionSignature { hash, sessionId: session.id(), disclosure: keccak256(&signature) }
            .eip712_hash_struct();
    let digest = digest(struct_hash);
    let delegate_signature = key.sign(digest)?;
    signature.extend(&delegate_signature);

    Ok(Signing {
        disclosure: show(&disclosure),
        scope,
        words: words.into_iter().map(text).collect(),
        hash: text(hash),
        digest: text(digest),
        delegate_signature: text(delegate_signature),
        signature: text(signature),
    })
}

fn revocations() -> Result<Revocations, Box<dyn Error>> {
    let session = cases::game()?;
    let (account, chain_id, epoch) = (session.account, U256::from(42_161), u64::MAX);
    let one = RevokeSession { account, sessionId: session.id() };
    let salt = B256::repeat_byte(0x5a);
    let all = RevokeAllSessions { account, chainId: chain_id, epoch, salt };
    Ok(Revocations {
        one: RevokeOne {
            account: text(account),
            session_id: text(session.id()),
            digest: text(digest(one.eip712_hash_struct())),
        },
        all: RevokeAll {
            account: text(account),
            chain_id: chain_id.to_string(),
            epoch: epoch.to_string(),
            salt: text(salt),
            digest: text(digest(all.eip712_hash_struct())),
        },
    })
}

/// The EIP-712 digest in the module's domain.
fn digest(struct_hash: B256) -> B256 {
    let domain = eip712_domain! {
        name: "Smart Session", version: "1", verifying_contract: MODULE,
    };
    keccak256([&[0x19, 0x01], &domain.hash_struct()[..], &struct_hash[..]].concat())
}

fn text(bytes: impl AsRef<[u8]>) -> String {
    hex::encode_prefixed(bytes)
}

fn show(disclosure: &Disclosure<'_>) -> Shown {
    Shown {
        chain_id: disclosure.chain_id.map(|chain_id| chain_id.to_string()),
        permissions: disclosure.permissions.map(<[u8]>::to_vec),
        signing: disclosure.signing.map(<[u8]>::to_vec),
    }
}

fn fields(session: &Session) -> document::Session {
    document::Session {
        account: text(session.account),
        chains: session
            .chains
            .iter()
            .map(|chain| Chain {
                chain_id: chain.chain_id.to_string(),
                epoch: chain.epoch.to_string(),
            })
            .collect(),
        delegate: text(session.delegate),
        delegate_kind: session.delegate_kind.to_byte(),
        valid_after: session.window.valid_after().seconds(),
        valid_until: session.window.valid_until().seconds(),
        max_calls: session.max_calls,
        fee_limit: session.fee_limit.to_string(),
        paymaster: text(session.paymaster.address()),
        permissions: session
            .permissions
            .iter()
            .map(|permission| Permission {
                target: text(permission.target),
                selector: text(permission.selector),
                value_limit: permission.value_limit.to_string(),
                rules: rules(&permission.rules),
            })
            .collect(),
        budgets: session
            .budgets
            .iter()
            .map(|budget| Budget {
                token: text(budget.token),
                amount: budget.amount.to_string(),
                period: budget.period,
            })
            .collect(),
        signing: session
            .signing
            .iter()
            .map(|scope| Scope {
                domain_separator: text(scope.domain_separator),
                type_hash: text(scope.type_hash),
                rules: rules(&scope.rules),
            })
            .collect(),
        salt: session.salt.to_string(),
    }
}

fn rules(rules: &[ArgumentRule]) -> Vec<Rule> {
    rules
        .iter()
        .map(|rule| Rule {
            index: rule.index,
            min: rule.min.to_string(),
            max: rule.max.to_string(),
        })
        .collect()
}
