//! The arguments of one call, completed by the table's defaults.

use serde_json::{Map, Value};

use crate::conversion;
use crate::python;
use crate::table::Command;

/// The arguments of one call.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Arguments(Map<String, Value>);

impl Arguments {
    /// The arguments given to a command. What the table does not name is left alone: the platform adds some of its own.
    ///
    /// # Errors
    /// A text that names the first required argument that is missing.
    pub fn of(command: &Command, given: &Map<String, Value>) -> Result<Self, String> {
        let mut all = given.clone();
        for argument in command.arguments {
            let is_there = all.get(argument.name).is_some_and(|value| !value.is_null());
            match argument.default {
                _ if is_there => {}
                Some(default) => {
                    all.insert(argument.name.to_owned(), default.into());
                }
                None if argument.required => return Err(format!("Missing \"{}\"", argument.name)),
                None => {
                    all.shift_remove(argument.name);
                }
            }
            // An empty text is no default, but no id and no query either.
            let empty = argument.default.is_none() && all.get(argument.name).is_some_and(is_empty);
            if argument.required && empty {
                return Err(format!("Missing \"{}\"", argument.name));
            }
        }
        Ok(Self(all))
    }

    /// The names given that the table does not have.
    pub fn unknown<'a>(command: &Command, given: &'a Map<String, Value>) -> Vec<&'a str> {
        given.keys().map(String::as_str).filter(|name| command.argument(name).is_none()).collect()
    }

    /// An argument as it came.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }

    /// All arguments, as they came.
    pub fn all(&self) -> &Map<String, Value> {
        &self.0
    }

    /// An argument as text; `None` when it is missing, null or empty.
    pub fn text(&self, name: &str) -> Option<String> {
        self.0.get(name).filter(|value| !value.is_null()).map(python::text).filter(|text| !text.is_empty())
    }

    /// An argument as a number.
    ///
    /// # Errors
    /// The platform's text, when it is no number.
    pub fn number(&self, name: &str) -> Result<Option<i64>, String> {
        conversion::number(self.0.get(name), name)
    }

    /// An argument as a number that has to be there.
    ///
    /// # Errors
    /// The platform's text, when it is missing or no number.
    pub fn required_number(&self, name: &str) -> Result<i64, String> {
        conversion::required_number(self.0.get(name), name)
    }
}

fn is_empty(value: &Value) -> bool {
    value.is_null() || value.as_str().is_some_and(|text| text.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn of(command: &str, given: &Value) -> Result<Arguments, String> {
        let command = Command::find_by_any_name(command).expect("a command");
        Arguments::of(command, given.as_object().expect("an object"))
    }

    #[test]
    fn defaults_fill_what_is_missing_and_not_what_is_empty() {
        let arguments = of("incidents-list", &json!({ "status": null })).expect("complete");
        assert_eq!(arguments.required_number("limit"), Ok(100));
        assert_eq!((arguments.get("status"), arguments.text("timeout").as_deref()), (None, Some("30")));
        let empty = of("incidents-list", &json!({ "limit": "", "using": "instance" })).expect("complete");
        assert_eq!(empty.required_number("limit"), Err("Missing \"limit\"".to_owned()));
        assert_eq!(empty.number("offset"), Ok(None));
    }

    #[test]
    fn what_is_required_is_asked_for() {
        assert_eq!(of("incident-get", &json!({})), Err("Missing \"id\"".to_owned()));
        assert_eq!(of("advanced-hunting", &json!({ "query": " " })), Err("Missing \"query\"".to_owned()));
        assert_eq!(
            of("incident-get", &json!({ "id": 7 })).expect("complete").text("id").as_deref(),
            Some("7")
        );
    }

    #[test]
    fn names_that_no_command_has_are_told() {
        let command = Command::find_by_any_name("incident-get").expect("a command");
        let given = json!({ "id": 7, "ID": 8 });
        assert_eq!(Arguments::unknown(command, given.as_object().expect("an object")), ["ID"]);
    }
}
