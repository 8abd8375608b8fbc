//! Argument rules in session files: values of the argument's type.

use alloy_primitives::{U256, uint};
use smart_session_client::file;
use smart_session_core::session::ArgumentRule;

fn read(call: &str, rule: &str) -> Result<ArgumentRule, String> {
    let text = format!(
        r#"{{
  "module": "0x5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e",
  "account": "0xa11ce00000000000000000000000000000000001",
  "chains": [{{ "chain": 42161, "epoch": "0" }}],
  "delegate": "0xf00d000000000000000000000000000000000001",
  "from": "2026-01-01T00:00:00Z", "expiry": "2026-01-01T02:00:00Z",
  "maxCalls": 100, "feeLimit": "0.01 ETH",
  "permissions": [{{
    "target": "0x9a3e000000000000000000000000000000000001", "call": "{call}", "rules": [{rule}]
  }}]
}}"#
    );
    let grant = file::read(&text).map_err(|error| error.to_string())?;
    // What was read is written so that it reads the same.
    let (again, names) = file::read_with_names(&text).unwrap();
    assert_eq!(file::read(&file::rewrite(&text, &again).unwrap()).unwrap(), grant);
    assert_eq!(names.function(0, grant.session.permissions[0].selector).unwrap().to_string(), call);
    Ok(grant.session.permissions[0].rules[0])
}

fn bounds(call: &str, rule: &str) -> (U256, U256) {
    let ArgumentRule { min, max, .. } = read(call, rule).unwrap();
    (min, max)
}

/// The words as the ABI specification encodes the values.
#[test]
fn values_are_encoded_as_the_functions_types() {
    let left = uint!(0x1234567800000000000000000000000000000000000000000000000000000000_U256);
    let ten = U256::from(10);
    let minus = |number: u64| U256::ZERO.wrapping_sub(U256::from(number));
    let both = |word| (word, word);
    assert_eq!(
        bounds("f(bytes4)", r#"{"argument": 0, "equals": "0x12345678"}"#),
        both(left),
        "left-aligned"
    );
    assert_eq!(bounds("f(int8)", r#"{"argument": 0, "equals": -5}"#), both(minus(5)));
    assert_eq!(bounds("f(int8)", r#"{"argument": 0, "equals": "-5"}"#), both(minus(5)));
    let signed = bounds("f(int256)", r#"{"argument": 0, "min": -10, "max": -1}"#);
    assert_eq!(signed, (minus(10), minus(1)));
    assert_eq!(
        bounds("f(int8)", r#"{"argument": 0, "min": 3}"#),
        (U256::from(3), U256::from(127)),
        "negative values are above all others"
    );
    assert_eq!(bounds("f(bool)", r#"{"argument": 0, "equals": true}"#), both(U256::from(1)));
    assert_eq!(bounds("f(uint8)", r#"{"argument": 0, "max": "0x0a"}"#), (U256::ZERO, ten));
    assert_eq!(bounds("f(uint8)", r#"{"argument": 0, "min": 10}"#), (ten, U256::from(255)));
    let address = r#"{"argument": 1, "equals": "0x00000000000000000000000000000000000a11ce"}"#;
    assert_eq!(bounds("f(string,address)", address), both(U256::from(0xa11ce)));
    // A word in the tail of a function with values of dynamic length.
    assert_eq!(bounds("f(string)", r#"{"argument": 1, "max": 10}"#), (U256::ZERO, ten));
}

#[test]
fn what_bounds_nothing_or_cannot_be_is_refused() {
    for (call, rule, sentence) in [
        ("f(uint8)", r#"{"argument": 0, "equals": 256}"#, "\"256\" is no uint8"),
        ("f(uint8)", r#"{"argument": 0, "min": 1, "max": 256}"#, "rules[0].max: \"256\""),
        ("f(uint8)", r#"{"argument": 0, "equals": -1}"#, "\"-1\" is no uint8"),
        ("f(uint8)", r#"{"argument": 1, "equals": 1}"#, "f(uint8) has 1 argument words"),
        ("f()", r#"{"argument": 0, "equals": 1}"#, "f() has 0 argument words"),
        ("f(uint8)", r#"{"argument": 0}"#, "permissions[0].rules[0] bounds nothing"),
        ("f(uint8)", r#"{"argument": 0, "min": 0, "max": 255}"#, "bounds nothing"),
        ("f(bool)", r#"{"argument": 0, "min": false, "max": true}"#, "bounds nothing"),
        ("f(bytes4)", r#"{"argument": 0, "equals": 305419896}"#, "is no bytes4"),
        ("f(int8)", r#"{"argument": 0, "min": -1, "max": 1}"#, "on both sides of zero"),
        ("f(int8)", r#"{"argument": 0, "max": 1}"#, "on both sides of zero"),
        ("f(int8)", r#"{"argument": 0, "min": -1}"#, "on both sides of zero"),
        ("f(bool)", r#"{"argument": 0, "equals": 2}"#, "is no bool"),
        (
            "f(address)",
            r#"{"argument": 0, "equals": "0xF00D00000000000000000000000000000000000f"}"#,
            "wrong checksum",
        ),
    ] {
        let error = read(call, rule).unwrap_err();

        assert!(error.contains(sentence), "{call} {rule}: {error}");
    }
}

/// What was built by functions and units is written by them.
#[test]
fn a_session_is_written_by_the_names_that_are_known() {
    use alloy_primitives::address;
    use smart_session_client::{Grant, Names, PermissionBuilder};

    let token = address!("9a3e000000000000000000000000000000000002");
    let receiver = U256::from(0xa11ce);
    let session = crate::any_grant::begun()
        .permit(
            PermissionBuilder::function(token, "transfer(address,uint256)")
                .unwrap()
                .argument_is(0, receiver),
        )
        .budget(token, 12_500_000)
        .build()
        .unwrap();
    let grant = Grant::unsigned(crate::any_grant::MODULE, session);
    let function = "transfer(address to, uint amount)".parse().unwrap();
    let names = Names::new(vec![Some(function)], vec![Some(6)]);

    let text = file::write_with_names(&grant, &names);

    for part in [
        "\"call\": \"transfer(address,uint256)\"",
        "\"equals\": \"0x00000000000000000000000000000000000A11cE\"",
        "\"amount\": \"12.5\"",
        "\"decimals\": 6",
    ] {
        assert!(text.contains(part), "{part} in {text}");
    }
    assert_eq!(file::read_with_names(&text).unwrap(), (grant, names));
}
