//! Fields, words and filters: what other products have as well, looked for only where a text shows that it talks to the
//! retired API.

use std::collections::BTreeMap;

use aho_corasick::{AhoCorasick, MatchKind};
use defender_xdr_api::incidents::{Owner, ValueChange};

use super::claimed::Claimed;
use super::evidence::Evidence;
use super::surroundings::{at, before, is_word, line, name_before, quotes};
use super::{Hit, Kind, addresses, bodies, contexts, filters, words};
use crate::correspondence::{Field, Record, fields, filterable};

/// Names that are common everywhere: they count where the name before them says of what they are.
const NEEDS_OWNER: &[&str] = &[
    "Name",
    "Type",
    "tags",
    "createdBy",
    "createTime",
    "devices",
    "entities",
    "deviceId",
    "fileName",
    "filePath",
    "sha1",
    "sha256",
    "accountName",
    "domainName",
    "userSid",
    "userPrincipalName",
    "sender",
    "recipient",
    "subject",
    "entityType",
];

/// Commands after which names of fields stand bare.
const LISTS_OF_NAMES: &[&str] = &[
    "select-object",
    "format-table",
    "sort-object",
    "group-object",
    "-property",
    "-expandproperty",
    "| table ",
    "| fields ",
    "| rename ",
    "| dedup ",
    "fieldalias-",
    "eval-",
];

const CALL: &str = "api/incidents";

/// All names and words, each with the fields it may be.
#[derive(Debug)]
pub(super) struct FieldNames {
    automaton: Option<AhoCorasick>,
    names: Vec<(String, Vec<&'static Field>)>,
}

impl FieldNames {
    pub(super) fn new() -> Self {
        let mut names: BTreeMap<String, Vec<&'static Field>> = BTreeMap::new();
        for field in fields() {
            let Some(legacy) = field.legacy else { continue };
            let fields = names.entry(legacy.to_owned()).or_default();
            let renamed =
                field.graph.as_deref() != Some(legacy) || matches!(field.value, ValueChange::NumberToText);
            if field.changes() && renamed {
                fields.push(field);
            }
        }
        for word in words::all() {
            names.entry(word.to_owned()).or_default();
        }
        names.insert("comment".to_owned(), Vec::new());
        names.insert(CALL.to_owned(), Vec::new());
        names.insert(CALL.replace('/', "\\/"), Vec::new());
        let automaton =
            AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(names.keys()).ok();
        Self { automaton, names: names.into_iter().collect() }
    }

    /// Claims what is found.
    pub(super) fn look(&self, text: &str, evidence: Evidence, claimed: &mut Claimed) {
        let patches = bodies::are_sent(text);
        for found in self.automaton.iter().flat_map(|automaton| automaton.find_iter(text)) {
            let (start, end) = (found.start(), found.end());
            let (name, fields) = &self.names[found.pattern().as_usize()];
            if claimed.is_taken(start, end) {
                continue;
            }
            if evidence.incidents() && name.starts_with("api") {
                addresses::of_incidents_call(text, start, end).map(|hit| claimed.claim(hit));
                continue;
            }
            if is_word(before(text, start)) || is_word(at(text, end)) {
                continue;
            }
            if let Some(hit) = contexts::accessor_hit(text, start, end) {
                claimed.claim(hit);
                continue;
            }
            let hit = if evidence.incidents() {
                let filter = || filterable(name).and_then(|_| filters::hit(text, start, end));
                let body = || patches.then(|| bodies::hit(text, start, end, name)).flatten();
                filter()
                    .or_else(body)
                    .or_else(|| field_hit(text, start, end, fields, evidence))
                    .or_else(|| words::hit(text, start, end, name))
            } else {
                field_hit(text, start, end, fields, evidence)
            };
            if let Some(hit) = hit {
                claimed.claim(hit);
            }
        }
    }
}

fn field_hit(
    text: &str,
    start: usize,
    end: usize,
    fields: &[&'static Field],
    evidence: Evidence,
) -> Option<Hit> {
    if !is_access(text, start, end) {
        return None;
    }
    let name = text.get(start..end)?;
    let fits = |field: &&Field| match field.record {
        Record::Hunting | Record::Column => evidence.hunting,
        Record::Of(_) => evidence.incidents(),
    };
    let possible: Vec<&&Field> = fields.iter().filter(|field| fits(field)).collect();
    let owner = owner(text, start, end).to_ascii_lowercase();
    let matching: Vec<&&Field> =
        possible.iter().filter(|field| belongs(field.record, &owner)).copied().collect();
    let meant = match (matching.is_empty(), NEEDS_OWNER.contains(&name)) {
        (false, _) => matching,
        (true, true) => return None,
        (true, false) => possible,
    };
    let first = meant.first()?;
    let mut everywhere: Vec<String> = Vec::new();
    for field in &meant {
        let place = field.graph.as_deref().unwrap_or("nothing");
        let told = format!("{place} ({})", field.record);
        if !everywhere.contains(&told) {
            everywhere.push(told);
        }
    }
    let note = first.note.map_or_else(String::new, |note| format!("; {note}"));
    let why = match (meant.len(), first.graph.as_deref()) {
        (1, Some(graph)) if graph == name => format!("a field of the {}{note}", first.record),
        (1, Some(_)) => format!("a field of the {} with another name on Graph{note}", first.record),
        (1, None) => format!("a field of the {} that Graph lacks{note}", first.record),
        _ => format!("a field of the legacy API; on Graph: {}", everywhere.join(", ")),
    };
    Some(Hit { start, end, kind: Kind::Field, why, replacement: first.graph.clone() })
}

/// What a field is one of: the name before it; for `$_` and the like the line before it; for the start of a path what
/// follows.
fn owner(text: &str, start: usize, end: usize) -> &str {
    let name = name_before(text, start);
    let rest = text[end..].trim_start_matches(['[', ']', '*', '0']);
    let member =
        rest.strip_prefix('.').and_then(|rest| rest.split(|next: char| !next.is_ascii_alphanumeric()).next());
    if let Some(member) = member
        && ["devices", "entities"].contains(&&text[start..end])
        && fields()
            .iter()
            .any(|field| field.legacy == Some(member) && field.record != Record::Of(Owner::Incident))
    {
        return "alert";
    }
    if name.len() <= 1 { line(text, start, end).0 } else { name }
}

/// Whether the name before a field says that it is one of this record.
fn belongs(record: Record, owner: &str) -> bool {
    let words: &[&str] = match record {
        Record::Of(Owner::Incident) => &["incident"],
        Record::Of(Owner::Comment) => &["comment"],
        Record::Of(Owner::Alert) => &["alert"],
        Record::Of(Owner::Device) => &["device", "machine"],
        Record::Of(Owner::Evidence | Owner::Entity(..)) => &["entit", "evidence"],
        Record::Hunting => return true,
        Record::Column => &["schema", "column"],
    };
    words.iter().any(|word| owner.contains(word)) || (record == Record::Of(Owner::Incident) && owner == "inc")
}

/// Whether a name is used as that of a field: quoted, after a dot, in brackets, alone as a value, or in a list of names.
fn is_access(text: &str, start: usize, end: usize) -> bool {
    if quotes(text, start, end).is_some() {
        return true;
    }
    match before(text, start) {
        Some(b'.') => {
            let own = text[..start].ends_with("self.") || text[..start].ends_with("this.");
            !own && at(text, end) != Some(b'(')
        }
        Some(b'[') if at(text, end) == Some(b']') => true,
        Some(b'/') => {
            let owner = name_before(text, start - 1).to_ascii_lowercase();
            ["incident", "alert", "device", "comment", "entit"].iter().any(|word| owner.contains(word))
        }
        _ if is_declared(text, end) || is_shorthand(text, start, end) => true,
        Some(b'"' | b'\'') if matches!(at(text, end), Some(b'.' | b'[')) => true,
        Some(b' ' | b',' | b'=') => {
            let (head, _) = line(text, start, end);
            let alone = (text[..start].ends_with(": ")
                || text[..start].ends_with("= ") && head.starts_with(['_', '/']))
                && matches!(at(text, end), None | Some(b'\n' | b'\r'));
            let head = head.to_ascii_lowercase();
            alone || LISTS_OF_NAMES.iter().any(|command| head.contains(command))
        }
        _ => false,
    }
}

/// Whether it stands alone in an object of jq, where `{incidentId}` is short for `{incidentId: .incidentId}`.
fn is_shorthand(text: &str, start: usize, end: usize) -> bool {
    let previous = text[..start].trim_end_matches(' ').as_bytes().last();
    let next = text[end..].trim_start_matches(' ').as_bytes().first();
    let (head, _) = line(text, start, end);
    matches!(previous, Some(b'{' | b','))
        && matches!(next, Some(b'}' | b','))
        && head.rsplit('\'').next().is_some_and(|program| program.contains('{'))
        && head.contains("jq ")
}

/// Whether a type follows: `incidentId: number`, `incidentName?: string`, `createdTime: datetime`.
fn is_declared(text: &str, end: usize) -> bool {
    const TYPES: &[&str] =
        &["number", "string", "Date", "int", "str", "datetime", "Optional", "list", "List"];
    let Some(rest) = text[end..].trim_start_matches('?').strip_prefix(':') else { return false };
    let rest = rest.trim_start_matches(' ');
    let name = rest.split(|next: char| !next.is_ascii_alphanumeric()).next().unwrap_or_default();
    TYPES.contains(&name)
}
