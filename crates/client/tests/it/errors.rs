//! Every error of the module in words, by the vectors that both clients share.

use alloy_primitives::hex;
use serde::Deserialize;
use smart_session_client::{NodeError, explain};

#[derive(Deserialize)]
struct Vectors {
    errors: Vec<Told>,
}

#[derive(Deserialize)]
struct Told {
    error: String,
    data: alloy_primitives::Bytes,
    sentence: String,
}

#[test]
fn errors_are_told_in_the_words_of_the_shared_vectors() {
    let text = include_str!("../../../../tests/vectors/errors.json");
    let Vectors { errors } = serde_json::from_str(text).unwrap();

    for Told { error, data, sentence } in errors {
        assert_eq!(explain(&data), Some(sentence), "{error}");
    }
}

/// What is said of an error that another call, or another session, mends.
const GENERAL: &str = "change what is asked for, or ask the owner for another session";

#[test]
fn what_to_do_about_an_error_is_what_the_document_says() {
    let document = include_str!("../../../../docs/errors.md");
    let mut own = 0;
    for row in document.lines().filter(|line| line.starts_with("| `") && line.contains('(')) {
        let cells: Vec<&str> = row.trim_matches('|').split(" | ").map(str::trim).collect();
        let [error, selector, _, remedy] = cells[..] else { continue };
        let selector: [u8; 4] = hex::decode_to_array(selector.trim_matches('`')).unwrap();
        let arguments = if error.contains("()") { 0 } else { 1 + error.matches(',').count() };
        let data = [&selector[..], &vec![0; 32 * arguments]].concat().into();

        let told = NodeError::Reverted { data }.remedy();

        let said = remedy.trim_end_matches('.').replace('`', "").to_lowercase();
        assert!(told == GENERAL || told.to_lowercase() == said, "{error}: {told}");
        own += usize::from(told != GENERAL);
    }
    assert_eq!(own, 20);
}

#[test]
fn a_key_without_ether_is_told_what_it_lacks() {
    let message = "insufficient funds for gas * price + value: address 0x12 have 0 want 9".into();

    let remedy = NodeError::Refused { message, data: None }.remedy();

    assert_eq!(remedy, "send ether to the key that pays for gas, or let another one pay");
}
