//! Arguments as Cortex reads them: everything is text, and becomes a number, a list or a truth value.
//!
//! Source: `CommonServerPython` of the Cortex content repository: `arg_to_number`, `argToList`, `argToBoolean`.

use serde_json::Value;

use crate::python;

/// A number; `None` when the argument is null or empty. Fractions are cut off.
///
/// # Errors
/// The platform's text, when it is no number.
pub fn number(value: Option<&Value>, name: &str) -> Result<Option<i64>, String> {
    let invalid = |shown: String| match name {
        "" => format!("\"{shown}\" is not a valid number"),
        name => format!("Invalid number: \"{name}\"=\"{shown}\""),
    };
    match value {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) if text.is_empty() => Ok(None),
        Some(Value::String(text)) => whole(text).map(Some).ok_or_else(|| invalid(text.clone())),
        Some(Value::Number(number)) => {
            whole(&number.to_string()).map(Some).ok_or_else(|| invalid(number.to_string()))
        }
        Some(other) => Err(invalid(python::text(other))),
    }
}

/// A number that has to be there.
///
/// # Errors
/// The platform's text, when it is missing or no number.
pub fn required_number(value: Option<&Value>, name: &str) -> Result<i64, String> {
    number(value, name)?.ok_or_else(|| match name {
        "" => "Missing required argument".to_owned(),
        name => format!("Missing \"{name}\""),
    })
}

fn whole(text: &str) -> Option<i64> {
    let text = text.trim();
    if let Ok(number) = text.parse() {
        return Some(number);
    }
    let real: f64 = text.parse().ok().filter(|real: &f64| real.is_finite())?;
    #[expect(clippy::cast_possible_truncation, reason = "cutting off is what is asked for; `as` saturates")]
    Some(real.trunc() as i64)
}

/// A list: of a JSON text, else the parts between commas, trimmed.
pub fn list(value: Option<&Value>) -> Vec<Value> {
    match value {
        None | Some(Value::Null | Value::Bool(false)) => Vec::new(),
        Some(Value::Array(items)) => items.clone(),
        Some(Value::String(text)) if text.is_empty() => Vec::new(),
        Some(Value::String(text)) => {
            if text.starts_with('[')
                && text.ends_with(']')
                && let Ok(items) = serde_json::from_str(text)
            {
                return items;
            }
            text.split(',').map(|part| part.trim().into()).collect()
        }
        Some(Value::Number(number)) if number.as_f64() == Some(0.0) => Vec::new(),
        Some(other) => vec![other.clone()],
    }
}

/// A truth value.
///
/// # Errors
/// The platform's texts.
pub fn boolean(value: &Value) -> Result<bool, &'static str> {
    match value {
        Value::Bool(truth) => Ok(*truth),
        Value::String(text) => match text.to_ascii_lowercase().as_str() {
            "true" | "yes" => Ok(true),
            "false" | "no" => Ok(false),
            _ => Err("Argument does not contain a valid boolean-like value"),
        },
        _ => Err("Argument is neither a string nor a boolean"),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn numbers_are_digits_or_fractions_cut_off() {
        for (value, expected) in [
            (json!("5"), Some(5)),
            (json!("7.9"), Some(7)),
            (json!("-1"), Some(-1)),
            (json!(" 12 "), Some(12)),
            (json!("1e3"), Some(1000)),
            (json!(3.7), Some(3)),
            (json!(""), None),
            (json!(null), None),
        ] {
            assert_eq!(number(Some(&value), "limit"), Ok(expected), "{value}");
        }
        assert_eq!(number(Some(&json!("x")), "limit"), Err("Invalid number: \"limit\"=\"x\"".to_owned()));
        assert_eq!(number(Some(&json!("inf")), ""), Err("\"inf\" is not a valid number".to_owned()));
        assert_eq!(required_number(Some(&json!("")), "limit"), Err("Missing \"limit\"".to_owned()));
        assert_eq!(required_number(None, ""), Err("Missing required argument".to_owned()));
    }

    #[test]
    fn lists_are_json_or_parts_between_commas() {
        for (value, expected) in [
            (json!(null), json!([])),
            (json!(""), json!([])),
            (json!(["a", 1]), json!(["a", 1])),
            (json!("[\" a\", 2]"), json!([" a", 2])),
            (json!("[a, b]"), json!(["[a", "b]"])),
            (json!(" a , b,"), json!(["a", "b", ""])),
            (json!(5), json!([5])),
        ] {
            assert_eq!(Value::Array(list(Some(&value))), expected, "{value}");
        }
    }

    #[test]
    fn truth_values_are_words_in_any_case() {
        for (value, expected) in
            [(json!(true), true), (json!("Yes"), true), (json!("FALSE"), false), (json!("no"), false)]
        {
            assert_eq!(boolean(&value), Ok(expected));
        }
        assert_eq!(boolean(&json!("1")), Err("Argument does not contain a valid boolean-like value"));
        assert_eq!(boolean(&json!(1)), Err("Argument is neither a string nor a boolean"));
    }
}
