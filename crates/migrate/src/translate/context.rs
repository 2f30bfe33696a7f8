//! Paths of the Cortex context, with the filters DT puts in them: `${Microsoft365Defender.Incident(val.status=='Active').incidentId}`.

use defender_xdr_core::backend::Backend;

use super::path::{Path, of_incident};
use super::{Row, TranslateError};
use crate::correspondence::{CONTEXTS, Context};

/// A context path on the other API.
///
/// # Errors
/// [`TranslateError::NoRoot`] below no known root.
pub fn context(text: &str, to: Backend) -> Result<Vec<Row>, TranslateError> {
    let text = text.trim();
    let wrapped = text.strip_prefix("${").and_then(|inner| inner.strip_suffix('}'));
    let path = wrapped.unwrap_or(text);
    let Some((context, rest)) =
        CONTEXTS.iter().find_map(|context| Some((context, below(context, path, to)?)))
    else {
        let roots: Vec<_> = CONTEXTS.iter().map(|context| from(context, to)).collect();
        return Err(TranslateError::NoRoot(text.to_owned(), roots.join(", ")));
    };
    let root = match to {
        Backend::Graph => context.graph,
        Backend::Legacy => context.legacy,
    };
    let (condition, members) = split_condition(rest);
    let members = members.strip_prefix('.').unwrap_or(members);
    let condition = if context.incidents { condition_in(condition, to) } else { condition.to_owned() };
    let start = format!("{root}{condition}");
    let wrap = |path: String| if wrapped.is_some() { format!("${{{path}}}") } else { path };
    let path = Path::read(members).filter(|_| context.incidents);
    let Some(path) = path else {
        let dot = if members.is_empty() { "" } else { "." };
        let whole = wrap(format!("{start}{dot}{members}"));
        return Ok(vec![Row::new("context", text, whole).noting(Some(context.note))]);
    };
    let found = of_incident(&path, to);
    if found.is_empty() {
        return Ok(vec![Row::without(
            "context",
            text,
            format!("no field of incidents is known by `{members}`"),
        )]);
    }
    let rows = found.into_iter().map(|candidate| match candidate.to {
        Some(target) => {
            Row::new(format!("context, {}", candidate.field.record), text, wrap(format!("{start}.{target}")))
                .noting(Some(context.note))
        }
        None => {
            Row::without("context", text, candidate.field.note.unwrap_or("the other API has no such field"))
        }
    });
    Ok(rows.collect())
}

fn from(context: &Context, to: Backend) -> &'static str {
    match to {
        Backend::Graph => context.legacy,
        Backend::Legacy => context.graph,
    }
}

fn below<'p>(context: &Context, path: &'p str, to: Backend) -> Option<&'p str> {
    let rest = path.strip_prefix(from(context, to))?;
    (rest.is_empty() || rest.starts_with(['.', '(', '['])).then_some(rest)
}

/// A condition in parentheses (or an index) at the start, and the rest.
pub(crate) fn split_condition(rest: &str) -> (&str, &str) {
    let (open, close) = match rest.chars().next() {
        Some('(') => ('(', ')'),
        Some('[') => ('[', ']'),
        _ => return ("", rest),
    };
    let mut depth = 0_usize;
    for (at, next) in rest.char_indices() {
        if next == open {
            depth += 1;
        } else if next == close {
            depth -= 1;
            if depth == 0 {
                return rest.split_at(at + 1);
            }
        }
    }
    ("", rest)
}

/// The condition with its fields (`val.x`, `obj.x`) on the other API.
fn condition_in(condition: &str, to: Backend) -> String {
    let mut written = String::new();
    let mut rest = condition;
    while let Some(at) = ["val.", "obj."].iter().filter_map(|start| rest.find(start)).min() {
        let (before, after) = rest.split_at(at + 4);
        written.push_str(before);
        let end =
            after.find(|next: char| !(next.is_ascii_alphanumeric() || next == '.')).unwrap_or(after.len());
        let (name, after) = after.split_at(end);
        let other = Path::read(name).map(|path| of_incident(&path, to)).unwrap_or_default();
        let other = other.into_iter().next().and_then(|candidate| candidate.to);
        written.push_str(other.as_deref().unwrap_or(name));
        rest = after;
    }
    written + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first(text: &str, to: Backend) -> Option<String> {
        context(text, to).expect("rows").remove(0).to
    }

    #[test]
    fn members_take_graphs_names_and_conditions_with_them() {
        assert_eq!(
            first("Microsoft365Defender.Incident.incidentName", Backend::Graph).as_deref(),
            Some("Microsoft365Defender.Incident.displayName")
        );
        assert_eq!(
            first(
                "${Microsoft365Defender.Incident(val.incidentId==obj.incidentId).alerts.creationTime}",
                Backend::Graph
            )
            .as_deref(),
            Some("${Microsoft365Defender.Incident(val.id==obj.id).alerts.createdDateTime}")
        );
        assert_eq!(
            first("MsGraph.Hunt.results", Backend::Legacy).as_deref(),
            Some("Microsoft365Defender.Hunt.results")
        );
    }

    #[test]
    fn other_roots_are_refused_by_name() {
        let error = context("CrowdStrike.Incident.id", Backend::Graph).expect_err("another root");
        assert!(error.to_string().contains("Microsoft365Defender.Incident"), "{error}");
        assert!(context("Microsoft365Defender.IncidentList", Backend::Graph).is_err());
    }
}
