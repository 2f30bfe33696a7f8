//! Words of enumerations: `'Active'` where a status is meant.

use defender_xdr_api::incidents::{Owner, ValueChange};
use defender_xdr_core::backend::Backend;

use super::surroundings::{line, quotes};
use super::{Hit, Kind};
use crate::correspondence::{Enumeration, Record, enumerations, fields};
use crate::translate::first_letter;

/// Words that nothing else has: they need no field beside them.
const UNMISTAKABLE: &[&str] = &[
    "InformationalExpectedActivity",
    "UnSpecified",
    "TruePositive",
    "FalsePositive",
    "MultiStagedAttack",
    "MaliciousUserActivity",
    "LineOfBusinessApplication",
    "NoEnoughDataToValidate",
    "ConfirmedUserActivity",
    "MicrosoftDefenderATP",
    "OfficeATP",
    "WindowsDefenderAv",
    "WindowsDefenderAtp",
];

/// How the commands of the Cortex integration begin.
const COMMAND: &str = "microsoft-365-defender-";

/// What may stand before a field's name: `incident_status`, `newStatus`.
const PREFIXES: &[&str] =
    &["incident", "alert", "new", "old", "target", "set", "defender", "xdr", "mtp", "m365"];

/// All legacy words that are others on Graph.
pub(super) fn all() -> Vec<&'static str> {
    let mut words: Vec<&'static str> = Vec::new();
    for all in enumerations() {
        for (graph, legacy, others) in all.words.rows() {
            words.extend(std::iter::once(legacy).chain(others.iter().copied()).filter(|word| *word != graph));
        }
    }
    words.extend(FIRST_LETTER);
    words.sort_unstable();
    words.dedup();
    words
}

/// Words of fields whose words differ in the first letter alone ("machine resource type", "alert resource type").
const FIRST_LETTER: &[&str] = &[
    "Active",
    "Inactive",
    "ImpairedCommunication",
    "NoSensorData",
    "NoSensorDataImpairedCommunication",
    "Unknown",
    "None",
    "Informational",
    "Low",
    "Medium",
    "High",
    "Terminated",
    "SuccessfullyRemediated",
    "Benign",
    "Failed",
    "PartiallyRemediated",
    "Running",
    "PendingApproval",
    "PendingResource",
    "PartiallyInvestigated",
    "TerminatedByUser",
    "TerminatedBySystem",
    "Queued",
    "InnerFailure",
    "PreexistingAlert",
    "UnsupportedOs",
    "UnsupportedAlertType",
    "SuppressedAlert",
    "Suspicious",
    "Malicious",
    "Onboarded",
    "Updated",
    "Remediated",
    "Prevented",
    "Blocked",
];

/// What a field beside a word says of it.
enum Meaning {
    Enumeration(Vec<&'static Enumeration>),
    FirstLetter(&'static str),
}

/// The word, if it stands quoted where a field that has it is meant.
pub(super) fn hit(text: &str, start: usize, end: usize, word: &str) -> Option<Hit> {
    quotes(text, start, end)?;
    let (head, tail) = line(text, start, end);
    // The arguments of the integration's commands stay as they are.
    if head.contains(COMMAND) {
        return None;
    }
    let meaning = nearest(head.rsplit(is_no_name))
        .or_else(|| nearest(compared(tail)))
        .or_else(|| opened_above(text, start))
        .or_else(|| {
            tells_itself(word, head, tail).then(|| Meaning::Enumeration(enumerations().iter().collect()))
        })?;
    let (what, replacement) = match meaning {
        Meaning::FirstLetter(field) if FIRST_LETTER.contains(&word) => {
            (field.to_owned(), first_letter(word, Backend::Graph))
        }
        Meaning::FirstLetter(_) => return None,
        Meaning::Enumeration(possible) => {
            let alert = Record::Of(Owner::Alert);
            let of_alert = head.to_ascii_lowercase().contains("alert");
            let has = |all: &&&Enumeration| all.words.known(word).is_some();
            let mut having: Vec<&Enumeration> = possible.iter().filter(has).copied().collect();
            having.sort_by_key(|all| (all.record == alert) != of_alert);
            let all = having.first()?;
            (format!("{} of the {}", all.field, all.record), all.words.graph(word).into_owned())
        }
    };
    if replacement == word {
        return None;
    }
    let why = format!("a word of {what}; Graph sends `{replacement}`");
    Some(Hit { start, end, kind: Kind::Value, why, replacement: Some(replacement) })
}

/// Whether a word is of one of our enumerations by itself, or stands in a row with one that is.
fn tells_itself(word: &str, head: &str, tail: &str) -> bool {
    let beside = |other: &&str| head.contains(*other) || tail.contains(*other);
    UNMISTAKABLE.contains(&word) || (!FIRST_LETTER.contains(&word) && UNMISTAKABLE.iter().any(beside))
}

fn is_no_name(next: char) -> bool {
    !(next.is_ascii_alphanumeric() || next == '_')
}

/// What the first name that is a field's says.
fn nearest<'t>(names: impl Iterator<Item = &'t str>) -> Option<Meaning> {
    names.filter(|name| !name.is_empty()).find_map(meaning)
}

fn meaning(name: &str) -> Option<Meaning> {
    let lower = name.to_ascii_lowercase();
    let bare = PREFIXES
        .iter()
        .filter_map(|prefix| lower.strip_prefix(prefix))
        .map(|rest| rest.trim_start_matches('_'))
        .find(|rest| is_enumerated(rest))
        .unwrap_or(&lower);
    let bare = match bare {
        "statuses" => "status",
        "severities" => "severity",
        "classifications" => "classification",
        "determinations" => "determination",
        bare => bare,
    };
    let possible: Vec<_> = enumerations().iter().filter(|all| all.field.eq_ignore_ascii_case(bare)).collect();
    if !possible.is_empty() {
        return Some(Meaning::Enumeration(possible));
    }
    let first_letter =
        |field: &&crate::correspondence::Field| matches!(field.value, ValueChange::FirstLetter);
    let mut names = fields().iter().filter(first_letter).filter_map(|field| field.legacy);
    names.find(|field| *field == name).map(Meaning::FirstLetter)
}

fn is_enumerated(name: &str) -> bool {
    enumerations().iter().any(|all| all.field.eq_ignore_ascii_case(name))
}

/// The names a word is compared with after it: `'Active' in statuses`, `"Active" == incident["status"]`.
fn compared(tail: &str) -> impl Iterator<Item = &str> {
    let rest = tail.trim_start_matches(['"', '\'', '\\', ' ', ')', ']']);
    let compares = ["==", "!=", "in ", "-in ", "-eq ", "-ne ", "not in ", "eq "]
        .iter()
        .any(|word| rest.starts_with(word));
    let rest = if compares { rest } else { "" };
    rest.split(is_no_name).take(4)
}

/// The field of a list or table that was opened on a line above: `SEVERITIES = {`.
fn opened_above(text: &str, start: usize) -> Option<Meaning> {
    const FAR: usize = 8;
    const LONGEST: usize = 1500;
    let near = (start.saturating_sub(LONGEST)..start).find(|at| text.is_char_boundary(*at))?;
    let first = near + text[near..start].rfind('\n')?;
    for above in text[near..first].rsplit('\n').take(FAR) {
        let above = above.trim_end();
        if above.ends_with(['{', '[', '(']) || above.ends_with(':') {
            return nearest(above.rsplit(is_no_name));
        }
        if above.is_empty() || above.starts_with(['}', ']', ')']) {
            return None;
        }
    }
    None
}
