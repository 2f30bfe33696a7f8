//! YAML in block style, as much of it as the platform's files need.

use serde_json::Value;

/// `value` as a document. Texts that another reader could take for something else stand in double quotes, with the
/// escapes of JSON, which YAML 1.2 has as well.
pub(crate) fn document(value: &Value) -> String {
    let mut text = String::new();
    block(value, 0, &mut text);
    text
}

fn block(value: &Value, depth: usize, text: &mut String) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                indent(depth, text);
                member_of(name, member, depth, text);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| {
            indent(depth, text);
            text.push_str("- ");
            match item {
                Value::Object(members) => {
                    for (index, (name, member)) in members.iter().enumerate() {
                        if index > 0 {
                            indent(depth + 1, text);
                        }
                        member_of(name, member, depth + 1, text);
                    }
                }
                plain => text.push_str(&format!("{}\n", scalar(plain))),
            }
        }),
        plain => text.push_str(&format!("{}\n", scalar(plain))),
    }
}

fn member_of(name: &str, member: &Value, depth: usize, text: &mut String) {
    match member {
        Value::Object(members) if !members.is_empty() => {
            text.push_str(&format!("{name}:\n"));
            block(member, depth + 1, text);
        }
        // A list stands as deep as its name.
        Value::Array(items) if !items.is_empty() => {
            text.push_str(&format!("{name}:\n"));
            block(member, depth, text);
        }
        plain => text.push_str(&format!("{name}: {}\n", scalar(plain))),
    }
}

fn indent(depth: usize, text: &mut String) {
    text.push_str(&"  ".repeat(depth));
}

fn scalar(value: &Value) -> String {
    match value {
        Value::String(text) if is_plain(text) => text.clone(),
        other => other.to_string(),
    }
}

/// Begins with a letter, has nothing that YAML knows, and is no word that YAML 1.1 takes for something else.
fn is_plain(text: &str) -> bool {
    let words = ["true", "false", "yes", "no", "on", "off", "null", "none", "y", "n"];
    text.starts_with(|first: char| first.is_ascii_alphabetic())
        && !text.ends_with(' ')
        && text.chars().all(|one| one.is_ascii_alphanumeric() || " _-./(),".contains(one))
        && !words.contains(&text.to_ascii_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::document;

    #[test]
    fn members_lists_and_texts_stand_in_block_style() {
        let value = json!({ "name": "a b", "list": [ { "x": 1, "y": [ "no", "- a" ] }, "z" ], "none": [], "deep": { "q": "1" } });
        let expected =
            "name: a b\nlist:\n- x: 1\n  y:\n  - \"no\"\n  - \"- a\"\n- z\nnone: []\ndeep:\n  q: \"1\"\n";
        assert_eq!(document(&value), expected);
    }
}
