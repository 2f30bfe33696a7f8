//! `PATCH /api/incidents/{id}`: reads the body completely before anything changes.
//!
//! Source: Microsoft Learn, "Update incidents API".

use serde_json::{Map, Value};

use super::errors::LegacyError;
use super::words;
use crate::defender::author::Author;
use crate::defender::switches::Switches;
use crate::defender::world::edit::Edit;
use crate::defender::world::record::{Comment, Record};
use crate::defender::world::ticks::Ticks;
use crate::defender::world::triage::{Classification, Determination, Status};

/// The changes a body asks for.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Update {
    status: Option<Status>,
    assigned_to: Edit,
    classification: Option<Classification>,
    determination: Option<Determination>,
    tags: Option<Vec<String>>,
    comment: Option<String>,
}

impl Update {
    /// Reads and checks a body against the incident it is for.
    pub(crate) fn read(body: &[u8], record: &Record, switches: &Switches) -> Result<Self, LegacyError> {
        let members: Map<String, Value> = serde_json::from_slice(body)
            .map_err(|_| LegacyError::body("The request body is not a valid JSON object."))?;
        if members.is_empty() {
            return Err(LegacyError::body("The request body has no property to update."));
        }
        let mut update = Self::default();
        for (name, value) in &members {
            update.member(name, value, switches)?;
        }
        if switches.check_determination {
            update.check_pair(record)?;
        }
        Ok(update)
    }

    fn member(&mut self, name: &str, value: &Value, switches: &Switches) -> Result<(), LegacyError> {
        let invalid =
            || LegacyError::bad_request(format!("The value {value} is not valid for the property '{name}'."));
        let word = || value.as_str().ok_or_else(invalid);
        match name {
            "status" => self.status = Some(words::settable_status(word()?).ok_or_else(invalid)?),
            "classification" => {
                self.classification = Some(words::classification_of(word()?).ok_or_else(invalid)?);
            }
            "determination" => {
                self.determination = Some(words::determination_of(word()?).ok_or_else(invalid)?);
            }
            "assignedTo" => {
                self.assigned_to = match value {
                    Value::Null if switches.legacy_refuse_null_owner => return Err(invalid()),
                    Value::Null => Edit::Clear,
                    _ => Some(word()?.to_owned()).filter(|owner| !owner.is_empty()).into(),
                };
            }
            "tags" => {
                let items = value.as_array().ok_or_else(invalid)?;
                let tags: Option<Vec<String>> =
                    items.iter().map(|item| item.as_str().map(str::to_owned)).collect();
                self.tags = Some(tags.ok_or_else(invalid)?);
            }
            "comment" => self.comment = Some(word()?.to_owned()),
            _ => {
                return Err(LegacyError::body(format!(
                    "The property '{name}' does not exist or cannot be updated. Property names are case sensitive."
                )));
            }
        }
        Ok(())
    }

    fn check_pair(&self, record: &Record) -> Result<(), LegacyError> {
        let Some(determination) = self.determination else { return Ok(()) };
        let classification = self.classification.or(record.classification).unwrap_or(Classification::Unknown);
        if determination.fits(classification) {
            return Ok(());
        }
        Err(LegacyError::bad_request(format!(
            "The determination '{}' is not valid for the classification '{}'.",
            words::determination(determination),
            words::classification(classification)
        )))
    }

    /// Makes the changes.
    pub(crate) fn apply(self, record: &mut Record, author: &Author, at: Ticks) {
        if let Some(status) = self.status {
            record.status = status;
        }
        self.assigned_to.apply(&mut record.assigned_to);
        if let Some(classification) = self.classification {
            record.classification = Some(classification);
            if self.determination.is_none() && !record.determination.fits(classification) {
                record.determination = Determination::NotAvailable;
            }
        }
        if let Some(determination) = self.determination {
            record.determination = determination;
        }
        if let Some(tags) = self.tags {
            record.tags = tags;
        }
        if let Some(text) = self.comment.filter(|text| !text.is_empty()) {
            record.comments.push(Comment {
                text,
                author: author.name.clone(),
                author_display_name: author.display_name.clone(),
                at,
            });
        }
        record.last_modified_by = Some(author.modified_by.clone());
        record.updated = at;
    }
}
