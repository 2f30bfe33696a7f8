//! Running a query. The text goes out as it is: the service is the judge.

use defender_xdr_core::backend::Backend;
use defender_xdr_core::http::{Method, Repeatable};
use serde_json::json;

use super::result::HuntResult;
use crate::client::{Client, Request};
use crate::error::ApiError;
use crate::permissions::Operation;

impl Client {
    /// Runs an advanced hunting query over the last 30 days. The service gives at most 100,000 rows.
    ///
    /// # Errors
    /// [`crate::ApiErrorKind::BadRequest`] with the query engine's text when the query is wrong.
    pub async fn hunt(&self, query: &str) -> Result<HuntResult, ApiError> {
        if query.trim().is_empty() {
            return Err(ApiError::refused("the query is empty"));
        }
        let segments: &[&str] = match self.backend() {
            Backend::Graph => &["runHuntingQuery"],
            Backend::Legacy => &["advancedhunting", "run"],
        };
        let request = Request {
            operation: Operation::Hunt,
            method: Method::POST,
            url: self.endpoint().url(segments, &[]),
            json: Some(json!({ "Query": query })),
            // A query changes nothing, but every run is charged to the tenant's quota.
            repeatable: Repeatable::Dear,
            changes: None,
        };
        HuntResult::read(self.send(request).await?)
    }
}
