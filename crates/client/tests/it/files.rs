//! Session files.

use alloy_primitives::U256;
use proptest::prelude::*;
use smart_session_client::file::{self, FileError};
use smart_session_client::{Grant, PermissionBuilder};

use crate::any_grant::{ALICE, GAME, MODULE, any_grant, begun, game};

const GAME_FILE: &str = r#"{
  "module": "0x5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e",
  "account": "0xa11ce00000000000000000000000000000000001",
  "chains": [
    {
      "chain": 42161,
      "epoch": 0
    }
  ],
  "delegate": "0xf00d000000000000000000000000000000000001",
  "from": "2026-01-01T00:00:00Z",
  "expiry": "2026-01-01T02:00:00Z",
  "maxCalls": 100,
  "feeLimit": "0.01 ETH",
  "paymaster": "none",
  "permissions": [
    {
      "target": "0x9a3e000000000000000000000000000000000001",
      "call": "move(uint8)",
      "value": "0.01 ETH"
    }
  ],
  "salt": 0
}
"#;

#[test]
fn the_game_session_reads_as_people_would_write_it() {
    assert_eq!(file::read(GAME_FILE).unwrap(), Grant::unsigned(MODULE, game()));
}

proptest! {
    #[test]
    fn prop_any_grant_roundtrips_through_its_file(grant in any_grant()) {
        let text = file::write(&grant);

        let read = file::read(&text);

        prop_assert_eq!(read.map_err(|error| error.to_string()), Ok(grant));
    }
}

#[test]
fn rewriting_keeps_the_names_and_units_of_the_text() {
    let text = GAME_FILE.replace(
        "  \"salt\": 0",
        "  \"budgets\": [{\"token\": \"0x9a3e000000000000000000000000000000000002\",
            \"amount\": \"12.5\", \"decimals\": 6, \"per\": \"1d\"}],\n  \"salt\": 7",
    );
    let mut grant = file::read(&text).unwrap();
    assert_eq!(grant.session.budgets[0].amount, 12_500_000);
    assert_eq!(grant.session.budgets[0].period, 86_400);
    grant.owner_signature = Some(vec![0xab].into());

    let again = file::rewrite(&text, &grant).unwrap();

    assert!(again.contains("\"move(uint8)\"") && again.contains("\"12.5\""), "{again}");
    assert!(again.contains("\"ownerSignature\": \"0xab\""), "{again}");
    assert_eq!(file::read(&again).unwrap(), grant);
}

#[test]
fn units_are_read_as_they_are_meant() {
    let read = |from: &str, to: &str| {
        let text = GAME_FILE.replace(from, to);
        assert_ne!(text, GAME_FILE, "{from}");
        file::read(&text).unwrap().session
    };

    let any = U256::from(5_000_000_000_u64);
    assert_eq!(
        read("\"value\": \"0.01 ETH\"", "\"value\": \"5 gwei\"").permissions[0].value_limit,
        any
    );
    assert_eq!(read("\"maxCalls\": 100", "\"maxCalls\": \"uncounted\"").max_calls, u32::MAX);
    assert_eq!(read("\"move(uint8)\"", "\"plain transfer\"").permissions[0].selector, [0; 4]);
    assert_eq!(read("\"move(uint8)\"", "\"any\"").permissions[0].selector, [0xff; 4]);
    assert_eq!(read("\"move(uint8)\"", "\"0x01020304\"").permissions[0].selector, [1, 2, 3, 4]);
    let offset = read("2026-01-01T02:00:00Z", "2026-01-01T03:00:00+01:00");
    assert_eq!(offset, game());
    let rules = "\"value\": \"0.01 ETH\", \"rules\": [{\"argument\": 0, \"max\": \"0x0a\"}]";
    let bounded = begun()
        .permit(
            PermissionBuilder::function(GAME, "move(uint8)")
                .unwrap()
                .with_value(U256::from(10_000_000_000_000_000_u64))
                .argument_between(0, U256::ZERO, U256::from(10)),
        )
        .build()
        .unwrap();
    assert_eq!(read("\"value\": \"0.01 ETH\"", rules), bounded);
}

#[test]
fn errors_name_line_and_column() {
    for (from, to, line, sentence) in [
        ("\"feeLimit\": \"0.01 ETH\"", "\"feeLimit\": \"0.01\"", 14, "is no amount of ether"),
        ("2026-01-01T02:00:00Z", "tomorrow", 12, "is no time"),
        ("\"maxCalls\": 100", "\"maxCalls\": 4294967295", 13, "a number of calls"),
        ("\"maxCalls\": 100", "\"maxCalls\": -1", 13, "a number of calls"),
        ("move(uint8)", "move(piece)", 19, "is no type"),
        ("move(uint8)", "move(uint8", 19, "is no function"),
        ("move(uint8)", "move", 19, "is no call"),
        ("0xf00d000000000000000000000000000000000001", "0xf00d", 10, "is no address"),
        (
            "0xf00d000000000000000000000000000000000001",
            "0xF00D00000000000000000000000000000000000f",
            10,
            "wrong checksum",
        ),
        ("\"paymaster\"", "\"paymasters\"", 15, "unknown field"),
        ("\"salt\": 0", "\"salt\": 0,", 24, "trailing comma"),
    ] {
        let text = GAME_FILE.replace(from, to);
        assert_ne!(text, GAME_FILE, "{from}");

        let error = file::read(&text).unwrap_err();

        let FileError::Json(json) = &error else { panic!("{error}") };
        assert!(error.to_string().contains(sentence), "{error}");
        assert_eq!(json.line(), line, "{error}");
        assert!(json.column() > 0, "{error}");
    }
}

/// Files come from editors, programs and wallets that each have ways of their own.
#[test]
fn what_is_almost_right_is_read() {
    for (from, to) in [
        ("{\n  \"module\"", "\u{feff}{\n  \"module\""),
        ("2026-01-01T02:00:00Z", "2026-01-01T02:00:00.000Z"),
        ("\"epoch\": 0", "\"epoch\": \"0\""),
        ("\"move(uint8)\"", "\"function move(uint8 steps) external returns (bool)\""),
        ("\"move(uint8)\"", "\" move ( uint8 ) \""),
    ] {
        let text = GAME_FILE.replace(from, to);
        assert_ne!(text, GAME_FILE, "{from}");

        assert_eq!(file::read(&text).map(|grant| grant.session).ok(), Some(game()), "{to}");
    }
}

/// An epoch is a hash: most are above 2^53, where JSON readers round numbers.
#[test]
fn epochs_are_written_as_text() {
    let mut grant = Grant::unsigned(MODULE, game());
    grant.session.chains[0].epoch = u64::MAX;

    let text = file::write(&grant);

    assert!(text.contains("\"epoch\": \"18446744073709551615\""), "{text}");
    assert_eq!(file::read(&text).unwrap(), grant);
}

#[test]
fn the_highest_numbers_and_milliseconds_are_refused() {
    for (from, to, sentence) in [
        ("\"maxCalls\": 100", "\"maxCalls\": 4294967295", "a number of calls below 2^32 - 1"),
        (
            "\"feeLimit\": \"0.01 ETH\"",
            "\"feeLimit\": \"79228162514264337593543950335 wei\"",
            "would mean that fees are not counted",
        ),
        ("\"2026-01-01T02:00:00Z\"", "1767232800000", "give unix time in seconds"),
    ] {
        let text = GAME_FILE.replace(from, to);
        assert_ne!(text, GAME_FILE, "{from}");

        let error = file::read(&text).unwrap_err().to_string();

        assert!(error.contains(sentence), "{error}");
    }
}

#[test]
fn nothing_that_bounds_a_session_may_be_left_out() {
    let mut json: serde_json::Value = serde_json::from_str(GAME_FILE).unwrap();
    let fields: Vec<String> = json.as_object().unwrap().keys().cloned().collect();

    for field in fields.iter().filter(|field| !["paymaster", "salt"].contains(&field.as_str())) {
        let mut without = json.clone();
        without.as_object_mut().unwrap().remove(field);

        let error = file::read(&without.to_string()).unwrap_err().to_string();

        assert!(error.contains(&format!("missing field `{field}`")), "{error}");
    }
    json["account"] = serde_json::json!(ALICE);
    assert!(file::read(&json.to_string()).is_ok());
}

#[test]
fn what_fits_no_session_is_refused_in_words() {
    for (from, to, sentence) in [
        ("2026-01-01T02:00:00Z", "2025-01-01T02:00:00Z", "no window"),
        ("\"feeLimit\": \"0.01 ETH\"", "\"feeLimit\": \"99999999999 ETH\"", "too large"),
        ("\"salt\": 0", "\"salt\": \"0x10000000000000000\"", "salt is too large"),
        (
            "\"value\": \"0.01 ETH\"",
            "\"rules\": [{\"argument\": 0, \"equals\": 1, \"max\": 2}]",
            "permissions[0].rules[0] has equals beside min or max",
        ),
        (
            "\"salt\": 0",
            "\"budgets\": [{\"token\": \"native\", \"amount\": \"5\"}]",
            "budgets[0].amount",
        ),
    ] {
        let error = file::read(&GAME_FILE.replace(from, to)).unwrap_err().to_string();
        assert!(error.contains(sentence), "{error}");
    }
}
