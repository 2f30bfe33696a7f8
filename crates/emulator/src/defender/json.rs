//! JSON under construction, borrowing from the tenant's facts: pages of incidents hold tens of thousands of members,
//! and maps of owned strings would take several times as long.

use std::borrow::Cow;

use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::Value;

/// A JSON value.
#[derive(Debug, Clone)]
pub(crate) enum Json<'w> {
    Null,
    Number(u64),
    Text(Cow<'w, str>),
    List(Vec<Json<'w>>),
    /// Members in the order in which they are written; no name occurs twice.
    Object(Vec<(&'static str, Json<'w>)>),
    /// Part of a document that somebody sent.
    Value(&'w Value),
}

impl Serialize for Json<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Number(number) => serializer.serialize_u64(*number),
            Self::Text(text) => serializer.serialize_str(text),
            Self::List(items) => serializer.collect_seq(items),
            Self::Object(members) => {
                serializer.collect_map(members.iter().map(|(name, value)| (name, value)))
            }
            Self::Value(value) => value.serialize(serializer),
        }
    }
}

impl From<u64> for Json<'_> {
    fn from(number: u64) -> Self {
        Self::Number(number)
    }
}

impl From<u32> for Json<'_> {
    fn from(number: u32) -> Self {
        Self::Number(number.into())
    }
}

impl From<String> for Json<'_> {
    fn from(text: String) -> Self {
        Self::Text(Cow::Owned(text))
    }
}

impl<'w> From<Cow<'w, str>> for Json<'w> {
    fn from(text: Cow<'w, str>) -> Self {
        Self::Text(text)
    }
}

impl<'w> From<&'w str> for Json<'w> {
    fn from(text: &'w str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl<'w> From<&'w String> for Json<'w> {
    fn from(text: &'w String) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl<'w, T: Into<Json<'w>>> From<Option<T>> for Json<'w> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

impl<'w, T: Into<Json<'w>>> From<Vec<T>> for Json<'w> {
    fn from(items: Vec<T>) -> Self {
        Self::List(items.into_iter().map(Into::into).collect())
    }
}

impl<'w> From<&'w [&'static str]> for Json<'w> {
    fn from(words: &'w [&'static str]) -> Self {
        Self::List(words.iter().map(|word| Self::from(*word)).collect())
    }
}

impl<'w> From<&'w [String]> for Json<'w> {
    fn from(texts: &'w [String]) -> Self {
        Self::List(texts.iter().map(Self::from).collect())
    }
}

/// An object from `"name": value` pairs; values are whatever [`Json`] can be made from.
macro_rules! object {
    ($($name:literal : $value:expr),* $(,)?) => {
        $crate::defender::json::Json::Object(vec![$(($name, $crate::defender::json::Json::from($value))),*])
    };
}
pub(crate) use object;

/// An incident or alert ready to be sent.
#[derive(Debug, Clone)]
pub(crate) enum Rendered<'w> {
    Plain(Json<'w>),
    /// Changed member by member after it was built.
    Edited(Value),
}

impl Rendered<'_> {
    /// The same as a document that can be changed member by member.
    pub(crate) fn into_value(self) -> Value {
        match self {
            Self::Plain(json) => serde_json::to_value(&json).unwrap_or_default(),
            Self::Edited(value) => value,
        }
    }
}

impl Serialize for Rendered<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Plain(json) => json.serialize(serializer),
            Self::Edited(value) => value.serialize(serializer),
        }
    }
}

/// A page of a list, with OData's members around it.
#[derive(Debug)]
pub(crate) struct Page<'w> {
    pub(crate) context: String,
    pub(crate) count: Option<usize>,
    pub(crate) next_link: Option<String>,
    pub(crate) value: Vec<Rendered<'w>>,
}

impl Serialize for Page<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut members = serializer.serialize_map(None)?;
        members.serialize_entry("@odata.context", &self.context)?;
        if let Some(count) = self.count {
            members.serialize_entry("@odata.count", &count)?;
        }
        if let Some(link) = &self.next_link {
            members.serialize_entry("@odata.nextLink", link)?;
        }
        members.serialize_entry("value", &self.value)?;
        members.end()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Json, Rendered};

    #[test]
    fn members_keep_their_order_and_absent_values_are_null() {
        let tags: &[&'static str] = &["a", "b"];
        let built = object! { "z": 5_u64, "a": "text", "none": None::<String>, "tags": tags, "empty": Json::List(Vec::new()) };
        assert_eq!(
            serde_json::to_string(&built).unwrap(),
            r#"{"z":5,"a":"text","none":null,"tags":["a","b"],"empty":[]}"#
        );
        assert_eq!(
            Rendered::Plain(built).into_value(),
            json!({ "z": 5, "a": "text", "none": null, "tags": ["a", "b"], "empty": [] })
        );
    }
}
