//! The calendar: a file that comes with the program, or one of the same form in its place.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::backend::Backend;

const SHIPPED: &str = include_str!("retirements.json");

/// The end of something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Retirement {
    /// A name that stays the same when the date moves.
    pub id: String,
    /// What ends, for people.
    pub what: String,
    /// `graph` or `legacy` when it is one of the two APIs; null for anything else.
    pub api: Option<String>,
    /// The first day without it, `YYYY-MM-DD`.
    pub date: Date,
    /// How sure that is, in a word or two.
    pub confidence: String,
    /// Who says so.
    pub source: String,
}

/// All known retirements.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calendar(Vec<Retirement>);

/// Why a text is no calendar.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("it is no calendar of retirements: {0}")]
pub struct CalendarError(String);

impl Calendar {
    /// The calendar that comes with the program.
    pub fn shipped() -> Self {
        Self::read(SHIPPED).unwrap_or(Self(Vec::new()))
    }

    /// Reads a JSON array of retirements.
    ///
    /// # Errors
    /// When it is none, with line and column, or when an `api` is neither `graph` nor `legacy`.
    pub fn read(text: &str) -> Result<Self, CalendarError> {
        let entries: Vec<Retirement> =
            serde_json::from_str(text).map_err(|error| CalendarError(error.to_string()))?;
        let odd = entries
            .iter()
            .find(|entry| entry.api.as_deref().is_some_and(|api| Backend::parse(api).is_none()));
        match odd {
            Some(entry) => {
                Err(CalendarError(format!("the `api` of `{}` is neither graph nor legacy", entry.id)))
            }
            None => Ok(Self(entries)),
        }
    }

    /// The end of an API, the first if there are several.
    pub fn end_of(&self, backend: Backend) -> Option<&Retirement> {
        let own = |entry: &&Retirement| entry.api.as_deref().and_then(Backend::parse) == Some(backend);
        self.0.iter().filter(own).min_by_key(|entry| entry.date)
    }

    /// Everything in it.
    pub fn entries(&self) -> &[Retirement] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::backend::LEGACY_RETIREMENT;

    #[test]
    fn the_shipped_one_is_read_and_says_what_error_texts_say() {
        let calendar = Calendar::shipped();
        let end = calendar.end_of(Backend::Legacy).expect("the legacy API ends");
        assert_eq!(end.date.to_string(), LEGACY_RETIREMENT);
        assert_eq!(calendar.end_of(Backend::Graph), None);
        assert!(
            calendar.entries().iter().all(|entry| !entry.source.is_empty() && !entry.confidence.is_empty())
        );
    }

    #[test]
    fn what_is_no_calendar_is_told_with_its_place() {
        for (text, told) in [
            ("{}", "line 1"),
            ("[{\"id\":\"x\"}]", "missing field"),
            (
                r#"[{"id":"x","what":"w","api":"soap","date":"2027-02-01","confidence":"c","source":"s"}]"#,
                "`x`",
            ),
            (r#"[{"id":"x","what":"w","api":null,"date":"soon","confidence":"c","source":"s"}]"#, "line 1"),
        ] {
            let error = Calendar::read(text).expect_err(text).to_string();
            assert!(error.contains(told), "{error}");
        }
    }

    #[test]
    fn the_first_of_several_dates_counts() {
        let one = |date: &str| {
            format!(
                r#"{{"id":"{date}","what":"w","api":"legacy","date":"{date}","confidence":"c","source":"s"}}"#
            )
        };
        let text = format!("[{},{}]", one("2028-01-01"), one("2027-06-30"));
        let calendar = Calendar::read(&text).expect("a calendar");
        assert_eq!(calendar.end_of(Backend::Legacy).map(|entry| entry.id.as_str()), Some("2027-06-30"));
    }
}
