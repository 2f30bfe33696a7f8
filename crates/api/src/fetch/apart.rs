//! What a page could not bring is fetched apart: an incident with its alerts, or the alerts alone.

use defender_xdr_core::http::{Repeatable, Url};
use serde_json::{Map, Value};

use crate::client::{Client, Request};
use crate::envelope::{RawPage, unreadable};
use crate::error::{ApiError, ApiErrorKind};
use crate::permissions::Operation;

/// The alerts of one incident are on no more pages than this.
const MOST_PAGES: usize = 64;

impl Client {
    /// One page. An expanded one is repeated once only: what fails again is asked for in smaller pieces.
    pub(super) async fn page(&self, url: Url, dear: bool) -> Result<RawPage, ApiError> {
        let mut request = Request::read(Operation::ListIncidents, url);
        if dear {
            request.repeatable = Repeatable::Dear;
        }
        RawPage::read(self.send(request).await?)
    }

    /// An incident with its alerts, from a request of its own, or from one for the alerts alone.
    pub(super) async fn incident_with_alerts(&self, id: &str, bare: &str) -> Result<String, ApiError> {
        let expand = [("$expand", "alerts".to_owned())];
        let mut whole =
            Request::read(Operation::GetIncident, self.endpoint().url(&["incidents", id], &expand));
        whole.repeatable = Repeatable::Dear;
        match self.send(whole).await {
            Ok(answer) => {
                let mut fields: Map<String, Value> =
                    serde_json::from_slice(&answer.body).map_err(|error| unreadable(&answer, &error))?;
                // In a list it stands beside the records, not in them.
                fields.shift_remove("@odata.context");
                return Ok(Value::Object(fields).to_string());
            }
            Err(error) if error.kind() != ApiErrorKind::Unavailable => return Err(error),
            Err(_) => {}
        }
        let mut url = self.endpoint().url(&["incidents", id, "alerts"], &[]);
        let mut alerts = Vec::new();
        for _ in 0..MOST_PAGES {
            let page = self.page(url, true).await?;
            alerts.extend((0..page.len()).map(|index| page.record(index).to_owned()));
            let Some(link) = &page.next_link else { break };
            url = self.own_link(link)?;
        }
        Ok(with_member(bare, "alerts", &format!("[{}]", alerts.join(","))))
    }
}

/// An object with one more member at its end.
fn with_member(object: &str, name: &str, value: &str) -> String {
    let body = object.trim_end().strip_suffix('}').unwrap_or(object).trim_end();
    let comma = if body.ends_with('{') { "" } else { "," };
    format!("{body}{comma}\"{name}\":{value}}}")
}

#[cfg(test)]
mod tests {
    use super::with_member;

    #[test]
    fn alerts_are_added_to_an_object_as_it_came() {
        assert_eq!(with_member("{\"id\":\"7\" }\n", "alerts", "[1]"), r#"{"id":"7","alerts":[1]}"#);
        assert_eq!(with_member("{}", "alerts", "[]"), r#"{"alerts":[]}"#);
    }
}
