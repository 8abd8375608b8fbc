//! Every error of the module in words, by the vectors that both clients share.

use serde::Deserialize;
use smart_session_client::explain;

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
