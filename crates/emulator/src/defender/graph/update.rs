//! `PATCH` of incidents and alerts: reads the body completely before anything changes.
//!
//! Source: Microsoft Graph v1.0, "Update incident" and "Update alert".

use serde_json::Value;

use super::body;
use super::errors::GraphError;
use super::words;
use crate::defender::author::Author;
use crate::defender::switches::Switches;
use crate::defender::world::edit::Edit;
use crate::defender::world::record::{AlertChange, Record};
use crate::defender::world::ticks::Ticks;
use crate::defender::world::triage::{AlertStatus, Classification, Determination, Severity, Status};
use crate::exchange::Request;

/// Characters of `resolvingComment` that are kept; the rest is cut without a word (measured on the service).
const RESOLVING_COMMENT_LIMIT: usize = 30_000;

/// Changes to an incident.
#[derive(Debug, Default)]
pub(crate) struct IncidentUpdate {
    status: Option<Status>,
    severity: Option<Severity>,
    classification: Option<Classification>,
    determination: Option<Determination>,
    assigned_to: Edit,
    tags: Option<Vec<String>>,
    display_name: Edit,
    description: Edit,
    summary: Edit,
    resolving_comment: Edit,
}

impl IncidentUpdate {
    /// Reads and checks a body against the incident it is for.
    pub(crate) fn read(request: &Request, record: &Record, switches: &Switches) -> Result<Self, GraphError> {
        let members = body::members(request)?;
        if members.is_empty() {
            return Err(GraphError::bad_request("The request body has no property to update."));
        }
        let mut update = Self::default();
        for (name, value) in &members {
            update.member(name, value)?;
        }
        let classification = update.classification.or(record.classification);
        check_pair(update.determination, classification, switches)?;
        Ok(update)
    }

    fn member(&mut self, name: &str, value: &Value) -> Result<(), GraphError> {
        match name {
            "@odata.type" => {}
            "status" => self.status = Some(body::word(name, value, words::settable_status)?),
            "severity" => self.severity = Some(body::word(name, value, words::severity_of)?),
            "classification" => {
                self.classification = Some(body::word(name, value, words::classification_of)?);
            }
            "determination" => self.determination = Some(body::word(name, value, words::determination_of)?),
            "assignedTo" => {
                self.assigned_to = body::nullable(name, value)?.filter(|owner| !owner.is_empty()).into();
            }
            "customTags" => {
                let items = value.as_array().ok_or_else(|| body::invalid(name, value))?;
                self.tags = Some(items.iter().map(|item| body::text(name, item)).collect::<Result<_, _>>()?);
            }
            "displayName" => self.display_name = body::nullable(name, value)?.into(),
            "description" => self.description = body::nullable(name, value)?.into(),
            "summary" => self.summary = body::nullable(name, value)?.into(),
            "resolvingComment" => {
                let cut = |text: String| text.chars().take(RESOLVING_COMMENT_LIMIT).collect();
                self.resolving_comment = body::nullable(name, value)?.map(cut).into();
            }
            _ => return Err(body::unknown(name, "incident")),
        }
        Ok(())
    }

    /// Makes the changes.
    pub(crate) fn apply(self, record: &mut Record, author: &Author, at: Ticks) {
        record.status = self.status.unwrap_or(record.status);
        record.severity = self.severity.unwrap_or(record.severity);
        if let Some(classification) = self.classification {
            record.classification = Some(classification);
            if self.determination.is_none() && !record.determination.fits(classification) {
                record.determination = Determination::NotAvailable;
            }
        }
        record.determination = self.determination.unwrap_or(record.determination);
        if let Some(tags) = self.tags {
            record.tags = tags;
        }
        for (sent, kept) in [
            (self.assigned_to, &mut record.assigned_to),
            (self.display_name, &mut record.display_name),
            (self.description, &mut record.description),
            (self.summary, &mut record.summary),
            (self.resolving_comment, &mut record.resolving_comment),
        ] {
            sent.apply(kept);
        }
        record.last_modified_by = Some(author.modified_by.clone());
        record.updated = at;
    }
}

/// Changes to an alert.
#[derive(Debug, Default)]
pub(crate) struct AlertUpdate {
    status: Option<AlertStatus>,
    classification: Option<Classification>,
    determination: Option<Determination>,
    assigned_to: Edit,
    custom_details: Option<Value>,
}

impl AlertUpdate {
    /// Reads and checks a body; `classification` is what the alert has now.
    pub(crate) fn read(
        request: &Request,
        classification: Option<Classification>,
        switches: &Switches,
    ) -> Result<Self, GraphError> {
        let members = body::members(request)?;
        if members.is_empty() {
            return Err(GraphError::bad_request("The request body has no property to update."));
        }
        let mut update = Self::default();
        for (name, value) in &members {
            match name.as_str() {
                "@odata.type" => {}
                "status" => update.status = Some(body::word(name, value, words::alert_status_of)?),
                "classification" => {
                    update.classification = Some(body::word(name, value, words::classification_of)?);
                }
                "determination" => {
                    update.determination = Some(body::word(name, value, words::determination_of)?);
                }
                "assignedTo" => {
                    update.assigned_to =
                        body::nullable(name, value)?.filter(|owner| !owner.is_empty()).into();
                }
                "customDetails" if value.is_object() => update.custom_details = Some(value.clone()),
                "customDetails" => return Err(body::invalid(name, value)),
                _ => return Err(body::unknown(name, "alert")),
            }
        }
        check_pair(update.determination, update.classification.or(classification), switches)?;
        Ok(update)
    }

    /// Adds the changes to those made before.
    pub(crate) fn apply(self, change: &mut AlertChange, at: Ticks) {
        change.status = self.status.or(change.status);
        change.classification = self.classification.or(change.classification);
        change.determination = self.determination.or(change.determination);
        if self.assigned_to != Edit::Keep {
            change.assigned_to = self.assigned_to;
        }
        if self.custom_details.is_some() {
            change.custom_details = self.custom_details;
        }
        change.updated = Some(at);
    }
}

fn check_pair(
    determination: Option<Determination>,
    classification: Option<Classification>,
    switches: &Switches,
) -> Result<(), GraphError> {
    let classification = classification.unwrap_or(Classification::Unknown);
    match determination {
        Some(determination) if switches.check_determination && !determination.fits(classification) => {
            Err(GraphError::bad_request(format!(
                "The determination '{}' is not valid for the classification '{}'.",
                words::determination(determination),
                words::classification(classification)
            )))
        }
        _ => Ok(()),
    }
}
