//! `-f` and `-F`: names and values for a query or a JSON body.

use std::path::Path;

use serde_json::{Map, Value};

use super::input;
use super::mistake;
use crate::failure::Failure;

/// Names and values, in the order given: texts first, typed ones after them.
pub(super) async fn read(texts: &[String], typed: &[String]) -> Result<Vec<(String, Value)>, Failure> {
    let mut fields = Vec::with_capacity(texts.len() + typed.len());
    for pair in texts {
        let (name, value) = split(pair, "flag --field")?;
        fields.push((name, Value::String(value.to_owned())));
    }
    for pair in typed {
        let (name, value) = split(pair, "flag --typed-field")?;
        let value = match value.strip_prefix('@') {
            Some(file) => Value::String(input::text(Path::new(file), "flag --typed-field").await?),
            // What is no JSON is a text: nobody wants to quote twice.
            None => serde_json::from_str(value).unwrap_or_else(|_| Value::String(value.to_owned())),
        };
        fields.push((name, value));
    }
    Ok(fields)
}

fn split<'a>(pair: &'a str, flag: &str) -> Result<(String, &'a str), Failure> {
    match pair.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value)),
        _ => Err(mistake(flag, "write `KEY=VALUE`").into()),
    }
}

/// A JSON object of the fields. A name given twice is an array.
pub(super) fn body(fields: Vec<(String, Value)>) -> Vec<u8> {
    let mut object = Map::new();
    for (name, value) in fields {
        match object.get_mut(&name) {
            None => {
                object.insert(name, value);
            }
            Some(Value::Array(all)) => all.push(value),
            Some(first) => *first = Value::Array(vec![first.take(), value]),
        }
    }
    // A JSON value always serialises.
    serde_json::to_vec(&object).unwrap_or_default()
}

/// A value as it stands in a query.
pub(super) fn in_query(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn object(texts: &[&str], typed: &[&str]) -> String {
        let own = |all: &[&str]| all.iter().map(|&text| text.to_owned()).collect::<Vec<_>>();
        let fields = read(&own(texts), &own(typed)).await.expect("fields");
        String::from_utf8(body(fields)).expect("text")
    }

    #[tokio::test]
    async fn texts_stay_texts_and_typed_fields_keep_their_type() {
        assert_eq!(object(&["a=1", "b=x=y", "c="], &[]).await, r#"{"a":"1","b":"x=y","c":""}"#);
        assert_eq!(
            object(&[], &["n=9007199254740993", "t=true", "z=null", "s=high", "l=[1,\"2\"]", "o={\"k\":1}"])
                .await,
            r#"{"n":9007199254740993,"t":true,"z":null,"s":"high","l":[1,"2"],"o":{"k":1}}"#
        );
        assert_eq!(object(&["tag=a", "tag=b", "tag=c"], &[]).await, r#"{"tag":["a","b","c"]}"#);
    }

    #[tokio::test]
    async fn what_is_no_pair_is_refused() {
        for pair in ["", "name", "=value"] {
            assert!(read(&[pair.to_owned()], &[]).await.is_err(), "{pair}");
        }
    }
}
