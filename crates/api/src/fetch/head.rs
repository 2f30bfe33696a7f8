//! The little of an incident that decides where it stands in an order: its id and its times.
//!
//! Only the beginning of a record is read, as far as these members: alerts come after them, and are most of it.

use std::borrow::Cow;
use std::fmt;

use defender_xdr_core::Timestamp;
use defender_xdr_core::backend::Backend;
use serde::Deserializer as _;
use serde::de::{Error as _, IgnoredAny, MapAccess, Visitor};

/// An incident's place.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Head {
    /// Decimal text, or whatever the service uses.
    pub(crate) id: String,
    /// When it was created: never changes.
    pub(crate) created: Option<Timestamp>,
    /// When it was last changed.
    pub(crate) updated: Option<Timestamp>,
}

struct Names {
    id: &'static str,
    created: &'static str,
    updated: &'static str,
}

const GRAPH: Names = Names { id: "id", created: "createdDateTime", updated: "lastUpdateDateTime" };
const LEGACY: Names = Names { id: "incidentId", created: "createdTime", updated: "lastUpdateTime" };

impl Head {
    /// Reads a record; `None` when it has no id.
    pub(crate) fn read(backend: Backend, json: &str) -> Option<Self> {
        let names = match backend {
            Backend::Graph => &GRAPH,
            Backend::Legacy => &LEGACY,
        };
        let mut head = Self::default();
        let mut reader = serde_json::Deserializer::from_str(json);
        // An error only says that the rest was not needed, or cannot be read: what was found counts.
        let _ended = reader.deserialize_map(Reader { names, head: &mut head });
        (!head.id.is_empty()).then_some(head)
    }
}

struct Reader<'a> {
    names: &'static Names,
    head: &'a mut Head,
}

/// Text or a number, as text.
struct Text<'de>(Cow<'de, str>);

impl<'de> serde::Deserialize<'de> for Text<'de> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any;
        impl<'de> Visitor<'de> for Any {
            type Value = Text<'de>;
            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("text or a number")
            }
            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(Text(Cow::Borrowed(text)))
            }
            fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Text(Cow::Owned(text.to_owned())))
            }
            fn visit_u64<E>(self, number: u64) -> Result<Self::Value, E> {
                Ok(Text(Cow::Owned(number.to_string())))
            }
            fn visit_i64<E>(self, number: i64) -> Result<Self::Value, E> {
                Ok(Text(Cow::Owned(number.to_string())))
            }
            fn visit_unit<E>(self) -> Result<Self::Value, E> {
                Ok(Text(Cow::Borrowed("")))
            }
        }
        deserializer.deserialize_any(Any)
    }
}

impl<'de> Visitor<'de> for Reader<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an incident")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        let Reader { names, head } = self;
        while let Some(Text(name)) = members.next_key::<Text<'de>>()? {
            if name == names.id {
                head.id = members.next_value::<Text<'de>>()?.0.into_owned();
            } else if name == names.created {
                head.created = members.next_value::<Text<'de>>()?.0.parse().ok();
            } else if name == names.updated {
                head.updated = members.next_value::<Text<'de>>()?.0.parse().ok();
            } else {
                members.next_value::<IgnoredAny>()?;
            }
            if !head.id.is_empty() && head.created.is_some() && head.updated.is_some() {
                return Err(A::Error::custom("nothing more is needed"));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_place_is_read_from_either_api_and_the_rest_is_not_looked_at() {
        let graph = r#"{"id":"7","x":[1,{"id":"8"}],"createdDateTime":"2026-09-03T07:41:12.5233333Z","lastUpdateDateTime":"2026-09-03T09:02:44Z","alerts":[ broken"#;
        let head = Head::read(Backend::Graph, graph).expect("a head");
        assert_eq!(head.id, "7");
        assert_eq!(head.created.expect("a time").to_string(), "2026-09-03T07:41:12.5233333Z");
        let legacy = r#"{"createdTime":null,"lastUpdateTime":"2026-09-03T09:02:44Z","incidentId":20417}"#;
        let head = Head::read(Backend::Legacy, legacy).expect("a head");
        assert_eq!((head.id.as_str(), head.created, head.updated.is_some()), ("20417", None, true));
    }

    #[test]
    fn a_record_without_an_id_has_no_place() {
        for json in ["[]", "{}", r#"{"id":null}"#, r#"{"id":[1]}"#, "nonsense"] {
            assert_eq!(Head::read(Backend::Graph, json), None, "{json}");
        }
    }
}
