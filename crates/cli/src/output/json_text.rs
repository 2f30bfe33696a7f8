//! JSON text on its way to a terminal.

use std::borrow::Cow;
use std::fmt::Write as _;

use super::steering::is_unseen;

/// JSON text whose characters that steer a terminal are escaped.
pub(crate) fn escaped(text: &str) -> Cow<'_, str> {
    if !text.contains(steers) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        if steers(character) {
            for unit in character.encode_utf16(&mut [0; 2]) {
                // Writing to a String cannot fail.
                let _ = write!(escaped, "\\u{unit:04x}");
            }
        } else {
            escaped.push(character);
        }
    }
    Cow::Owned(escaped)
}

/// Control characters that JSON may hold unescaped, and those that reorder text or hide in it.
fn steers(character: char) -> bool {
    matches!(character, '\u{7F}'..='\u{9F}') || is_unseen(character)
}

/// The same in bare text, which has no escapes: lines and columns alone may stay.
pub(super) fn steers_bare(character: char) -> bool {
    steers(character) || (character.is_control() && !matches!(character, '\n' | '\t'))
}

/// Line breaks in JSON text stand only between tokens, where a blank does as well.
pub(super) fn on_one_line(json: &str) -> Cow<'_, str> {
    if memchr::memchr2(b'\n', b'\r', json.as_bytes()).is_some() {
        Cow::Owned(json.replace(['\n', '\r'], " "))
    } else {
        Cow::Borrowed(json)
    }
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn escaped_json_is_the_same_json_and_steers_nothing() {
        let text = "{\"a\":\"x\u{202E}y\u{9B}z\u{E0041}\"}";
        let safe = escaped(text);
        assert!(safe.is_ascii(), "{safe}");
        let read = |json: &str| serde_json::from_str::<serde_json::Value>(json).expect("JSON");
        assert_eq!(read(&safe), read(text));
        assert_eq!(escaped("{\"a\":\"é\"}"), "{\"a\":\"é\"}");
    }
}
