//! EntryPoints' codes are told in the words of the TypeScript package: `tests/vectors/reasons.json`.

use serde_json::Value;
use smart_session_client::explain_reason;

const VECTORS: &str = include_str!("../../../../tests/vectors/reasons.json");

#[test]
fn codes_are_told_in_the_words_of_the_shared_vectors() {
    let document: Value = serde_json::from_str(VECTORS).unwrap();
    let reasons = document["reasons"].as_array().unwrap();
    for reason in reasons {
        let text = reason["text"].as_str().unwrap();

        assert_eq!(explain_reason(text).as_deref(), reason["sentence"].as_str(), "{text}");
    }
    let known = reasons.iter().filter(|reason| reason["sentence"].is_string()).count();
    assert!(known > 30, "{known}");
}
