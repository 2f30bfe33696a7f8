//! A list answer: its records as slices of the body, so that one page costs one buffer, however many records.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

use defender_xdr_core::http::Answer;
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::error::{ApiError, ApiErrorKind};

#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(borrow)]
    value: Vec<&'a RawValue>,
    #[serde(borrow, rename = "@odata.nextLink")]
    next_link: Option<Cow<'a, str>>,
}

/// One page as it arrived.
#[derive(Debug)]
pub(crate) struct RawPage {
    body: String,
    records: Vec<Range<usize>>,
    pub(crate) next_link: Option<String>,
}

impl RawPage {
    /// Finds the records.
    ///
    /// # Errors
    /// When the body is no JSON list answer.
    pub(crate) fn read(mut answer: Answer) -> Result<Self, ApiError> {
        // As text at once: neither the parser nor whoever asks for a record has to look at it again.
        let body = match String::from_utf8(std::mem::take(&mut answer.body)) {
            Ok(body) => body,
            Err(error) => {
                answer.body = error.into_bytes();
                let told = serde_json::from_slice::<&RawValue>(&answer.body).err();
                let told = told.unwrap_or_else(|| serde::de::Error::custom("it is no text"));
                return Err(unreadable(&answer, &told));
            }
        };
        let found = serde_json::from_str::<Envelope<'_>>(&body).map(|envelope| {
            (places(body.as_bytes(), &envelope.value), envelope.next_link.map(Cow::into_owned))
        });
        match found {
            Ok((records, next_link)) => Ok(Self { body, records, next_link }),
            Err(error) => {
                answer.body = body.into_bytes();
                Err(unreadable(&answer, &error))
            }
        }
    }

    /// The records of a list inside one object: none when the list is null or missing, and the body itself when it is no
    /// such object.
    pub(crate) fn of_list(body: Vec<u8>, name: &str) -> Self {
        let body = String::from_utf8(body)
            .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned());
        let (records, next_link) = inside(body.as_bytes(), name)
            .unwrap_or_else(|_| (std::iter::once(0..body.len()).collect(), None));
        Self { body, records, next_link }
    }

    /// How many records.
    pub(crate) fn len(&self) -> usize {
        self.records.len()
    }

    /// A record's own JSON text.
    pub(crate) fn record(&self, index: usize) -> &str {
        self.records.get(index).and_then(|range| self.body.get(range.clone())).unwrap_or_default()
    }

    /// All the body's bytes.
    pub(crate) fn body(&self) -> &[u8] {
        self.body.as_bytes()
    }
}

/// Where the records of a list inside an object lie, and the link to more of them.
fn inside(body: &[u8], name: &str) -> Result<(Vec<Range<usize>>, Option<String>), serde_json::Error> {
    let members: BTreeMap<Cow<'_, str>, &RawValue> = serde_json::from_slice(body)?;
    let list = match members.get(name) {
        Some(list) => serde_json::from_str::<Option<Vec<&RawValue>>>(list.get())?.unwrap_or_default(),
        None => Vec::new(),
    };
    let link = members.get(format!("{name}@odata.nextLink").as_str());
    Ok((places(body, &list), link.and_then(|link| serde_json::from_str(link.get()).ok())))
}

/// Where parts of a body lie in it.
pub(crate) fn places(body: &[u8], parts: &[&RawValue]) -> Vec<Range<usize>> {
    let start = body.as_ptr().addr();
    let place = |part: &&RawValue| {
        let begin = part.get().as_ptr().addr() - start;
        begin..begin + part.get().len()
    };
    parts.iter().map(place).collect()
}

/// A body that is no JSON of this API: another server, a cut connection, a proxy's page.
pub(crate) fn unreadable(answer: &Answer, error: &serde_json::Error) -> ApiError {
    let what = if error.is_eof() {
        format!("the answer of {} is cut off after {} bytes", answer.origin, answer.body.len())
    } else if error.is_data() {
        return other_shape(&answer.origin, &error.to_string());
    } else {
        format!("{} did not answer with JSON: {}", answer.origin, answer.describe())
    };
    ApiError::new(ApiErrorKind::Unreadable, what)
        .with_hint("check `endpoint` and `proxy`: something else may be answering")
}

/// JSON, but not what this API sends.
pub(crate) fn other_shape(origin: &str, problem: &str) -> ApiError {
    ApiError::new(
        ApiErrorKind::Unreadable,
        format!("{origin} answered with other JSON than this API's ({problem})"),
    )
    .with_hint("check `endpoint` and `proxy`: something else may be answering")
}

#[cfg(test)]
mod tests {
    use super::*;
    use defender_xdr_core::http::HeaderMap;

    fn page(body: &str) -> Result<RawPage, ApiError> {
        RawPage::read(Answer {
            status: 200,
            headers: HeaderMap::new(),
            body: body.into(),
            origin: "https://x.example".into(),
        })
    }

    #[test]
    fn records_are_slices_of_the_body() {
        let page = page(r#"{"@odata.nextLink":"https:\/\/x","value":[ {"a": 1.50} ,[2],"three"],"more":{}}"#)
            .expect("a page");
        assert_eq!(page.len(), 3);
        assert_eq!([page.record(0), page.record(1), page.record(2)], [r#"{"a": 1.50}"#, "[2]", "\"three\""]);
        assert_eq!(page.next_link.as_deref(), Some("https://x"));
        assert_eq!(page.record(3), "");
    }

    #[test]
    fn the_records_of_a_list_inside_an_object_are_slices_too() {
        let json = r#"{"id":1,"alerts":[{"a":1}, 2 ],"alerts@odata.nextLink":"https:\/\/x"}"#;
        let list = RawPage::of_list(json.into(), "alerts");
        assert_eq!([list.record(0), list.record(1)], [r#"{"a":1}"#, "2"]);
        assert_eq!(list.next_link.as_deref(), Some("https://x"));
        for none in [r#"{"alerts":null}"#, "{}"] {
            assert_eq!(RawPage::of_list(none.into(), "alerts").len(), 0);
        }
        for odd in [r#"{"alerts":7}"#, "[1]", "nonsense"] {
            assert_eq!(RawPage::of_list(odd.into(), "alerts").record(0), odd);
        }
    }

    #[test]
    fn what_is_no_list_is_told_apart() {
        assert!(page("<html>").expect_err("html").to_string().contains("did not answer with JSON"));
        assert!(page(r#"{"value":[{"a":"#).expect_err("cut").to_string().contains("cut off"));
        assert!(page(r#"{"values":[]}"#).expect_err("other").to_string().contains("other JSON"));
    }
}
