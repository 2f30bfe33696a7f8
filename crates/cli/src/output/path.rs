//! Dotted paths into a record, as `--columns` and `--sort` name them: `id`, `customDetails.Ticket`, `alerts.title`.
//!
//! A member whose own name has a dot is found by that name. A path goes through every element of an array.

use serde_json::Value;

/// All that a path leads to, in order.
pub(super) fn find<'v>(record: &'v Value, path: &str) -> Vec<&'v Value> {
    let mut found = Vec::new();
    collect(record, path, &mut found);
    found
}

fn collect<'v>(value: &'v Value, path: &str, found: &mut Vec<&'v Value>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| collect(item, path, found)),
        Value::Object(members) => {
            if let Some(member) = members.get(path) {
                found.push(member);
            } else if let Some((member, rest)) =
                splits(path).find_map(|(first, rest)| Some((members.get(first)?, rest)))
            {
                collect(member, rest, found);
            }
        }
        _ => {}
    }
}

/// The ways to cut a path in two, the shortest first part first.
fn splits(path: &str) -> impl Iterator<Item = (&str, &str)> {
    path.match_indices('.').map(|(at, _)| (&path[..at], &path[at + 1..]))
}

/// A path that leads nowhere.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Unknown {
    /// The nearest that there is.
    pub(super) nearest: Option<String>,
    /// What there is.
    pub(super) known: Vec<String>,
}

/// Whether a record of this kind may have such a member: `sample` is one of them, `fields` names members that another
/// may have. What is null or empty in the sample cannot be looked into, and is trusted.
pub(super) fn check(sample: Option<&Value>, fields: &[String], path: &str) -> Result<(), Unknown> {
    if fields.iter().any(|field| field == path) {
        return Ok(());
    }
    let mut known: Vec<String> = fields.to_vec();
    let verdict = sample.map_or(Verdict::Missing, |sample| walk(sample, path, "", &mut known));
    let trusted = match verdict {
        Verdict::There => true,
        // A member that this record lacks may have members of its own in another.
        Verdict::Missing => splits(path).any(|(first, _)| {
            let there = sample.is_some_and(|sample| sample.get(first).is_some());
            !there && fields.iter().any(|field| field == first)
        }),
    };
    if trusted {
        return Ok(());
    }
    let near = |name: &String| strsim::jaro_winkler(&name.to_lowercase(), &path.to_lowercase());
    let nearest = known.iter().max_by(|one, other| near(one).total_cmp(&near(other)));
    let nearest = nearest.filter(|name| near(name) > 0.75).cloned();
    Err(Unknown { nearest, known })
}

enum Verdict {
    There,
    Missing,
}

fn walk(value: &Value, path: &str, before: &str, known: &mut Vec<String>) -> Verdict {
    match value {
        Value::Object(members) => {
            if members.contains_key(path) {
                return Verdict::There;
            }
            for (first, rest) in splits(path) {
                if let Some(member) = members.get(first) {
                    return walk(member, rest, &format!("{before}{first}."), known);
                }
            }
            for name in members.keys().map(|name| format!("{before}{name}")) {
                if !known.contains(&name) {
                    known.push(name);
                }
            }
            Verdict::Missing
        }
        Value::Array(items) => {
            let mut missing = false;
            for item in items {
                match walk(item, path, before, known) {
                    Verdict::There => return Verdict::There,
                    Verdict::Missing => missing = true,
                }
            }
            if missing { Verdict::Missing } else { Verdict::There }
        }
        Value::Null => Verdict::There,
        _ => {
            known.push(before.trim_end_matches('.').to_owned());
            Verdict::Missing
        }
    }
}

/// The members of a record as columns: those of an object within it one by one, under dotted names.
pub(super) fn flattened(record: &Value) -> Vec<String> {
    let Value::Object(members) = record else { return Vec::new() };
    let columns = members.iter().flat_map(|(name, value)| match value {
        Value::Object(inner) if !inner.is_empty() => {
            inner.keys().map(|key| format!("{name}.{key}")).collect()
        }
        _ => vec![name.clone()],
    });
    columns.collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn paths_go_through_objects_arrays_and_names_with_dots() {
        let record = json!({"id": 1, "a": {"b": {"c": 2}}, "@odata.type": "t", "alerts": [{"id": 3}, {"id": 4}], "x.y": {"z": 5}});
        let at = |path| find(&record, path).into_iter().cloned().collect::<Vec<_>>();
        assert_eq!(at("id"), [json!(1)]);
        assert_eq!(at("a.b.c"), [json!(2)]);
        assert_eq!(at("@odata.type"), [json!("t")]);
        assert_eq!(at("alerts.id"), [json!(3), json!(4)]);
        assert_eq!(at("x.y.z"), [json!(5)]);
        assert!(at("a.c").is_empty() && at("id.x").is_empty() && at("").is_empty());
    }

    #[test]
    fn an_unknown_path_names_the_nearest() {
        let record = json!({"displayName": "x", "alerts": [{"title": "t"}], "evidence": [], "summary": null});
        let fields = ["comments".to_owned()];
        let check = |path| check(Some(&record), &fields, path).map_err(|unknown| unknown.nearest);
        assert_eq!(check("displayName"), Ok(()));
        assert_eq!(check("displayname"), Err(Some("displayName".to_owned())));
        assert_eq!(check("alerts.titel"), Err(Some("alerts.title".to_owned())));
        assert_eq!(check("displayName.x"), Err(Some("displayName".to_owned())));
        assert_eq!(check("zzzz"), Err(None));
        // What is not there to be looked into is trusted.
        for path in ["evidence.x", "summary.x", "comments", "comments.comment"] {
            assert_eq!(check(path), Ok(()), "{path}");
        }
    }

    #[test]
    fn objects_are_flattened_one_level() {
        let record = json!({"id": 1, "a": {"b": {"c": 2}, "d": 3}, "e": {}, "f": [{}]});
        assert_eq!(flattened(&record), ["id", "a.b", "a.d", "e", "f"]);
    }
}
