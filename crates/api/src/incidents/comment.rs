//! Commenting.

use defender_xdr_core::backend::Backend;
use defender_xdr_core::http::Method;
use serde_json::json;

use super::change::IncidentChange;
use super::get::check_id;
use super::record::Incident;
use crate::client::{Client, Request};
use crate::error::ApiError;
use crate::permissions::Operation;

impl Client {
    /// Adds a comment and returns the incident with its whole thread. Comments cannot be edited or deleted, and
    /// neither API notices a repeated one, so this is sent again only if it certainly did not arrive.
    ///
    /// # Errors
    /// [`crate::ApiErrorKind::Refused`] for an empty comment; then the service's own.
    pub async fn comment_incident(&self, id: &str, comment: &str) -> Result<Incident, ApiError> {
        check_id(self.backend(), id)?;
        let change = IncidentChange { comment: Some(comment.to_owned()), ..IncidentChange::default() };
        match self.backend() {
            Backend::Legacy => self.update_incident(id, change).await,
            Backend::Graph => {
                change.checked(self.backend())?;
                self.post_comment(id, comment).await?;
                self.read_back(id).await
            }
        }
    }

    pub(super) async fn post_comment(&self, id: &str, comment: &str) -> Result<(), ApiError> {
        let url = self.endpoint().url(&["incidents", id, "comments"], &[]);
        let body = json!({ "@odata.type": "microsoft.graph.security.alertComment", "comment": comment });
        self.send(Request::write(Operation::CommentIncident, Method::POST, url, body, id)).await.map(drop)
    }
}
