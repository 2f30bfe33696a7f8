//! Bodies of updates: what one call of the legacy API does, and the calls of Graph that do the same, and back.
//!
//! Sources: "Update incidents API" of Defender XDR; "Update incident" and "Create comment for incident" of Graph.

use defender_xdr_core::backend::Backend;
use serde_json::{Map, Value, json};

use super::{Row, TranslateError};
use crate::correspondence::{Enumeration, Record, enumerations};

const COMMENT_TYPE: &str = "microsoft.graph.security.alertComment";

/// What each API lets be set, by its own names.
const SETTABLE: &[(Option<&str>, Option<&str>)] = &[
    (Some("status"), Some("status")),
    (Some("assignedTo"), Some("assignedTo")),
    (Some("classification"), Some("classification")),
    (Some("determination"), Some("determination")),
    (Some("tags"), Some("customTags")),
    (None, Some("displayName")),
    (None, Some("description")),
    (None, Some("summary")),
    (None, Some("severity")),
    (None, Some("resolvingComment")),
];

/// The body of an update, of a comment, or of a hunting query for the other API.
///
/// # Errors
/// [`TranslateError::NoObject`] when the text is no JSON object.
pub fn body(text: &str, to: Backend) -> Result<Vec<Row>, TranslateError> {
    let members: Map<String, Value> =
        serde_json::from_str(text).map_err(|error| TranslateError::NoObject(error.to_string()))?;
    if let Some(query) = members.get("Query").or_else(|| members.get("query")) {
        return Ok(hunting(&members, query, to));
    }
    let (mut update, mut comment, mut lost) = (Map::new(), None, Vec::new());
    for (name, value) in &members {
        match name.as_str() {
            "comment" => comment = Some(value),
            "@odata.type" if members.contains_key("comment") => {}
            name => match member(name, value, to) {
                Ok((other, value)) => {
                    update.insert(other.to_owned(), value);
                }
                Err(why) => lost.push(Row::without("member", name, why)),
            },
        }
    }
    Ok(calls(text, update, comment, to).into_iter().chain(lost).collect())
}

fn calls(text: &str, mut update: Map<String, Value>, comment: Option<&Value>, to: Backend) -> Vec<Row> {
    let mut rows = Vec::new();
    if to == Backend::Legacy {
        if let Some(comment) = comment {
            update.insert("comment".to_owned(), comment.clone());
        }
        if !update.is_empty() {
            rows.push(Row::new("PATCH /api/incidents/{id}", text, Value::Object(update).to_string()));
        }
        return rows;
    }
    if !update.is_empty() {
        let note = comment.is_some().then_some("first this, then the comment: they are two calls on Graph");
        let body = Value::Object(update).to_string();
        rows.push(Row::new("PATCH /v1.0/security/incidents/{id}", text, body).noting(note));
    }
    if let Some(comment) = comment {
        let body = json!({ "@odata.type": COMMENT_TYPE, "comment": comment }).to_string();
        let note = "not sent twice: Graph does not notice a repeated comment";
        rows.push(
            Row::new("POST /v1.0/security/incidents/{id}/comments", "comment", body).noting(Some(note)),
        );
    }
    rows
}

/// A member's name and value on the other API, or why there is none.
fn member(name: &str, value: &Value, to: Backend) -> Result<(&'static str, Value), String> {
    let row = SETTABLE.iter().find(|(legacy, graph)| match to {
        Backend::Graph => *legacy == Some(name),
        Backend::Legacy => *graph == Some(name),
    });
    let Some((legacy, graph)) = row else {
        return Err(match to {
            Backend::Graph => format!("the legacy API does not let `{name}` be set"),
            Backend::Legacy => format!("Graph does not let `{name}` be set"),
        });
    };
    let other = match to {
        Backend::Graph => *graph,
        Backend::Legacy => *legacy,
    };
    let Some(other) = other else { return Err(format!("the legacy API does not let `{name}` be set")) };
    let words = enumerations().iter().find(|all| all.record.to_string() == "incident" && all.field == name);
    let value = match (other, value, to) {
        // The legacy API clears an owner by an empty text, Graph by null.
        ("assignedTo", Value::String(owner), Backend::Graph) if owner.is_empty() => Value::Null,
        ("assignedTo", Value::Null, Backend::Legacy) => Value::String(String::new()),
        (_, Value::String(word), _) => match words {
            Some(words) => Value::String(self::word(words, word, to)?),
            None => value.clone(),
        },
        _ => value.clone(),
    };
    Ok((other, value))
}

fn word(words: &Enumeration, word: &str, to: Backend) -> Result<String, String> {
    if words.field == "status" && word.eq_ignore_ascii_case("redirected") {
        return Err(
            "`redirected` is the state of a merged incident: sending it breaks the incident".to_owned()
        );
    }
    if to == Backend::Legacy
        && let Some(why) = words.graph_only(word)
    {
        return Err(why.to_owned());
    }
    match (words.words.known(word), to) {
        (None, _) => Err(format!("`{word}` is no word of `{}` that is known", words.field)),
        (Some(known), Backend::Graph) => Ok(known.to_owned()),
        (Some(_), Backend::Legacy) => Ok(words.words.legacy(word).into_owned()),
    }
}

fn hunting(members: &Map<String, Value>, query: &Value, to: Backend) -> Vec<Row> {
    let what = match to {
        Backend::Graph => "POST /v1.0/security/runHuntingQuery",
        Backend::Legacy => "POST /api/advancedhunting/run",
    };
    let text = Value::Object(members.clone()).to_string();
    let mut rows = vec![Row::new(what, text, json!({ "Query": query }).to_string()).noting(Some(format!(
        "the members of the answer change too: `migrate translate field {}`",
        if to == Backend::Graph { "Results" } else { "results" }
    )))];
    let others = members.keys().filter(|name| !name.eq_ignore_ascii_case("query"));
    rows.extend(others.map(|name| {
        Row::without(
            Record::Hunting.to_string(),
            name,
            format!("there is no `{name}` on the {to} API, or none that is known"),
        )
    }));
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comment_is_a_call_of_its_own_on_graph() {
        let old = r#"{"status":"Resolved","classification":"TruePositive","determination":"CompromisedUser","tags":["a"],"assignedTo":"","comment":"done"}"#;
        let rows = body(old, Backend::Graph).expect("rows");
        let patch = r#"{"status":"resolved","classification":"truePositive","determination":"compromisedAccount","customTags":["a"],"assignedTo":null}"#;
        assert_eq!(rows[0].to.as_deref(), Some(patch));
        assert!(rows[1].to.as_deref().is_some_and(|body| body.contains(r#""comment":"done""#)));
        assert_eq!(rows.len(), 2);
    }

    #[test]
    fn what_the_legacy_api_cannot_set_is_listed() {
        let new =
            r#"{"status":"active","severity":"high","displayName":"x","assignedTo":null,"customTags":[]}"#;
        let rows = body(new, Backend::Legacy).expect("rows");
        assert_eq!(rows[0].to.as_deref(), Some(r#"{"status":"Active","assignedTo":"","tags":[]}"#));
        let lost: Vec<_> = rows[1..].iter().map(|row| row.from.as_str()).collect();
        assert_eq!(lost, ["severity", "displayName"]);
    }

    #[test]
    fn a_state_of_merging_is_never_translated_for_sending() {
        let rows = body(r#"{"status":"Redirected"}"#, Backend::Graph).expect("rows");
        assert!(rows.iter().all(|row| row.to.is_none()), "{rows:?}");
        assert!(body("[1]", Backend::Graph).is_err());
    }

    #[test]
    fn a_query_keeps_its_name_and_loses_what_only_graph_has() {
        let rows = body(r#"{"Query":"print 1","Timespan":"P7D"}"#, Backend::Legacy).expect("rows");
        assert_eq!(rows[0].to.as_deref(), Some(r#"{"Query":"print 1"}"#));
        assert_eq!(rows[1].to, None);
    }
}
