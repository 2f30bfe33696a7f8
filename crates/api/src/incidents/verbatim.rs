//! Incidents that are in the model's form already: they are passed on as they came, byte for byte.
//!
//! Nearly every record of Graph is one. Finding that out costs one pass without a copy; reading a record into a tree and
//! writing it again costs many times that.

use std::borrow::Cow;
use std::fmt;

use defender_xdr_core::backend::Backend;
use serde::Deserializer;
use serde::de::{DeserializeSeed, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::graph::{ALERT, FILES, INCIDENT, NUMBERS};
use super::record::{Incident, UnreadableIncident};
use crate::words::Vocabulary;

/// An incident's JSON text in the model's form.
///
/// # Errors
/// When the text is no incident.
pub fn model_text(backend: Backend, json: &str) -> Result<Cow<'_, str>, UnreadableIncident> {
    if backend == Backend::Graph && is_in_form(json) {
        return Ok(Cow::Borrowed(json));
    }
    let incident = Incident::read(backend, json)?;
    serde_json::to_string(&incident)
        .map(Cow::Owned)
        .map_err(|error| UnreadableIncident { reason: error.to_string() })
}

/// Whether an incident of Graph would come out as it went in.
fn is_in_form(json: &str) -> bool {
    let mut reader = serde_json::Deserializer::from_str(json);
    let whole = Part::Incident.deserialize(&mut reader).is_ok() && reader.end().is_ok();
    whole && memchr::memchr2(b'\n', b'\r', json.as_bytes()).is_none()
}

/// What is being read. Anything out of form ends the reading with an error.
#[derive(Debug, Clone, Copy)]
enum Part {
    Incident,
    Alerts,
    Alert,
    Evidence,
    Piece,
    File,
    /// A word of these.
    Word(Vocabulary),
    /// Text that is not empty.
    Id,
    /// Anything but text.
    Number,
    Anything,
}

impl Part {
    fn member(self, name: &str) -> Self {
        let word = |words: &[(&str, Vocabulary)]| {
            words.iter().find(|(known, _)| *known == name).map(|(_, vocabulary)| Self::Word(*vocabulary))
        };
        match self {
            Self::Incident if name == "id" => Self::Id,
            Self::Incident if name == "alerts" => Self::Alerts,
            Self::Incident => word(INCIDENT).unwrap_or(Self::Anything),
            Self::Alert if name == "evidence" => Self::Evidence,
            Self::Alert => word(ALERT).unwrap_or(Self::Anything),
            Self::Piece if FILES.contains(&name) => Self::File,
            Self::Piece if NUMBERS.contains(&name) => Self::Number,
            Self::File if name == "fileSize" => Self::Number,
            _ => Self::Anything,
        }
    }

    fn element(self) -> Self {
        match self {
            Self::Alerts => Self::Alert,
            Self::Evidence => Self::Piece,
            _ => Self::Anything,
        }
    }
}

impl<'de> DeserializeSeed<'de> for Part {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        match self {
            Self::Anything => deserializer.deserialize_ignored_any(IgnoredAny).map(|_| ()),
            _ => deserializer.deserialize_any(self),
        }
    }
}

/// Out of form.
fn differs<E: Error>() -> E {
    E::custom("not in the model's form")
}

impl<'de> Visitor<'de> for Part {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a part of an incident")
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<(), E> {
        self.other()
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<(), E> {
        self.other()
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<(), E> {
        self.other()
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<(), E> {
        self.other()
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        self.other()
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        let good = match self {
            Self::Id => !text.is_empty(),
            Self::Word(vocabulary) => vocabulary.graph(text) == text,
            Self::Number | Self::Incident => false,
            _ => true,
        };
        if good { Ok(()) } else { Err(differs()) }
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<(), A::Error> {
        if matches!(self, Self::Incident | Self::Id) {
            return Err(differs());
        }
        while elements.next_element_seed(self.element())?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        if matches!(self, Self::Id) {
            return Err(differs());
        }
        let mut has_id = false;
        while let Some(part) = members.next_key_seed(Name(self))? {
            has_id |= matches!(part, Self::Id);
            members.next_value_seed(part)?;
        }
        if matches!(self, Self::Incident) && !has_id { Err(differs()) } else { Ok(()) }
    }
}

impl Part {
    /// A value that is no text.
    fn other<E: Error>(self) -> Result<(), E> {
        if matches!(self, Self::Id | Self::Incident) { Err(differs()) } else { Ok(()) }
    }
}

/// The name of a member, turned into what its value is.
struct Name(Part);

impl<'de> DeserializeSeed<'de> for Name {
    type Value = Part;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Part, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Name {
    type Value = Part;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a name")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Part, E> {
        Ok(self.0.member(name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a tree would make of it.
    fn by_tree(json: &str) -> Option<String> {
        serde_json::to_string(&Incident::read(Backend::Graph, json).ok()?).ok()
    }

    #[test]
    fn what_is_in_form_is_passed_on_and_everything_else_is_put_into_it() {
        let same = [
            r#"{"id":"7"}"#,
            r#"{"id":"7","status":"active","severity":"tomorrow","classification":null,"x":{"status":"Active","id":7}}"#,
            r#"{"id":"7","alerts":[{"id":1,"status":"new","evidence":[{"osBuild":22631,"fileDetails":{"fileSize":5}},null]},null]}"#,
            r#"{"id":"7","alerts":null,"status":5}"#,
        ];
        for json in same {
            assert!(matches!(model_text(Backend::Graph, json), Ok(Cow::Borrowed(_))), "{json}");
            assert_eq!(by_tree(json).as_deref(), Some(json));
        }
        let other = [
            r#"{"id":7}"#,
            r#"{"id":"7","status":"Active"}"#,
            r#"{"id":"7","determination":"clean"}"#,
            r#"{"id":"7","alerts":[{"severity":"High"}]}"#,
            r#"{"id":"7","alerts":[{"evidence":[{"processId":"12"}]}]}"#,
            r#"{"id":"7","alerts":[{"evidence":[{"imageFile":{"fileSize":"12"}}]}]}"#,
            "{\"id\":\"7\",\n\"x\":1}",
        ];
        for json in other {
            let text = model_text(Backend::Graph, json).expect("readable");
            assert!(matches!(text, Cow::Owned(_)), "{json}");
            assert_eq!(Some(text.into_owned()), by_tree(json));
        }
        for json in ["[]", "{}", "7", r#"{"id":""}"#, r#"{"id":"7""#, r#"{"id":"7"} x"#] {
            assert!(model_text(Backend::Graph, json).is_err(), "{json}");
        }
    }
}
