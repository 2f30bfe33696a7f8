//! A list answer: its records as slices of the body, so that one page costs one buffer, however many records.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

use defender_xdr_core::http::Answer;
use serde_json::value::RawValue;

use crate::array_stream::{NoObject, Part, Scanner};
use crate::error::{ApiError, ApiErrorKind};

/// One page as it arrived.
#[derive(Debug)]
pub(crate) struct RawPage {
    body: String,
    records: Vec<Range<usize>>,
    pub(crate) next_link: Option<String>,
}

impl RawPage {
    /// Finds the records. Whether a record is JSON is for its reader to say: one that is not is one record lost, not a page.
    ///
    /// # Errors
    /// When the body is no JSON list answer.
    pub(crate) fn read(mut answer: Answer) -> Result<Self, ApiError> {
        // As text at once: nobody who asks for a record has to look at it again.
        let body = match String::from_utf8(std::mem::take(&mut answer.body)) {
            Ok(body) => body,
            Err(error) => return Err(no_list(&Answer { body: error.into_bytes(), ..answer })),
        };
        let mut scanner = Scanner::new(&["value"]);
        let (mut records, mut link) = (Vec::new(), None);
        let complete = loop {
            match scanner.next(body.as_bytes()) {
                Ok(Part::Element(place)) => records.push(place),
                Ok(Part::Member(name, place)) if name == "@odata.nextLink" => link = Some(place),
                Ok(Part::Member(..)) => {}
                Ok(Part::End) => break scanner.found() && body[scanner.position()..].trim().is_empty(),
                Ok(Part::More) | Err(NoObject) => break false,
            }
        };
        match link.map_or(Ok(None), |place| serde_json::from_str(&body[place])) {
            Ok(next_link) if complete => Ok(Self { body, records, next_link }),
            _ => Err(no_list(&Answer { body: body.into_bytes(), ..answer })),
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

    /// A page made of records.
    pub(crate) fn of_texts(texts: &[String], next_link: Option<String>) -> Self {
        let mut body = String::with_capacity(texts.iter().map(String::len).sum());
        let place = |text: &String| {
            let begin = body.len();
            body.push_str(text);
            begin..body.len()
        };
        let records = texts.iter().map(place).collect();
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

    /// All of the body.
    pub(crate) fn text(&self) -> &str {
        &self.body
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

/// An answer that is no list: why, by a reader who looks at everything.
fn no_list(answer: &Answer) -> ApiError {
    match serde_json::from_slice::<&RawValue>(&answer.body) {
        Ok(_) => other_shape(&answer.origin, "no `value`"),
        Err(error) => unreadable(answer, &error),
    }
}

/// A body that is no JSON of this API: another server, a cut connection, a proxy's page.
pub(crate) fn unreadable(answer: &Answer, error: &serde_json::Error) -> ApiError {
    let what = if error.is_eof() {
        format!("the answer of {} is cut off after {} bytes", answer.origin, answer.body.len())
    } else if error.is_data() {
        return other_shape(&answer.origin, &error.to_string()).answering(answer);
    } else {
        format!("{} did not answer with JSON: {}", answer.origin, answer.describe())
    };
    ApiError::new(ApiErrorKind::Unreadable, what)
        .with_hint("check `endpoint` and `proxy`: something else may be answering")
        .answering(answer)
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
