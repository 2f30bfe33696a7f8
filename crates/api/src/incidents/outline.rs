//! A JSON object taken apart no further than it has to be: names in their order, values as the text that came.
//!
//! An incident that needs other names is translated at the speed of copying text, and what nobody looks into comes out byte
//! for byte.

use std::borrow::Cow;
use std::fmt;

use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

/// A value.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Part<'j> {
    /// JSON text of any value.
    Text(Cow<'j, str>),
    /// A list that was taken apart.
    List(Vec<Part<'j>>),
    /// An object that was taken apart.
    Object(Outline<'j>),
}

/// The members of an object in their order. A name that came twice stays twice; the last one counts, as for most readers.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Outline<'j>(Vec<(Cow<'j, str>, Part<'j>)>);

impl<'j> Outline<'j> {
    /// Takes an object apart by one level.
    pub(super) fn read(json: &'j str) -> Result<Self, serde_json::Error> {
        let mut reader = serde_json::Deserializer::from_str(json);
        let outline = reader.deserialize_map(Members)?;
        reader.end()?;
        Ok(outline)
    }

    pub(super) fn with_capacity(members: usize) -> Self {
        Self(Vec::with_capacity(members))
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn contains(&self, name: &str) -> bool {
        self.place(name).is_some()
    }

    pub(super) fn get(&self, name: &str) -> Option<&Part<'j>> {
        self.place(name).map(|place| &self.0[place].1)
    }

    pub(super) fn get_mut(&mut self, name: &str) -> Option<&mut Part<'j>> {
        self.place(name).map(|place| &mut self.0[place].1)
    }

    /// Takes a member out.
    pub(super) fn remove(&mut self, name: &str) -> Option<Part<'j>> {
        self.place(name).map(|place| self.0.remove(place).1)
    }

    /// Adds a member at the end, whatever is there.
    pub(super) fn push(&mut self, name: impl Into<Cow<'j, str>>, part: Part<'j>) {
        self.0.push((name.into(), part));
    }

    /// Sets a member in its place, or adds it at the end.
    pub(super) fn set(&mut self, name: impl Into<Cow<'j, str>>, part: Part<'j>) {
        let name = name.into();
        match self.get_mut(&name) {
            Some(there) => *there = part,
            None => self.push(name, part),
        }
    }

    #[cfg(test)]
    fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(name, _)| name.as_ref())
    }

    fn place(&self, name: &str) -> Option<usize> {
        self.0.iter().rposition(|(there, _)| there == name)
    }

    /// The object as JSON text.
    pub(super) fn to_text(&self) -> String {
        let mut text = String::new();
        self.write(&mut text);
        text
    }

    fn write(&self, text: &mut String) {
        text.push('{');
        for (index, (name, part)) in self.0.iter().enumerate() {
            if index > 0 {
                text.push(',');
            }
            write_quoted(name, text);
            text.push(':');
            part.write(text);
        }
        text.push('}');
    }
}

impl<'j> IntoIterator for Outline<'j> {
    type Item = (Cow<'j, str>, Part<'j>);
    type IntoIter = std::vec::IntoIter<Self::Item>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl Default for Part<'_> {
    fn default() -> Self {
        Self::Text(Cow::Borrowed("null"))
    }
}

impl<'j> Part<'j> {
    /// A text as a value.
    pub(super) fn word(word: &str) -> Self {
        let mut json = String::with_capacity(word.len() + 2);
        write_quoted(word, &mut json);
        Self::Text(Cow::Owned(json))
    }

    /// A whole number as a value.
    pub(super) fn number(number: impl fmt::Display) -> Self {
        Self::Text(Cow::Owned(number.to_string()))
    }

    /// What it says, when it is a text.
    pub(super) fn as_word(&self) -> Option<Cow<'_, str>> {
        let Self::Text(json) = self else { return None };
        let inside = json.strip_prefix('"')?.strip_suffix('"')?;
        if inside.as_bytes().contains(&b'\\') {
            return serde_json::from_str(json).ok().map(Cow::Owned);
        }
        Some(Cow::Borrowed(inside))
    }

    pub(super) fn is_number(&self) -> bool {
        matches!(self, Self::Text(json) if json.starts_with(|first: char| first == '-' || first.is_ascii_digit()))
    }

    pub(super) fn is_object(&self) -> bool {
        match self {
            Self::Text(json) => json.starts_with('{'),
            Self::List(_) => false,
            Self::Object(_) => true,
        }
    }

    /// Its members, or itself when it is no object.
    pub(super) fn into_object(self) -> Result<Outline<'j>, Self> {
        match self {
            Self::Object(members) => Ok(members),
            Self::Text(Cow::Borrowed(json)) if json.starts_with('{') => {
                Outline::read(json).map_err(|_| Self::Text(Cow::Borrowed(json)))
            }
            other => Err(other),
        }
    }

    /// Its elements, or itself when it is no list.
    pub(super) fn into_list(self) -> Result<Vec<Self>, Self> {
        match self {
            Self::List(elements) => Ok(elements),
            Self::Text(Cow::Borrowed(json)) if json.starts_with('[') => {
                let elements: Result<Vec<&'j RawValue>, _> = serde_json::from_str(json);
                match elements {
                    Ok(elements) => Ok(elements.into_iter().map(Self::from_raw).collect()),
                    Err(_) => Err(Self::Text(Cow::Borrowed(json))),
                }
            }
            other => Err(other),
        }
    }

    fn from_raw(raw: &'j RawValue) -> Self {
        Self::Text(Cow::Borrowed(raw.get()))
    }

    fn write(&self, text: &mut String) {
        match self {
            Self::Text(json) => text.push_str(json),
            Self::Object(members) => members.write(text),
            Self::List(elements) => {
                text.push('[');
                for (index, element) in elements.iter().enumerate() {
                    if index > 0 {
                        text.push(',');
                    }
                    element.write(text);
                }
                text.push(']');
            }
        }
    }
}

/// Writes a text in quotes.
fn write_quoted(word: &str, text: &mut String) {
    if word.bytes().any(|byte| byte == b'"' || byte == b'\\' || byte < 0x20) {
        // A text always serialises.
        text.push_str(&serde_json::to_string(word).unwrap_or_default());
        return;
    }
    text.push('"');
    text.push_str(word);
    text.push('"');
}

#[derive(Deserialize)]
struct Name<'j>(#[serde(borrow)] Cow<'j, str>);

struct Members;

impl<'j> Visitor<'j> for Members {
    type Value = Outline<'j>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'j>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut members = Vec::with_capacity(16);
        while let Some((Name(name), value)) = map.next_entry::<Name<'j>, &'j RawValue>()? {
            members.push((name, Part::from_raw(value)));
        }
        Ok(Outline(members))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_looked_into_comes_out_byte_for_byte() {
        let json = r#"{"a":0.10,"\"b\"":[1, 2],"c":{"x": null},"d":"\u00e4"}"#;
        let outline = Outline::read(json).expect("an object");
        assert_eq!(outline.names().collect::<Vec<_>>(), ["a", "\"b\"", "c", "d"]);
        assert_eq!(outline.to_text(), json);
        assert!(Outline::read("[1]").is_err() && Outline::read("{} x").is_err());
    }

    #[test]
    fn parts_are_taken_apart_when_they_are_what_they_should_be() {
        let outline = Outline::read(r#"{"w":"a\"b","o":{"x":1},"l":[{"y":2},3]}"#).expect("an object");
        let part = |name: &str| outline.get(name).expect("there").clone();
        assert_eq!(part("w").as_word().as_deref(), Some("a\"b"));
        assert_eq!(part("o").as_word(), None);
        assert!(part("o").into_object().expect("an object").contains("x"));
        let list = part("l").into_list().expect("a list");
        assert!(list[0].is_object() && !list[1].is_object());
        assert_eq!(part("w").into_list(), Err(part("w")));
        assert_eq!(Part::word("a\"\n"), Part::Text(Cow::Borrowed("\"a\\\"\\n\"")));
    }
}
