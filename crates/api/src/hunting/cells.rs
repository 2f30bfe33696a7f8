//! A row's values in the order of the columns, as slices of the answer.

use std::borrow::Cow;
use std::fmt;

use memchr::memchr2;
use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::schema::Schema;
use super::value;

/// A row's values, each the server's own JSON text. Annotations of Graph (`…@odata.type`) are left out: they are no
/// columns.
#[derive(Debug)]
pub struct Cells<'a> {
    schema: &'a Schema,
    values: Vec<Option<&'a str>>,
    /// Members that the schema does not name.
    others: Vec<(Cow<'a, str>, &'a str)>,
    /// Whether there are line breaks between the tokens.
    broken: bool,
}

#[derive(Deserialize)]
struct Name<'a>(#[serde(borrow)] Cow<'a, str>);

struct RowReader<'s>(&'s Schema);

impl<'a> Cells<'a> {
    pub(super) fn read(text: &'a str, schema: &'a Schema) -> Result<Self, serde_json::Error> {
        let mut deserializer = serde_json::Deserializer::from_str(text);
        let cells = RowReader(schema).deserialize(&mut deserializer)?;
        deserializer.end()?;
        Ok(Self { broken: memchr2(b'\n', b'\r', text.as_bytes()).is_some(), ..cells })
    }

    /// How many members the row has that are in no column.
    pub fn beyond_schema(&self) -> usize {
        self.others.len()
    }

    /// The values as text, a column each: an absent one and a null are empty, JSON stays JSON.
    pub fn texts(&self) -> impl Iterator<Item = Cow<'a, str>> {
        let schema = self.schema;
        self.values.iter().enumerate().map(move |(index, raw)| match raw {
            Some(raw) => value::text(schema.type_of(index), raw),
            None => Cow::Borrowed(""),
        })
    }

    /// Appends the row as a JSON object on one line, values in the forms their columns' types ask for. Members without a
    /// column come last.
    pub fn write_json(&self, out: &mut Vec<u8>) {
        let mut separator = b"{";
        for (index, (raw, key)) in self.values.iter().zip(self.schema.keys()).enumerate() {
            let Some(raw) = raw else { continue };
            out.extend_from_slice(separator);
            separator = b",";
            out.extend_from_slice(key.as_bytes());
            out.push(b':');
            self.write_value(&value::json(self.schema.type_of(index), raw), out);
        }
        for (name, raw) in &self.others {
            out.extend_from_slice(separator);
            separator = b",";
            // Writing to a Vec cannot fail, and a text always serialises.
            serde_json::to_writer(&mut *out, name).ok();
            out.push(b':');
            self.write_value(raw, out);
        }
        out.extend_from_slice(if separator == b"{" { b"{}" } else { b"}" });
    }

    /// Line breaks in JSON stand only between tokens, where a blank does as well.
    fn write_value(&self, json: &str, out: &mut Vec<u8>) {
        if self.broken {
            out.extend(json.bytes().map(|byte| if matches!(byte, b'\n' | b'\r') { b' ' } else { byte }));
        } else {
            out.extend_from_slice(json.as_bytes());
        }
    }
}

impl<'de> DeserializeSeed<'de> for RowReader<'de> {
    type Value = Cells<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for RowReader<'de> {
    type Value = Cells<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a row")
    }

    fn visit_map<M: MapAccess<'de>>(self, mut members: M) -> Result<Self::Value, M::Error> {
        let schema = self.0;
        let mut values: Vec<Option<&'de str>> = vec![None; schema.columns().len()];
        let (mut others, mut expected) = (Vec::new(), 0);
        while let Some(Name(name)) = members.next_key()? {
            let raw: &'de RawValue = members.next_value()?;
            let place = schema.place(&name, expected, |index| values.get(index).is_some_and(Option::is_none));
            if let Some(index) = place {
                values[index] = Some(raw.get());
                expected = index + 1;
            } else if !name.contains("@odata.") {
                others.push((name, raw.get()));
            }
        }
        Ok(Cells { schema, values, others, broken: false })
    }
}

#[cfg(test)]
mod tests {
    use super::super::schema::Column;
    use super::*;

    fn schema(columns: &[(&str, &str)]) -> Schema {
        let column = |(name, kind): &(&str, &str)| Column { name: (*name).into(), kind: (*kind).into() };
        Schema::new(columns.iter().map(column).collect())
    }

    fn json(schema: &Schema, row: &str) -> String {
        let mut out = Vec::new();
        Cells::read(row, schema).expect("a row").write_json(&mut out);
        String::from_utf8(out).expect("text")
    }

    #[test]
    fn a_row_has_its_values_in_the_columns_order_and_typed() {
        let schema = schema(&[("A", "Int64"), ("B", "SByte"), ("C", "Object"), ("D", "String")]);
        let row = r##"{"C":"{\"x\":[1]}","A@odata.type":"#Int64","A":"12345678901234567","B":1,"@odata.type":"r"}"##;
        assert_eq!(json(&schema, row), r#"{"A":12345678901234567,"B":true,"C":{"x":[1]}}"#);
        let cells = Cells::read(row, &schema).expect("a row");
        assert_eq!(cells.texts().collect::<Vec<_>>(), ["12345678901234567", "true", r#"{"x":[1]}"#, ""]);
    }

    #[test]
    fn names_that_repeat_or_differ_by_case_keep_their_values() {
        let schema = schema(&[("A", "String"), ("A", "String"), ("a", "String"), ("FileName", "String")]);
        let row = r#"{"A":"1","a":"3","A":"2","fileName":"f"}"#;
        let cells = Cells::read(row, &schema).expect("a row");
        assert_eq!(cells.texts().collect::<Vec<_>>(), ["1", "2", "3", "f"]);
    }

    #[test]
    fn what_is_in_no_column_is_kept() {
        let schema = schema(&[("A", "String")]);
        let row = "{\"B\":{\r\n\"x\": 1},\"A\":null,\"\\u0042\":2}";
        assert_eq!(json(&schema, row), r#"{"A":null,"B":{  "x": 1},"B":2}"#);
        assert_eq!(Cells::read(row, &schema).expect("a row").beyond_schema(), 2);
        assert_eq!(json(&schema, "{}"), "{}");
    }

    #[test]
    fn what_is_no_object_is_no_row() {
        let schema = schema(&[]);
        for row in ["[1]", "null", r#"{"a":}"#, r#"{"a":1]"#, "{} {}", "{\"a\":\"\n\"}"] {
            assert!(Cells::read(row, &schema).is_err(), "{row}");
        }
    }
}
