//! Running a query. The text goes out as it is: the service is the judge.

use defender_xdr_core::backend::Backend;
use defender_xdr_core::http::{Method, Received, Repeatable};
use serde_json::json;

use super::stream::HuntStream;
use crate::client::{Client, Request};
use crate::error::{ApiError, ApiErrorKind};
use crate::permissions::Operation;

/// The most rows one answer has (Microsoft Learn, "Advanced hunting service limits"). One with exactly as many may have
/// been cut.
pub const MOST_ROWS: usize = 100_000;

/// A query and how far back it looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HuntQuery<'a> {
    /// KQL.
    pub text: &'a str,
    /// ISO 8601: `P7D`, `start/end`, `P7D/end`, `start/P7D`, or a start. If the query looks at times as well, the shorter
    /// window counts. Graph alone knows it; without it, it is 30 days.
    pub timespan: Option<&'a str>,
}

impl<'a> From<&'a str> for HuntQuery<'a> {
    fn from(text: &'a str) -> Self {
        Self { text, timespan: None }
    }
}

impl Client {
    /// Runs an advanced hunting query over the last 30 days. The service gives at most [`MOST_ROWS`].
    ///
    /// # Errors
    /// [`crate::ApiErrorKind::BadRequest`] with the query engine's text when the query is wrong,
    /// [`crate::ApiErrorKind::Refused`] when it is empty, or has a timespan that this API does not know.
    pub async fn hunt(&self, query: impl Into<HuntQuery<'_>>) -> Result<HuntStream, ApiError> {
        let HuntQuery { text, timespan } = query.into();
        if text.trim().is_empty() {
            return Err(ApiError::refused("the query is empty"));
        }
        let segments: &[&str] = match self.backend() {
            Backend::Graph => &["runHuntingQuery"],
            Backend::Legacy => &["advancedhunting", "run"],
        };
        let json = match (timespan, self.backend()) {
            (None, _) => json!({ "Query": text }),
            (Some(timespan), Backend::Graph) => json!({ "Query": text, "Timespan": timespan }),
            (Some(_), Backend::Legacy) => {
                return Err(ApiError::refused("the legacy API knows no timespan for a query")
                    .with_hint(
                        "filter in the query, such as `| where Timestamp > ago(3d)`, or set `api = \"graph\"` (--api graph)",
                    )
                    .about("timespan"));
            }
        };
        let request = Request {
            operation: Operation::Hunt,
            method: Method::POST,
            url: self.endpoint().url(segments, &[]),
            json: Some(json),
            // A query changes nothing, but every run is charged to the tenant's quota.
            repeatable: Repeatable::Dear,
            changes: None,
        };
        match self.send_streamed(request).await? {
            Received::Arriving(arriving) => Ok(HuntStream::new(arriving)),
            // A success is left to its reader.
            Received::Whole(answer) => Err(ApiError::new(ApiErrorKind::Unreadable, answer.describe())),
        }
    }
}
