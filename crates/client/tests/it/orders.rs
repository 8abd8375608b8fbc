//! Orders and redemptions, against bytes and hashes that were computed from the document alone.

use alloy_primitives::{Address, B256, Bytes, U256, address, b256, hex, keccak256};
use serde_json::Value;
use smart_session_client::{
    Call, Delegate, DraftContext, Grant, ORDER_NONCE_END, OrderFate, OrderTerms, P256Key,
    RefusalCode, SoftwareKey, order_call, read_order, redeem_call, unpack_session, write_order,
};
use smart_session_core::packed::DelegateKind;

const MODULE: Address = address!("5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e");
const ACCOUNT: Address = address!("a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1");
const TARGET: Address = address!("9a9a9a9a9a9a9a9a9a9a9a9a9a9a9a9a9a9a9a9a");
const RELAYER: Address = address!("bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb");
const NOW: u64 = 1_700_000_100;
const HERE: DraftContext = DraftContext { chain_id: 42_161, now: NOW, is_enabled: true };

/// The vector "an automation keeper, so many calls": one permission, one chain.
fn keeper() -> Grant {
    let vectors = include_str!("../../../../tests/vectors/templates.json");
    let document: Value = serde_json::from_str(vectors).unwrap();
    let vectors = document["vectors"].as_array().unwrap();
    let named = |it: &&Value| it["name"] == "an automation keeper, so many calls";
    let packed = vectors.iter().find(named).unwrap()["packed"].as_str().unwrap();
    let packed = hex::decode(packed).unwrap();
    Grant::unsigned(MODULE, unpack_session(ACCOUNT, &packed).unwrap())
}

fn harvest(number: u64) -> Call {
    let mut data = keccak256("harvest(uint256)")[..4].to_vec();
    data.extend(U256::from(number).to_be_bytes::<32>());
    Call::new(TARGET, data)
}

const TERMS: OrderTerms =
    OrderTerms { nonce: 5, deadline: NOW + 200, gas: 80_000, relayer: Some(RELAYER) };

#[test]
fn an_order_is_signed_and_travels_as_the_document_says() {
    let draft = keeper().draft_order(&[harvest(7)], HERE, TERMS).unwrap();

    let signed = b256!("b565505b11b3deb40d4d99e8ec731b93dd8ed71461e93992699820a5ed9709eb");
    assert_eq!(draft.digest(), signed);
    let order = draft.unsigned().sealed(vec![0x11; 65].into()).unwrap();
    let head = hex!("00000500006553f22c00013880bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb");
    assert_eq!(order.to_bytes().unwrap()[..33], head);
    let call = order_call(&order).unwrap();
    assert_eq!(call.target, MODULE);
    assert!(call.value.is_zero());
    assert_eq!(call.data.len(), 580);
    let calldata = b256!("2cc99800827f5a21e2dd7968ed1501bec8d9f5fbfd810f5f42216dedd42e7702");
    assert_eq!(keccak256(&call.data), calldata);
    assert_eq!(order.calls(), Ok(vec![harvest(7)]));
}

#[test]
fn every_field_of_an_order_is_in_what_is_signed() {
    let digest = |grant: &Grant, call, context, terms| {
        grant.draft_order(&[call], context, terms).unwrap().digest()
    };
    let plain = digest(&keeper(), harvest(7), HERE, TERMS);
    let mut elsewhere = keeper();
    elsewhere.module = RELAYER;
    let mut other = keeper();
    other.session.salt += 1;
    let mut two_chains = keeper();
    let mut second = two_chains.session.chains[0];
    second.chain_id = U256::from(1);
    two_chains.session.chains.push(second);
    let there = DraftContext { chain_id: 1, ..HERE };

    let changed = [
        digest(&elsewhere, harvest(7), HERE, TERMS),
        digest(&other, harvest(7), HERE, TERMS),
        digest(&two_chains, harvest(7), HERE, TERMS),
        digest(&two_chains, harvest(7), there, TERMS),
        digest(&keeper(), harvest(8), HERE, TERMS),
        digest(&keeper(), harvest(7), HERE, OrderTerms { nonce: 6, ..TERMS }),
        digest(&keeper(), harvest(7), HERE, OrderTerms { deadline: NOW + 201, ..TERMS }),
        digest(&keeper(), harvest(7), HERE, OrderTerms { gas: 80_001, ..TERMS }),
        digest(&keeper(), harvest(7), HERE, OrderTerms { relayer: None, ..TERMS }),
    ];

    let all: std::collections::BTreeSet<B256> = changed.into_iter().chain([plain]).collect();
    assert_eq!(all.len(), 10);
}

#[tokio::test]
async fn keys_of_both_curves_sign_and_other_keys_are_refused() {
    let software = SoftwareKey::new(B256::repeat_byte(7)).unwrap();
    let p256 = P256Key::new(B256::repeat_byte(7)).unwrap();
    let mut grant = keeper();
    let draft = |grant: &Grant| grant.draft_order(&[harvest(7)], HERE, TERMS).unwrap();
    let stranger = draft(&grant).sign(&grant.session, &software).await.unwrap_err();
    assert_eq!(stranger.code(), RefusalCode::WrongKey);

    grant.session.delegate = Delegate::address(&software);
    let digest = draft(&grant).digest();
    let order = draft(&grant).sign(&grant.session, &software).await.unwrap();
    let signature = order.signature.unwrap();
    let signature = alloy_primitives::Signature::try_from(&signature[..]).unwrap();
    let signer = signature.recover_address_from_prehash(&digest).unwrap();
    assert_eq!(signer, grant.session.delegate);

    grant.session.delegate = p256.address();
    grant.session.delegate_kind = DelegateKind::P256;
    let order = draft(&grant).sign(&grant.session, &p256).await.unwrap();
    assert_eq!(order.signature.unwrap().len(), 128);
}

#[test]
fn a_signature_from_elsewhere_has_its_kinds_shape() {
    let sealed = |kind: DelegateKind, signature: Vec<u8>| {
        let mut grant = keeper();
        grant.session.delegate_kind = kind;
        let draft = grant.draft_order(&[harvest(7)], HERE, TERMS).unwrap();
        draft.unsigned().sealed(signature.into()).map_err(|refusal| refusal.code())
    };
    let passkey = [&[0, 37][..], &[1; 37], &[0, 99], &[2; 99], &[3; 128]].concat();
    let wrong = Err(RefusalCode::UnusableSignature);

    for (kind, length) in [(DelegateKind::Secp256k1, 65), (DelegateKind::P256, 128)] {
        assert!(sealed(kind, vec![1; length]).is_ok());
        for other in [0, length - 1, length + 1] {
            assert_eq!(sealed(kind, vec![1; other]).map(drop), wrong);
        }
    }
    assert!(sealed(DelegateKind::WebAuthn, passkey.clone()).is_ok());
    for cut in [0, 1, 2, 38, 39, 40, passkey.len() - 1] {
        assert_eq!(sealed(DelegateKind::WebAuthn, passkey[..cut].to_vec()).map(drop), wrong);
    }
    let longer = [passkey, vec![0]].concat();
    assert_eq!(sealed(DelegateKind::WebAuthn, longer).map(drop), wrong);
}

#[test]
fn an_order_that_is_not_signed_is_not_brought() {
    let order = keeper().draft_order(&[harvest(7)], HERE, TERMS).unwrap().unsigned();

    assert_eq!(order_call(&order).unwrap_err().code(), RefusalCode::UnusableSignature);
}

/// 5 minutes, a day and a second: a day is the most.
#[test]
fn deadlines_are_to_come_and_within_a_day() {
    let code = |deadline: u64, gas: u32, relayer: Option<Address>, nonce: u32| {
        OrderTerms { nonce, deadline, gas, relayer }.check(NOW).map_err(|refusal| refusal.code())
    };
    let refused = Err(RefusalCode::RefusedDeadline);

    assert_eq!(code(NOW - 1, 1, None, 0), refused);
    assert_eq!(code(NOW, 1, None, 0), Ok(()));
    assert_eq!(code(NOW + 86_400, 1, None, 0), Ok(()));
    assert_eq!(code(NOW + 86_401, 1, None, 0), refused);
    assert_eq!(code(NOW, 0, None, 0), Err(RefusalCode::NoMinimumGas));
    assert_eq!(code(NOW, 0, Some(RELAYER), 0), Ok(()));
    // 2^24 − 1 is the value that no order has.
    assert_eq!(ORDER_NONCE_END, 16_777_215);
    assert_eq!(code(NOW, 1, None, 16_777_214), Ok(()));
    assert_eq!(code(NOW, 1, None, 16_777_215), Err(RefusalCode::OrdersUsedUp));
}

#[test]
fn calls_that_no_permission_covers_and_other_chains_are_not_signed() {
    let code =
        |call, context| keeper().draft_order(&[call], context, TERMS).map(drop).unwrap_err().code();

    assert_eq!(code(harvest(7).with_value(U256::from(1)), HERE), RefusalCode::NotPermitted);
    let elsewhere = DraftContext { chain_id: 10, ..HERE };
    assert_eq!(code(harvest(7), elsewhere), RefusalCode::ChainNotListed);
    let not_enabled = DraftContext { is_enabled: false, ..HERE };
    assert_eq!(code(harvest(7), not_enabled), RefusalCode::SessionNotEnabled);
}

#[test]
fn which_orders_may_still_land_follows_from_nonce_and_deadline() {
    let fate = |nonce, newest_block| TERMS.fate(nonce, newest_block);

    assert_eq!(fate(5, NOW + 200), OrderFate::MayLand, "the deadline's second is its last");
    assert_eq!(fate(5, NOW + 201), OrderFate::Expired);
    assert_eq!(fate(4, NOW), OrderFate::Waits);
    assert_eq!(fate(6, NOW), OrderFate::NonceUsed);
    assert_eq!(fate(6, NOW + 999), OrderFate::NonceUsed);
    let open = [OrderFate::MayLand, OrderFate::Waits];
    for fate in [OrderFate::NonceUsed, OrderFate::Expired, OrderFate::SessionEnded] {
        assert!(!fate.may_still_land() && !fate.words().is_empty());
    }
    assert!(open.into_iter().all(OrderFate::may_still_land));
}

#[test]
fn an_order_is_read_as_it_was_written_and_nothing_else_is() {
    let draft = keeper().draft_order(&[harvest(7), harvest(8)], HERE, TERMS).unwrap();
    let unsigned = draft.unsigned();
    let signed = unsigned.clone().sealed(vec![0x11; 65].into()).unwrap();
    for order in [&unsigned, &signed] {
        assert_eq!(read_order(&write_order(order)).as_ref(), Ok(order));
    }

    let file: Value = serde_json::from_str(&write_order(&signed)).unwrap();
    for (field, value) in [
        ("nonce", serde_json::json!(16_777_215)),
        ("deadline", serde_json::json!(1_u64 << 48)),
        ("gas", serde_json::json!(1_u64 << 32)),
        ("delegateKind", serde_json::json!(3)),
        ("delegateKind", serde_json::json!(1)),
        ("mode", serde_json::json!(B256::repeat_byte(1))),
        ("executions", serde_json::json!("0x00")),
        ("signature", serde_json::json!("0x00")),
        ("digest", serde_json::json!(B256::ZERO)),
        ("account", Value::Null),
    ] {
        let mut changed = file.clone();
        changed[field] = value;
        assert!(read_order(&changed.to_string()).is_err(), "{field}");
    }
}

#[test]
fn contexts_are_redeemed_as_the_document_says() {
    let redemption = keeper().redemption(&[harvest(7)]).unwrap();

    let call = redeem_call(MODULE, &[redemption.clone(), redemption]).unwrap();

    assert_eq!(call.target, MODULE);
    assert_eq!(call.data[..4], hex!("cef6d209"), "ERC-7710");
    assert_eq!(call.data.len(), 964);
    let calldata = b256!("18ca31cece146418cc02adde4a10a7790902091ca15fb643a4c5b02e08826e7f");
    assert_eq!(keccak256(&call.data), calldata);
    assert_eq!(redeem_call(MODULE, &[]).unwrap_err().code(), RefusalCode::NoContext);
    let refusal = keeper().redemption(&[Call::new(RELAYER, Bytes::new())]).unwrap_err();
    assert_eq!(refusal.code(), RefusalCode::NotPermitted);
}

/// The orders and contexts that all implementations share, where this client draws the same
/// disclosure of the session.
#[test]
fn orders_and_contexts_are_those_of_the_shared_vectors() {
    let document: Value =
        serde_json::from_str(include_str!("../../../../tests/vectors/sessions.json")).unwrap();
    let module = document["module"].as_str().unwrap().parse().unwrap();
    let (mut orders, mut contexts) = (0, 0);
    for vector in document["vectors"].as_array().unwrap() {
        let operation = &vector["operation"];
        if operation.is_null() {
            continue;
        }
        let bytes = |value: &Value| value.as_str().unwrap().parse::<Bytes>().unwrap();
        let account = vector["session"]["account"].as_str().unwrap().parse().unwrap();
        let session = unpack_session(account, &bytes(&vector["packed"])).unwrap();
        let mut grant = Grant::unsigned(module, session);
        let is_enabled = operation["mode"] == "use";
        if !is_enabled {
            grant.owner_signature = Some(bytes(&operation["ownerSignature"]));
        }
        if let Ok(context) = grant.to_permission_context() {
            contexts += usize::from(context == bytes(&operation["context"]));
        }
        let expected = &operation["order"];
        let number = |name: &str| expected[name].as_u64().unwrap();
        let relayer: Address = expected["relayer"].as_str().unwrap().parse().unwrap();
        let terms = OrderTerms {
            nonce: number("nonce").try_into().unwrap(),
            deadline: number("deadline"),
            gas: number("gas").try_into().unwrap(),
            relayer: (!relayer.is_zero()).then_some(relayer),
        };
        let chain_id = expected["chainId"].as_str().unwrap().parse().unwrap();
        let context = DraftContext { chain_id, now: terms.deadline, is_enabled };
        let mode: B256 = expected["mode"].as_str().unwrap().parse().unwrap();
        let file = serde_json::json!({
            "module": module, "chain": chain_id, "account": account, "session": "0x", "mode": mode,
            "executions": expected["executionCalldata"], "nonce": 0, "deadline": 0, "gas": 0,
            "delegateKind": 0,
        });
        let calls = read_order(&file.to_string()).unwrap().calls().unwrap();
        let Ok(draft) = grant.draft_order(&calls, context, terms) else { continue };
        if draft.clone().unsigned().session != bytes(&operation["direct"]) {
            continue;
        }
        let name = &vector["name"];
        assert_eq!(draft.digest().to_string(), expected["digest"].as_str().unwrap(), "{name}");
        let order = draft.unsigned().sealed(bytes(&expected["delegateSignature"])).unwrap();
        assert_eq!(order.to_bytes().unwrap(), bytes(&expected["order"]), "{name}");
        orders += 1;
    }
    assert!(orders >= 3 && contexts >= 3, "{orders} orders, {contexts} contexts");
}
