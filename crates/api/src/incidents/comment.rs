//! Commenting.

use defender_xdr_core::backend::Backend;
use defender_xdr_core::http::Method;
use serde::Deserialize;
use serde_json::json;

use super::change::IncidentChange;
use super::get::check_id;
use super::record::Incident;
use crate::client::{Client, Request};
use crate::error::{ApiError, ApiErrorKind};
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
        let answer =
            self.send(Request::write(Operation::CommentIncident, Method::POST, url, body, id)).await?;
        if thread_holds(&answer.body, comment) {
            return Ok(());
        }
        let what = format!("the answer does not show the comment: {}", answer.describe());
        Err(ApiError::new(ApiErrorKind::Unreadable, what).after_sending_a_change(id))
    }
}

/// Whether the answer is the thread with the new comment in it ("Create comment for incident": the whole thread comes
/// back). A gateway's page with status 200 is none.
pub(crate) fn thread_holds(body: &[u8], comment: &str) -> bool {
    #[derive(Deserialize)]
    struct Thread {
        value: Vec<Entry>,
    }
    #[derive(Deserialize)]
    struct Entry {
        #[serde(default)]
        comment: Option<String>,
    }
    let Ok(thread) = serde_json::from_slice::<Thread>(body) else { return false };
    // The service may cut or trim what it keeps; it does not write other words.
    let kept = |entry: &Entry| {
        let text = entry.comment.as_deref().unwrap_or_default().trim();
        !text.is_empty() && comment.trim().starts_with(text)
    };
    thread.value.iter().any(kept)
}

#[cfg(test)]
mod tests {
    use super::thread_holds;

    #[test]
    fn only_a_thread_with_the_comment_counts() {
        let thread = br#"{"value":[{"comment":"older"},{"comment":"please isolate"},{"comment":null}]}"#;
        assert!(thread_holds(thread, " please isolate\n"));
        for other in [
            &b"<html>login</html>"[..],
            b"",
            b"{}",
            br#"{"value":[]}"#,
            br#"{"value":[{"comment":"older"}]}"#,
        ] {
            assert!(!thread_holds(other, "please isolate"));
        }
    }
}
