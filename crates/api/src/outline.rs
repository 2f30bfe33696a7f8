//! A JSON object taken apart no further than it has to be: names in their order, values as the text that came.
//!
//! An incident that needs other names is translated at the speed of copying text, and what nobody looks into comes out byte
//! for byte.

mod name;
mod reading;

use std::borrow::Cow;
use std::fmt;

use serde::Deserializer as _;
use serde_json::Value;
use serde_json::value::RawValue;

use self::name::{Name, Wanted};
use self::reading::Members;

/// Which members are taken apart together with an object, and which of theirs; a list is taken apart element by element.
/// Nothing but speed depends on it: what is not named here can be taken apart later.
#[derive(Debug, Clone, Copy)]
pub struct Plan(pub &'static [(&'static str, Plan)]);

impl Plan {
    /// One level.
    pub const SHALLOW: Self = Self(&[]);
}

/// A value.
#[derive(Debug, Clone, PartialEq)]
pub enum Part<'j> {
    /// JSON text of any value.
    Text(Cow<'j, str>),
    /// A list that was taken apart.
    List(Vec<Part<'j>>),
    /// An object that was taken apart.
    Object(Outline<'j>),
}

/// The members of an object in their order. A name that came twice stays twice; the last one counts, as for most readers.
///
/// A borrowed name is written as it is: nothing in it needs an escape.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Outline<'j>(Vec<(Name<'j>, Part<'j>)>);

impl<'j> Outline<'j> {
    /// Takes an object apart.
    ///
    /// # Errors
    /// When the text is no JSON object.
    pub fn read(json: &'j str, plan: Plan) -> Result<Self, serde_json::Error> {
        let mut reader = serde_json::Deserializer::from_str(json);
        let outline = reader.deserialize_map(Members(plan))?;
        reader.end()?;
        Ok(outline)
    }

    /// An empty one with room for so many members.
    pub fn with_capacity(members: usize) -> Self {
        Self(Vec::with_capacity(members))
    }

    /// How many members.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether it has this one.
    pub fn contains(&self, name: &str) -> bool {
        self.place(name).is_some()
    }

    /// A member's value.
    pub fn get(&self, name: &str) -> Option<&Part<'j>> {
        self.place(name).map(|place| &self.0[place].1)
    }

    /// A member's value, to be changed.
    pub fn get_mut(&mut self, name: &str) -> Option<&mut Part<'j>> {
        self.place(name).map(|place| &mut self.0[place].1)
    }

    /// Takes a member out.
    pub fn remove(&mut self, name: &str) -> Option<Part<'j>> {
        self.place(name).map(|place| self.0.remove(place).1)
    }

    /// Adds a member at the end, whatever is there.
    pub fn push(&mut self, name: impl Into<Cow<'j, str>>, part: Part<'j>) {
        let name = match name.into() {
            Cow::Borrowed(name) if needs_escape(name) => Cow::Owned(name.to_owned()),
            name => name,
        };
        self.0.push((Name::new(name), part));
    }

    /// Sets a member in its place, or adds it at the end.
    pub fn set(&mut self, name: impl Into<Cow<'j, str>>, part: Part<'j>) {
        let name = name.into();
        match self.get_mut(&name) {
            Some(there) => *there = part,
            None => self.push(name, part),
        }
    }

    /// Gives a member another value and another name, in its place. A name that is there already is not given twice.
    pub(crate) fn revise(&mut self, name: &str, new: &'static str, value: impl FnOnce(Part<'j>) -> Part<'j>) {
        let Some(place) = self.place(name) else { return };
        let part = &mut self.0[place].1;
        *part = value(std::mem::take(part));
        if name != new && !self.contains(new) {
            debug_assert!(!needs_escape(new), "a name without escapes");
            self.0[place].0 = Name::new(Cow::Borrowed(new));
        }
    }

    /// The names in their order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(name, _)| name.text.as_ref())
    }

    fn place(&self, name: &str) -> Option<usize> {
        let wanted = Wanted::new(name);
        self.0.iter().rposition(|(there, _)| wanted.is(there))
    }

    /// The object as JSON text.
    pub fn to_text(&self) -> String {
        let mut text = String::new();
        self.write(&mut text);
        text
    }

    /// Writes the object as JSON text.
    pub fn write(&self, text: &mut String) {
        text.push('{');
        for (index, (name, part)) in self.0.iter().enumerate() {
            if index > 0 {
                text.push(',');
            }
            match &name.text {
                Cow::Borrowed(name) => write_bare(name, text),
                Cow::Owned(name) => write_quoted(name, text),
            }
            text.push(':');
            part.write(text);
        }
        text.push('}');
    }
}

impl Default for Part<'_> {
    fn default() -> Self {
        Self::Text(Cow::Borrowed("null"))
    }
}

impl<'j> Part<'j> {
    /// A text as a value.
    pub fn word(word: &str) -> Self {
        let mut json = String::with_capacity(word.len() + 2);
        write_quoted(word, &mut json);
        Self::Text(Cow::Owned(json))
    }

    /// A whole number as a value.
    pub fn number(number: impl fmt::Display) -> Self {
        Self::Text(Cow::Owned(number.to_string()))
    }

    /// What it says, when it is a text.
    pub fn as_word(&self) -> Option<Cow<'_, str>> {
        let Self::Text(json) = self else { return None };
        let inside = json.strip_prefix('"')?.strip_suffix('"')?;
        if inside.as_bytes().contains(&b'\\') {
            return serde_json::from_str(json).ok().map(Cow::Owned);
        }
        Some(Cow::Borrowed(inside))
    }

    /// The same text with a capital letter at its beginning.
    pub(crate) fn capitalized(self) -> Self {
        match self {
            Self::Text(json) if json.starts_with('"') && json.as_bytes()[1].is_ascii_lowercase() => {
                let mut json = json.into_owned();
                json[1..2].make_ascii_uppercase();
                Self::Text(Cow::Owned(json))
            }
            other => other,
        }
    }

    /// Whether it is a number.
    pub fn is_number(&self) -> bool {
        matches!(self, Self::Text(json) if json.starts_with(|first: char| first == '-' || first.is_ascii_digit()))
    }

    /// Whether it is an object, taken apart or not.
    pub fn is_object(&self) -> bool {
        match self {
            Self::Text(json) => json.starts_with('{'),
            Self::List(_) => false,
            Self::Object(_) => true,
        }
    }

    /// Whether it is a list, taken apart or not.
    pub fn is_list(&self) -> bool {
        match self {
            Self::Text(json) => json.starts_with('['),
            Self::List(_) => true,
            Self::Object(_) => false,
        }
    }

    /// The elements of a list that was taken apart; none of anything else.
    pub fn elements(&self) -> &[Self] {
        match self {
            Self::List(elements) => elements,
            Self::Text(_) | Self::Object(_) => &[],
        }
    }

    /// The members of an object that was taken apart.
    pub fn members(&self) -> Option<&Outline<'j>> {
        match self {
            Self::Object(members) => Some(members),
            Self::Text(_) | Self::List(_) => None,
        }
    }

    /// The whole value as a tree.
    pub fn to_value(&self) -> Value {
        let mut written = String::new();
        let json = if let Self::Text(json) = self {
            json.as_ref()
        } else {
            self.write(&mut written);
            &written
        };
        // It was read from JSON, or is written as such.
        serde_json::from_str(json).unwrap_or_default()
    }

    /// Its members, or itself when it is no object.
    ///
    /// # Errors
    /// Itself.
    pub fn into_object(self) -> Result<Outline<'j>, Self> {
        match self {
            Self::Object(members) => Ok(members),
            Self::Text(Cow::Borrowed(json)) if json.starts_with('{') => {
                Outline::read(json, Plan::SHALLOW).map_err(|_| Self::Text(Cow::Borrowed(json)))
            }
            other => Err(other),
        }
    }

    /// Its elements, or itself when it is no list.
    ///
    /// # Errors
    /// Itself.
    pub fn into_list(self) -> Result<Vec<Self>, Self> {
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
    if needs_escape(word) {
        // A text always serialises.
        text.push_str(&serde_json::to_string(word).unwrap_or_default());
    } else {
        write_bare(word, text);
    }
}

/// Writes a text that needs no escape in quotes.
fn write_bare(word: &str, text: &mut String) {
    text.push('"');
    text.push_str(word);
    text.push('"');
}

fn needs_escape(word: &str) -> bool {
    word.bytes().any(|byte| byte == b'"' || byte == b'\\' || byte < 0x20)
}

#[cfg(test)]
mod tests;
