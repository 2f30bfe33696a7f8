//! Of an incident's text only what is gathered from: everything else is passed over, which costs a tenth of keeping it.

use std::fmt;

use serde::Deserializer;
use serde::de::{DeserializeSeed, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

/// What is kept of a member.
#[derive(Debug, Clone, Copy)]
enum Kept {
    /// All of it.
    Whole,
    /// That it is a list, without its elements.
    Kind,
    /// These members, of it or of each of its elements.
    Inside(&'static [(&'static str, Kept)]),
}

const INCIDENT: &[(&str, Kept)] =
    &[("createdTime", Kept::Whole), ("comments", Kept::Kind), ("alerts", Kept::Inside(ALERT))];
const ALERT: &[(&str, Kept)] = &[
    ("status", Kept::Whole),
    ("category", Kept::Whole),
    ("serviceSource", Kept::Whole),
    ("detectionSource", Kept::Whole),
    ("firstActivity", Kept::Whole),
    ("lastActivity", Kept::Whole),
    ("devices", Kept::Inside(DEVICE)),
    ("entities", Kept::Inside(ENTITY)),
];
const DEVICE: &[(&str, Kept)] =
    &[("deviceDnsName", Kept::Whole), ("riskScore", Kept::Whole), ("tags", Kept::Whole)];
const ENTITY: &[(&str, Kept)] = &[
    ("entityType", Kept::Whole),
    ("domainName", Kept::Whole),
    ("mailboxAddress", Kept::Whole),
    ("mailboxDisplayName", Kept::Whole),
];

/// An incident without what nobody gathers from.
#[derive(Debug, Default)]
pub(super) struct Pruned {
    pub(super) members: Map<String, Value>,
    /// The names of all its members that were asked about.
    pub(super) taken: Vec<&'static str>,
}

/// Reads an incident; `None` when it is no object. `asked` are names that may be taken.
pub(super) fn read(json: &str, asked: &'static [&'static str]) -> Option<Pruned> {
    let mut reader = serde_json::Deserializer::from_str(json);
    let pruned = reader.deserialize_map(Whole(asked)).ok()?;
    reader.end().is_ok().then_some(pruned)
}

struct Whole(&'static [&'static str]);

impl<'de> Visitor<'de> for Whole {
    type Value = Pruned;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an incident")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Pruned, A::Error> {
        let mut pruned = Pruned::default();
        while let Some((kept, taken)) = map.next_key_seed(Name(INCIDENT, self.0))? {
            pruned.taken.extend(taken);
            keep(&mut pruned.members, &mut map, kept)?;
        }
        Ok(pruned)
    }
}

fn keep<'de, A: MapAccess<'de>>(
    members: &mut Map<String, Value>,
    map: &mut A,
    kept: Option<(&'static str, Kept)>,
) -> Result<(), A::Error> {
    match kept {
        None => map.next_value::<IgnoredAny>().map(|_| ()),
        Some((name, kept)) => {
            let value = map.next_value_seed(kept)?;
            members.insert(name.to_owned(), value);
            Ok(())
        }
    }
}

/// A name: what is kept of its member, and which of the names asked about it is.
struct Name(&'static [(&'static str, Kept)], &'static [&'static str]);

impl<'de> DeserializeSeed<'de> for Name {
    type Value = (Option<(&'static str, Kept)>, Option<&'static str>);

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Name {
    type Value = (Option<(&'static str, Kept)>, Option<&'static str>);

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a name")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Self::Value, E> {
        let kept = self.0.iter().find(|(known, _)| *known == name).copied();
        Ok((kept, self.1.iter().find(|asked| **asked == name).copied()))
    }
}

impl<'de> DeserializeSeed<'de> for Kept {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        match self {
            Self::Whole => serde::Deserialize::deserialize(deserializer),
            Self::Kind | Self::Inside(_) => deserializer.deserialize_any(self),
        }
    }
}

impl<'de> Visitor<'de> for Kept {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a part of an incident")
    }

    // What is no list and no object is gathered from like nothing.
    fn visit_bool<E: Error>(self, _: bool) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        if matches!(self, Self::Kind) {
            while elements.next_element::<IgnoredAny>()?.is_some() {}
        } else {
            while let Some(element) = elements.next_element_seed(self)? {
                list.push(element);
            }
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let names: &[_] = match self {
            Self::Inside(names) => names,
            Self::Whole | Self::Kind => &[],
        };
        let mut members = Map::new();
        while let Some((kept, _)) = map.next_key_seed(Name(names, &[]))? {
            keep(&mut members, &mut map, kept)?;
        }
        Ok(Value::Object(members))
    }
}
