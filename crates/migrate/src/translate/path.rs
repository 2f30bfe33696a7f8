//! Paths of fields, in any notation scripts use (`alerts[].devices[0].mdatpDeviceId`, `$.value[*]`, `['x']`), and what they are
//! on the other API.

use defender_xdr_api::incidents::Owner;
use defender_xdr_core::backend::Backend;

use crate::correspondence::{Field, Record, fields};

/// A path: names with their indexes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Path {
    prefix: String,
    segments: Vec<(String, String)>,
}

impl Path {
    /// Reads a path; `None` when there is no name in it.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        let start = text.find(|next: char| next.is_ascii_alphabetic() || next == '@').unwrap_or(text.len());
        // `$.value[*].x`, `.incidents[]`: what comes before the first name is kept as it is, but for quoted names.
        let quoted = text[..start].find('[').filter(|_| text[..start].ends_with(['\'', '"']));
        let (prefix, mut rest) = text.split_at(quoted.unwrap_or(start));
        let mut segments: Vec<(String, String)> = Vec::new();
        while !rest.is_empty() {
            if let Some(inside) = bracket(rest) {
                let content = inside.trim_start_matches('?').trim_matches(['[', ']']);
                let name = content.trim_matches(['\'', '"']);
                if name.len() < content.len() && !name.is_empty() {
                    segments.push((name.to_owned(), String::new()));
                } else if let Some((_, index)) = segments.last_mut() {
                    index.push_str(inside);
                }
                rest = &rest[inside.len()..];
                continue;
            }
            rest = rest.trim_start_matches(['.', '?', '/']);
            // `@odata.type` is one name.
            let from = if rest.starts_with("@odata.") { "@odata.".len() } else { 0 };
            let end = rest[from..].find(['.', '[', '?', '/']).map_or(rest.len(), |at| at + from);
            if end == 0 {
                if bracket(rest).is_none() {
                    break;
                }
                continue;
            }
            segments.push((rest[..end].to_owned(), String::new()));
            rest = &rest[end..];
        }
        let mut prefix = prefix.to_owned();
        // The envelope of a list is the same on both APIs.
        if segments.len() > 1 && segments[0].0 == "value" {
            let (name, index) = segments.remove(0);
            let dot = if prefix.is_empty() || prefix.ends_with('.') { "" } else { "." };
            prefix = format!("{prefix}{dot}{name}{index}.");
        }
        (!segments.is_empty()).then_some(Self { prefix, segments })
    }

    /// Whether it picks one of the devices, entities or pieces of evidence by its place in the list.
    pub(crate) fn picks_evidence(&self) -> bool {
        let of_evidence = |name: &str| matches!(name, "devices" | "entities" | "evidence");
        let numbered = |index: &str| index.contains(|next: char| next.is_ascii_digit());
        self.segments.iter().any(|(name, index)| of_evidence(name) && numbered(index))
    }

    fn name(&self, at: usize) -> Option<&str> {
        self.segments.get(at).map(|(name, _)| name.as_str())
    }
}

/// An index or a quoted name at the start: `[0]`, `['x']`, `?['x']`.
fn bracket(text: &str) -> Option<&str> {
    let inner = text.strip_prefix('?').unwrap_or(text);
    if !inner.starts_with('[') {
        return None;
    }
    let end = inner.find(']')? + 1 + (text.len() - inner.len());
    text.get(..end)
}

/// A path on the other API.
#[derive(Debug, Clone)]
pub(crate) struct Candidate {
    /// The field at its end.
    pub(crate) field: &'static Field,
    /// The whole path there; `None` when a part of it has no counterpart.
    pub(crate) to: Option<String>,
}

/// What a path may be on the other API: more than one when its first name belongs to several records, or when an entity's
/// field goes to another place for each kind. Empty for a name that is not known.
pub(crate) fn candidates(path: &Path, to: Backend) -> Vec<Candidate> {
    let named = path.name(0).and_then(record_word).filter(|_| path.segments.len() > 1);
    let mut found = Vec::new();
    // `alerts.x` is a path of an incident and `devices.x` one of an alert; `alert.x` names the record.
    let is_path = matches!(path.name(0), Some("alerts" | "comments" | "devices" | "entities" | "evidence"));
    match named.filter(|_| !is_path) {
        Some(records) => {
            let (name, index) = &path.segments[0];
            let written = format!("{}{name}{index}", path.prefix);
            walk(path, 1, &records, &written, to, &mut found);
        }
        None => walk(path, 0, &all_records(), &path.prefix, to, &mut found),
    }
    found
}

/// The candidates of a path that starts at an incident.
pub(crate) fn of_incident(path: &Path, to: Backend) -> Vec<Candidate> {
    let mut found = Vec::new();
    walk(path, 0, &[Record::Of(Owner::Incident)], &path.prefix, to, &mut found);
    found
}

fn all_records() -> Vec<Record> {
    let mut records = Vec::new();
    for field in fields() {
        if !records.contains(&field.record) {
            records.push(field.record);
        }
    }
    records
}

fn evidence_records() -> Vec<Record> {
    let of_evidence = |record: &Record| matches!(record, Record::Of(Owner::Evidence | Owner::Entity(..)));
    all_records().into_iter().filter(of_evidence).collect()
}

/// The records a word names.
pub(crate) fn record_word(word: &str) -> Option<Vec<Record>> {
    let device = Record::Of(Owner::Device);
    Some(match word.to_ascii_lowercase().as_str() {
        "incident" | "incidents" => vec![Record::Of(Owner::Incident)],
        "alert" | "alerts" => vec![Record::Of(Owner::Alert)],
        "comment" | "comments" => vec![Record::Of(Owner::Comment)],
        "device" | "devices" => vec![device],
        "entity" | "entities" => evidence_records(),
        "evidence" => std::iter::once(device).chain(evidence_records()).collect(),
        _ => return None,
    })
}

/// What lies below a field.
fn below(field: &Field, name: &str) -> Option<Vec<Record>> {
    match (field.record, name) {
        (Record::Of(Owner::Incident), "alerts") => record_word("alert"),
        (Record::Of(Owner::Incident | Owner::Alert), "comments") => record_word("comment"),
        (Record::Of(Owner::Alert), "devices") => record_word("device"),
        (Record::Of(Owner::Alert), "entities") => record_word("entity"),
        (Record::Of(Owner::Alert), "evidence") => record_word("evidence"),
        (Record::Hunting, "Schema" | "schema") => Some(vec![Record::Column]),
        _ => None,
    }
}

fn walk(path: &Path, at: usize, records: &[Record], written: &str, to: Backend, found: &mut Vec<Candidate>) {
    for field in fields() {
        let common =
            field.record == Record::Of(Owner::Evidence) && records.contains(&Record::Of(Owner::Device));
        if !records.contains(&field.record) && !common {
            continue;
        }
        let Some(length) = matched(field, path, at, to) else { continue };
        let (name, index) = &path.segments[at + length - 1];
        let target = match to {
            Backend::Graph => field.graph.clone(),
            Backend::Legacy => field.legacy.map(str::to_owned),
        };
        let joined = target.map(|target| join(written, &target, index));
        let next = at + length;
        if next == path.segments.len() {
            push(found, Candidate { field, to: joined });
            continue;
        }
        match (below(field, name), joined) {
            (Some(records), Some(joined)) => {
                // Devices and entities are one list on Graph: which of the two it was shows in the record.
                let records = match (to, field.legacy) {
                    (Backend::Legacy, Some("devices")) => vec![Record::Of(Owner::Device)],
                    (Backend::Legacy, Some("entities")) => evidence_records(),
                    _ => records,
                };
                walk(path, next, &records, &joined, to, found);
            }
            // Members of objects that are the same on both.
            (None, Some(joined)) => {
                let rest = path.segments[next..].iter();
                let whole = rest.fold(joined, |whole, (name, index)| join(&whole, name, index));
                push(found, Candidate { field, to: Some(whole) });
            }
            (_, None) => push(found, Candidate { field, to: None }),
        }
    }
}

fn push(found: &mut Vec<Candidate>, candidate: Candidate) {
    let known =
        found.iter().any(|other| other.to == candidate.to && other.field.record == candidate.field.record);
    if !known {
        found.push(candidate);
    }
}

fn join(written: &str, name: &str, index: &str) -> String {
    let dot = if written.is_empty() || written.ends_with('.') { "" } else { "." };
    format!("{written}{dot}{name}{index}")
}

/// How many names of the path the field is, on the API the path is from.
fn matched(field: &Field, path: &Path, at: usize, to: Backend) -> Option<usize> {
    let name = match to {
        Backend::Graph => field.legacy?,
        Backend::Legacy => field.graph.as_deref()?,
    };
    if path.name(at) == Some(name) {
        return Some(1);
    }
    let (group, member) = name.split_once('.').filter(|(group, _)| !group.starts_with('@'))?;
    (path.name(at) == Some(group) && path.name(at + 1) == Some(member)).then_some(2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_notation_is_read() {
        let names = |text: &str| -> Vec<String> {
            Path::read(text)
                .expect("a path")
                .segments
                .into_iter()
                .map(|(name, index)| name + &index)
                .collect()
        };
        assert_eq!(names("alerts[].devices[0].mdatpDeviceId"), ["alerts[]", "devices[0]", "mdatpDeviceId"]);
        assert_eq!(names("alerts?[0]?['title']"), ["alerts?[0]", "title"]);
        assert_eq!(names("['alerts'][\"devices\"]"), ["alerts", "devices"]);
        assert_eq!(names("evidence[*].@odata.type"), ["evidence[*]", "@odata.type"]);
        assert_eq!(names("$.x"), ["x"]);
        assert!(Path::read(" . ").is_none() && Path::read("").is_none());
    }
}
