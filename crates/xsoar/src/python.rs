//! JSON values as Python prints them: the texts of the original come from there.

use std::fmt::Write;

use serde_json::Value;

/// Whether characters beyond ASCII are escaped in JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ascii {
    /// `json.dumps(value)`.
    Only,
    /// `json.dumps(value, ensure_ascii=False)`.
    AndMore,
}

/// `json.dumps(value)`: `, ` and `: ` between the tokens.
pub(crate) fn json(value: &Value, ascii: Ascii) -> String {
    let mut text = String::new();
    write_json(value, ascii, &mut text);
    text
}

fn write_json(value: &Value, ascii: Ascii, out: &mut String) {
    match value {
        Value::Array(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                out.push_str(if index > 0 { ", " } else { "" });
                write_json(item, ascii, out);
            }
            out.push(']');
        }
        Value::Object(members) => {
            out.push('{');
            for (index, (name, value)) in members.iter().enumerate() {
                out.push_str(if index > 0 { ", " } else { "" });
                write_text(name, ascii, out);
                out.push_str(": ");
                write_json(value, ascii, out);
            }
            out.push('}');
        }
        Value::String(text) => write_text(text, ascii, out),
        scalar => out.push_str(&scalar.to_string()),
    }
}

fn write_text(text: &str, ascii: Ascii, out: &mut String) {
    let quoted = Value::from(text).to_string();
    if ascii == Ascii::AndMore {
        out.push_str(&quoted);
        return;
    }
    for character in quoted.chars() {
        if character.is_ascii() {
            out.push(character);
            continue;
        }
        for unit in character.encode_utf16(&mut [0; 2]) {
            // Writing to a String cannot fail.
            let _ = write!(out, "\\u{unit:04x}");
        }
    }
}

/// `str(value)`: text as it is, everything else as a Python literal.
pub(crate) fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => literal(other),
    }
}

/// `repr(value)`.
pub(crate) fn literal(value: &Value) -> String {
    match value {
        Value::Null => "None".to_owned(),
        Value::Bool(true) => "True".to_owned(),
        Value::Bool(false) => "False".to_owned(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => quoted(text),
        Value::Array(items) => {
            let items: Vec<_> = items.iter().map(literal).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Object(members) => {
            let members: Vec<_> =
                members.iter().map(|(name, value)| format!("{}: {}", quoted(name), literal(value))).collect();
            format!("{{{}}}", members.join(", "))
        }
    }
}

/// `repr(text)`: single quotes, unless the text has some and no double ones.
pub(crate) fn quoted(text: &str) -> String {
    let quote = if text.contains('\'') && !text.contains('"') { '"' } else { '\'' };
    let mut out = String::from(quote);
    for character in text.chars() {
        match character {
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            character if character == quote => {
                out.push('\\');
                out.push(character);
            }
            character if character.is_ascii_control() => {
                // Writing to a String cannot fail.
                let _ = write!(out, "\\x{:02x}", u32::from(character));
            }
            character => out.push(character),
        }
    }
    out.push(quote);
    out
}

/// `repr(bytes)`.
pub(crate) fn bytes(text: &str) -> String {
    let mut out = String::from("b");
    let quote = if text.contains('\'') && !text.contains('"') { '"' } else { '\'' };
    out.push(quote);
    for byte in text.bytes() {
        match byte {
            b'\\' => out.push_str("\\\\"),
            b'\n' => out.push_str("\\n"),
            b'\r' => out.push_str("\\r"),
            b'\t' => out.push_str("\\t"),
            byte if char::from(byte) == quote => {
                out.push('\\');
                out.push(quote);
            }
            0x20..=0x7e => out.push(char::from(byte)),
            // Writing to a String cannot fail.
            byte => drop(write!(out, "\\x{byte:02x}")),
        }
    }
    out.push(quote);
    out
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn json_is_written_as_python_writes_it() {
        let value = json!({ "error": { "code": "é😀", "n": [1, null, true, "a\"b"] } });
        assert_eq!(
            json(&value, Ascii::Only),
            r#"{"error": {"code": "\u00e9\ud83d\ude00", "n": [1, null, true, "a\"b"]}}"#
        );
        assert!(json(&value, Ascii::AndMore).contains("é😀"));
        assert_eq!(json(&json!({}), Ascii::Only), "{}");
    }

    #[test]
    fn literals_are_pythons() {
        let value = json!({ "a": 1, "b": [null, true, "it's", "both ' and \""] });
        assert_eq!(literal(&value), r#"{'a': 1, 'b': [None, True, "it's", 'both \' and "']}"#);
        assert_eq!(text(&json!("as it is")), "as it is");
        assert_eq!(bytes(""), "b''");
        assert_eq!(bytes("<é>\n"), r"b'<\xc3\xa9>\n'");
    }
}
