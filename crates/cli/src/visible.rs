//! Text of files, nodes and contracts, made harmless for terminals: once, where it is printed.

use std::fmt::Write;

/// Returns the text with escape codes, other control characters and invisible or
/// direction-changing characters written out, as in `\u{1b}`. It is one line then.
pub(crate) fn visible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        if is_hidden(character) {
            shown.extend(character.escape_unicode());
        } else {
            shown.push(character);
        }
    }
    shown
}

/// Returns JSON with the same characters as JSON's own escapes: they stand in strings only.
pub(crate) fn visible_json(json: &str) -> String {
    let mut shown = String::with_capacity(json.len());
    for character in json.chars() {
        if is_hidden(character) {
            for unit in character.encode_utf16(&mut [0; 2]) {
                // Writing to a text does not fail.
                let _ = write!(shown, "\\u{unit:04x}");
            }
        } else {
            shown.push(character);
        }
    }
    shown
}

/// Whether a terminal or a reader would take a character for something else than it looks like.
fn is_hidden(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{ad}'
                | '\u{61c}'
                | '\u{180e}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e007f}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_terminals_obey_is_written_out() {
        let text = "ok\u{1b}[2K\rno\u{9b}31m \u{202e}desrever\u{2066}\nsecond line\u{7}";

        let shown = visible(text);

        let expected =
            "ok\\u{1b}[2K\\u{d}no\\u{9b}31m \\u{202e}desrever\\u{2066}\\u{a}second line\\u{7}";
        assert_eq!(shown, expected);
        assert_eq!(visible("Größe 5 ≤ 7 …"), "Größe 5 ≤ 7 …", "other languages are left alone");
    }

    #[test]
    fn json_says_the_same_without_them() {
        let value = serde_json::json!({ "reason": "a\u{202e}b\u{9b}c\u{e0041}d\n" });

        let shown = visible_json(&value.to_string());

        assert!(shown.is_ascii(), "{shown}");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&shown).unwrap(), value);
    }
}
