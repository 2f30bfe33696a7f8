//! Sending a change.

use defender_xdr_core::backend::Backend;
use defender_xdr_core::http::Method;
use serde_json::Value;

use super::change::{IncidentChange, check_pair};
use super::get::{check_id, incident};
use super::record::Incident;
use crate::client::{Client, Request};
use crate::error::{ApiError, ApiErrorKind};
use crate::permissions::Operation;

impl Client {
    /// Changes an incident and returns it as it is then (without alerts on Graph).
    ///
    /// On Graph a comment is a second call, made after the change: when only that one fails, the error is
    /// [`ApiErrorKind::Partial`].
    ///
    /// # Errors
    /// [`ApiErrorKind::Refused`] before anything is sent; then the service's own.
    pub async fn update_incident(&self, id: &str, change: IncidentChange) -> Result<Incident, ApiError> {
        check_id(self.backend(), id)?;
        let mut change = change.checked(self.backend())?;
        let mut tags = change.tags.as_ref().map(|tags| tags.apply(&[]));
        if change.needs_current() {
            let current = incident(self, &self.fetch_incident(id, false).await?)?;
            tags = change.tags.as_ref().map(|tags| tags.apply(&current.tags()));
            if let (Some(determination), None) = (&change.determination, &change.classification) {
                // Both are sent together, so the pair is checked with the classification it will have.
                let classification = current.text("classification").unwrap_or("unknown").to_owned();
                check_pair(&classification, determination)?;
                change.classification = Some(classification);
            }
        }
        let mut members = change.members(self.backend(), tags.as_deref());
        match (self.backend(), &change.comment) {
            (Backend::Legacy, Some(comment)) => {
                members.insert("comment".to_owned(), comment.as_str().into());
                self.patch(id, Value::Object(members)).await
            }
            (Backend::Graph, Some(comment)) if members.is_empty() => {
                self.post_comment(id, comment).await?;
                self.read_back(id).await
            }
            (Backend::Graph, Some(comment)) => {
                self.patch(id, Value::Object(members)).await?;
                self.post_comment(id, comment).await.map_err(|error| partial(&error))?;
                self.read_back(id).await
            }
            (_, None) => self.patch(id, Value::Object(members)).await,
        }
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
            self.send(Request::write(Operation::UpdateIncident, Method::PATCH, url, members)).await?;
        incident(self, &answer)
    }
}

fn partial(error: &ApiError) -> ApiError {
    let partial =
        ApiError::new(ApiErrorKind::Partial, format!("the incident was changed, but not commented: {error}"))
            .with_request_id(error.request_id().map(str::to_owned));
    partial.with_hint("add the comment alone with `incidents comment`; the change need not be repeated")
}
