//! Reading one alert.

use defender_xdr_core::Timestamp;
use defender_xdr_core::backend::Backend;
use defender_xdr_core::http::Answer;

use super::query::AlertQuery;
use super::record::Alert;
use crate::client::{Client, Request};
use crate::error::{ApiError, ApiErrorKind};
use crate::incidents::Extent;
use crate::permissions::Operation;

/// Where the legacy API is searched for an alert, which it shows only inside incidents. Graph needs no such help.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Whereabouts {
    /// In this incident.
    pub incident: Option<String>,
    /// In incidents changed at or after.
    pub since: Option<Timestamp>,
}

/// An alert that was read.
#[derive(Debug, Clone, PartialEq)]
pub struct FoundAlert {
    /// The server's own JSON text.
    pub raw: String,
    /// The alert.
    pub alert: Alert,
}

impl Client {
    /// Reads an alert.
    ///
    /// # Errors
    /// [`ApiErrorKind::NotFound`] when there is none or the caller may not see it; [`ApiErrorKind::Refused`] on the legacy
    /// API when it is not said where to look: it has no way to ask for one alert.
    pub async fn get_alert(&self, id: &str, place: &Whereabouts) -> Result<FoundAlert, ApiError> {
        check_id(id)?;
        if self.backend() == Backend::Graph {
            let url = self.endpoint().url(&["alerts_v2", id], &[]);
            return found(self.send(Request::read(Operation::GetAlert, url)).await?);
        }
        let searched = match (&place.incident, place.since) {
            (Some(incident), _) => format!("incident {incident} holds no alert {id}"),
            (None, Some(since)) => format!("no incident changed since {since:.0} holds an alert {id}"),
            (None, None) => {
                return Err(ApiError::refused(
                    "the legacy API shows alerts only inside incidents: say where to look for this one",
                )
                .with_hint(
                    "name the incident (`--incident ID`) or a time (`--since '7 days'`), or set \
                     `api = \"graph\"` (--api graph)",
                ));
            }
        };
        let query = AlertQuery {
            incident: place.incident.clone(),
            updated_since: place.since.filter(|_| place.incident.is_none()),
            extent: Extent::All,
            ..AlertQuery::default()
        };
        let mut list = self.list_alerts(&query);
        while let Some(listed) = list.next().await? {
            if let Ok(alert) = listed.alert
                && alert.id() == id
            {
                return Ok(FoundAlert { raw: listed.raw.to_owned(), alert });
            }
        }
        Err(ApiError::new(ApiErrorKind::NotFound, searched))
    }
}

/// An id that could only be a slip of the pen is refused before anything is sent; otherwise ids are opaque.
pub(super) fn check_id(id: &str) -> Result<(), ApiError> {
    // Dots alone would climb out of the collection: no escaping keeps them from it.
    let plausible = !["", ".", ".."].contains(&id)
        && !id.chars().any(|c| c.is_whitespace() || c.is_control() || c == '/');
    if plausible { Ok(()) } else { Err(ApiError::refused(format!("`{id}` is no alert id"))) }
}

/// Reads the body of Graph's answer that holds one alert.
pub(super) fn found(answer: Answer) -> Result<FoundAlert, ApiError> {
    let unreadable = |why: String| ApiError::new(ApiErrorKind::Unreadable, why);
    let raw = String::from_utf8(answer.body)
        .map_err(|_| unreadable(format!("the answer of {} is not text", answer.origin)))?;
    let alert = Alert::read(Backend::Graph, &raw).map_err(|error| {
        unreadable(format!("{} did not answer with an alert: {error}", answer.origin))
            .with_hint("check `endpoint` and `proxy`: something else may be answering")
    })?;
    Ok(FoundAlert { raw, alert })
}
