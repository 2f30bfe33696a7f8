//! Reading one incident.

use defender_xdr_core::backend::Backend;
use defender_xdr_core::http::{Answer, Repeatable};
use serde_json::{Map, Value};

use super::record::Incident;
use crate::client::{Client, Request};
use crate::envelope::unreadable;
use crate::error::{ApiError, ApiErrorKind};
use crate::permissions::Operation;

/// An incident of that many pages of alerts is a circle.
const MOST_ALERT_PAGES: usize = 100;

impl Client {
    /// Reads an incident with its alerts.
    ///
    /// # Errors
    /// [`ApiErrorKind::NotFound`] when there is none or the caller may not see it.
    pub async fn get_incident(&self, id: &str) -> Result<Incident, ApiError> {
        let mut fields = fields(&self.fetch_incident(id, true).await?)?;
        self.complete_alerts(&mut fields).await?;
        from_fields(self, fields)
    }

    /// The incident with the alerts that its list was too short for. Nothing is sent when all are there.
    ///
    /// # Errors
    /// The service's own.
    pub async fn with_all_alerts(&self, incident: Incident) -> Result<Incident, ApiError> {
        let mut fields = incident.into_fields();
        self.complete_alerts(&mut fields).await?;
        from_fields(self, fields)
    }

    /// An expanded list may come in pages of its own: a link beside it leads to the rest.
    async fn complete_alerts(&self, incident: &mut Map<String, Value>) -> Result<(), ApiError> {
        for _ in 0..MOST_ALERT_PAGES {
            let Some(Value::String(link)) = incident.shift_remove("alerts@odata.nextLink") else {
                return Ok(());
            };
            let url = self.own_link(&link)?;
            let mut page = fields(&self.send(Request::read(Operation::GetIncident, url)).await?)?;
            if let (Some(Value::Array(alerts)), Some(Value::Array(more))) =
                (incident.get_mut("alerts"), page.get_mut("value"))
            {
                alerts.append(more);
            }
            if let Some(next) = page.shift_remove("@odata.nextLink") {
                incident.insert("alerts@odata.nextLink".to_owned(), next);
            }
        }
        Err(ApiError::new(ApiErrorKind::Circle, format!("the alerts go on after {MOST_ALERT_PAGES} pages")))
    }

    /// The server's own JSON text of an incident with its alerts.
    ///
    /// # Errors
    /// As [`Client::get_incident`].
    pub async fn get_incident_raw(&self, id: &str) -> Result<String, ApiError> {
        let answer = self.fetch_incident(id, true).await?;
        incident(self, &answer)?;
        String::from_utf8(answer.body)
            .map_err(|_| ApiError::new(ApiErrorKind::Unreadable, "the answer is not text"))
    }

    pub(crate) async fn fetch_incident(&self, id: &str, alerts: bool) -> Result<Answer, ApiError> {
        check_id(self.backend(), id)?;
        let expanded = alerts && self.backend() == Backend::Graph;
        if !expanded {
            return self.bare_incident(id).await;
        }
        let url = self.endpoint().url(&["incidents", id], &[("$expand", "alerts".to_owned())]);
        let mut whole = Request::read(Operation::GetIncident, url);
        whole.repeatable = Repeatable::Dear;
        match self.send(whole).await {
            Err(error) if too_much(error.kind()) => {
                let bare = self.bare_incident(id).await?;
                let text = String::from_utf8_lossy(&bare.body);
                let whole = self.with_alerts_apart(id, &text).await?;
                Ok(Answer { body: whole.into_bytes(), ..bare })
            }
            other => other,
        }
    }

    async fn bare_incident(&self, id: &str) -> Result<Answer, ApiError> {
        let url = self.endpoint().url(&["incidents", id], &[]);
        self.send(Request::read(Operation::GetIncident, url)).await
    }
}

/// Whether an incident that fails with its alerts may come without them.
fn too_much(kind: ApiErrorKind) -> bool {
    matches!(kind, ApiErrorKind::Unavailable | ApiErrorKind::Unreachable)
}

/// An id that could only be a slip of the pen is refused before anything is sent.
pub(super) fn check_id(backend: Backend, id: &str) -> Result<(), ApiError> {
    let plausible = match backend {
        Backend::Graph => {
            // Dots alone would climb out of the collection: no escaping keeps them from it.
            !["", ".", ".."].contains(&id)
                && !id.chars().any(|c| c.is_whitespace() || c.is_control() || c == '/')
        }
        Backend::Legacy => !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit()),
    };
    if plausible { Ok(()) } else { Err(ApiError::refused(format!("`{id}` is no incident id"))) }
}

/// Reads the body of an answer that holds one incident.
pub(super) fn incident(client: &Client, answer: &Answer) -> Result<Incident, ApiError> {
    from_fields(client, fields(answer)?)
}

fn fields(answer: &Answer) -> Result<Map<String, Value>, ApiError> {
    serde_json::from_slice(&answer.body).map_err(|error| unreadable(answer, &error))
}

fn from_fields(client: &Client, fields: Map<String, Value>) -> Result<Incident, ApiError> {
    let fields = fields.into_iter().filter(|(name, _)| name != "@odata.context").collect();
    Incident::from_fields(client.backend(), fields)
        .map_err(|error| ApiError::new(ApiErrorKind::Unreadable, error.to_string()))
}
