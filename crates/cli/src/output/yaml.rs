//! Values as YAML 1.2 that readers of YAML 1.1 take for the same: text is plain only where no reader can see a number, a
//! date or a word such as `no` in it, else it is quoted.

use std::fmt::Write as _;

use serde_json::{Number, Value};

use super::steering::is_unseen;

/// Writes a record as an item of a sequence.
pub(super) fn item(value: &Value, out: &mut String) {
    entry(value, 0, out);
}

/// Writes a value as a document.
pub(super) fn document(value: &Value, out: &mut String) {
    match value {
        Value::Object(members) if !members.is_empty() => mapping(members, 0, false, out),
        Value::Array(items) if !items.is_empty() => {
            for item in items {
                entry(item, 0, out);
            }
        }
        other => {
            scalar(other, out);
            out.push('\n');
        }
    }
}

fn entry(value: &Value, indent: usize, out: &mut String) {
    spaces(indent, out);
    out.push('-');
    match value {
        Value::Object(members) if !members.is_empty() => {
            out.push(' ');
            mapping(members, indent + 2, true, out);
        }
        other => after_mark(other, indent + 2, out),
    }
}

fn mapping(members: &serde_json::Map<String, Value>, indent: usize, mut in_line: bool, out: &mut String) {
    for (key, value) in members {
        if !std::mem::take(&mut in_line) {
            spaces(indent, out);
        }
        // Keys beyond 1,024 characters must say that they are keys (YAML 1.2, 8.2.2).
        if key.chars().count() > 150 {
            out.push_str("? ");
            text(key, out);
            out.push('\n');
            spaces(indent, out);
        } else {
            text(key, out);
        }
        out.push(':');
        after_mark(value, indent + 2, out);
    }
}

/// What stands behind `-` or `key:`.
fn after_mark(value: &Value, indent: usize, out: &mut String) {
    match value {
        Value::Object(members) if !members.is_empty() => {
            out.push('\n');
            mapping(members, indent, false, out);
        }
        Value::Array(items) if !items.is_empty() => {
            out.push('\n');
            for item in items {
                entry(item, indent, out);
            }
        }
        other => {
            out.push(' ');
            scalar(other, out);
            out.push('\n');
        }
    }
}

fn scalar(value: &Value, out: &mut String) {
    match value {
        Value::String(string) => text(string, out),
        Value::Number(number) => out.push_str(&digits(number)),
        Value::Array(_) => out.push_str("[]"),
        Value::Object(_) => out.push_str("{}"),
        other => out.push_str(&other.to_string()),
    }
}

/// YAML 1.1 knows floats with exponents only with a point and a sign.
fn digits(number: &Number) -> String {
    let text = number.to_string();
    let Some((mantissa, exponent)) = text.split_once(['e', 'E']) else { return text };
    let point = if mantissa.contains('.') { "" } else { ".0" };
    let sign = if exponent.starts_with(['+', '-']) { "" } else { "+" };
    format!("{mantissa}{point}e{sign}{exponent}")
}

fn text(string: &str, out: &mut String) {
    if is_plain(string) {
        out.push_str(string);
        return;
    }
    out.push('"');
    for character in string.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            _ if character.is_control() || is_unseen(character) || is_no_character(character) => {
                let code = u32::from(character);
                // Writing to a String cannot fail.
                let _ =
                    if code > 0xFFFF { write!(out, "\\U{code:08X}") } else { write!(out, "\\u{code:04X}") };
            }
            _ => out.push(character),
        }
    }
    out.push('"');
}

/// What a YAML stream may not hold as it is (YAML 1.2, 5.1).
fn is_no_character(character: char) -> bool {
    matches!(character, '\u{FFFE}' | '\u{FFFF}')
}

/// Words that some reader takes for a boolean or for nothing.
const WORDS: [&str; 9] = ["y", "n", "yes", "no", "on", "off", "true", "false", "null"];

fn is_plain(string: &str) -> bool {
    let harmless = |byte: u8| byte.is_ascii_alphanumeric() || b"_./@ -".contains(&byte);
    string.len() <= 200
        && string.as_bytes().first().is_some_and(u8::is_ascii_alphabetic)
        && string.bytes().all(harmless)
        && !string.ends_with(' ')
        && !WORDS.iter().any(|word| word.eq_ignore_ascii_case(string))
}

fn spaces(count: usize, out: &mut String) {
    out.extend(std::iter::repeat_n(' ', count));
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn written(value: &Value) -> String {
        let mut out = String::new();
        document(value, &mut out);
        out
    }

    #[test]
    fn records_read_well() {
        let value = json!([{"id": "29", "name": "Suspected theft", "tags": ["a", "no"], "at": null,
            "more": {"x": {}, "z": [[1, 2], []]}}, {}]);
        let expected = "- id: \"29\"\n  name: Suspected theft\n  tags:\n    - a\n    - \"no\"\n  at: null\n  more:\n    \
                        x: {}\n    z:\n      -\n        - 1\n        - 2\n      - []\n- {}\n";
        assert_eq!(written(&value), expected);
    }

    #[test]
    fn what_a_reader_may_misread_is_quoted() {
        for text in [
            "",
            "1",
            "0x1F",
            "1e3",
            "12:30:45",
            "2026-11-23",
            "yes",
            "NULL",
            "~",
            "- a",
            "a: b",
            "a #b",
            " a",
            "a ",
            "&a",
            "*a",
            "!a",
            "%a",
            "@a",
            "`a",
            "[a",
            "{a",
            "=",
            "<<",
            ".inf",
            "a\nb",
            "true",
            "é",
            "a'b",
        ] {
            let mut out = String::new();
            super::text(text, &mut out);
            assert!(out.starts_with('"') && out.ends_with('"') && out.len() >= 2, "{text}: {out}");
        }
        assert_eq!(
            written(&json!("\u{1b}[2J\u{202E}\u{85}\u{2028}\u{E0041}😀")),
            "\"\\u001B[2J\\u202E\\u0085\\u2028\\U000E0041😀\"\n"
        );
    }

    #[test]
    fn numbers_with_exponents_have_a_point_and_a_sign() {
        assert_eq!(written(&json!(1e100)), "1.0e+100\n");
        assert_eq!(written(&json!(1.5e-9)), "1.5e-9\n");
        assert_eq!(written(&json!(-7)), "-7\n");
        assert_eq!(written(&json!(u64::MAX)), "18446744073709551615\n");
    }
}
