//! The form's settings of fetching.

use std::time::Duration;

use defender_xdr_core::Timestamp;
use serde_json::{Map, Value};

use crate::conversion;
use crate::log::{Level, Log};
use crate::mirror::MirrorSettings;
use crate::phrase;
use crate::python;

/// Where fetching begins when the form says nothing.
const FIRST_FETCH: &str = "3 days";
/// Seconds, when the form has no such key.
const TIMEOUT: i64 = 30;
const MOST: i64 = 10;
/// The platform's own limit for one fetch.
const LARGEST: i64 = 200;

/// How an instance fetches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FetchSettings {
    /// Where the first fetch begins, as a phrase.
    pub first_fetch: String,
    /// How long a fetch may take; `None` for as long as it takes.
    pub timeout: Option<Duration>,
    /// At most so many incidents in one fetch.
    pub most: usize,
    /// The instance's name.
    pub instance: String,
    /// How the incidents are mirrored.
    pub mirror: MirrorSettings,
}

impl FetchSettings {
    /// Reads them from a form.
    ///
    /// # Errors
    /// A text that names the number that cannot be read.
    pub fn of(form: &Map<String, Value>, instance: &str, log: &Log) -> Result<Self, String> {
        let first_fetch = form.get("first_fetch").filter(|value| !value.is_null()).map(python::text);
        let timeout = match form.get("fetch_timeout") {
            None => Some(TIMEOUT),
            value => conversion::number(value, "fetch_timeout")?,
        };
        let asked = conversion::number(form.get("max_fetch"), "max_fetch")?;
        let most = match asked {
            None => MOST,
            Some(asked) if asked < 1 => MOST,
            Some(asked) => asked.min(LARGEST),
        };
        if let Some(asked) = asked.filter(|asked| *asked != most) {
            log.add(
                Level::Warning,
                format!("max_fetch is {asked}; at most {most} incidents are fetched at once"),
            );
        }
        let seconds = timeout.and_then(|seconds| u64::try_from(seconds).ok()).filter(|seconds| *seconds > 0);
        Ok(Self {
            first_fetch: first_fetch.unwrap_or_else(|| FIRST_FETCH.to_owned()).trim().to_owned(),
            timeout: seconds.map(Duration::from_secs),
            most: usize::try_from(most).unwrap_or_default(),
            instance: instance.to_owned(),
            mirror: MirrorSettings::of(form),
        })
    }

    /// What every incident says about how it is mirrored.
    pub fn mirrored(&self) -> Map<String, Value> {
        let MirrorSettings { direction, comment_tag, .. } = &self.mirror;
        Map::from_iter([
            ("mirror_direction".to_owned(), direction.value()),
            ("mirror_instance".to_owned(), self.instance.as_str().into()),
            ("mirror_tags".to_owned(), vec![comment_tag.as_str()].into()),
        ])
    }

    /// Where the first fetch begins.
    ///
    /// # Errors
    /// The original's text, when the phrase is none.
    pub fn since(&self, now: Timestamp) -> Result<Timestamp, String> {
        let Self { first_fetch, .. } = self;
        phrase::read(first_fetch, now).ok_or_else(|| {
            format!("Microsoft Defender 365 Fetch incidents - Could not parse the first_fetch_time: first_fetch_time='{first_fetch}'")
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn of(form: &Value) -> Result<FetchSettings, String> {
        FetchSettings::of(form.as_object().expect("an object"), "one", &Log::default())
    }

    #[test]
    fn a_form_without_them_means_the_originals_defaults() {
        let settings = of(&json!({})).expect("settings");
        assert_eq!(settings.first_fetch, "3 days");
        assert_eq!((settings.timeout, settings.most), (Some(Duration::from_secs(30)), 10));
    }

    #[test]
    fn no_time_limit_is_an_empty_one_or_none() {
        for value in [json!(""), json!("0"), json!(null), json!(0)] {
            assert_eq!(of(&json!({ "fetch_timeout": value })).expect("settings").timeout, None, "{value}");
        }
    }

    #[test]
    fn at_most_two_hundred_come_at_once_and_at_least_one() {
        for (value, most) in
            [(json!("50"), 50), (json!(""), 10), (json!("0"), 10), (json!(-5), 10), (json!("1000"), 200)]
        {
            assert_eq!(of(&json!({ "max_fetch": value })).expect("settings").most, most, "{value}");
        }
        assert_eq!(of(&json!({ "max_fetch": "x" })), Err("Invalid number: \"max_fetch\"=\"x\"".to_owned()));
        let log = Log::default();
        let form = json!({ "max_fetch": "1000" });
        FetchSettings::of(form.as_object().expect("an object"), "one", &log).expect("settings");
        assert_eq!(log.take().len(), 1);
    }

    #[test]
    fn a_phrase_that_is_no_time_is_told_in_the_originals_words() {
        let now = "2026-01-02T00:00:00Z".parse().expect("a time");
        let settings = of(&json!({ "first_fetch": " abc " })).expect("settings");
        assert_eq!(
            settings.since(now),
            Err("Microsoft Defender 365 Fetch incidents - Could not parse the first_fetch_time: first_fetch_time='abc'".to_owned())
        );
        let settings = of(&json!({ "first_fetch": "12 hours" })).expect("settings");
        assert_eq!(settings.since(now).map(|at| at.to_string()).as_deref(), Ok("2026-01-01T12:00:00Z"));
    }
}
