//! Reaching objects inside rendered JSON.

use serde_json::{Map, Value};

/// Calls `change` for every object reached by a path of lists.
pub(crate) fn each(
    members: &mut Map<String, Value>,
    path: &[&str],
    change: &mut dyn FnMut(&mut Map<String, Value>),
) {
    let Some((list, rest)) = path.split_first() else { return change(members) };
    if let Some(Value::Array(items)) = members.get_mut(*list) {
        for item in items.iter_mut().filter_map(Value::as_object_mut) {
            each(item, rest, change);
        }
    }
}

/// Turns a number into the string of its digits.
pub(crate) fn as_text(members: &mut Map<String, Value>, key: &str) {
    if let Some(value @ Value::Number(_)) = members.get_mut(key) {
        *value = Value::String(value.to_string());
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{as_text, each};

    #[test]
    fn every_object_of_nested_lists_is_reached() {
        let mut value = json!({ "a": [{ "b": [{ "n": 1 }, { "n": 2 }] }, { "b": null }, 5] });
        each(value.as_object_mut().unwrap(), &["a", "b"], &mut |object| as_text(object, "n"));
        assert_eq!(value, json!({ "a": [{ "b": [{ "n": "1" }, { "n": "2" }] }, { "b": null }, 5] }));
    }
}
