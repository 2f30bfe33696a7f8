//! What a command gives the platform: entries of the War Room, and bare values.
//!
//! Source: `CommandResults` and `return_error` of `CommonServerPython`.

use serde_json::{Map, Value, json};

/// Types of entries.
pub mod entry_type {
    /// A note: a result.
    pub const NOTE: u8 = 1;
    /// An error.
    pub const ERROR: u8 = 4;
}

/// Where outputs go in the context: a path, and the member that says which object is which.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ContextKey {
    /// The path, such as `Microsoft365Defender.Incident`.
    pub path: &'static str,
    /// The member that identifies an object there.
    pub key: &'static str,
}

/// Incidents in the context.
pub const INCIDENT: ContextKey = ContextKey { path: "Microsoft365Defender.Incident", key: "incidentId" };
/// Hunting results in the context.
pub const HUNT: ContextKey = ContextKey { path: "Microsoft365Defender.Hunt", key: "query" };

/// The longest error text, in characters; of a longer one the middle is cut out.
const LONGEST_ERROR: usize = 50_000;

/// The result of a command: text for people, and outputs for the context.
pub fn result(readable: &str, context: ContextKey, outputs: Value) -> Value {
    let nothing = outputs.is_null() || outputs.as_array().is_some_and(Vec::is_empty);
    let ContextKey { path, key } = context;
    let entry_context = if nothing {
        Map::new()
    } else {
        Map::from_iter([(format!("{path}(val.{key} && val.{key} == obj.{key})"), outputs.clone())])
    };
    note(readable, outputs, entry_context)
}

/// A result that says something and leaves nothing in the context.
pub fn message(readable: &str) -> Value {
    note(readable, Value::Null, Map::new())
}

fn note(readable: &str, contents: Value, entry_context: Map<String, Value>) -> Value {
    let format = if contents.is_string() || contents.is_i64() || contents.is_u64() { "text" } else { "json" };
    let members = [
        ("Type", entry_type::NOTE.into()),
        ("ContentsFormat", format.into()),
        ("Contents", contents),
        ("HumanReadable", readable.into()),
        ("EntryContext", Value::Object(entry_context)),
        ("IndicatorTimeline", Value::Array(Vec::new())),
        ("IgnoreAutoExtract", false.into()),
        ("Note", false.into()),
        ("Relationships", Value::Array(Vec::new())),
    ];
    members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// An error entry.
pub fn error(message: &str) -> Value {
    json!({ "Type": entry_type::ERROR, "ContentsFormat": "text", "Contents": shortened(message), "EntryContext": null })
}

fn shortened(message: &str) -> String {
    let length = message.chars().count();
    if length <= LONGEST_ERROR {
        return message.to_owned();
    }
    let half = LONGEST_ERROR / 2;
    let beginning: String = message.chars().take(half).collect();
    let end: String = message.chars().skip(length - half).collect();
    format!("{beginning}...This error body was truncated...{end}")
}

/// Whether a value is an error entry.
pub fn is_error(value: &Value) -> bool {
    value.get("Type").and_then(Value::as_u64) == Some(u64::from(entry_type::ERROR))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_result_has_every_member_the_platform_reads() {
        let outputs = json!([ { "incidentId": 7 } ]);
        let entry = result("### T", INCIDENT, outputs.clone());
        assert_eq!(
            entry,
            json!({
                "Type": 1, "ContentsFormat": "json", "Contents": outputs, "HumanReadable": "### T",
                "EntryContext": { "Microsoft365Defender.Incident(val.incidentId && val.incidentId == obj.incidentId)": outputs },
                "IndicatorTimeline": [], "IgnoreAutoExtract": false, "Note": false, "Relationships": []
            })
        );
        let hunted = result("", HUNT, json!({ "query": "q" }));
        assert!(
            hunted["EntryContext"]
                .get("Microsoft365Defender.Hunt(val.query && val.query == obj.query)")
                .is_some()
        );
    }

    #[test]
    fn nothing_to_put_into_the_context_leaves_it_empty() {
        assert_eq!(result("x", INCIDENT, json!([]))["EntryContext"], json!({}));
        let said = message("✅ Success!");
        assert_eq!(
            (&said["Contents"], &said["ContentsFormat"], &said["EntryContext"]),
            (&Value::Null, &json!("json"), &json!({}))
        );
    }

    #[test]
    fn an_error_is_an_entry_of_type_four_and_not_endless() {
        assert_eq!(
            error("no"),
            json!({ "Type": 4, "ContentsFormat": "text", "Contents": "no", "EntryContext": null })
        );
        let long = error(&"é".repeat(60_000))["Contents"].as_str().expect("text").to_owned();
        assert!(long.contains("é...This error body was truncated...é") && long.chars().count() < 50_100);
        assert!(is_error(&error("x")) && !is_error(&message("x")));
    }
}
