//! `$filter` of a list of incidents.
//!
//! Conditions joined by `and` are looked at one by one: what the other API cannot filter by is taken out and listed, so that
//! what is sent finds at least what was asked for, and the rest is filtered from the answers.

use std::borrow::Cow;

use defender_xdr_core::backend::Backend;

use super::tokens::{Token, tokens};
use super::{Row, TranslateError, grammar};
use crate::correspondence::{Enumeration, enumerations, filterable};

const LISTED: &str = "filter the answers by the conditions that are listed";
const AWAITING: &str =
    "on the legacy API Active includes incidents that await an action; on Graph those are `awaitingAction`";

/// The filter for another API.
///
/// # Errors
/// [`TranslateError::NoFilter`] when nothing is compared, [`TranslateError::Broken`] when a quote, a bracket or a side of a
/// comparison is missing.
pub fn filter(text: &str, to: Backend) -> Result<Vec<Row>, TranslateError> {
    let rows = fragment(text, to)?;
    let body = text.find("$filter=").map_or(text, |at| &text[at + "$filter=".len()..]);
    grammar::check(&tokens(body)).map_err(TranslateError::Broken)?;
    Ok(rows)
}

/// The same for what a script may put together from several pieces.
///
/// # Errors
/// [`TranslateError::NoFilter`] when nothing is compared.
pub(crate) fn fragment(text: &str, to: Backend) -> Result<Vec<Row>, TranslateError> {
    let text = text.trim();
    let prefix = text.find("$filter=").map_or(0, |at| at + "$filter=".len());
    let (prefix, body) = text.split_at(prefix);
    let pieces = tokens(body);
    if !pieces.iter().any(|token| token.is_comparison()) && !pieces.contains(&Token::Open) {
        return Err(TranslateError::NoFilter(text.to_owned()));
    }
    let (mut kept, mut lost) = (Vec::new(), Vec::new());
    for condition in conditions(&pieces) {
        let (written, problem) = translated(condition, to);
        match problem {
            None => kept.push(written.trim().to_owned()),
            Some(problem) => {
                let from: String = condition.iter().map(|token| token.text()).collect();
                lost.push(Row::without("condition", from.trim(), problem));
            }
        }
    }
    let first = if kept.is_empty() {
        Row::without("filter", text, "nothing is left to send: list without a filter, and filter the answers")
    } else {
        let written = kept.join(" and ");
        let awaiting = to == Backend::Graph && written.contains("'active'");
        let notes = [(!lost.is_empty(), LISTED), (awaiting, AWAITING)];
        let note =
            notes.into_iter().filter_map(|(is, note)| is.then_some(note)).collect::<Vec<_>>().join("; ");
        Row::new("filter", text, format!("{prefix}{written}")).noting((!note.is_empty()).then_some(&*note))
    };
    Ok(std::iter::once(first).chain(lost).collect())
}

/// The conditions joined by `and`; all as one when there is an `or` beside them.
fn conditions<'p, 't>(pieces: &'p [Token<'t>]) -> Vec<&'p [Token<'t>]> {
    let mut depth = 0_usize;
    let mut cuts = Vec::new();
    for (at, token) in pieces.iter().enumerate() {
        match token {
            Token::Open => depth += 1,
            Token::Close => depth = depth.saturating_sub(1),
            token if depth == 0 && token.is_word("or") => return vec![pieces],
            token if depth == 0 && token.is_word("and") => cuts.push(at),
            _ => {}
        }
    }
    let ends = cuts.iter().copied().chain([pieces.len()]);
    let starts = std::iter::once(0).chain(cuts.iter().map(|at| at + 1));
    starts.zip(ends).map(|(start, end)| &pieces[start..end]).collect()
}

/// A condition in the other API's words, and why it cannot be sent.
fn translated(condition: &[Token<'_>], to: Backend) -> (String, Option<String>) {
    let solid: Vec<usize> =
        (0..condition.len()).filter(|at| !matches!(condition[*at], Token::Blank(_))).collect();
    let mut words: Vec<Cow<'_, str>> = condition.iter().map(|token| Cow::Borrowed(token.text())).collect();
    let mut problem = None;
    for (place, &at) in solid.iter().enumerate() {
        let before = place.checked_sub(1).map(|place| solid[place]);
        let after = solid.get(place + 1).copied();
        if condition[at] == Token::Open
            && let Some(before) = before
            && let Token::Word(name) = condition[before]
            && !["and", "or", "not"].iter().any(|word| name.eq_ignore_ascii_case(word))
            && !condition[before].is_comparison()
        {
            problem.get_or_insert(format!("`{name}` is a function: neither API documents any for incidents"));
        }
        let (true, Some(before), Some(after)) = (condition[at].is_comparison(), before, after) else {
            continue;
        };
        let (field, literal) = if is_name(condition[before]) { (before, after) } else { (after, before) };
        let outcome = comparison(condition[field].text(), condition[literal], to);
        match outcome {
            Ok((name, value)) => {
                words[field] = Cow::Borrowed(name);
                words[literal] = value;
            }
            Err(why) => {
                problem.get_or_insert(why);
            }
        }
    }
    (words.concat(), problem)
}

fn is_name(token: Token<'_>) -> bool {
    matches!(token, Token::Word(word) if word.starts_with(|first: char| first.is_ascii_alphabetic()) && word != "null")
}

/// A field and a literal as the other API has them.
fn comparison<'t>(
    name: &str,
    literal: Token<'t>,
    to: Backend,
) -> Result<(&'static str, Cow<'t, str>), String> {
    let Some(row) = filterable(name) else {
        return Err(format!("incidents are not filtered by `{name}` on either API"));
    };
    if to == Backend::Legacy && !row.on_legacy {
        return Err(format!("the legacy API does not filter by `{}`", row.legacy));
    }
    if to == Backend::Legacy && literal.is_word("null") {
        return Err("the legacy API documents no null in filters".to_owned());
    }
    let words =
        enumerations().iter().find(|all| all.record.to_string() == "incident" && all.field == row.legacy);
    let value = match (words, literal) {
        (Some(words), Token::Text(text)) => {
            Cow::Owned(format!("'{}'", word(words, text.trim_matches('\''), to)?))
        }
        _ => Cow::Borrowed(literal.text()),
    };
    Ok((row.name(to), value))
}

/// A word of an enumeration on the other API. What looks like a placeholder stays.
fn word(words: &Enumeration, text: &str, to: Backend) -> Result<String, String> {
    if text.is_empty() || text.contains(|next: char| !next.is_ascii_alphabetic()) {
        return Ok(text.to_owned());
    }
    if to == Backend::Legacy
        && let Some(why) = words.graph_only(text)
    {
        return Err(why.to_owned());
    }
    match (words.words.known(text), to) {
        (None, _) => Err(format!("`{text}` is no word of `{}` that is known", words.field)),
        (Some(known), Backend::Graph) => Ok(known.to_owned()),
        (Some(_), Backend::Legacy) => Ok(words.words.legacy(text).into_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn to_graph(text: &str) -> Vec<Row> {
        filter(text, Backend::Graph).expect("a filter")
    }

    fn to_legacy(text: &str) -> Vec<Row> {
        filter(text, Backend::Legacy).expect("a filter")
    }

    #[test]
    fn names_and_words_change_and_everything_else_stays() {
        let rows = to_graph("status eq 'Active' and lastUpdateTime ge 2026-09-01T00:00:00Z");
        assert_eq!(
            rows[0].to.as_deref(),
            Some("status eq 'active' and lastUpdateDateTime ge 2026-09-01T00:00:00Z")
        );
        assert_eq!(rows.len(), 1);
        assert!(rows[0].note.as_deref().is_some_and(|note| note.contains("awaitingAction")), "{rows:?}");
        assert_eq!(to_graph("status eq 'Resolved'")[0].note, None);
        let placeholders =
            to_graph("$filter=createdTime gt {since} and (status eq 'New' or status eq '$status')");
        assert_eq!(
            placeholders[0].to.as_deref(),
            Some("$filter=createdDateTime gt {since} and (status eq 'active' or status eq '$status')")
        );
        let reversed = to_graph("'InProgress' eq status");
        assert_eq!(reversed[0].to.as_deref(), Some("'inProgress' eq status"));
    }

    #[test]
    fn what_the_legacy_api_cannot_filter_by_is_listed() {
        let rows = to_legacy("severity eq 'high' and lastUpdateDateTime gt 2026-09-01T00:00:00Z");
        assert_eq!(rows[0].to.as_deref(), Some("lastUpdateTime gt 2026-09-01T00:00:00Z"));
        assert_eq!(rows[1].from, "severity eq 'high'");
        assert_eq!(rows[1].to, None);
        let alone = to_legacy("status eq 'awaitingAction'");
        assert!(alone.iter().all(|row| row.to.is_none()) && alone.len() == 2, "{alone:?}");
    }

    #[test]
    fn a_condition_is_not_taken_out_of_alternatives() {
        let rows = to_legacy("severity eq 'high' or status eq 'active'");
        assert_eq!(rows[0].to, None);
        assert_eq!(rows[1].from, "severity eq 'high' or status eq 'active'");
    }

    #[test]
    fn functions_and_unknown_names_are_listed() {
        let rows = to_graph("contains(incidentName,'x') and tags eq 'a' and status eq 'Resolved'");
        assert_eq!(rows[0].to.as_deref(), Some("status eq 'resolved'"));
        assert_eq!(rows.len(), 3);
        assert!(filter("just words", Backend::Graph).is_err());
    }
}
