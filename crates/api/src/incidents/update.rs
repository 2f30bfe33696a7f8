//! Sending a change.

use defender_xdr_core::backend::Backend;
use defender_xdr_core::http::Method;
use serde_json::Value;

use super::change::{IncidentChange, TagChange, check_pair};
use super::get::{check_id, incident};
use super::record::Incident;
use crate::client::{Client, Request};
use crate::error::{ApiError, ApiErrorKind};
use crate::permissions::Operation;

/// How often tags that another writer undid are set again.
const TAG_ROUNDS: u32 = 3;

impl Client {
    /// Changes an incident and returns it as it is then (without alerts on Graph).
    ///
    /// On Graph a comment is a second call, made after the change: when only that one fails, the error is
    /// [`ApiErrorKind::Partial`]. Tags that are added or removed are looked for in the answer, and set again when another
    /// writer undid them meanwhile; what is undone after that nobody notices.
    ///
    /// # Errors
    /// [`ApiErrorKind::Refused`] before anything is sent; then the service's own.
    pub async fn update_incident(&self, id: &str, change: IncidentChange) -> Result<Incident, ApiError> {
        check_id(self.backend(), id)?;
        let mut change = change.checked(self.backend())?;
        let mut current = None;
        if change.needs_current() {
            let found = incident(self, &self.fetch_incident(id, false).await?)?;
            if let (Some(determination), None) = (&change.determination, &change.classification) {
                // Both are sent together, so the pair is checked with the classification it will have.
                let classification = found.text("classification").unwrap_or("unknown").to_owned();
                check_pair(&classification, determination)?;
                change.classification = Some(classification);
            }
            current = Some(found);
        }
        self.write(id, &change, current.as_ref()).await
    }

    /// Sends a change that was checked; `current` is the incident, if it was read.
    pub(super) async fn write(
        &self,
        id: &str,
        change: &IncidentChange,
        current: Option<&Incident>,
    ) -> Result<Incident, ApiError> {
        let before = current.map(Incident::tags).unwrap_or_default();
        let tags = change.tags.as_ref().map(|tags| tags.apply(&before));
        let mut members = change.members(self.backend(), tags.as_deref());
        match (self.backend(), &change.comment) {
            (Backend::Legacy, Some(comment)) => {
                members.insert("comment".to_owned(), comment.as_str().into());
                let changed = self.patch(id, Value::Object(members)).await?;
                self.settle_tags(id, change, changed).await
            }
            (Backend::Graph, Some(comment)) if members.is_empty() => {
                self.post_comment(id, comment).await?;
                self.read_back(id).await
            }
            (Backend::Graph, Some(comment)) => {
                let changed = self.patch(id, Value::Object(members)).await?;
                self.settle_tags(id, change, changed).await?;
                self.post_comment(id, comment).await.map_err(|error| partial(&error))?;
                self.read_back(id).await
            }
            (_, None) => {
                let changed = self.patch(id, Value::Object(members)).await?;
                self.settle_tags(id, change, changed).await
            }
        }
    }

    /// Sets tags again that the answer does not show. Only they are sent: a comment must not be repeated.
    async fn settle_tags(
        &self,
        id: &str,
        change: &IncidentChange,
        mut answer: Incident,
    ) -> Result<Incident, ApiError> {
        let Some(tags @ TagChange::Adjust { .. }) = &change.tags else { return Ok(answer) };
        let shows_them = |incident: &Incident| {
            // A server that leaves the list out says nothing about it.
            !incident.get("customTags").is_some_and(Value::is_array) || tags.holds(&incident.tags())
        };
        let only_tags = IncidentChange { tags: Some(tags.clone()), ..IncidentChange::default() };
        for _ in 0..TAG_ROUNDS {
            if shows_them(&answer) {
                return Ok(answer);
            }
            let again = async {
                let current = incident(self, &self.fetch_incident(id, false).await?)?;
                let members = only_tags.members(self.backend(), Some(&tags.apply(&current.tags())));
                self.patch(id, Value::Object(members)).await
            };
            answer = again.await.map_err(|error| unsettled(id, &error.to_string()))?;
        }
        if shows_them(&answer) { Ok(answer) } else { Err(unsettled(id, "another writer keeps undoing it")) }
    }

    /// The incident after a comment. The comment is there: failing to see it must not invite a second one.
    pub(super) async fn read_back(&self, id: &str) -> Result<Incident, ApiError> {
        let read = async { incident(self, &self.fetch_incident(id, false).await?) };
        read.await.map_err(|error| {
            ApiError::new(
                ApiErrorKind::Partial,
                format!("the comment was added, but the incident cannot be read back: {error}"),
            )
            .with_request_id(error.request_id().map(str::to_owned))
            .with_hint("do not repeat the comment; `incidents get` shows it when reading works again")
        })
    }

    async fn patch(&self, id: &str, members: Value) -> Result<Incident, ApiError> {
        let url = self.endpoint().url(&["incidents", id], &[]);
        let answer =
            self.send(Request::write(Operation::UpdateIncident, Method::PATCH, url, members, id)).await?;
        incident(self, &answer).map_err(|error| error.after_sending_a_change(id))
    }
}

fn unsettled(id: &str, why: &str) -> ApiError {
    ApiError::new(
        ApiErrorKind::Partial,
        format!("the incident was changed, but its tags are not as asked for: {why}"),
    )
    .with_hint(format!("look with `defender-xdr incidents get {id}`; repeat the change of the tags alone"))
}

fn partial(error: &ApiError) -> ApiError {
    if error.kind() == ApiErrorKind::OutcomeUnknown {
        let mut told = ApiError::new(
            ApiErrorKind::OutcomeUnknown,
            format!("the incident was changed, and nobody knows whether it was commented: {error}"),
        )
        .with_code(error.code().map(str::to_owned))
        .with_request_id(error.request_id().map(str::to_owned));
        if let Some(hint) = error.hint() {
            told = told.with_hint(hint);
        }
        return told;
    }
    let partial =
        ApiError::new(ApiErrorKind::Partial, format!("the incident was changed, but not commented: {error}"))
            .with_request_id(error.request_id().map(str::to_owned));
    partial.with_hint("add the comment alone with `incidents comment`; the change need not be repeated")
}
