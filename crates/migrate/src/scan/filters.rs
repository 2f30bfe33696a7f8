//! Filters (`$filter`) in the legacy API's names or words, plain or escaped within an address.

use defender_xdr_core::backend::Backend;

use super::surroundings::{before, is_word};
use super::{Hit, Kind};
use crate::translate::fragment;

/// How blanks are written.
const BLANKS: &[&str] = &[" ", "+", "%20"];
/// How quotes are written.
const QUOTES: &[&str] = &["'", "%27", "\\'", "\\u0027"];
const OPERATORS: &[&str] = &["eq", "ne", "gt", "ge", "lt", "le"];

/// The filter whose first field's name is at `start..end`, if it is one that has to change.
pub(super) fn hit(text: &str, start: usize, end: usize) -> Option<Hit> {
    if is_word(before(text, start)) || before(text, start) == Some(b'.') {
        return None;
    }
    let (blank, mut end) = operation(text, end)?;
    // More terms, as long as they are joined.
    while let Some(next) = joined(text, end, blank) {
        end = next;
    }
    let found = text.get(start..end)?;
    let (masked, placeholders) = without_placeholders(found);
    let plain = plain(&masked, blank);
    let rows = fragment(&plain, Backend::Graph).ok()?;
    let first = rows.first()?;
    if first.to.as_deref() == Some(plain.as_str()) {
        return None;
    }
    let lost: Vec<String> = rows[1..].iter().filter_map(|row| row.note.clone()).collect();
    // A word that nobody knows may be another product's filter.
    if first.to.is_none() && !plain.contains("Time ") {
        return None;
    }
    let why = match lost.as_slice() {
        [] => "a filter in the legacy API's names or words".to_owned(),
        lost => format!("a filter in the legacy API's names or words; not translated: {}", lost.join("; ")),
    };
    let replacement = first.to.as_ref().map(|filter| {
        let filter = escaped(filter, &masked, blank);
        placeholders
            .iter()
            .enumerate()
            .fold(filter, |filter, (index, held)| filter.replacen(&format!("{{{index}}}"), held, 1))
    });
    Some(Hit { start, end, kind: Kind::Filter, why, replacement })
}

/// ` eq 'Active'` after a name: how blanks are written, and where it ends.
fn operation(text: &str, at: usize) -> Option<(&'static str, usize)> {
    let blank = BLANKS.iter().find(|blank| starts(text, at, blank))?;
    let at = skip(text, at, blank);
    let operator = OPERATORS.iter().find(|operator| starts(text, at, operator))?;
    let at = at + operator.len();
    starts(text, at, blank).then_some(())?;
    let at = skip(text, at, blank);
    Some((blank, literal(text, at)?))
}

/// ` and name eq …` at a place, perhaps with parentheses.
fn joined(text: &str, at: usize, blank: &str) -> Option<usize> {
    let closed = at + text.get(at..)?.bytes().take_while(|byte| *byte == b')').count();
    starts(text, closed, blank).then_some(())?;
    let at = skip(text, closed, blank);
    let word = ["and", "or"].into_iter().find(|word| starts(text, at, word))?;
    let at = at + word.len();
    starts(text, at, blank).then_some(())?;
    let at = skip(text, at, blank);
    let at = at + text.get(at..)?.bytes().take_while(|byte| *byte == b'(').count();
    let name = text.get(at..)?.bytes().take_while(u8::is_ascii_alphanumeric).count();
    (name > 0).then_some(())?;
    Some(operation(text, at + name)?.1)
}

fn starts(text: &str, at: usize, wanted: &str) -> bool {
    text.get(at..).is_some_and(|rest| rest.starts_with(wanted))
}

fn skip(text: &str, mut at: usize, blank: &str) -> usize {
    while starts(text, at, blank) {
        at += blank.len();
    }
    at
}

/// Where the literal at a place ends: a quoted text, or a word, a time, a placeholder.
fn literal(text: &str, at: usize) -> Option<usize> {
    if let Some(quote) = QUOTES.iter().find(|quote| starts(text, at, quote)) {
        // PowerShell doubles quotes within its own.
        let doubled = starts(text, at + quote.len(), quote);
        let quote = if doubled { quote.repeat(2) } else { (*quote).to_owned() };
        let from = at + quote.len();
        let limit = (from..=text.len().min(from + 200)).rev().find(|at| text.is_char_boundary(*at))?;
        let rest = text.get(from..limit)?;
        let length = rest.find(&quote)?;
        return (!rest[..length].contains('\n')).then_some(from + length + quote.len());
    }
    let rest = text.get(at..)?;
    let mut depth = 0_usize;
    let mut before = ' ';
    let mut end = rest.len().min(300);
    for (offset, next) in rest.char_indices().take(300) {
        match next {
            '{' => depth += 1,
            '(' if depth > 0 || matches!(before, '$' | '@') => depth += 1,
            '}' | ')' if depth > 0 => depth -= 1,
            '\n' | '\r' => {
                end = offset;
                break;
            }
            _ if depth > 0 => {}
            '"' | '\'' | '`' | '&' | ')' | '(' | ',' | ';' | '+' | '<' | '>' | '\\' | ' ' | '\t' | ']' => {
                end = offset;
                break;
            }
            '%' if rest[offset..].starts_with("%20") || rest[offset..].starts_with("%26") => {
                end = offset;
                break;
            }
            _ => {}
        }
        before = next;
    }
    // `status eq ` at the end of a text that goes on elsewhere.
    Some(at + end.min(rest.len())).filter(|end| text.is_char_boundary(*end))
}

/// The filter with `{0}`, `{1}` in place of what scripts put in (`$(date -d '-1 hour')`, `@{utcNow()}`, `{since}`): nothing in there is
/// ours to change.
fn without_placeholders(found: &str) -> (String, Vec<&str>) {
    let (mut masked, mut held) = (String::new(), Vec::new());
    let mut rest = found;
    while let Some(at) = rest.find('{').into_iter().chain(rest.find("$(")).min() {
        let sigil = rest[..at].ends_with(['$', '@', '#']);
        let start = if sigil { at - 1 } else { at };
        let Some(length) = balanced(&rest[start..]) else { break };
        masked.push_str(&rest[..start]);
        masked.extend(["{", &held.len().to_string(), "}"]);
        held.push(&rest[start..start + length]);
        rest = &rest[start + length..];
    }
    masked.push_str(rest);
    (masked, held)
}

/// The length of what is opened first, up to where it is closed.
fn balanced(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, next) in text.char_indices() {
        match next {
            '{' | '(' => depth += 1,
            '}' | ')' => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            _ => {}
        }
    }
    None
}

/// The filter without escapes.
fn plain(found: &str, blank: &str) -> String {
    let mut plain = found.replace(blank, " ");
    for quote in ["%27", "\\'", "\\u0027", "''"] {
        plain = plain.replace(quote, "'");
    }
    plain.replace("%3A", ":").replace("%3a", ":")
}

/// A filter with the escapes of another.
fn escaped(filter: &str, like: &str, blank: &str) -> String {
    let quote = ["%27", "\\'", "\\u0027", "''"].into_iter().find(|quote| like.contains(quote));
    let filter = quote.map_or_else(|| filter.to_owned(), |quote| filter.replace('\'', quote));
    filter.replace(' ', blank)
}
