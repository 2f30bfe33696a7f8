//! How two values have to differ for a rule to explain it.

use serde_json::Value;

use super::sameness::{is_nobody, is_nothing, same_millisecond, same_person};
use crate::correspondence::fields;

/// How two values differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Decided by the order or the presence of items, not by two values.
    Whole,
    /// Null, missing, an empty text, list or object on both sides.
    Nothing,
    /// Graph alone has the member.
    GraphAlone,
    /// Graph alone has the member, and no table of fields names one that both have.
    Unheard,
    /// The legacy API alone has the member.
    LegacyAlone,
    /// Nothing on the legacy API, something on Graph.
    GraphMore,
    /// Something on the legacy API, nothing on Graph.
    LegacyMore,
    /// Equal but for the mark before the name of a type.
    TypeMark,
    /// Nothing on one side, the word for nothing on the other.
    Unset,
    /// Equal to the millisecond.
    Milliseconds,
    /// Equal but for the case of letters.
    Case,
    /// The same number, as text on one side.
    NumberAsText,
    /// The same person under two names.
    Person,
    /// Graph awaits an action, the legacy API is active or in progress.
    Awaiting,
    /// Graph's placeholder for words that came later.
    Placeholder,
    /// Whatever the values are.
    Any,
}

impl Kind {
    pub(super) fn holds(self, place: &str, legacy: Option<&Value>, graph: Option<&Value>) -> bool {
        let texts = || Some((legacy?.as_str()?, graph?.as_str()?));
        match self {
            Self::Whole => false,
            Self::Any => true,
            Self::Nothing => is_nothing(legacy) && is_nothing(graph),
            Self::GraphAlone => legacy.is_none(),
            Self::Unheard => legacy.is_none() && !is_common(place),
            Self::LegacyAlone => graph.is_none(),
            Self::GraphMore => is_nothing(legacy) && !is_nothing(graph),
            Self::LegacyMore => is_nothing(graph) && !is_nothing(legacy),
            Self::TypeMark => texts()
                .is_some_and(|(one, other)| one.trim_start_matches('#') == other.trim_start_matches('#')),
            Self::Unset => [(legacy, graph), (graph, legacy)]
                .into_iter()
                .any(|(one, other)| is_nothing(one) && other.is_some_and(|word| word == "unknown")),
            Self::Milliseconds => texts().is_some_and(|(one, other)| same_millisecond(one, other)),
            Self::Case => texts().is_some_and(|(one, other)| one.eq_ignore_ascii_case(other)),
            Self::NumberAsText => [(legacy, graph), (graph, legacy)].into_iter().any(|pair| match pair {
                (Some(Value::Number(number)), Some(Value::String(text))) => number.to_string() == *text,
                _ => false,
            }),
            Self::Person => match (legacy, graph) {
                // What the portal writes for nobody.
                (one, other) if is_nobody(one) && is_nobody(other) => true,
                _ => texts().is_some_and(|(one, other)| same_person(one, other)),
            },
            Self::Awaiting => texts().is_some_and(|(one, other)| {
                other == "awaitingAction" && ["active", "inProgress"].contains(&one)
            }),
            Self::Placeholder => graph.is_some_and(|word| word == "unknownFutureValue"),
        }
    }
}

/// Whether both APIs have the member at a place, under whatever names.
fn is_common(place: &str) -> bool {
    let name = place.rsplit('.').next().unwrap_or(place);
    fields()
        .iter()
        .filter(|field| field.legacy.is_some())
        .any(|field| field.graph.as_deref().is_some_and(|graph| graph.rsplit('.').next() == Some(name)))
}
