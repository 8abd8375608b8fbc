//! Grants are written and told as the TypeScript package does it: `tests/vectors/grants.json`.

use serde_json::Value;
use smart_session_client::{Grant, describe, file};

const VECTORS: &str = include_str!("../../../../tests/vectors/grants.json");

#[test]
fn grants_are_what_the_shared_vectors_say() {
    let document: Value = serde_json::from_str(VECTORS).unwrap();
    let vectors = document["vectors"].as_array().unwrap();
    assert!(!vectors.is_empty());
    for vector in vectors {
        let name = &vector["name"];
        let text = vector["text"].as_str().unwrap();

        let (grant, names) = file::read_with_names(&vector["file"].to_string()).unwrap();

        assert_eq!(vector["id"], grant.id().to_string(), "{name}");
        assert_eq!(grant.to_text().unwrap(), text, "{name}");
        assert_eq!(Grant::from_text(text).as_ref(), Ok(&grant), "{name}");
        let written: Value = serde_json::from_str(&file::write_with_names(&grant, &names)).unwrap();
        assert_eq!(written, vector["file"], "{name}");
        let words: Vec<Vec<String>> = describe(&grant, &names)
            .into_iter()
            .map(|line| vec![line.label.to_owned(), line.value])
            .collect();
        let expected: Vec<Vec<String>> = serde_json::from_value(vector["words"].clone()).unwrap();
        assert_eq!(words, expected, "{name}");
    }
}
