//! Templates agree with those of the TypeScript package: `tests/vectors/templates.json`, whose
//! hashes and packed sessions were made by neither.

use alloy_primitives::{Address, B256, U256, hex, keccak256};
use serde_json::{Value, json};
use smart_session_client::template::{
    AutomationKeeper, BatchMint, DailyNative, DailyToken, GameMoves, MessageType, Payee, Payroll,
    Permit, Permit2Transfer, SecondDevice, SignInAndPermits, Subscription, TradingBot,
    domain_separator,
};
use smart_session_client::{
    Grant, Names, Refusal, RefusalCode, SessionBuilder, check_session, describe,
};

use crate::any_grant::MODULE;

const VECTORS: &str = include_str!("../../../../tests/vectors/templates.json");

fn address(value: &Value) -> Address {
    value.as_str().unwrap().parse().unwrap()
}

fn addresses(value: &Value) -> Vec<Address> {
    value.as_array().unwrap().iter().map(address).collect()
}

fn maybe(value: &Value) -> Option<U256> {
    value.as_str().map(|text| text.parse().unwrap())
}

fn amount(value: &Value) -> U256 {
    maybe(value).unwrap_or_default()
}

fn seconds(value: &Value) -> u32 {
    value.as_u64().unwrap_or_default().try_into().unwrap()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

fn list<T>(value: &Value, read: impl Fn(&Value) -> T) -> Vec<T> {
    value.as_array().map_or_else(Vec::new, |list| list.iter().map(read).collect())
}

fn frame(frame: &Value) -> SessionBuilder {
    let chain = &frame["chains"][0];
    let number = |value: &Value| text(value).parse::<u64>().unwrap();
    SessionBuilder::new(address(&frame["account"]), address(&frame["delegate"]))
        .on_chain(number(&chain["chainId"]), number(&chain["epoch"]))
        .from(frame["validAfter"].as_u64().unwrap())
        .until(frame["validUntil"].as_u64().unwrap())
        .most_fees(amount(&frame["feeLimit"]))
        .salt(number(&frame["salt"]))
}

fn filled(template: &str, terms: &Value, frame: SessionBuilder) -> Result<SessionBuilder, Refusal> {
    match template {
        "gameMoves" => GameMoves {
            game: address(&terms["game"]),
            functions: list(&terms["functions"], text),
            moves: seconds(&terms["moves"]),
            stake: amount(&terms["stake"]),
            stakes: maybe(&terms["stakes"]),
        }
        .fill(frame),
        "subscription" => Subscription {
            token: address(&terms["token"]),
            payee: address(&terms["payee"]),
            price: amount(&terms["price"]).to(),
            period: seconds(&terms["period"]),
            payments: seconds(&terms["payments"]),
        }
        .fill(frame),
        "tradingBot" => TradingBot {
            router: address(&terms["router"]),
            token_in: address(&terms["tokenIn"]),
            token_out: address(&terms["tokenOut"]),
            fee: terms["fee"].as_u64().map(|fee| fee.try_into().unwrap()),
            largest: amount(&terms["largest"]),
            least_out: amount(&terms["leastOut"]),
            amount: amount(&terms["amount"]).to(),
            period: seconds(&terms["period"]),
        }
        .fill(frame),
        "batchMint" => BatchMint {
            collection: address(&terms["collection"]),
            function: terms["function"].as_str().map(str::to_owned),
            receiver: terms.get("receiver").map(address),
            calls: seconds(&terms["calls"]),
            each: maybe(&terms["each"]),
            price: amount(&terms["price"]),
        }
        .fill(frame),
        "secondDevice" => SecondDevice {
            native: terms.get("native").map(|native| DailyNative {
                daily: amount(&native["daily"]).to(),
                receivers: addresses(&native["receivers"]),
            }),
            tokens: list(&terms["tokens"], |token| DailyToken {
                token: address(&token["token"]),
                daily: amount(&token["daily"]).to(),
            }),
        }
        .fill(frame),
        "automationKeeper" => AutomationKeeper {
            target: address(&terms["target"]),
            function: text(&terms["function"]),
            calls: terms["calls"].as_u64().map(|calls| calls.try_into().unwrap()),
        }
        .fill(frame),
        "payroll" => Payroll {
            token: address(&terms["token"]),
            payees: list(&terms["payees"], |payee| Payee {
                payee: address(&payee["payee"]),
                salary: amount(&payee["salary"]),
            }),
            period: seconds(&terms["period"]),
        }
        .fill(frame),
        "signInAndPermits" => Ok(SignInAndPermits {
            sign_in: list(&terms["signIn"], |message| MessageType::of(message).unwrap()),
            permits: list(&terms["permits"], |permit| Permit {
                domain_separator: separator(&permit["domain"]),
                spender: address(&permit["spender"]),
                most: amount(&permit["most"]),
                deadline: amount(&permit["deadline"]),
            }),
            transfers: list(&terms["transfers"], |transfer| Permit2Transfer {
                domain_separator: separator(&transfer["domain"]),
                token: address(&transfer["token"]),
                amount: amount(&transfer["amount"]),
                spender: address(&transfer["spender"]),
                deadline: amount(&transfer["deadline"]),
            }),
        }
        .fill(frame)),
        other => panic!("{other} is no template"),
    }
}

fn separator(domain: &Value) -> B256 {
    domain_separator(domain).unwrap()
}

#[test]
fn templates_give_what_the_shared_vectors_say() {
    let document: Value = serde_json::from_str(VECTORS).unwrap();
    let vectors = document["vectors"].as_array().unwrap();
    let mut templates = std::collections::BTreeSet::new();
    for vector in vectors {
        let (name, template) = (&vector["name"], vector["template"].as_str().unwrap());
        templates.insert(template);

        let session =
            filled(template, &vector["terms"], frame(&document["frame"])).unwrap().build().unwrap();

        assert_eq!(check_session(&session, MODULE), Ok(()), "{name}");
        assert_eq!(vector["packed"], hex::encode_prefixed(session.pack().unwrap()), "{name}");
        assert_eq!(vector["id"], session.id().to_string(), "{name}");
        let told = ["calls", "may call", "budget", "may sign"];
        let words: Vec<Vec<String>> =
            describe(&Grant::unsigned(MODULE, session), &Names::default())
                .into_iter()
                .filter(|line| told.contains(&line.label))
                .map(|line| vec![line.label.to_owned(), line.value])
                .collect();
        let expected: Vec<Vec<String>> = serde_json::from_value(vector["words"].clone()).unwrap();
        assert_eq!(words, expected, "{name}");
    }
    assert_eq!(templates.len(), 8, "{templates:?}");
}

fn begun() -> SessionBuilder {
    SessionBuilder::new(Address::repeat_byte(1), Address::repeat_byte(2)).from(1_000).lasting(9)
}

#[test]
fn totals_that_no_budget_can_say_are_refused() {
    let game = GameMoves {
        game: Address::repeat_byte(3),
        functions: vec!["move(uint8)".into()],
        moves: 2,
        stake: U256::from(1) << 127,
        stakes: None,
    };
    let payee = Payee { payee: Address::repeat_byte(4), salary: U256::MAX };
    let payroll =
        Payroll { token: Address::repeat_byte(3), payees: vec![payee, payee], period: 60 };

    for refused in [game.fill(begun()), payroll.fill(begun())] {
        assert_eq!(refused.unwrap_err().code(), RefusalCode::NumberTooWide);
    }
}

#[test]
fn a_subscription_of_nothing_is_refused() {
    let none = Subscription {
        token: Address::repeat_byte(3),
        payee: Address::repeat_byte(4),
        price: 5,
        period: 60,
        payments: 0,
    };

    let refusal = none.fill(begun()).unwrap_err();

    assert_eq!(refusal.code(), RefusalCode::RefusedWindow);
    assert!(refusal.reason().contains("0 payments"), "{refusal}");
}

fn login() -> Value {
    json!({
        "domain": { "name": "Forum", "chainId": 5 },
        "types": {
            "EIP712Domain": [
                { "name": "name", "type": "string" }, { "name": "chainId", "type": "uint256" },
            ],
            "SignIn": [{ "name": "nonce", "type": "uint256" }],
        },
        "primaryType": "SignIn",
        "message": { "nonce": "7" },
    })
}

#[test]
fn the_type_of_a_message_is_that_of_all_its_messages() {
    let mut other = login();
    other["message"]["nonce"] = json!("8");

    let read = MessageType::of(&login()).unwrap();

    assert_eq!(read.type_hash, keccak256("SignIn(uint256 nonce)"));
    assert_eq!(MessageType::of(&other), Ok(read));
}

#[test]
fn what_is_no_typed_data_is_refused() {
    let with = |place: &str, value: Value| {
        let mut message = login();
        *message.pointer_mut(place).unwrap() = value;
        message
    };
    for message in [
        json!(7),
        json!({}),
        with("/primaryType", json!("Nothing")),
        with("/message/nonce", json!("many")),
        with("/types/SignIn/0/type", json!("Unknown")),
        // The domain is hashed by another type than the wallet would show.
        with("/types/EIP712Domain", json!([{ "name": "chainId", "type": "uint256" }])),
        with("/types/EIP712Domain", json!([])),
        with("/domain", json!({ "name": "Forum", "chainid": 5 })),
        with("/domain", json!({ "name": "Forum", "chainId": "many" })),
    ] {
        let refusal = MessageType::of(&message).unwrap_err();
        assert_eq!(refusal.code(), RefusalCode::Malformed, "{message}");
        assert!(!refusal.remedy().is_empty());
    }
}
