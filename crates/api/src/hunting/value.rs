//! One value of a row: the server's JSON text, in the form that its column's type asks for.
//!
//! The service is not of one mind about types: truth values come as 0 and 1, 64-bit numbers and JSON also as text.

use std::borrow::Cow;

use serde_json::value::RawValue;

use super::schema::ColumnType;

/// The value as JSON: numbers that came as text are numbers, truth values true and false, JSON in a text is JSON, a time
/// without a zone is in UTC. Whatever does not fit its type stays as it is.
pub(super) fn json(kind: ColumnType, raw: &str) -> Cow<'_, str> {
    let converted = match kind {
        ColumnType::Other => None,
        ColumnType::Bool => truth(raw).map(Cow::Borrowed),
        ColumnType::Integer => inner(raw).filter(|text| is_integer(text)).map(Cow::Borrowed),
        ColumnType::Real => inner(raw).filter(|text| is_number(text)).map(Cow::Borrowed),
        ColumnType::Time => {
            inner(raw).filter(|text| is_without_zone(text)).map(|text| format!("\"{text}Z\"").into())
        }
        ColumnType::Dynamic => document(raw).map(Cow::Owned),
    };
    converted.unwrap_or(Cow::Borrowed(raw))
}

/// The value as text: null is empty, JSON stays as it came.
pub(super) fn text(kind: ColumnType, raw: &str) -> Cow<'_, str> {
    if raw == "null" {
        return Cow::Borrowed("");
    }
    let form = if kind == ColumnType::Dynamic { Cow::Borrowed(raw) } else { json(kind, raw) };
    match form {
        Cow::Borrowed(raw) if raw.starts_with('"') => decoded(raw),
        Cow::Owned(text) if text.starts_with('"') => Cow::Owned(decoded(&text).into_owned()),
        other => other,
    }
}

/// The text a JSON string stands for.
fn decoded(raw: &str) -> Cow<'_, str> {
    match inner(raw) {
        Some(plain) => Cow::Borrowed(plain),
        None => serde_json::from_str::<String>(raw).map_or(Cow::Borrowed(raw), Cow::Owned),
    }
}

/// What stands between the quotes of a JSON string without escapes.
fn inner(raw: &str) -> Option<&str> {
    let text = raw.strip_prefix('"')?.strip_suffix('"')?;
    (!text.contains('\\')).then_some(text)
}

fn truth(raw: &str) -> Option<&'static str> {
    match inner(raw).unwrap_or(raw) {
        "1" | "true" | "True" => Some("true"),
        "0" | "false" | "False" => Some("false"),
        _ => None,
    }
}

fn is_integer(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    !digits.is_empty()
        && digits.bytes().all(|byte| byte.is_ascii_digit())
        && (digits.len() == 1 || !digits.starts_with('0'))
}

fn is_number(text: &str) -> bool {
    text.starts_with(|first: char| first == '-' || first.is_ascii_digit())
        && serde_json::from_str::<&RawValue>(text).is_ok_and(|number| number.get() == text)
}

/// `2026-09-03T07:38:54.98`: the service means UTC also where it does not say so.
fn is_without_zone(text: &str) -> bool {
    let bytes = text.as_bytes();
    let fits = |(byte, form): (&u8, u8)| match form {
        b'0' => byte.is_ascii_digit(),
        _ => *byte == form,
    };
    let Some((moment, fraction)) = bytes.split_at_checked(19) else { return false };
    let digits = |rest: &[u8]| !rest.is_empty() && rest.iter().all(u8::is_ascii_digit);
    moment.iter().zip(*b"0000-00-00T00:00:00").all(fits)
        && (fraction.is_empty() || fraction.strip_prefix(b".").is_some_and(digits))
}

/// The JSON object or array that a text holds, on one line. Other texts may be what they look like: `"1"` stays text.
fn document(raw: &str) -> Option<String> {
    let text = raw.starts_with('"').then(|| decoded(raw))?;
    let trimmed = text.trim();
    if !trimmed.starts_with(['{', '[']) || serde_json::from_str::<&RawValue>(trimmed).is_err() {
        return None;
    }
    Some(if trimmed.contains(['\n', '\r']) { trimmed.replace(['\n', '\r'], " ") } else { trimmed.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_has_the_types_of_the_columns() {
        for (kind, raw, expected) in [
            (ColumnType::Integer, r#""9007199254740993""#, "9007199254740993"),
            (ColumnType::Integer, "-5", "-5"),
            (ColumnType::Integer, r#""-0""#, "-0"),
            (ColumnType::Integer, r#""007""#, r#""007""#),
            (ColumnType::Integer, r#""""#, r#""""#),
            (ColumnType::Real, r#""1.5e3""#, "1.5e3"),
            (ColumnType::Real, r#""NaN""#, r#""NaN""#),
            (ColumnType::Real, r#""1 ""#, r#""1 ""#),
            (ColumnType::Bool, "1", "true"),
            (ColumnType::Bool, r#""False""#, "false"),
            (ColumnType::Bool, "2", "2"),
            (ColumnType::Time, r#""2026-09-03T07:38:54.9881234""#, r#""2026-09-03T07:38:54.9881234Z""#),
            (ColumnType::Time, r#""2026-09-03T07:38:54+02:00""#, r#""2026-09-03T07:38:54+02:00""#),
            (ColumnType::Dynamic, r#""{\"a\":\n[1.50]}""#, r#"{"a": [1.50]}"#),
            (ColumnType::Dynamic, r#""{\"a\":""#, r#""{\"a\":""#),
            (ColumnType::Dynamic, r#""1""#, r#""1""#),
            (ColumnType::Dynamic, r#"{"a":1}"#, r#"{"a":1}"#),
            (ColumnType::Other, r#""[1]""#, r#""[1]""#),
            (ColumnType::Integer, "null", "null"),
        ] {
            assert_eq!(json(kind, raw), expected, "{kind:?}");
        }
    }

    #[test]
    fn text_is_what_a_person_would_write() {
        for (kind, raw, expected) in [
            (ColumnType::Bool, "0", "false"),
            (ColumnType::Dynamic, r#""{\"a\":1}""#, r#"{"a":1}"#),
            (ColumnType::Dynamic, r#"{"a": 1}"#, r#"{"a": 1}"#),
            (ColumnType::Other, r#""caf\u00e9 \"x\"""#, "café \"x\""),
            (ColumnType::Time, r#""2026-09-03T07:38:54""#, "2026-09-03T07:38:54Z"),
            (ColumnType::Other, "null", ""),
            (ColumnType::Other, r#""null""#, "null"),
        ] {
            assert_eq!(text(kind, raw), expected, "{kind:?}");
        }
    }
}
