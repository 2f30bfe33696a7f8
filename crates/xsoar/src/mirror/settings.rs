//! The form's settings of mirroring.

use serde_json::{Map, Value, json};

use crate::conversion;
use crate::python;

/// Tags that a form without them means.
const TO: &str = "CommentToMicrosoft365Defender";
const FROM: &str = "CommentFromMicrosoft365Defender";

/// Which way an incident is mirrored.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Direction {
    /// Not at all.
    #[default]
    None,
    /// From Defender.
    In,
    /// To Defender.
    Out,
    /// Both ways.
    Both,
}

impl Direction {
    /// The value of `mirror_direction` in a fetched incident.
    pub fn value(self) -> Value {
        match self {
            Self::None => Value::Null,
            Self::In => json!("In"),
            Self::Out => json!("Out"),
            Self::Both => json!("Both"),
        }
    }
}

/// How an instance mirrors.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MirrorSettings {
    /// Which way.
    pub direction: Direction,
    /// Incidents of the platform are closed and reopened with those of Defender.
    pub close_incident: bool,
    /// Incidents of Defender are closed and reopened with those of the platform.
    pub close_out: bool,
    /// Entries with this tag become comments.
    pub comment_tag: String,
    /// Comments become entries with this tag.
    pub comment_tag_from: String,
}

impl MirrorSettings {
    /// Reads them from a form. What cannot be read is off.
    pub fn of(form: &Map<String, Value>) -> Self {
        let text = |name: &str| {
            let value = form.get(name).filter(|value| !value.is_null()).map(python::text);
            value.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
        };
        let checked = |name: &str| form.get(name).is_some_and(|value| conversion::boolean(value) == Ok(true));
        let direction = match text("mirror_direction").as_deref() {
            Some("Incoming") => Direction::In,
            Some("Outgoing") => Direction::Out,
            Some("Incoming And Outgoing") => Direction::Both,
            _ => Direction::None,
        };
        Self {
            direction,
            close_incident: checked("close_incident"),
            close_out: checked("close_out"),
            comment_tag: text("comment_tag").unwrap_or_else(|| TO.to_owned()),
            comment_tag_from: text("comment_tag_from_microsoft365defender")
                .unwrap_or_else(|| FROM.to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(form: &Value) -> MirrorSettings {
        MirrorSettings::of(form.as_object().expect("an object"))
    }

    #[test]
    fn an_empty_form_mirrors_nothing_and_has_the_originals_tags() {
        let settings = of(&json!({ "comment_tag": "", "close_out": null }));
        assert_eq!((settings.direction, settings.direction.value()), (Direction::None, Value::Null));
        assert!(!settings.close_incident && !settings.close_out);
        assert_eq!(settings.comment_tag, "CommentToMicrosoft365Defender");
        assert_eq!(settings.comment_tag_from, "CommentFromMicrosoft365Defender");
    }

    #[test]
    fn directions_have_the_forms_words_and_the_platforms() {
        for (word, value) in [
            ("None", Value::Null),
            ("Incoming", json!("In")),
            ("Outgoing", json!("Out")),
            ("Incoming And Outgoing", json!("Both")),
        ] {
            assert_eq!(of(&json!({ "mirror_direction": word })).direction.value(), value);
        }
        let settings = of(&json!({ "close_incident": "true", "close_out": true, "comment_tag": "t" }));
        assert!(settings.close_incident && settings.close_out && settings.comment_tag == "t");
    }
}
