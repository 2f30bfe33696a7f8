//! A change that has been compared with the incident, and is ready to be made: once, and on the incident that goes on.

use std::time::Duration;

use super::change::{IncidentChange, check_pair};
use super::diff::{FieldChange, times_said};
use super::get::{check_id, incident};
use super::record::Incident;
use super::redirect::{Chain, Followed};
use crate::client::Client;
use crate::error::{ApiError, ApiErrorKind};

/// A change whose answer was lost is looked for after each of these. Most are there at once.
const LOOKS: [Duration; 3] = [Duration::ZERO, Duration::from_secs(1), Duration::from_secs(3)];

/// What a change does about what it meets.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Manner {
    /// Go on to the incident that a merged one was merged into. Otherwise changing a merged one is refused: few would see
    /// it.
    pub follow: bool,
    /// Leave a comment out that the incident has already.
    pub once: bool,
}

/// A change that is ready to be made.
#[derive(Debug, Clone, PartialEq)]
pub struct PlannedChange {
    /// The incident to be changed, as it was a moment ago.
    pub current: Incident,
    /// The ids of merged incidents that led to it.
    pub passed: Vec<String>,
    /// Every member that was named, whether it changes or not.
    pub fields: Vec<FieldChange>,
    change: IncidentChange,
}

/// A change that was made.
#[derive(Debug, Clone, PartialEq)]
pub struct Written {
    /// The incident after it.
    pub incident: Incident,
    /// Whether anything was sent.
    pub changed: bool,
    /// The answer was lost, and the incident shows all the same that the change was made.
    pub seen_later: bool,
}

impl PlannedChange {
    /// Whether the incident is already as it is to be.
    pub fn is_empty(&self) -> bool {
        !self.fields.iter().any(FieldChange::is_change)
    }

    /// Whether an incident read later shows the change.
    fn shows_on(&self, later: &Incident) -> bool {
        let others = IncidentChange { comment: None, ..self.change.clone() };
        let said = |comment: &str| times_said(later, comment) > times_said(&self.current, comment);
        !others.compared(later).iter().any(FieldChange::is_change)
            && self.change.comment.as_deref().is_none_or(said)
    }
}

impl Client {
    /// Reads an incident and compares it with a change. Nothing is sent but reading.
    ///
    /// # Errors
    /// [`ApiErrorKind::Refused`] for a change that cannot be; [`ApiErrorKind::Merged`] for an incident that was merged,
    /// unless it is to be followed; then the service's own.
    pub async fn plan_change(
        &self,
        id: &str,
        change: IncidentChange,
        manner: Manner,
    ) -> Result<PlannedChange, ApiError> {
        check_id(self.backend(), id)?;
        let mut change = change.checked(self.backend())?;
        let Followed { end: current, passed } = self.bare_end(id).await?;
        if !passed.is_empty() && !manner.follow {
            let message =
                format!("incident {id} was merged into {}: few would see a change of it", current.id());
            return Err(ApiError::new(ApiErrorKind::Merged, message)
                .with_hint(format!("change incident {} instead, or add `--follow`", current.id())));
        }
        if let (Some(determination), None) = (&change.determination, &change.classification) {
            // Both are sent together, so the pair is checked with the classification it will have.
            let classification = current.text("classification").unwrap_or("unknown").to_owned();
            check_pair(&classification, determination)?;
            change.classification = Some(classification);
        }
        let mut fields = change.compared(&current);
        if manner.once
            && let Some(comment) = change.comment.take_if(|comment| times_said(&current, comment) > 0)
            && let Some(field) = fields.iter_mut().find(|field| field.field == "comment")
        {
            field.from = comment.into();
        }
        Ok(PlannedChange { current, passed, fields, change })
    }

    /// Makes a planned change, if it changes anything. When the answer is lost, the incident is read again: what it shows
    /// was made.
    ///
    /// # Errors
    /// The service's own; [`ApiErrorKind::OutcomeUnknown`] when the answer was lost and the incident does not show the
    /// change.
    pub async fn carry_out(&self, plan: &PlannedChange) -> Result<Written, ApiError> {
        if plan.is_empty() {
            return Ok(Written { incident: plan.current.clone(), changed: false, seen_later: false });
        }
        match self.write(plan.current.id(), &plan.change, Some(&plan.current)).await {
            Ok(incident) => Ok(Written { incident, changed: true, seen_later: false }),
            Err(error) if error.kind() == ApiErrorKind::OutcomeUnknown => self.look_for(plan, error).await,
            Err(error) => Err(error),
        }
    }

    async fn look_for(&self, plan: &PlannedChange, error: ApiError) -> Result<Written, ApiError> {
        tracing::warn!("the answer was lost; looking whether the change was made");
        for wait in LOOKS {
            if !wait.is_zero() {
                self.sleep(wait).await;
            }
            let read = async { incident(self, &self.fetch_incident(plan.current.id(), false).await?) };
            match read.await {
                Ok(later) if plan.shows_on(&later) => {
                    return Ok(Written { incident: later, changed: true, seen_later: true });
                }
                Ok(_) => {}
                // Whoever cannot read knows no more than before.
                Err(_) => return Err(error),
            }
        }
        let hint = error.hint().unwrap_or_default().to_owned();
        let error = error.amended("read again, the incident does not show the change yet: ");
        Err(if plan.change.comment.is_some() {
            error.with_hint(format!("{hint}; with `--once` it is added only if it is not there"))
        } else {
            error
        })
    }

    /// The end of a chain of merges, without alerts.
    async fn bare_end(&self, id: &str) -> Result<Followed<Incident>, ApiError> {
        let mut chain = Chain::from(id);
        loop {
            let read = async { incident(self, &self.fetch_incident(chain.next(), false).await?) };
            let found = read.await.map_err(|error| chain.lost(error))?;
            if !chain.goes_on(&found)? {
                return Ok(chain.ends_with(found));
            }
        }
    }
}
