//! A line of the War Room: `!command name=value name="a value"`.
//!
//! Source: Cortex XSOAR administrator guide, "War Room": values with blanks stand in quotes or backticks; a backslash
//! makes the next quote a character; between backticks nothing is special, so that JSON needs no escapes.

use serde_json::{Map, Value};

/// A command and its arguments, all text.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// The name, without `!`.
    pub command: String,
    /// Arguments by name.
    pub arguments: Map<String, Value>,
}

/// A line that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LineError {
    /// No command.
    #[error("there is no command: a line is `!command name=value name=\"a value\"`")]
    NoCommand,
    /// A word that is no `name=value`.
    #[error("`{0}` is no argument: write name=value, and a value with blanks in quotes")]
    NoArgument(String),
    /// A quote that nothing ends.
    #[error("the quote after `{0}=` does not end")]
    OpenQuote(String),
    /// A name that is there twice.
    #[error("the argument `{0}` is there twice")]
    Twice(String),
}

/// Reads a line.
///
/// # Errors
/// [`LineError`], which names the part that cannot be read.
pub fn read(line: &str) -> Result<Line, LineError> {
    let line = line.trim();
    let line = line.strip_prefix('!').unwrap_or(line);
    let end = line.find(char::is_whitespace).unwrap_or(line.len());
    let (command, mut rest) = line.split_at(end);
    if command.is_empty() {
        return Err(LineError::NoCommand);
    }
    let mut arguments = Map::new();
    loop {
        rest = rest.trim_start();
        if rest.is_empty() {
            return Ok(Line { command: command.to_owned(), arguments });
        }
        let word_end = rest.find(char::is_whitespace).unwrap_or(rest.len());
        let Some(equals) = rest[..word_end].find('=').filter(|at| *at > 0) else {
            return Err(LineError::NoArgument(rest[..word_end].to_owned()));
        };
        let name = &rest[..equals];
        let (value, after) =
            value(&rest[equals + 1..]).ok_or_else(|| LineError::OpenQuote(name.to_owned()))?;
        if arguments.insert(name.to_owned(), value.into()).is_some() {
            return Err(LineError::Twice(name.to_owned()));
        }
        rest = after;
    }
}

/// A value, and what comes after it; `None` when a quote does not end.
fn value(text: &str) -> Option<(String, &str)> {
    let mut characters = text.chars();
    match characters.next() {
        Some('`') => {
            let inside = characters.as_str();
            let end = inside.find('`')?;
            Some((inside[..end].to_owned(), &inside[end + 1..]))
        }
        Some(quote @ ('"' | '\'')) => {
            let mut value = String::new();
            loop {
                match characters.next()? {
                    character if character == quote => return Some((value, characters.as_str())),
                    '\\' => match characters.next()? {
                        escaped if escaped == quote || escaped == '\\' => value.push(escaped),
                        other => {
                            value.push('\\');
                            value.push(other);
                        }
                    },
                    character => value.push(character),
                }
            }
        }
        _ => {
            let end = text.find(char::is_whitespace).unwrap_or(text.len());
            Some((text[..end].to_owned(), &text[end..]))
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn arguments(line: &str) -> Value {
        Value::Object(read(line).expect("a line").arguments)
    }

    #[test]
    fn a_line_is_a_command_and_pairs() {
        let line = read("!microsoft-365-defender-incidents-list limit=10 status=Active\n").expect("a line");
        assert_eq!(line.command, "microsoft-365-defender-incidents-list");
        assert_eq!(Value::Object(line.arguments), json!({ "limit": "10", "status": "Active" }));
        assert_eq!(arguments("incidents-list"), json!({}));
    }

    #[test]
    fn values_with_blanks_stand_in_quotes() {
        assert_eq!(
            arguments(r#"!c a="x \"y\" \\ \n z" b='it"s' c= d=a=b"#),
            json!({ "a": r#"x "y" \ \n z"#, "b": "it\"s", "c": "", "d": "a=b" })
        );
        assert_eq!(
            arguments("!c query=`DeviceInfo | where X == \"a\"\n| take 5` limit=5"),
            json!({ "query": "DeviceInfo | where X == \"a\"\n| take 5", "limit": "5" })
        );
        assert_eq!(
            arguments(r#"!c odata=`{"$filter":"status eq 'Active'"}`"#),
            json!({ "odata": r#"{"$filter":"status eq 'Active'"}"# })
        );
        assert_eq!(arguments(r#"!c assigned_to="""#), json!({ "assigned_to": "" }));
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        assert_eq!(read(" ! "), Err(LineError::NoCommand));
        assert_eq!(read("!c a b=1"), Err(LineError::NoArgument("a".to_owned())));
        assert_eq!(read("!c =1"), Err(LineError::NoArgument("=1".to_owned())));
        assert_eq!(read("!c a=\"x"), Err(LineError::OpenQuote("a".to_owned())));
        assert_eq!(read("!c a=1 a=2"), Err(LineError::Twice("a".to_owned())));
    }
}
