//! A change to an alert, checked before anything is sent.

use serde_json::{Map, Value};

use crate::error::ApiError;
use crate::incidents::Assignee;
use crate::incidents::change::{check_pair, word, word_but};
use crate::words::{ALERT_STATUS, CLASSIFICATION, DETERMINATION};

/// A change to an alert; what is `None` stays. Graph only.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AlertChange {
    /// Status: new, inProgress or resolved.
    pub status: Option<String>,
    /// Owner.
    pub assignee: Option<Assignee>,
    /// Classification.
    pub classification: Option<String>,
    /// Determination; must fit the classification.
    pub determination: Option<String>,
}

impl AlertChange {
    /// Checks all that can be checked without asking, and brings words into Graph's form.
    ///
    /// # Errors
    /// [`crate::ApiErrorKind::Refused`], naming what would be accepted.
    pub fn checked(mut self) -> Result<Self, ApiError> {
        if self == Self::default() {
            return Err(ApiError::refused("there is nothing to change")
                .with_hint("name at least one change, such as `--status resolved`"));
        }
        self.status = word_but("status", self.status.take(), ALERT_STATUS, &["unknown"])?;
        self.classification = word("classification", self.classification.take(), CLASSIFICATION)?;
        self.determination = word("determination", self.determination.take(), DETERMINATION)?;
        if let (Some(classification), Some(determination)) = (&self.classification, &self.determination) {
            check_pair(classification, determination)?;
        }
        // An empty text would clear what was there: that is never done by chance.
        if let Some(Assignee::Person(name)) = &self.assignee
            && name.trim().is_empty()
        {
            return Err(ApiError::refused("`assigned-to` is empty")
                .with_hint("`--unassign` leaves the alert without an owner")
                .about("assigned-to"));
        }
        Ok(self)
    }

    /// Whether the alert must be read first: a determination is checked, and sent, with its classification.
    pub(super) fn needs_current(&self) -> bool {
        self.determination.is_some() && self.classification.is_none()
    }

    /// The members to send.
    pub(super) fn members(&self) -> Map<String, Value> {
        let mut body = Map::new();
        for (name, value) in [
            ("status", &self.status),
            ("classification", &self.classification),
            ("determination", &self.determination),
        ] {
            body.extend(value.as_ref().map(|word| (name.to_owned(), word.as_str().into())));
        }
        let owner = self.assignee.as_ref().map(|assignee| match assignee {
            Assignee::Person(name) => name.as_str().into(),
            Assignee::Nobody => Value::Null,
        });
        body.extend(owner.map(|owner| ("assignedTo".to_owned(), owner)));
        body
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn change() -> AlertChange {
        AlertChange::default()
    }

    #[test]
    fn words_are_sent_as_graph_spells_them() {
        let change = AlertChange {
            status: Some("InProgress".into()),
            assignee: Some(Assignee::Nobody),
            classification: Some("FalsePositive".into()),
            determination: Some("clean".into()),
        };
        assert_eq!(
            Value::Object(change.checked().expect("fits").members()),
            json!({ "status": "inProgress", "classification": "falsePositive", "determination": "notMalicious", "assignedTo": null })
        );
    }

    #[test]
    fn what_cannot_be_meant_is_refused_before_anything_is_sent() {
        let refused = [
            change(),
            AlertChange { status: Some("redirected".into()), ..change() },
            AlertChange { status: Some("unknown".into()), ..change() },
            AlertChange { assignee: Some(Assignee::Person(" ".into())), ..change() },
            AlertChange {
                classification: Some("falsePositive".into()),
                determination: Some("phishing".into()),
                ..change()
            },
        ];
        for change in refused {
            assert!(change.clone().checked().is_err(), "{change:?}");
        }
    }
}
