//! Members of bodies that are sent: a comment is a call of its own on Graph, tags have another name.

use super::surroundings::{at, quotes};
use super::{Hit, Kind};

/// Whether a text sends updates at all.
pub(super) fn are_sent(text: &str) -> bool {
    text.contains("PATCH") || text.contains("patch(") || text.contains("Patch")
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
    quotes(text, start, end)?;
    let mut next = end;
    while matches!(at(text, next), Some(b'"' | b'\'' | b'\\' | b' ')) {
        next += 1;
    }
    // Set as a member of an object, or by `body["tags"] =`.
    let rest = &text[next..];
    let set = rest.starts_with(':') || rest.starts_with("] =") && !rest.starts_with("] ==");
    set.then(|| Hit {
        start,
        end,
        kind: Kind::Field,
        why: why.to_owned(),
        replacement: Some(replacement.to_owned()),
    })
}
