//! Members of bodies that are sent: a comment is a call of its own on Graph, tags have another name.

use super::surroundings::{at, on_character, quotes};
use super::{Hit, Kind};

/// Whether a text sends updates at all.
pub(super) fn are_sent(text: &str) -> bool {
    text.contains("PATCH") || text.contains("patch(") || text.contains("Patch")
}

/// Bytes from the start of a table to its last name.
const LONGEST_TABLE: usize = 600;

/// Whether it is a name in a table of PowerShell: `@{ comment = 'done' }`.
fn is_in_hashtable(text: &str, start: usize, end: usize) -> bool {
    let near = on_character(text, start.saturating_sub(LONGEST_TABLE));
    let Some(opened) = text[near..start].rfind("@{").map(|at| near + at) else { return false };
    let first = text[..start].trim_end_matches([' ', '\t']).as_bytes().last();
    let rest = text[end..].trim_start_matches([' ', '\t']);
    !text[opened..start].contains('}')
        && matches!(first, Some(b'{' | b';' | b'\n' | b'\r'))
        && rest.starts_with('=')
        && !rest.starts_with("==")
}

/// `"comment": …` or `"tags": …` of a body.
pub(super) fn hit(text: &str, start: usize, end: usize, name: &str) -> Option<Hit> {
    let (why, replacement) = match name {
        "comment" => (
            "a member of the legacy update: on Graph a comment is a call of its own",
            "POST /v1.0/security/incidents/{id}/comments",
        ),
        "tags" => ("a member of the legacy update with another name on Graph", "customTags"),
        _ => return None,
    };
    if quotes(text, start, end).is_none() && !is_in_hashtable(text, start, end) {
        return None;
    }
    let mut next = end;
    while matches!(at(text, next), Some(b'"' | b'\'' | b'\\' | b' ')) {
        next += 1;
    }
    // Set as a member of an object, or by `body["tags"] =`.
    let rest = &text[next..];
    let set = is_in_hashtable(text, start, end)
        || rest.starts_with(':')
        || rest.starts_with("] =") && !rest.starts_with("] ==");
    set.then(|| Hit {
        start,
        end,
        kind: Kind::Field,
        why: why.to_owned(),
        replacement: Some(replacement.to_owned()),
    })
}
