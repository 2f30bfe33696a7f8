//! A value as the text of a cell.

use std::borrow::Cow;

use serde_json::Value;

/// What a path led to, for machines: nothing for null; lists of plain words joined by semicolons; else JSON.
pub(super) fn for_machines(found: &[&Value]) -> String {
    let one = match found {
        [] => return String::new(),
        [one] => one,
        several => return listed(several.iter().copied()),
    };
    match one {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(items) => listed(items.iter()),
        other => other.to_string(),
    }
}

/// A list of words, joined; as JSON when that would not say where one ends.
fn listed<'v>(items: impl Iterator<Item = &'v Value> + Clone) -> String {
    let word = |item: &Value| match item {
        Value::String(text) if text.contains(';') || text.starts_with('[') => None,
        Value::String(text) => Some(text.clone()),
        Value::Number(_) | Value::Bool(_) => Some(item.to_string()),
        Value::Null => Some(String::new()),
        _ => None,
    };
    match items.clone().map(word).collect::<Option<Vec<_>>>() {
        Some(words) => words.join(";"),
        None => Value::Array(items.cloned().collect()).to_string(),
    }
}

/// The same for people, who are shown that there is nothing.
pub(super) fn for_people(found: &[&Value]) -> String {
    let text = match found {
        [Value::Array(items)] => words(items.iter()),
        several @ [_, _, ..] => words(several.iter().copied()),
        _ => None,
    };
    let text = text.unwrap_or_else(|| for_machines(found));
    if text.is_empty() { "-".to_owned() } else { text }
}

fn words<'v>(mut items: impl Iterator<Item = &'v Value>) -> Option<String> {
    items
        .try_fold(Vec::new(), |mut words, item| {
            words.push(match item {
                Value::String(text) => text.clone(),
                Value::Number(_) | Value::Bool(_) => item.to_string(),
                Value::Null => "-".to_owned(),
                _ => return None,
            });
            Some(words)
        })
        .map(|words| words.join(", "))
}

/// A cell that a spreadsheet will not take for a formula: an apostrophe stands before what begins as one
/// (OWASP, "CSV Injection").
pub(super) fn for_spreadsheet(cell: &str) -> Cow<'_, str> {
    let is_number = cell.parse::<f64>().is_ok();
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']) && !is_number {
        return Cow::Owned(format!("'{cell}"));
    }
    Cow::Borrowed(cell)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn machines_get_whole_values_and_nothing_for_null() {
        let cell = |value: Value| for_machines(&[&value]);
        assert_eq!(cell(json!(null)), "");
        assert_eq!(cell(json!("a;b\nc")), "a;b\nc");
        assert_eq!(cell(json!(["a", "b"])), "a;b");
        assert_eq!(cell(json!(["a;b", "c"])), r#"["a;b","c"]"#);
        assert_eq!(cell(json!([{"a": 1}])), r#"[{"a":1}]"#);
        assert_eq!(cell(json!({"a": [1]})), r#"{"a":[1]}"#);
        assert_eq!(cell(json!(12.50)), "12.5");
        assert_eq!(for_machines(&[]), "");
        assert_eq!(for_machines(&[&json!(1), &json!("x")]), "1;x");
    }

    #[test]
    fn people_see_words_and_a_dash() {
        assert_eq!(for_people(&[&json!(["a", "b"])]), "a, b");
        assert_eq!(for_people(&[&json!("x"), &json!(null)]), "x, -");
        assert_eq!(for_people(&[&json!(null)]), "-");
        assert_eq!(for_people(&[]), "-");
    }

    #[test]
    fn formulas_are_disarmed_and_numbers_are_not() {
        for (cell, safe) in
            [("=1+1", "'=1+1"), ("@SUM(A1)", "'@SUM(A1)"), ("-2", "-2"), ("-x", "'-x"), ("a=b", "a=b")]
        {
            assert_eq!(for_spreadsheet(cell), safe);
        }
    }
}
