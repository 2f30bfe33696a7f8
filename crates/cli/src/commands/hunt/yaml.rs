//! Queries in YAML, as the public hunting repositories keep them: documents with `name` and `query`.
//!
//! Only the events of the parser are looked at: nothing is built, so aliases cannot blow up.

use saphyr_parser::{Event, Parser};

use super::Query;

/// What is known of the mapping being read.
#[derive(Default)]
struct Entry {
    name: Option<String>,
    query: Option<(usize, String)>,
}

/// The queries of a text, each named by its `name`, else by the file and the line it begins in.
pub(super) fn queries(text: &str, file: &str) -> Result<Vec<Query>, String> {
    let mut queries = Vec::new();
    // A document is a mapping, or a list of them.
    let (mut depth, mut entries) = (0_usize, 0_usize);
    let (mut entry, mut key) = (Entry::default(), None);
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| error.to_string())?;
        let in_entry = entries > 0 && depth == entries;
        match event {
            Event::DocumentStart(_) => (depth, entries) = (0, 0),
            Event::SequenceStart(..) | Event::MappingStart(..) => {
                let is_mapping = matches!(event, Event::MappingStart(..));
                if in_entry {
                    // A value of several parts; a key of that kind is nobody's.
                    key = key.map_or(Some(String::new()), |_| None);
                }
                depth += 1;
                if entries == 0 && is_mapping && depth <= 2 {
                    (entries, entry, key) = (depth, Entry::default(), None);
                }
            }
            Event::SequenceEnd | Event::MappingEnd => {
                if in_entry {
                    queries.extend(std::mem::take(&mut entry).query(file));
                    entries = 0;
                }
                depth = depth.saturating_sub(1);
            }
            Event::Scalar(value, ..) if in_entry => match key.take() {
                None => key = Some(value.into_owned()),
                Some(name) => match name.as_str() {
                    "name" => entry.name = Some(value.trim().to_owned()),
                    "query" => entry.query = Some((span.start.line(), value.into_owned())),
                    _ => {}
                },
            },
            Event::Alias(_) if in_entry => key = key.map_or(Some(String::new()), |_| None),
            _ => {}
        }
    }
    Ok(queries)
}

impl Entry {
    fn query(self, file: &str) -> Option<Query> {
        let (line, text) = self.query.filter(|(_, text)| !text.trim().is_empty())?;
        let name = self.name.filter(|name| !name.is_empty());
        let place = format!("{file}:{line}");
        Some(Query { from: format!("file {place}"), name: name.unwrap_or(place), text })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<(String, String)> {
        let queries = queries(text, "a.yaml").expect("YAML");
        queries.into_iter().map(|query| (query.name, query.text)).collect()
    }

    fn pair(name: &str, text: &str) -> (String, String) {
        (name.to_owned(), text.to_owned())
    }

    #[test]
    fn a_document_has_a_name_and_a_query() {
        let text = "id: 5f3c\nname: Odd logons\ndescription: |\n  'query: none'\nrequiredDataConnectors:\n  - connectorId: A\n    dataTypes:\n      - B\nquery: |\n  let x = 1;\n  A\n  | take 1 // it's\nentityMappings:\n  - query: no\n    name: no\nversion: 1.0.0\n";
        assert_eq!(found(text), [pair("Odd logons", "let x = 1;\nA\n| take 1 // it's\n")]);
    }

    #[test]
    fn several_documents_and_lists_of_them_are_read() {
        let text = "---\nname: one\nquery: A\n---\n- name: two\n  query: B\n- query: >-\n    C\n    | take 1\n---\njust text\n---\nname: empty\nquery: ''\n";
        assert_eq!(found(text), [pair("one", "A"), pair("two", "B"), pair("a.yaml:8", "C | take 1")]);
    }

    #[test]
    fn keys_and_values_of_several_parts_and_aliases_mislead_nobody() {
        let text = "? [query, name]\n: query\nother: &a {query: no}\nmore: *a\nname: two\nquery: B\n";
        assert_eq!(found(text), [pair("two", "B")]);
        assert!(queries("a: [", "a.yaml").is_err());
    }
}
