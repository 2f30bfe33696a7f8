//! What a page could not bring is fetched apart: an incident with its alerts, or the alerts alone.

use std::borrow::Cow;
use std::fmt;

use defender_xdr_core::http::{Repeatable, Url};
use serde::Deserializer as _;
use serde::de::{MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::client::{Client, Request};
use crate::envelope::{RawPage, other_shape};
use crate::error::{ApiError, ApiErrorKind};
use crate::permissions::Operation;

/// The alerts of one incident are on no more pages than this.
const MOST_PAGES: usize = 64;

impl Client {
    /// One page. An expanded one is repeated once only: what fails again is asked for in smaller pieces.
    pub(crate) async fn page(&self, url: Url, dear: bool) -> Result<RawPage, ApiError> {
        let mut request = Request::read(Operation::ListIncidents, url);
        if dear {
            request.repeatable = Repeatable::Dear;
        }
        RawPage::read(self.send(request).await?)
    }

    /// An incident with its alerts, from a request of its own, or from one for the alerts alone.
    pub(crate) async fn incident_with_alerts(&self, id: &str, bare: &str) -> Result<String, ApiError> {
        let expand = [("$expand", "alerts".to_owned())];
        let mut whole =
            Request::read(Operation::GetIncident, self.endpoint().url(&["incidents", id], &expand));
        whole.repeatable = Repeatable::Dear;
        match self.send(whole).await {
            Ok(answer) => {
                let text = String::from_utf8(answer.body)
                    .map_err(|error| other_shape(&answer.origin, &error.to_string()))?;
                return self.with_further_alerts(&text).await;
            }
            Err(error) if error.kind() != ApiErrorKind::Unavailable => return Err(error),
            Err(_) => {}
        }
        self.with_alerts_apart(id, bare).await
    }

    /// The same incident with the alerts from a request for them alone.
    pub(super) async fn with_alerts_apart(&self, id: &str, bare: &str) -> Result<String, ApiError> {
        let url = self.endpoint().url(&["incidents", id, "alerts"], &[]);
        let mut members = members(bare)?;
        let alerts = self.alerts_from(url, Vec::new()).await?;
        members.retain(|(name, _)| name != ALERTS);
        Ok(object(&members, &alerts))
    }

    /// The same incident with the alerts that its own link leads to.
    pub(crate) async fn with_further_alerts(&self, text: &str) -> Result<String, ApiError> {
        let mut members = members(text)?;
        // In a list it stands beside the records, not in them.
        members.retain(|(name, _)| name != "@odata.context");
        let place = |wanted: &str| members.iter().position(|(name, _)| name == wanted);
        let Some(link) = place("alerts@odata.nextLink") else {
            return Ok(joined(members.iter().map(|(name, value)| (&**name, value.get()))));
        };
        let (_, link) = members.remove(link);
        let link: String = serde_json::from_str(link.get()).map_err(|error| unlike_an_incident(&error))?;
        let here = members.iter().position(|(name, _)| name == ALERTS).map(|place| members.remove(place).1);
        let here: Vec<&RawValue> = match here {
            Some(alerts) => serde_json::from_str(alerts.get()).map_err(|error| unlike_an_incident(&error))?,
            None => Vec::new(),
        };
        let here = here.iter().map(|alert| alert.get().to_owned()).collect();
        let alerts = self.alerts_from(self.own_link(&link)?, here).await?;
        Ok(object(&members, &alerts))
    }

    /// Alerts from a page on.
    async fn alerts_from(&self, mut url: Url, mut alerts: Vec<String>) -> Result<Vec<String>, ApiError> {
        for _ in 0..MOST_PAGES {
            let page = self.page(url, true).await?;
            alerts.extend((0..page.len()).map(|index| page.record(index).to_owned()));
            let Some(link) = &page.next_link else { return Ok(alerts) };
            url = self.own_link(link)?;
        }
        Err(ApiError::new(ApiErrorKind::Circle, format!("the alerts go on after {MOST_PAGES} pages")))
    }
}

const ALERTS: &str = "alerts";

/// A member's name, and its value as it came.
type Member<'a> = (Cow<'a, str>, &'a RawValue);

/// The members of an object in their order, untouched.
fn members(text: &str) -> Result<Vec<Member<'_>>, ApiError> {
    let mut reader = serde_json::Deserializer::from_str(text);
    reader.deserialize_map(Members).map_err(|error| unlike_an_incident(&error))
}

struct Members;

#[derive(serde::Deserialize)]
struct Name<'a>(#[serde(borrow)] Cow<'a, str>);

impl<'de> Visitor<'de> for Members {
    type Value = Vec<Member<'de>>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an incident")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut members = Vec::new();
        while let Some((Name(name), value)) = map.next_entry()? {
            members.push((name, value));
        }
        Ok(members)
    }
}

/// An object of members, with alerts at its end.
fn object(members: &[Member<'_>], alerts: &[String]) -> String {
    let alerts = format!("[{}]", alerts.join(","));
    let members = members.iter().map(|(name, value)| (&**name, value.get()));
    joined(members.chain([(ALERTS, alerts.as_str())]))
}

fn joined<'a>(members: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    // A text always serialises.
    let member = |(name, value)| format!("{}:{value}", serde_json::to_string(name).unwrap_or_default());
    format!("{{{}}}", members.map(member).collect::<Vec<_>>().join(","))
}

fn unlike_an_incident(error: &serde_json::Error) -> ApiError {
    ApiError::new(ApiErrorKind::Unreadable, format!("an incident cannot be read: {error}"))
}

#[cfg(test)]
mod tests {
    use super::{members, object};

    #[test]
    fn alerts_are_added_to_an_object_as_it_came() {
        let text = "{ \"id\":\"7\", \"n\": 123456789012345678901234567890 }\n";
        let alerts = ["{\"a\":1.50}".to_owned()];
        let whole = object(&members(text).expect("an object"), &alerts);
        assert_eq!(whole, r#"{"id":"7","n":123456789012345678901234567890,"alerts":[{"a":1.50}]}"#);
        assert_eq!(object(&[], &[]), r#"{"alerts":[]}"#);
        assert!(members("[]").is_err());
    }
}
