//! A change to an incident, checked before anything is sent.

use defender_xdr_core::backend::Backend;
use serde_json::{Map, Value, json};

use crate::error::ApiError;
use crate::words::{CLASSIFICATION, DETERMINATION, SEVERITY, STATUS, Vocabulary, determinations_of};

/// The service cuts longer texts without a word.
const LONGEST_RESOLVING_COMMENT: usize = 30_000;

/// Who owns the incident from now on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Assignee {
    /// This user principal name.
    Person(String),
    /// Nobody.
    Nobody,
}

/// What becomes of the custom tags. Both APIs only replace the whole set, so adding and removing read it first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TagChange {
    /// Exactly these.
    Replace(Vec<String>),
    /// Without some and with others, all else kept.
    Adjust {
        /// Tags to add.
        add: Vec<String>,
        /// Tags to remove.
        remove: Vec<String>,
    },
}

/// A change to an incident; what is `None` stays.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct IncidentChange {
    /// Status: active, inProgress or resolved.
    pub status: Option<String>,
    /// Owner.
    pub assignee: Option<Assignee>,
    /// Classification.
    pub classification: Option<String>,
    /// Determination; must fit the classification.
    pub determination: Option<String>,
    /// Custom tags.
    pub tags: Option<TagChange>,
    /// Name. Graph only.
    pub display_name: Option<String>,
    /// Severity. Graph only.
    pub severity: Option<String>,
    /// Why it is resolved. Graph only; at most 30,000 characters.
    pub resolving_comment: Option<String>,
    /// A comment to add.
    pub comment: Option<String>,
}

impl IncidentChange {
    /// Checks all that can be checked without asking, and brings words into Graph's form.
    ///
    /// # Errors
    /// [`crate::ApiErrorKind::Refused`], naming what would be accepted.
    pub fn checked(mut self, backend: Backend) -> Result<Self, ApiError> {
        if self == Self::default() {
            return Err(ApiError::refused("there is nothing to change")
                .with_hint("name at least one change, such as `--status resolved`"));
        }
        self.status = word_but("status", self.status.take(), STATUS, &["redirected", "awaitingAction"])?;
        self.classification = word("classification", self.classification.take(), CLASSIFICATION)?;
        self.determination = word("determination", self.determination.take(), DETERMINATION)?;
        self.severity = word("severity", self.severity.take(), SEVERITY)?;
        if let (Some(classification), Some(determination)) = (&self.classification, &self.determination) {
            check_pair(classification, determination)?;
        }
        if backend == Backend::Legacy {
            let only_graph = [
                ("display-name", self.display_name.is_some()),
                ("severity", self.severity.is_some()),
                ("resolving-comment", self.resolving_comment.is_some()),
            ];
            if let Some((name, _)) = only_graph.iter().find(|(_, set)| *set) {
                return Err(ApiError::refused(format!("the legacy API cannot change `{name}`"))
                    .with_hint("use `api = \"graph\"` (--api graph) for it")
                    .about(name));
            }
        }
        let length = self.resolving_comment.as_deref().map_or(0, |text| text.chars().count());
        if length > LONGEST_RESOLVING_COMMENT {
            return Err(ApiError::refused(format!(
                "the resolving comment has {length} characters, and the service keeps only {LONGEST_RESOLVING_COMMENT}"
            ))
            .about("resolving-comment"));
        }
        let tags = match &self.tags {
            None => Vec::new(),
            Some(TagChange::Replace(tags)) => tags.iter().collect(),
            Some(TagChange::Adjust { add, remove }) => add.iter().chain(remove).collect(),
        };
        if tags.iter().any(|tag| tag.trim().is_empty()) {
            return Err(ApiError::refused("a tag is empty").with_hint("`--clear-tags` removes all tags"));
        }
        if let Some(TagChange::Adjust { add, remove }) = &self.tags
            && let Some(both) = add.iter().find(|tag| remove.contains(tag))
        {
            return Err(ApiError::refused(format!("the tag `{both}` is to be added and removed at once"))
                .about("add-tag"));
        }
        self.check_texts()?;
        if self.comment.as_deref().is_some_and(|comment| comment.trim().is_empty()) {
            return Err(ApiError::refused("the comment is empty"));
        }
        Ok(self)
    }

    /// An empty text would clear what was there: that is never done by chance.
    fn check_texts(&self) -> Result<(), ApiError> {
        let owner = match &self.assignee {
            Some(Assignee::Person(name)) => Some(name),
            _ => None,
        };
        let texts = [
            ("assigned-to", owner),
            ("display-name", self.display_name.as_ref()),
            ("resolving-comment", self.resolving_comment.as_ref()),
        ];
        let empty = texts.iter().find(|(_, text)| text.is_some_and(|text| text.trim().is_empty()));
        match empty {
            Some((name @ "assigned-to", _)) => Err(ApiError::refused(format!("`{name}` is empty"))
                .with_hint("`--unassign` leaves the incident without an owner")
                .about(name)),
            Some((name, _)) => Err(ApiError::refused(format!("`{name}` is empty")).about(name)),
            None => Ok(()),
        }
    }

    /// Whether the incident must be read first to know what to send.
    pub(super) fn needs_current(&self) -> bool {
        matches!(self.tags, Some(TagChange::Adjust { .. }))
            || (self.determination.is_some() && self.classification.is_none())
    }

    /// The members to send, without the comment. `tags` is the new set, if it changes.
    pub(super) fn members(&self, backend: Backend, tags: Option<&[String]>) -> Map<String, Value> {
        let mut body = Map::new();
        let mut set = |name: &str, value: Value| {
            body.insert(name.to_owned(), value);
        };
        let say = |vocabulary: Vocabulary, word: &str| match backend {
            Backend::Graph => vocabulary.graph(word).into_owned(),
            Backend::Legacy => vocabulary.legacy(word).into_owned(),
        };
        if let Some(status) = &self.status {
            set("status", say(STATUS, status).into());
        }
        match (&self.assignee, backend) {
            (None, _) => {}
            (Some(Assignee::Person(name)), _) => set("assignedTo", name.as_str().into()),
            (Some(Assignee::Nobody), Backend::Graph) => set("assignedTo", Value::Null),
            // Clearing by null is not documented there; the empty text is what works.
            (Some(Assignee::Nobody), Backend::Legacy) => set("assignedTo", "".into()),
        }
        if let Some(classification) = &self.classification {
            set("classification", say(CLASSIFICATION, classification).into());
        }
        if let Some(determination) = &self.determination {
            set("determination", say(DETERMINATION, determination).into());
        }
        if let Some(tags) = tags {
            set(if backend == Backend::Graph { "customTags" } else { "tags" }, json!(tags));
        }
        for (name, value) in [
            ("displayName", &self.display_name),
            ("severity", &self.severity),
            ("resolvingComment", &self.resolving_comment),
        ] {
            if let Some(text) = value {
                set(name, text.as_str().into());
            }
        }
        body
    }
}

impl TagChange {
    /// Whether a set shows what was asked for. A service may write a tag in another case.
    pub(super) fn holds(&self, tags: &[String]) -> bool {
        let has = |wanted: &String| tags.iter().any(|tag| tag.eq_ignore_ascii_case(wanted));
        let gone = |unwanted: &String| !tags.contains(unwanted);
        match self {
            // The last one to replace the whole set is right by definition.
            Self::Replace(_) => true,
            Self::Adjust { add, remove } => add.iter().all(has) && remove.iter().all(gone),
        }
    }

    /// The new set, in the order of the old one.
    pub(super) fn apply(&self, current: &[String]) -> Vec<String> {
        match self {
            Self::Replace(tags) => tags.clone(),
            Self::Adjust { add, remove } => {
                let kept = current.iter().filter(|tag| !remove.contains(tag));
                let mut tags: Vec<String> = kept.cloned().collect();
                for tag in add {
                    if !tags.contains(tag) {
                        tags.push(tag.clone());
                    }
                }
                tags
            }
        }
    }
}

/// A word of a vocabulary in Graph's spelling; `name` is the option it was given by.
pub(crate) fn word(
    name: &'static str,
    text: Option<String>,
    vocabulary: Vocabulary,
) -> Result<Option<String>, ApiError> {
    word_but(name, text, vocabulary, &[])
}

/// The same, without words that only the service sets.
pub(crate) fn word_but(
    name: &'static str,
    text: Option<String>,
    vocabulary: Vocabulary,
    reserved: &[&str],
) -> Result<Option<String>, ApiError> {
    let Some(text) = text else { return Ok(None) };
    let message = match vocabulary.known(&text) {
        Some(word) if !reserved.contains(&word) => return Ok(Some(word.to_owned())),
        Some(word) => format!("`{name}` cannot be set to {word}: only the service does that"),
        None => format!("`{text}` is no {name}"),
    };
    let free: Vec<_> = vocabulary.words().filter(|word| !reserved.contains(word)).collect();
    Err(ApiError::refused(message).with_hint(format!("use one of {}", free.join(", "))).about(name))
}

/// Refuses a determination that its classification does not allow.
pub(crate) fn check_pair(classification: &str, determination: &str) -> Result<(), ApiError> {
    let allowed = determinations_of(classification);
    if allowed.is_empty() || allowed.contains(&determination) {
        return Ok(());
    }
    Err(ApiError::refused(format!(
        "the determination {determination} does not fit the classification {classification}"
    ))
    .with_hint(format!("{classification} allows {}", allowed.join(", ")))
    .about("determination"))
}

#[cfg(test)]
mod tests;
