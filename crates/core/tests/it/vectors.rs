//! The shared vectors, read by the contract's own decoder and held against alloy's EIP-712.

use alloy_primitives::{Address, B256, Bytes, U256, keccak256};
use alloy_sol_types::{Eip712Domain, SolStruct, eip712_domain};
use serde_json::Value;
use session_model::signed::{RevokeAllSessions, RevokeSession, SessionSignature};
use smart_session_core::abi;
use smart_session_core::packed::{
    DelegateSignature, Memory, Message, Mode, Operation, Order, PackedSession, Reader,
};
use smart_session_core::policy::rules;
use smart_session_core::window::Timestamp;
use smart_session_core::{OffChain, word};

const FILE: &str = include_str!("../../../../tests/vectors/sessions.json");

fn file() -> Value {
    serde_json::from_str(FILE).unwrap()
}

/// Calls `check` with every vector; none is a failure.
fn each(mut check: impl FnMut(&Value, &Eip712Domain)) {
    let file = file();
    let domain = domain(&file);
    let vectors = file["vectors"].as_array().unwrap();
    assert!(!vectors.is_empty());
    for vector in vectors {
        check(vector, &domain);
    }
}

fn domain(file: &Value) -> Eip712Domain {
    eip712_domain! {
        name: "Smart Session",
        version: "1",
        verifying_contract: text::<Address>(&file["module"]),
    }
}

/// Text that is a number, an address, a hash or bytes.
fn text<T: core::str::FromStr<Err: core::fmt::Debug>>(value: &Value) -> T {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text")).parse().unwrap()
}

fn number<T: TryFrom<u64, Error: core::fmt::Debug>>(value: &Value) -> T {
    value.as_u64().unwrap_or_else(|| panic!("{value} is no number")).try_into().unwrap()
}

fn list<T>(value: &Value, read: impl Fn(&Value) -> T) -> Vec<T> {
    value.as_array().unwrap_or_else(|| panic!("{value} is no list")).iter().map(read).collect()
}

/// The struct that the owner signs, from the fields in the file.
fn session(value: &Value) -> abi::Session {
    let rules = |value: &Value| {
        list(value, |rule| abi::ArgumentRule {
            index: number(&rule["index"]),
            min: text(&rule["min"]),
            max: text(&rule["max"]),
        })
    };
    abi::Session {
        account: text(&value["account"]),
        chains: list(&value["chains"], |chain| abi::Chain {
            chainId: text(&chain["chainId"]),
            epoch: text(&chain["epoch"]),
        }),
        delegate: text(&value["delegate"]),
        delegateKind: number(&value["delegateKind"]),
        validAfter: U256::from(number::<u64>(&value["validAfter"])).to(),
        validUntil: U256::from(number::<u64>(&value["validUntil"])).to(),
        maxCalls: number(&value["maxCalls"]),
        feeLimit: text(&value["feeLimit"]),
        paymaster: text(&value["paymaster"]),
        permissions: list(&value["permissions"], |permission| abi::Permission {
            target: text(&permission["target"]),
            selector: text(&permission["selector"]),
            valueLimit: text(&permission["valueLimit"]),
            rules: rules(&permission["rules"]),
        }),
        budgets: list(&value["budgets"], |budget| abi::Budget {
            token: text(&budget["token"]),
            amount: text(&budget["amount"]),
            period: number(&budget["period"]),
        }),
        signing: list(&value["signing"], |scope| abi::SigningScope {
            domainSeparator: text(&scope["domainSeparator"]),
            typeHash: text(&scope["typeHash"]),
            rules: rules(&scope["rules"]),
        }),
        salt: text(&value["salt"]),
    }
}

/// The id that the contract's decoder finds in packed bytes, and how many it leaves.
fn decoded_id(packed: &[u8], account: Address) -> (B256, usize) {
    let mut memory = Memory::default();
    OffChain::ask(|environment| {
        let mut reader = Reader::new(environment, packed);
        let account = word::from_address(account);
        let session = PackedSession::read(&mut reader, &account, memory.lend())?;
        Ok((session.id, reader.rest().len()))
    })
    .unwrap()
}

#[test]
fn ids_and_digests_are_those_of_the_typed_data() {
    each(|vector, domain| {
        let session = session(&vector["session"]);

        assert_eq!(session.eip712_hash_struct(), text::<B256>(&vector["id"]), "{}", vector["name"]);
        assert_eq!(session.eip712_signing_hash(domain), text::<B256>(&vector["digest"]));
    });
}

#[test]
fn the_decoder_finds_the_id_in_every_packed_form() {
    let mut partial = 0;
    each(|vector, _| {
        let account = text(&vector["session"]["account"]);
        let id = text::<B256>(&vector["id"]);

        assert_eq!(decoded_id(&text::<Bytes>(&vector["packed"]), account), (id, 0));
        for disclosed in vector["disclosed"].as_array().unwrap() {
            let packed = text::<Bytes>(&disclosed["packed"]);
            assert_eq!(decoded_id(&packed, account), (id, 0), "{}", vector["name"]);
            partial += 1;
        }
    });
    assert!(partial > 0);
}

#[test]
fn operations_say_what_they_were_built_from() {
    let mut kinds = [0; 3];
    each(|vector, domain| {
        let expected = &vector["operation"];
        if expected.is_null() {
            return;
        }
        let account = text(&vector["session"]["account"]);
        let signature = text::<Bytes>(&expected["signature"]);
        let indices: Vec<u8> = list(&expected["permissionIndices"], number);
        let (environment, mut memory) = (OffChain::default(), Memory::default());

        let (operation, delegate_signature) = Operation::read_signed(
            &environment,
            &signature,
            indices.len(),
            &word::from_address(account),
            memory.lend(),
        )
        .unwrap();

        let mode = if operation.mode == Mode::Enable { "enable" } else { "use" };
        assert_eq!(mode, expected["mode"]);
        assert_eq!(operation.permissions, Some(&indices[..]));
        let claimed_time = operation.time.map(Timestamp::seconds);
        assert_eq!(claimed_time, expected["claimedTime"].as_u64());
        let owner_signature = expected["ownerSignature"]
            .as_str()
            .map_or_else(Bytes::new, |_| text(&expected["ownerSignature"]));
        assert_eq!(operation.owner_signature, &owner_signature[..]);
        let signed = abi::SessionOperation {
            userOpHash: text(&expected["userOpHash"]),
            sessionId: operation.session.id,
            disclosure: keccak256(operation.disclosed),
        };
        let digest = signed.eip712_signing_hash(domain);
        assert_eq!(digest, text::<B256>(&expected["digest"]));
        assert!(delegate_signature.is_sound(&digest.0), "{}", vector["name"]);
        kinds[match delegate_signature {
            DelegateSignature::Secp256k1 { .. } => 0,
            DelegateSignature::P256 { .. } => 1,
            DelegateSignature::WebAuthn { .. } => 2,
        }] += 1;
    });
    assert!(kinds.iter().all(|count| *count > 0), "every kind of key signs: {kinds:?}");
}

#[test]
fn orders_are_signed_as_typed_data_and_travel_with_the_operations_bytes() {
    let mut kinds = [0; 3];
    each(|vector, domain| {
        let operation = &vector["operation"];
        if operation.is_null() {
            return;
        }
        let expected = &operation["order"];
        let account: Address = text(&vector["session"]["account"]);
        let (direct, context) =
            (text::<Bytes>(&operation["direct"]), text::<Bytes>(&operation["context"]));
        let indices: Vec<u8> = list(&operation["permissionIndices"], number);
        let (environment, mut memory) = (OffChain::default(), Memory::default());
        let mut reader = Reader::new(&environment, &direct);
        let clock = Some(Timestamp::MAX);
        let named = Some(indices.len());
        let word = word::from_address(account);
        let read = Operation::read(&mut reader, named, &word, clock, memory.lend()).unwrap();
        reader.end().unwrap();

        // The same without the indices, behind the account.
        let at = read.disclosed.len();
        let without = [&direct[..at - indices.len()], &direct[at..]].concat();
        assert_eq!(context, [account.as_slice(), &without].concat());

        let bytes = text::<Bytes>(&expected["order"]);
        let order = Order::read(&environment, &bytes, read.session.delegate_kind).unwrap();
        assert_eq!(Some(order.nonce()), expected["nonce"].as_u64());
        assert_eq!(Some(order.deadline()), expected["deadline"].as_u64());
        assert_eq!(Some(order.gas()), expected["gas"].as_u64());
        let relayer: Address = text(&expected["relayer"]);
        assert_eq!(*order.relayer(), word::from_address(relayer));
        let signed = abi::SessionExecution {
            sessionId: read.session.id,
            disclosure: keccak256(read.disclosed),
            chainId: text(&expected["chainId"]),
            mode: text(&expected["mode"]),
            executions: keccak256(text::<Bytes>(&expected["executionCalldata"])),
            nonce: number(&expected["nonce"]),
            deadline: number(&expected["deadline"]),
            gas: number(&expected["gas"]),
            relayer,
        };
        let digest = signed.eip712_signing_hash(domain);
        assert_eq!(digest, text::<B256>(&expected["digest"]));
        assert!(order.delegate_signature.is_sound(&digest.0), "{}", vector["name"]);
        kinds[usize::from(read.session.delegate_kind.to_byte())] += 1;
    });
    assert!(kinds.iter().all(|count| *count > 0), "every kind of key orders: {kinds:?}");
}

#[test]
fn signatures_for_apps_carry_what_the_app_asks_about() {
    let mut messages = 0;
    each(|vector, domain| {
        let expected = &vector["signing"];
        if expected.is_null() {
            return;
        }
        let signature = text::<Bytes>(&expected["signature"]);
        let (packed, account) = (&signature[1..], text(&vector["session"]["account"]));
        let (id, left) = decoded_id(packed, account);
        let [scope, count, rest @ ..] = &packed[packed.len() - left..] else { panic!("cut off") };
        let (words, delegate_signature) = rest.split_at(usize::from(*count) * 32);

        assert_eq!(signature[0], 2);
        let scope = &session(&vector["session"]).signing[usize::from(*scope)];
        let contents = keccak256([scope.typeHash.as_slice(), words].concat());
        let prefixed = [&[0x19, 1], &scope.domainSeparator[..], &contents[..]].concat();
        assert_eq!(keccak256(prefixed), text::<B256>(&expected["hash"]));
        let disclosure = keccak256(&signature[..signature.len() - delegate_signature.len()]);
        let signed = SessionSignature { hash: text(&expected["hash"]), sessionId: id, disclosure };
        assert_eq!(signed.eip712_signing_hash(domain), text::<B256>(&expected["digest"]));
        messages += 1;
    });
    assert!(messages > 0);
}

/// What the contract makes of a signature for an app: the digest that it computes.
fn message_digest(signature: &[u8], account: Address) -> Result<B256, String> {
    let mut memory = Memory::filled_with(0xa5);
    OffChain::ask(|environment| {
        let account = word::from_address(account);
        let message = Message::read(environment, signature, &account, memory.lend())?;
        rules::check(environment, 0, message.words, &message.scope.rules)?;
        Ok(message.digest(environment))
    })
    .map_err(|error| format!("{error:?}"))
}

#[test]
fn the_digest_of_a_message_is_computed_from_what_is_written_out() {
    let mut bounded = 0;
    each(|vector, _| {
        let expected = &vector["signing"];
        if expected.is_null() {
            return;
        }
        let signature = text::<Bytes>(&expected["signature"]);
        let account = text(&vector["session"]["account"]);
        assert_eq!(message_digest(&signature, account), Ok(text::<B256>(&expected["hash"])));

        for mode in [0, 1, 3, 0xff] {
            let mut other = signature.to_vec();
            other[0] = mode;
            assert!(message_digest(&other, account).is_err(), "mode {mode}");
        }
        for len in 0..signature.len() {
            assert!(message_digest(&signature[..len], account).is_err(), "{len} bytes");
        }

        // A word that a rule bounds, as large as can be.
        let (_, left) = decoded_id(&signature[1..], account);
        let words = signature.len() - left + 2;
        let scope = &session(&vector["session"]).signing[usize::from(signature[words - 2])];
        for rule in scope.rules.iter().filter(|rule| rule.max < U256::MAX) {
            let at = words + 32 * usize::from(rule.index);
            let mut other = signature.to_vec();
            other[at..at + 32].fill(0xff);
            let error = message_digest(&other, account).unwrap_err();
            assert!(error.starts_with("ArgumentOutOfBounds"), "{error}");
            bounded += 1;
        }
    });
    assert!(bounded > 0, "some vector has a rule that can be broken");
}

#[test]
fn revocations_are_signed_as_typed_data() {
    let file = file();
    let domain = domain(&file);
    let (one, all) = (&file["revocations"]["one"], &file["revocations"]["all"]);

    let revoke_one =
        RevokeSession { account: text(&one["account"]), sessionId: text(&one["sessionId"]) };
    let revoke_all = RevokeAllSessions {
        account: text(&all["account"]),
        chainId: text(&all["chainId"]),
        epoch: text(&all["epoch"]),
        salt: text(&all["salt"]),
    };

    assert_eq!(revoke_one.eip712_signing_hash(&domain), text::<B256>(&one["digest"]));
    assert_eq!(revoke_all.eip712_signing_hash(&domain), text::<B256>(&all["digest"]));
}
