//! Changing an alert and commenting on it. Graph only.

use defender_xdr_core::backend::Backend;
use defender_xdr_core::http::Method;
use serde_json::{Value, json};

use super::change::AlertChange;
use super::get::{Whereabouts, check_id, found};
use super::record::Alert;
use crate::client::{Client, Request};
use crate::error::{ApiError, ApiErrorKind};
use crate::incidents::change::check_pair;
use crate::incidents::comment::thread_holds;
use crate::permissions::Operation;

impl Client {
    /// Changes an alert and returns it as it is then.
    ///
    /// # Errors
    /// [`ApiErrorKind::Refused`] before anything is sent, always on the legacy API; then the service's own.
    pub async fn update_alert(&self, id: &str, change: AlertChange) -> Result<Alert, ApiError> {
        self.require_graph("changes")?;
        check_id(id)?;
        let mut change = change.checked()?;
        if let (true, Some(determination)) = (change.needs_current(), &change.determination) {
            let current = self.get_alert(id, &Whereabouts::default()).await?.alert;
            let classification = current.text("classification").unwrap_or("unknown").to_owned();
            check_pair(&classification, determination)?;
            change.classification = Some(classification);
        }
        let url = self.endpoint().url(&["alerts_v2", id], &[]);
        let body = Value::Object(change.members());
        let answer = self.send(Request::write(Operation::UpdateAlert, Method::PATCH, url, body, id)).await?;
        let changed =
            found(answer).map_err(|error| error.after_sending(Operation::UpdateAlert.shown_by(), id))?;
        Ok(changed.alert)
    }

    /// Adds a comment and returns the alert with its whole thread. Comments cannot be edited or deleted, and a repeated one
    /// is not noticed, so this is sent again only if it certainly did not arrive.
    ///
    /// # Errors
    /// [`ApiErrorKind::Refused`] for an empty comment, and always on the legacy API; then the service's own.
    pub async fn comment_alert(&self, id: &str, comment: &str) -> Result<Alert, ApiError> {
        self.require_graph("comments")?;
        check_id(id)?;
        if comment.trim().is_empty() {
            return Err(ApiError::refused("the comment is empty"));
        }
        let url = self.endpoint().url(&["alerts_v2", id, "comments"], &[]);
        let body = json!({ "@odata.type": "microsoft.graph.security.alertComment", "comment": comment });
        let answer = self.send(Request::write(Operation::CommentAlert, Method::POST, url, body, id)).await?;
        if !thread_holds(&answer.body, comment) {
            let what = format!("the answer does not show the comment: {}", answer.describe());
            return Err(ApiError::new(ApiErrorKind::Unreadable, what)
                .after_sending(Operation::CommentAlert.shown_by(), id));
        }
        // The comment is there: failing to see it must not invite a second one.
        self.get_alert(id, &Whereabouts::default()).await.map(|found| found.alert).map_err(|error| {
            ApiError::new(
                ApiErrorKind::Partial,
                format!("the comment was added, but the alert cannot be read back: {error}"),
            )
            .with_request_id(error.request_id().map(str::to_owned))
            .with_hint("do not repeat the comment; `alerts get` shows it when reading works again")
        })
    }

    fn require_graph(&self, what: &str) -> Result<(), ApiError> {
        if self.backend() == Backend::Graph {
            return Ok(());
        }
        Err(ApiError::refused(format!(
            "the legacy API takes no {what} of alerts: there, only the incident that holds one can be changed"
        ))
        .with_hint("set `api = \"graph\"` (--api graph), or change the incident with `incidents update`"))
    }
}
