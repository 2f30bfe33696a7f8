//! When two values that are not equal mean the same.

use defender_xdr_core::Timestamp;
use serde_json::Value;

pub(super) fn is_nothing(value: Option<&Value>) -> bool {
    match value {
        None | Some(Value::Null) => true,
        Some(Value::String(text)) => text.is_empty(),
        Some(Value::Array(items)) => items.is_empty(),
        Some(Value::Object(members)) => members.is_empty(),
        Some(_) => false,
    }
}

pub(super) fn is_nobody(value: Option<&Value>) -> bool {
    is_nothing(value)
        || value.and_then(Value::as_str).is_some_and(|name| name.eq_ignore_ascii_case("Unassigned"))
}

pub(super) fn same_millisecond(one: &str, other: &str) -> bool {
    let milliseconds =
        |text: &str| text.parse::<Timestamp>().ok().map(|at| at.as_nanosecond().div_euclid(1_000_000));
    milliseconds(one).is_some_and(|at| milliseconds(other) == Some(at))
}

/// The same name in any case, or a sign-in name and the display name that its parts stand in.
pub(super) fn same_person(one: &str, other: &str) -> bool {
    if one.to_lowercase() == other.to_lowercase() {
        return true;
    }
    let (sign_in, display) = match (one.split_once('@'), other.split_once('@')) {
        (Some((name, _)), None) => (name, other),
        (None, Some((name, _))) => (name, one),
        _ => return false,
    };
    let (sign_in, display) = (sign_in.to_lowercase(), display.to_lowercase());
    let words: Vec<&str> = display.split_whitespace().collect();
    sign_in.split(['.', '_', '-']).all(|part| !part.is_empty() && words.contains(&part))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_equal_to_the_millisecond_and_no_further() {
        assert!(same_millisecond("2026-09-03T07:41:12.5233333Z", "2026-09-03T07:41:12.523Z"));
        assert!(!same_millisecond("2026-09-03T07:41:12.5233333Z", "2026-09-03T07:41:12.524Z"));
        assert!(!same_millisecond("2026-09-03T07:41:12Z", "soon"));
    }

    #[test]
    fn a_person_may_be_named_in_two_ways() {
        assert!(same_person("Dana@x.example", "dana@X.example"));
        assert!(
            same_person("dana@x.example", "Dana Reyes") && same_person("Dana Reyes", "dana.reyes@x.example")
        );
        assert!(
            !same_person("dana@x.example", "Mika Lind") && !same_person("dana@x.example", "mika@x.example")
        );
        assert!(!same_person("dana@x.example", "dana@y.example"));
    }
}
