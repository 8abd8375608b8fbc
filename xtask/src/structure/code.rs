//! Rust source as it counts: without comments, without what strings say and without tests.

/// Returns the code without comments, with empty strings, without what is compiled for tests alone.
pub(super) fn code(text: &str) -> String {
    without_tests(&plain(text))
}

fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(character) = rest.chars().next() {
        let is_word = plain.ends_with(|before: char| before.is_alphanumeric() || before == '_');
        let skipped = match character {
            '/' if rest.starts_with("//") => length_until(rest, "\n"),
            '/' if rest.starts_with("/*") => past(rest, "*/"),
            '"' => quoted(rest),
            'r' if !is_word => raw_string(rest),
            '\'' => character_literal(rest),
            _ => 0,
        };
        if skipped == 0 {
            plain.push(character);
            rest = after(rest, character.len_utf8());
        } else {
            plain.push_str(if character == '/' { " " } else { "\"\"" });
            rest = after(rest, skipped);
        }
    }
    plain
}

fn after(text: &str, length: usize) -> &str {
    text.get(length..).unwrap_or_default()
}

fn length_until(text: &str, end: &str) -> usize {
    text.find(end).unwrap_or(text.len())
}

fn past(text: &str, end: &str) -> usize {
    text.find(end).map_or(text.len(), |at| at.saturating_add(end.len()))
}

/// Returns the length of a string in quotes, with both.
fn quoted(text: &str) -> usize {
    let mut is_escaped = false;
    for (at, character) in text.char_indices().skip(1) {
        match character {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            '"' => return at.saturating_add(1),
            _ => {}
        }
    }
    text.len()
}

/// Returns the length of a raw string, 0 if none begins here.
fn raw_string(text: &str) -> usize {
    let hashes = after(text, 1).chars().take_while(|character| *character == '#').count();
    let opening = hashes.saturating_add(1);
    if !after(text, opening).starts_with('"') {
        return 0;
    }
    let content = opening.saturating_add(1);
    content.saturating_add(past(after(text, content), &format!("\"{}", "#".repeat(hashes))))
}

/// Returns the length of a character in quotes, 0 for a lifetime.
fn character_literal(text: &str) -> usize {
    let mut characters = text.char_indices().skip(1);
    match (characters.next(), characters.next()) {
        (Some((_, '\\')), Some((at, escaped))) => {
            let closing = at.saturating_add(escaped.len_utf8());
            closing.saturating_add(past(after(text, closing), "'"))
        }
        (Some(_), Some((at, '\''))) => at.saturating_add(1),
        _ => 0,
    }
}

fn without_tests(code: &str) -> String {
    let mut kept = String::with_capacity(code.len());
    let mut rest = code;
    while let Some(at) = rest.find("#[cfg(") {
        let (before, attribute) = rest.split_at(at);
        kept.push_str(before);
        let condition = attribute.trim_start_matches("#[cfg(");
        let is_test = condition.starts_with("test)") || condition.starts_with("all(test,");
        let length = past(attribute, "]");
        if is_test {
            rest = after(attribute, length.saturating_add(item(after(attribute, length))));
        } else {
            kept.push_str(attribute.get(..length).unwrap_or_default());
            rest = after(attribute, length);
        }
    }
    kept.push_str(rest);
    kept
}

/// Returns the length of an item: up to its semicolon, or to the end of its braces.
fn item(code: &str) -> usize {
    let mut depth = 0_usize;
    for (at, character) in code.char_indices() {
        match character {
            '{' | '(' | '[' => depth = depth.saturating_add(1),
            '}' | ')' | ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 && matches!(character, ';' | '}') {
            return at.saturating_add(1);
        }
    }
    code.len()
}

#[cfg(test)]
mod tests {
    use super::code;

    #[test]
    fn comments_say_nothing() {
        assert_eq!(code("a; // crate::b\n/* crate::c */d;"), "a;  \n d;");
    }

    #[test]
    fn strings_say_nothing_and_hide_no_code() {
        assert_eq!(
            code(r##"a("//\"", r#"crate"b"#, 'x', '"', '\'', b);"##),
            r#"a("", "", "", "", "", b);"#
        );
    }

    #[test]
    fn lifetimes_and_raw_names_stay() {
        assert_eq!(code("fn a<'b>(r#type: &'b str)"), "fn a<'b>(r#type: &'b str)");
    }

    #[test]
    fn what_is_compiled_for_tests_alone_is_left_out() {
        let text =
            "a;\n#[cfg(test)]\nmod tests { use b; fn c([u8; 2]) {} }\n#[cfg(test)] mod d;\ne;";

        assert_eq!(code(text), "a;\n\n\ne;");
        assert_eq!(code("#[cfg(feature = \"b\")] mod d;"), "#[cfg(feature = \"\")] mod d;");
    }
}
