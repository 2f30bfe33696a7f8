//! Enumerations: which words a field has on each API.
//!
//! The words are the API client's own (`defender_xdr_api::words`); those that only Graph has are named here. Source: the
//! enumerations of Graph security and the "unknown members" header; "Update incidents API" of Defender XDR.

use std::sync::LazyLock;

use defender_xdr_api::incidents::ValueChange;
use defender_xdr_api::words::Vocabulary;

use super::fields::{Field, Record, fields};

/// The words of a field.
#[derive(Debug, Clone, Copy)]
pub struct Enumeration {
    /// What the field belongs to.
    pub record: Record,
    /// The field's name, the same on both APIs.
    pub field: &'static str,
    /// Its words.
    pub words: Vocabulary,
}

/// Words that Graph has and the legacy API never sends, by field, with what it shows in their place.
const GRAPH_ONLY: &[(&str, &str, &str)] =
    &[("status", "awaitingAction", "the legacy API shows such incidents as Active")];

const SENTINEL: &str = "unknownFutureValue";

/// All fields whose words are in a table. Of `investigationState`, `verdict` and the like only the first letter's case
/// differs: they are none.
pub fn enumerations() -> &'static [Enumeration] {
    static ALL: LazyLock<Vec<Enumeration>> = LazyLock::new(|| fields().iter().filter_map(of_field).collect());
    &ALL
}

fn of_field(field: &Field) -> Option<Enumeration> {
    match (field.value, field.legacy) {
        (ValueChange::Words(words), Some(name)) => {
            Some(Enumeration { record: field.record, field: name, words })
        }
        _ => None,
    }
}

impl Enumeration {
    /// Why a word of Graph has no counterpart on the legacy API, if it has none.
    pub fn graph_only(&self, word: &str) -> Option<&'static str> {
        if word.eq_ignore_ascii_case(SENTINEL) {
            return Some(
                "a placeholder for members that the reader did not ask for; the legacy API has none",
            );
        }
        let row = GRAPH_ONLY
            .iter()
            .find(|(field, known, _)| *field == self.field && known.eq_ignore_ascii_case(word))?;
        Some(row.2)
    }

    /// Whether the legacy words are in no list of Microsoft's: seen in answers, or inferred.
    pub fn is_inferred(&self) -> bool {
        ["serviceSource", "detectionSource"].contains(&self.field)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_graph_alone_are_words_of_graph() {
        for (field, word, _) in GRAPH_ONLY {
            let knows = |all: &Enumeration| all.field == *field && all.words.known(word).is_some();
            assert!(enumerations().iter().any(knows), "{word}");
        }
    }
}
