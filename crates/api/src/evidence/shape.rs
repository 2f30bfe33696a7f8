//! How a member of evidence is read: one macro turns a table of members into a view with typed accessors.
//!
//! A view borrows the server's own object and changes nothing in it, so that nothing can be lost. Members may be null,
//! missing, or of another type than the metadata says: then there is nothing to read, never an error.

use defender_xdr_core::Timestamp;
use serde_json::{Map, Value};

use super::Evidence;

/// What the metadata says about a member.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Text, or a word of an enumeration; every enumeration may grow.
    Text,
    /// A list of texts.
    Texts,
    /// A whole number; some payloads hold it as text.
    Number,
    /// True or false.
    Flag,
    /// A time, 0 to 7 fraction digits.
    Time,
    /// An object or list without a type of its own.
    Open,
    /// An object with a view of its own, such as `userAccount`.
    Part,
    /// Other evidence; the name is its kind where the payload does not say it.
    Evidence(&'static str),
    /// A list of other evidence.
    EvidenceList(&'static str),
}

/// A member that is text; `None` when absent, null or of another type.
pub(super) fn text<'a>(fields: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    fields.get(name).and_then(Value::as_str)
}

pub(super) fn texts<'a>(fields: &'a Map<String, Value>, name: &str) -> Vec<&'a str> {
    list(fields, name).iter().filter_map(Value::as_str).collect()
}

pub(super) fn number(fields: &Map<String, Value>, name: &str) -> Option<i64> {
    match fields.get(name)? {
        Value::Number(number) => number.as_i64(),
        Value::String(digits) => digits.trim().parse().ok(),
        _ => None,
    }
}

pub(super) fn flag(fields: &Map<String, Value>, name: &str) -> Option<bool> {
    fields.get(name).and_then(Value::as_bool)
}

pub(super) fn time(fields: &Map<String, Value>, name: &str) -> Option<Timestamp> {
    text(fields, name)?.parse().ok()
}

pub(super) fn open<'a>(fields: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    fields.get(name).filter(|value| !value.is_null())
}

pub(super) fn object<'a>(fields: &'a Map<String, Value>, name: &str) -> Option<&'a Map<String, Value>> {
    fields.get(name).and_then(Value::as_object)
}

pub(super) fn list<'a>(fields: &'a Map<String, Value>, name: &str) -> &'a [Value] {
    fields.get(name).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

pub(super) fn evidence<'a>(fields: &'a Map<String, Value>, name: &str, kind: &str) -> Option<Evidence<'a>> {
    object(fields, name).map(|fields| Evidence::of_kind(fields, kind))
}

pub(super) fn evidence_list<'a>(fields: &'a Map<String, Value>, name: &str, kind: &str) -> Vec<Evidence<'a>> {
    let objects = list(fields, name).iter().filter_map(Value::as_object);
    objects.map(|fields| Evidence::of_kind(fields, kind)).collect()
}

/// Makes views: `Name "what it is" { accessor: shape "member", … }`. The shapes are those of [`Shape`] in small
/// letters; `part(View)`, `evidence("kind")` and `list("kind")` name what is inside.
macro_rules! views {
    ($($view:ident $what:literal { $($accessor:ident : $shape:ident $(($inside:tt))? $member:literal),* $(,)? })*) => {$(
        #[doc = $what]
        #[derive(Debug, Clone, Copy, PartialEq)]
        pub struct $view<'a>(&'a ::serde_json::Map<String, ::serde_json::Value>);

        impl<'a> $view<'a> {
            /// Its own members and their shapes.
            pub const MEMBERS: &'static [(&'static str, $crate::evidence::Shape)] =
                &[$(($member, $crate::evidence::shape::views!(@shape $shape $(($inside))?))),*];

            /// The view of an object.
            pub fn new(fields: &'a ::serde_json::Map<String, ::serde_json::Value>) -> Self {
                Self(fields)
            }

            /// The server's own object.
            pub fn raw(self) -> &'a ::serde_json::Map<String, ::serde_json::Value> {
                self.0
            }

            $($crate::evidence::shape::views!(@accessor $accessor $shape $(($inside))? $member);)*

            /// Names of the members that can be read here.
            #[cfg(test)]
            pub(crate) fn readable(self) -> Vec<&'static str> {
                let mut names = Vec::new();
                $(if $crate::evidence::shape::Readable::is_there(&self.$accessor()) { names.push($member); })*
                names
            }
        }
    )*};
    (@shape text) => { $crate::evidence::Shape::Text };
    (@shape texts) => { $crate::evidence::Shape::Texts };
    (@shape number) => { $crate::evidence::Shape::Number };
    (@shape flag) => { $crate::evidence::Shape::Flag };
    (@shape time) => { $crate::evidence::Shape::Time };
    (@shape open) => { $crate::evidence::Shape::Open };
    (@shape part ($view:ident)) => { $crate::evidence::Shape::Part };
    (@shape evidence ($kind:literal)) => { $crate::evidence::Shape::Evidence($kind) };
    (@shape list ($kind:literal)) => { $crate::evidence::Shape::EvidenceList($kind) };
    (@accessor $accessor:ident text $member:literal) => {
        #[doc = concat!("`", $member, "`.")]
        pub fn $accessor(self) -> Option<&'a str> { $crate::evidence::shape::text(self.0, $member) }
    };
    (@accessor $accessor:ident texts $member:literal) => {
        #[doc = concat!("`", $member, "`; empty when absent or null.")]
        pub fn $accessor(self) -> Vec<&'a str> { $crate::evidence::shape::texts(self.0, $member) }
    };
    (@accessor $accessor:ident number $member:literal) => {
        #[doc = concat!("`", $member, "`, a number or its digits.")]
        pub fn $accessor(self) -> Option<i64> { $crate::evidence::shape::number(self.0, $member) }
    };
    (@accessor $accessor:ident flag $member:literal) => {
        #[doc = concat!("`", $member, "`.")]
        pub fn $accessor(self) -> Option<bool> { $crate::evidence::shape::flag(self.0, $member) }
    };
    (@accessor $accessor:ident time $member:literal) => {
        #[doc = concat!("`", $member, "`.")]
        pub fn $accessor(self) -> Option<::defender_xdr_core::Timestamp> {
            $crate::evidence::shape::time(self.0, $member)
        }
    };
    (@accessor $accessor:ident open $member:literal) => {
        #[doc = concat!("`", $member, "` as it is; `None` when absent or null.")]
        pub fn $accessor(self) -> Option<&'a ::serde_json::Value> {
            $crate::evidence::shape::open(self.0, $member)
        }
    };
    (@accessor $accessor:ident part ($view:ident) $member:literal) => {
        #[doc = concat!("`", $member, "`.")]
        pub fn $accessor(self) -> Option<$crate::evidence::$view<'a>> {
            $crate::evidence::shape::object(self.0, $member).map($crate::evidence::$view::new)
        }
    };
    (@accessor $accessor:ident evidence ($kind:literal) $member:literal) => {
        #[doc = concat!("`", $member, "`, evidence in its own right.")]
        pub fn $accessor(self) -> Option<$crate::evidence::Evidence<'a>> {
            $crate::evidence::shape::evidence(self.0, $member, $kind)
        }
    };
    (@accessor $accessor:ident list ($kind:literal) $member:literal) => {
        #[doc = concat!("`", $member, "`, evidence in its own right; empty when absent or null.")]
        pub fn $accessor(self) -> Vec<$crate::evidence::Evidence<'a>> {
            $crate::evidence::shape::evidence_list(self.0, $member, $kind)
        }
    };
}
pub(super) use views;

/// Whether an accessor found something.
#[cfg(test)]
pub(super) trait Readable {
    fn is_there(&self) -> bool;
}

#[cfg(test)]
impl<T> Readable for Option<T> {
    fn is_there(&self) -> bool {
        self.is_some()
    }
}

#[cfg(test)]
impl<T> Readable for Vec<T> {
    fn is_there(&self) -> bool {
        !self.is_empty()
    }
}
