//! Words of enumerations.

use defender_xdr_api::incidents::ValueChange;
use defender_xdr_core::backend::Backend;

use super::path::{Path, record_word};
use super::{Row, TranslateError};
use crate::correspondence::{Enumeration, Record, enumerations, fields};

/// A word on the other API: `Active`, or with its field, `status=Active`, `alert.status=Active`. A row for each enumeration
/// that has it.
///
/// # Errors
/// [`TranslateError::Nothing`] for an empty text.
pub fn value(text: &str, to: Backend) -> Result<Vec<Row>, TranslateError> {
    let text = text.trim();
    let (field, word) = match text.split_once(['=', ':']) {
        Some((field, word)) => {
            (Some(field.trim().trim_end_matches('=')), word.trim_start_matches('=').trim())
        }
        None => (None, text),
    };
    let word = word.trim_matches(['\'', '"']);
    if word.is_empty() {
        return Err(TranslateError::Nothing);
    }
    let (record, name) = field.map_or((None, None), named);
    let fits = |all: &&Enumeration| {
        name.as_deref().is_none_or(|name| all.field.eq_ignore_ascii_case(name))
            && record.as_ref().is_none_or(|records| records.contains(&all.record))
    };
    let mut rows: Vec<Row> =
        enumerations().iter().filter(fits).filter_map(|all| row(all, word, to)).collect();
    if let (true, Some(name)) = (rows.is_empty(), name.as_deref())
        && let Some(field) = fields().iter().find(|field| {
            field.legacy.is_some_and(|legacy| legacy.eq_ignore_ascii_case(name))
                && matches!(field.value, ValueChange::FirstLetter)
        })
    {
        let target = first_letter(word, to);
        let note = "only the first letter differs";
        rows.push(Row::new(format!("{} {name}", field.record), word, target).noting(Some(note)));
    }
    if rows.is_empty() {
        let of = name.map_or_else(String::new, |name| format!(" of `{name}`"));
        rows.push(Row::without("value", word, format!("no word{of} that is known")));
    }
    Ok(rows)
}

/// The record and the field of `alert.status`.
fn named(text: &str) -> (Option<Vec<Record>>, Option<String>) {
    let Some(_) = Path::read(text) else { return (None, None) };
    let mut names = text.rsplit(['.', ' ']).map(|name| name.trim_matches(['[', ']']));
    let field = names.next().map(str::to_owned);
    (names.next().and_then(record_word), field)
}

fn row(all: &Enumeration, word: &str, to: Backend) -> Option<Row> {
    let what = format!("{} {}", all.record, all.field);
    if to == Backend::Legacy
        && let Some(why) = all.graph_only(word)
    {
        // The placeholder is a word of every enumeration.
        return Some(Row::without(what, word, why));
    }
    all.words.known(word)?;
    let target = match to {
        Backend::Graph => all.words.graph(word),
        Backend::Legacy => all.words.legacy(word),
    };
    let note =
        all.is_inferred().then_some("Microsoft publishes no list of the legacy words: seen, or inferred");
    Some(Row::new(what, word, target).noting(note))
}

/// A word whose first letter alone differs.
pub(crate) fn first_letter(word: &str, to: Backend) -> String {
    let mut rest = word.chars();
    let Some(first) = rest.next() else { return String::new() };
    let first = match to {
        Backend::Graph => first.to_ascii_lowercase(),
        Backend::Legacy => first.to_ascii_uppercase(),
    };
    std::iter::once(first).chain(rest).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn targets(text: &str, to: Backend) -> Vec<(String, Option<String>)> {
        value(text, to).expect("rows").into_iter().map(|row| (row.what, row.to)).collect()
    }

    #[test]
    fn a_word_alone_is_told_for_every_field_that_has_it() {
        let all = targets("Active", Backend::Graph);
        assert!(all.contains(&("incident status".into(), Some("active".into()))), "{all:?}");
        assert!(all.contains(&("alert status".into(), Some("new".into()))), "{all:?}");
    }

    #[test]
    fn a_field_says_which() {
        assert_eq!(
            targets("incident.severity=UnSpecified", Backend::Graph),
            [("incident severity".into(), Some("unknown".into()))]
        );
        assert_eq!(
            targets("riskScore=High", Backend::Graph),
            [("device riskScore".into(), Some("high".into()))]
        );
        assert_eq!(
            targets("incident.status=awaitingAction", Backend::Legacy),
            [("incident status".into(), None)]
        );
        assert_eq!(targets("status=Nonsense", Backend::Graph)[0].1, None);
    }
}
