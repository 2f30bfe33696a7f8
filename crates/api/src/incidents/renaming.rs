//! Members under other names: tables of what becomes what.

use serde_json::{Map, Value};

use crate::outline::{Outline, Part};
use crate::words::{Vocabulary, camel};

/// How a value changes with its name.
#[derive(Clone, Copy)]
pub(super) enum Turn {
    /// Not at all.
    Same,
    /// Numbers that are ids become text.
    Id,
    /// The same for ids that are text in both APIs.
    IdText,
    /// A word of an enumeration.
    Word(Vocabulary),
    /// A word whose case alone differs.
    Camel,
    /// A whole number; some payloads hold it as text.
    Number,
    /// An object: there, and back.
    Inside(Rewriting, WayBack),
    /// Every object of a list: there, and back.
    Each(Rewriting, WayBack),
}

/// What becomes of an object.
pub(super) type Rewriting = fn(Map<String, Value>) -> Map<String, Value>;
/// What becomes of it on the way back.
pub(super) type WayBack = for<'j> fn(Outline<'j>) -> Outline<'j>;

/// Old name, new name, what happens to the value.
pub(super) type Renaming = (&'static str, &'static str, Turn);

/// Renames members in place of the old ones, in the same order. A name that is already taken by another member
/// keeps its old one, so that nothing is overwritten.
pub(super) fn rename(fields: Map<String, Value>, table: &[Renaming]) -> Map<String, Value> {
    let there: Vec<&str> = table.iter().map(|row| row.1).filter(|new| fields.contains_key(*new)).collect();
    let mut renamed = Map::with_capacity(fields.len());
    for (name, value) in fields {
        match table.iter().find(|(old, ..)| *old == name) {
            Some((old, new, turn)) => {
                let taken = renamed.contains_key(*new) || (old != new && there.contains(new));
                renamed.insert(if taken { name } else { (*new).to_owned() }, turn.apply(value));
            }
            None => {
                renamed.insert(name, value);
            }
        }
    }
    renamed
}

/// The way back: new names become old ones again. A name with two old ones gets the first.
pub(super) fn rename_back<'j>(mut members: Outline<'j>, table: &'static [Renaming]) -> Outline<'j> {
    for (old, new, turn) in table {
        members.revise(new, old, |part| turn.back(part));
    }
    members
}

/// Words of an object in their canonical spelling; what is no word of ours stays.
pub(super) fn spell(fields: &mut Map<String, Value>, words: &[(&str, Vocabulary)]) {
    for (name, vocabulary) in words {
        if let Some(Value::String(word)) = fields.get_mut(*name)
            && let Some(known) = vocabulary.known(word)
            && known != word
        {
            known.clone_into(word);
        }
    }
}

impl Turn {
    pub(super) fn apply(self, value: Value) -> Value {
        match (self, value) {
            (Self::Id | Self::IdText, Value::Number(number)) => Value::String(number.to_string()),
            (Self::Word(vocabulary), Value::String(word)) => {
                Value::String(vocabulary.graph(&word).into_owned())
            }
            (Self::Number, Value::String(digits)) => match digits.parse::<i64>() {
                Ok(number) => Value::from(number),
                Err(_) => Value::String(digits),
            },
            (Self::Inside(there, _), Value::Object(fields)) => Value::Object(there(fields)),
            (Self::Camel, Value::String(word)) => Value::String(camel(&word)),
            (Self::Each(there, _), Value::Array(items)) => each(items, there),
            (_, value) => value,
        }
    }

    /// The legacy API's value again.
    pub(super) fn back(self, part: Part<'_>) -> Part<'_> {
        match self {
            Self::Same | Self::IdText | Self::Number => part,
            Self::Id => match part.as_word().and_then(|digits| digits.parse::<u64>().ok()) {
                Some(number) => Part::number(number),
                None => part,
            },
            Self::Word(vocabulary) => match part.as_word() {
                Some(word) => Part::word(&vocabulary.legacy(&word)),
                None => part,
            },
            Self::Camel => part.capitalized(),
            Self::Inside(_, back) => {
                part.into_object().map_or_else(|same| same, |members| Part::Object(back(members)))
            }
            Self::Each(_, back) => match part.into_list() {
                Ok(items) => Part::List(
                    items
                        .into_iter()
                        .map(|item| {
                            item.into_object().map_or_else(|same| same, |members| Part::Object(back(members)))
                        })
                        .collect(),
                ),
                Err(same) => same,
            },
        }
    }
}

fn each(items: Vec<Value>, rewriting: Rewriting) -> Value {
    let rewritten = items.into_iter().map(|item| match item {
        Value::Object(fields) => Value::Object(rewriting(fields)),
        other => other,
    });
    Value::Array(rewritten.collect())
}
