//! The two forms a mirrored comment has: an entry of the platform that came from Defender, and a comment in Defender that
//! came from the platform. Each is recognised when it comes back.

use defender_xdr_core::Timestamp;
use serde_json::{Map, Value, json};

use super::settings::MirrorSettings;
use crate::python;
use crate::readable::{moment, text};

/// What every comment of ours ends with. A comment with this in it is not mirrored back.
pub(super) const MARK: &str = "Mirrored from Cortex XSOAR";

/// Clocks of the platform and of the service may differ by this much, in seconds.
const SKEW: i64 = 60;

/// A comment of Defender.
#[derive(Debug, Clone)]
pub(super) struct RemoteComment<'a> {
    whole: &'a Map<String, Value>,
    pub(super) text: String,
    pub(super) created: Option<Timestamp>,
}

impl<'a> RemoteComment<'a> {
    pub(super) fn of(whole: &'a Map<String, Value>) -> Self {
        Self {
            whole,
            text: text(whole, "comment").unwrap_or_default(),
            created: text(whole, "createdTime").as_deref().and_then(moment),
        }
    }

    /// Whether it came from the platform.
    pub(super) fn is_ours(&self) -> bool {
        self.text.contains(MARK)
    }

    /// The entry it becomes: three lines, the author and the text escaped for HTML.
    pub(super) fn entry(&self, settings: &MirrorSettings) -> Value {
        let member = |name: &str| self.whole.get(name).map(python::text).unwrap_or_default();
        let (author, created) = (escaped(&member("createdBy")), member("createdTime"));
        json!({
            "Type": 1,
            "Contents": format!("Created By: {author}\nCreated On: {created}\n{}", escaped(&self.text)),
            "ContentsFormat": "html",
            "Tags": [settings.comment_tag_from],
            "Note": true,
            "EntryContext": { "comments": self.whole },
        })
    }
}

/// Only what could begin a tag or a character reference: within a text, quotation marks are harmless.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// An entry of the platform.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct LocalEntry {
    /// The comment it becomes.
    pub(super) comment: String,
    created: Option<Timestamp>,
    is_echo: bool,
}

impl LocalEntry {
    /// Reads an entry; `None` unless it has the tag of those that are mirrored.
    pub(super) fn of(entry: &Value, settings: &MirrorSettings) -> Option<Self> {
        let entry = entry.as_object()?;
        let tags: Vec<&str> =
            entry.get("tags").and_then(Value::as_array)?.iter().filter_map(Value::as_str).collect();
        if !tags.contains(&settings.comment_tag.as_str()) {
            return None;
        }
        let contents = entry.get("contents").filter(|contents| !contents.is_null());
        let contents = contents.map(python::text).unwrap_or_default();
        let user = text(entry, "user").unwrap_or_else(|| "dbot".to_owned());
        let comment = if text(entry, "format").as_deref() == Some("html") {
            format!("({user}): <br/><br/>[code]{contents} <br/><br/>[/code] {MARK}")
        } else {
            format!("({user}): {contents}\n\n {MARK}")
        };
        Some(Self {
            comment,
            created: text(entry, "created").as_deref().and_then(moment),
            is_echo: tags.contains(&settings.comment_tag_from.as_str()) && has_layout(&contents),
        })
    }

    /// Whether it came from Defender.
    pub(super) fn is_echo(&self) -> bool {
        self.is_echo
    }

    /// Whether this comment of Defender is the entry, written by an earlier call whose end nobody saw.
    pub(super) fn is_written_as(&self, comment: &RemoteComment<'_>) -> bool {
        let (Some(entry), Some(written)) = (self.created, comment.created) else { return false };
        written.as_second() + SKEW >= entry.as_second() && spaced(&comment.text) == spaced(&self.comment)
    }
}

/// Whether a text has the three-line layout of a mirrored comment.
fn has_layout(contents: &str) -> bool {
    let mut lines = contents.lines();
    lines.next().is_some_and(|line| line.starts_with("Created By: "))
        && lines.next().is_some_and(|line| line.starts_with("Created On: "))
}

fn spaced(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings() -> MirrorSettings {
        MirrorSettings::of(&Map::new())
    }

    #[test]
    fn a_comment_becomes_an_entry_of_three_lines() {
        let comment = json!({ "comment": "a < b && c\nnext", "createdBy": "ann@x", "createdTime": "2026-01-01T00:00:00.1234567Z" });
        let comment = comment.as_object().expect("an object");
        assert_eq!(
            RemoteComment::of(comment).entry(&settings()),
            json!({
                "Type": 1,
                "Contents": "Created By: ann@x\nCreated On: 2026-01-01T00:00:00.1234567Z\na &lt; b &amp;&amp; c\nnext",
                "ContentsFormat": "html",
                "Tags": ["CommentFromMicrosoft365Defender"],
                "Note": true,
                "EntryContext": { "comments": comment },
            })
        );
        let null = json!({ "comment": null, "createdBy": "a", "createdTime": "t" });
        let entry = RemoteComment::of(null.as_object().expect("an object")).entry(&settings());
        assert_eq!(entry["Contents"], "Created By: a\nCreated On: t\n");
    }

    #[test]
    fn an_entry_becomes_a_comment_with_a_mark() {
        let of = |entry: Value| LocalEntry::of(&entry, &settings()).map(|entry| entry.comment);
        let tags = ["CommentToMicrosoft365Defender", "x"];
        assert_eq!(
            of(json!({ "tags": tags, "contents": "done", "user": "ann" })).as_deref(),
            Some("(ann): done\n\n Mirrored from Cortex XSOAR")
        );
        assert_eq!(
            of(json!({ "tags": tags, "contents": "<b>done</b>", "user": "", "format": "html" })).as_deref(),
            Some("(dbot): <br/><br/>[code]<b>done</b> <br/><br/>[/code] Mirrored from Cortex XSOAR")
        );
        assert_eq!(of(json!({ "tags": ["other"], "contents": "done" })), None);
        assert_eq!(of(json!({ "contents": "done", "tags": null })), None);
    }

    #[test]
    fn what_came_from_the_other_side_is_recognised() {
        let ours = json!({ "comment": "(ann): done\n\n Mirrored from Cortex XSOAR" });
        assert!(RemoteComment::of(ours.as_object().expect("an object")).is_ours());
        let both = json!(["CommentToMicrosoft365Defender", "CommentFromMicrosoft365Defender"]);
        let echo = |contents: &str| {
            let entry = json!({ "tags": both, "contents": contents });
            LocalEntry::of(&entry, &settings()).expect("tagged").is_echo()
        };
        assert!(echo("Created By: ann\nCreated On: 2026-01-01T00:00:00Z\ndone"));
        assert!(!echo("my own words"));
    }

    #[test]
    fn a_comment_is_an_entry_written_before_only_if_it_is_not_older() {
        let entry = json!({ "tags": ["CommentToMicrosoft365Defender"], "contents": "done", "user": "ann",
            "created": "2026-01-01T10:00:00.5Z" });
        let entry = LocalEntry::of(&entry, &settings()).expect("tagged");
        let at = |created: &str| {
            let comment = json!({ "comment": "(ann): done\r\n\r\n Mirrored from Cortex XSOAR ", "createdTime": created });
            entry.is_written_as(&RemoteComment::of(comment.as_object().expect("an object")))
        };
        assert!(at("2026-01-01T10:00:05Z") && at("2026-01-01T09:59:30Z"));
        assert!(!at("2026-01-01T09:58:00Z") && !at("some day"));
    }
}
