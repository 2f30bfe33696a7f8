//! Paths in the context of the Cortex integration.

use defender_xdr_core::backend::Backend;

use super::surroundings::{at, before, is_word, line, on_character};
use super::{Hit, Kind};
use crate::correspondence::CONTEXTS;
use crate::translate::context;

/// Longer ones are no paths.
const LONGEST: usize = 400;

/// Whether a root stands for itself.
pub(super) fn is_root(text: &str, start: usize, end: usize) -> bool {
    let joined = is_word(before(text, start)) || matches!(before(text, start), Some(b'.' | b'-'));
    !joined && !is_word(at(text, end))
}

/// What a Cortex playbook picks from the context whose root stands just before: `root: R`, `accessor: incidentName`.
pub(super) fn accessor_hit(text: &str, start: usize, end: usize) -> Option<Hit> {
    let head = line(text, start, end).0;
    if !head.trim_start_matches([' ', '\t', '-', '"', '\'']).starts_with("accessor") {
        return None;
    }
    let near = on_character(text, start.saturating_sub(LONGEST));
    let before = &text[near..start - head.len()];
    let root = before.rsplit("root").next().filter(|_| before.contains("root"))?;
    let root = CONTEXTS.iter().find(|row| root.contains(row.legacy))?.legacy;
    let path = format!("{root}.{}", text.get(start..end)?);
    let row = context(&path, Backend::Graph).ok()?.into_iter().next()?;
    let replacement = row.to.and_then(|to| Some(to.strip_prefix(root)?.trim_start_matches('.').to_owned()));
    Some(Hit { start, end, kind: Kind::Context, why: row.note.unwrap_or_default(), replacement })
}

/// The path that starts here, if it is another on Graph.
pub(super) fn hit(text: &str, start: usize) -> Option<Hit> {
    let root = CONTEXTS.iter().find(|row| text[start..].starts_with(row.legacy))?.legacy;
    let mut end = start + root.len();
    let limit = (end + LONGEST).min(text.len());
    let limit = (end..=limit).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(end);
    let rest = &text[end..limit];
    end += length(rest);
    let path = text.get(start..end)?;
    let row = context(path, Backend::Graph).ok()?.into_iter().next()?;
    if row.to.as_deref() == Some(path) {
        return None;
    }
    Some(Hit { start, end, kind: Kind::Context, why: row.note.unwrap_or_default(), replacement: row.to })
}

/// How much of what follows a root belongs to the path: names, indexes, conditions in parentheses.
fn length(rest: &str) -> usize {
    let mut depth = 0_usize;
    let mut last = 0;
    for (at, next) in rest.char_indices() {
        match next {
            '\n' => break,
            '(' | '[' => depth += 1,
            ')' | ']' if depth > 0 => {
                depth -= 1;
                if depth == 0 {
                    last = at + 1;
                }
            }
            next if depth == 0 && (next.is_ascii_alphanumeric() || next == '_') => last = at + 1,
            next if depth == 0 && next != '.' => break,
            _ => {}
        }
    }
    last
}
