//! Reads an object as a plan has it: what is planned is taken apart, everything else stays the text that came.

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeSeed, Error, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::value::RawValue;

use super::{Name, Outline, Part, Plan};

#[derive(Deserialize)]
struct Key<'j>(#[serde(borrow)] Cow<'j, str>);

/// Reads the members of an object.
pub(super) struct Members(pub(super) Plan);

impl<'j> Visitor<'j> for Members {
    type Value = Outline<'j>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'j>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut members = Vec::with_capacity(16);
        while let Some(Key(name)) = map.next_key::<Key<'j>>()? {
            let part = match self.0.0.iter().find(|(planned, _)| *planned == name) {
                Some((_, plan)) => map.next_value_seed(Planned(*plan))?,
                None => Part::from_raw(map.next_value::<&'j RawValue>()?),
            };
            members.push((Name::new(name), part));
        }
        Ok(Outline(members))
    }
}

/// Reads a value that is to be taken apart. One that is neither list nor object is written anew.
#[derive(Clone, Copy)]
struct Planned(Plan);

impl<'j> DeserializeSeed<'j> for Planned {
    type Value = Part<'j>;

    fn deserialize<D: Deserializer<'j>>(self, deserializer: D) -> Result<Part<'j>, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'j> Visitor<'j> for Planned {
    type Value = Part<'j>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a value")
    }

    fn visit_map<A: MapAccess<'j>>(self, map: A) -> Result<Part<'j>, A::Error> {
        Members(self.0).visit_map(map).map(Part::Object)
    }

    fn visit_seq<A: SeqAccess<'j>>(self, mut elements: A) -> Result<Part<'j>, A::Error> {
        let mut list = Vec::new();
        while let Some(element) = elements.next_element_seed(self)? {
            list.push(element);
        }
        Ok(Part::List(list))
    }

    fn visit_str<E: Error>(self, word: &str) -> Result<Part<'j>, E> {
        Ok(Part::word(word))
    }

    fn visit_bool<E: Error>(self, truth: bool) -> Result<Part<'j>, E> {
        anew(truth)
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Part<'j>, E> {
        anew(number)
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Part<'j>, E> {
        anew(number)
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Part<'j>, E> {
        anew(number)
    }

    fn visit_unit<E: Error>(self) -> Result<Part<'j>, E> {
        Ok(Part::default())
    }
}

fn anew<'j, E: Error>(value: impl Serialize) -> Result<Part<'j>, E> {
    serde_json::to_string(&value).map(|json| Part::Text(Cow::Owned(json))).map_err(E::custom)
}
