//! Any query becomes a filter that is one, for both APIs: for fuzzing, and for a test over odd texts.

use defender_xdr_core::Timestamp;
use defender_xdr_core::backend::Backend;

use super::{IncidentQuery, grammar};
use crate::incidents::record::Incident;

/// A query out of lines: the first character of each says what the rest is.
pub(crate) fn query(text: &str) -> IncidentQuery {
    let mut query = IncidentQuery::default();
    for line in text.split('\n') {
        let mut rest = line.chars();
        let kind = rest.next();
        let rest = rest.as_str();
        match kind {
            Some('s') => query.status.push(rest.to_owned()),
            Some('v') => query.severity.push(rest.to_owned()),
            Some('a') => query.assigned_to = Some(rest.to_owned()),
            Some('n') => query.unassigned = !query.unassigned,
            Some('c') => query.classification.push(rest.to_owned()),
            Some('d') => query.determination.push(rest.to_owned()),
            Some('t') => query.tags.push(rest.to_owned()),
            Some('p') => query.sources.push(rest.to_owned()),
            Some('x') => query.text = Some(rest.to_owned()),
            Some('1') => query.created_since = time(rest),
            Some('2') => query.created_until = time(rest),
            Some('3') => query.updated_since = time(rest),
            Some('4') => query.updated_until = time(rest),
            _ => {}
        }
    }
    query
}

/// A time as text, or of the nanoseconds that its bytes are.
fn time(text: &str) -> Option<Timestamp> {
    let mut bytes = [0; 8];
    bytes.iter_mut().zip(text.bytes()).for_each(|(byte, given)| *byte = given);
    let nanoseconds = Timestamp::from_nanosecond(i64::from_le_bytes(bytes).into());
    text.parse().ok().or(nanoseconds.ok()).filter(|at: &Timestamp| (1..=9999).contains(&year(*at)))
}

fn year(at: Timestamp) -> i16 {
    jiff::tz::TimeZone::UTC.to_datetime(at).year()
}

/// Translates a query for both APIs.
///
/// # Panics
/// When what it becomes is no filter, or says something else.
#[expect(clippy::panic, reason = "a panic is how a fuzz target and a test fail")]
pub(crate) fn check(text: &str) {
    let query = query(text);
    for backend in Backend::ALL {
        let (filter, remainder) = query.translate(backend);
        let names = query.filtered_here(backend);
        let json = serde_json::json!({ "id": "1", "displayName": text, "customTags": query.tags, "assignedTo": text });
        if let Ok(incident) = Incident::read(backend, &json.to_string()) {
            remainder.accepts(&incident);
        }
        drop(query.impossible(backend));
        let Some(filter) = filter else { continue };
        let Some(read) = grammar::read(&filter) else { panic!("no filter: {filter}") };
        assert!(backend == Backend::Graph || read.plain, "more than was confirmed: {filter}");
        if let Some(owner) = query.assigned_to.as_ref().filter(|_| !names.contains(&"assigned-to")) {
            assert!(read.texts.contains(owner), "the owner is another one: {filter}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odd_texts_and_times_become_filters_that_are_filters() {
        let texts = [
            "",
            "'",
            "''",
            "' or 1 eq 1 or '",
            "a\u{0}b",
            "ö\u{202e}",
            "%27",
            "null",
            "Redirected",
            "unknown",
        ];
        let times = [
            "",
            "1969-12-31T23:59:59.999999999Z",
            "0001-01-01T00:00:00Z",
            "9999-12-30T00:00:00Z",
            "\u{ff}zz",
        ];
        for text in texts {
            for time in times {
                let all = format!("s{text}\nv{text}\na{text}\nc{text}\nd{text}\nt{text}\np{text}\nx{text}");
                let all = format!("{all}\n1{time}\n2{time}\n3{time}\n4{time}");
                check(&all);
                check(&format!("{all}\nn\ns{text}\nv{text}\nc{text}\nd{text}"));
            }
        }
    }
}
