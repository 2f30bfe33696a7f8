//! Which alerts to list: Graph filters all of it, and what comes out of incidents is filtered here.

use defender_xdr_core::Timestamp;
use defender_xdr_core::backend::Backend;

use super::record::Alert;
use crate::error::ApiError;
use crate::incidents::Extent;
use crate::incidents::query::{any_of, quoted};
use crate::words::{ALERT_STATUS, SERVICE_SOURCE, SEVERITY, Vocabulary};

/// Which alerts to list. Words are Graph's, in any case.
#[derive(Debug, Clone)]
pub struct AlertQuery {
    /// Any of these statuses; empty means all.
    pub status: Vec<String>,
    /// Any of these severities; empty means all.
    pub severity: Vec<String>,
    /// Any of these products; empty means all.
    pub service_source: Vec<String>,
    /// The owner's user principal name.
    pub assigned_to: Option<String>,
    /// Created at or after; whole seconds count.
    pub created_since: Option<Timestamp>,
    /// Last changed at or after; whole seconds count.
    pub updated_since: Option<Timestamp>,
    /// Only those of this incident.
    pub incident: Option<String>,
    /// An OData filter in Graph's own words, sent as it is.
    pub filter: Option<String>,
    /// How many to skip.
    pub offset: usize,
    /// How many to list.
    pub extent: Extent,
}

impl Default for AlertQuery {
    fn default() -> Self {
        Self {
            status: Vec::new(),
            severity: Vec::new(),
            service_source: Vec::new(),
            assigned_to: None,
            created_since: None,
            updated_since: None,
            incident: None,
            filter: None,
            offset: 0,
            extent: Extent::AtMost(100),
        }
    }
}

impl AlertQuery {
    /// Why an API can never answer this query.
    pub(super) fn impossible(&self, backend: Backend) -> Option<ApiError> {
        self.filter.as_ref()?;
        let refused =
            |message: &str, hint: &str| Some(ApiError::refused(message).with_hint(hint).about("filter"));
        match (backend, &self.incident) {
            (Backend::Legacy, _) => refused(
                "the legacy API has no list of alerts that an OData filter could be sent to",
                "use the other options, or set `api = \"graph\"` (--api graph)",
            ),
            (Backend::Graph, Some(_)) => refused(
                "the alerts of one incident come with it, and no OData filter is applied to them",
                "use the other options, or leave out `--incident`",
            ),
            (Backend::Graph, None) => None,
        }
    }

    /// The `$filter` of Graph's collection of alerts.
    pub(super) fn graph_filter(&self) -> Option<String> {
        let words = |property: &str, words: &[String], vocabulary: Vocabulary| {
            any_of(property, words.iter().map(|word| vocabulary.graph(word).into_owned()))
        };
        let mut terms = Vec::new();
        terms.extend(words("status", &self.status, ALERT_STATUS));
        terms.extend(words("severity", &self.severity, SEVERITY));
        terms.extend(words("serviceSource", &self.service_source, SERVICE_SOURCE));
        terms.extend(self.assigned_to.as_ref().map(|owner| format!("assignedTo eq {}", quoted(owner))));
        terms.extend(self.created_since.map(|at| format!("createdDateTime ge {at:.0}")));
        terms.extend(self.updated_since.map(|at| format!("lastUpdateDateTime ge {at:.0}")));
        terms.extend(self.filter.as_ref().map(|filter| format!("({filter})")));
        (!terms.is_empty()).then(|| terms.join(" and "))
    }

    /// Whether an alert out of an incident is asked for. A time that cannot be read keeps no alert away.
    pub(super) fn accepts(&self, alert: &Alert) -> bool {
        let is_one_of = |words: &[String], name: &str, vocabulary: Vocabulary| {
            let has = alert.text(name).unwrap_or_default();
            words.is_empty() || words.iter().any(|word| vocabulary.graph(word).eq_ignore_ascii_case(has))
        };
        let since = |wanted: Option<Timestamp>, has: Option<Timestamp>| match (wanted, has) {
            (Some(wanted), Some(has)) => has.as_second() >= wanted.as_second(),
            _ => true,
        };
        let owned = self
            .assigned_to
            .as_ref()
            .is_none_or(|owner| alert.text("assignedTo").is_some_and(|has| has.eq_ignore_ascii_case(owner)));
        owned
            && is_one_of(&self.status, "status", ALERT_STATUS)
            && is_one_of(&self.severity, "severity", SEVERITY)
            && is_one_of(&self.service_source, "serviceSource", SERVICE_SOURCE)
            && since(self.created_since, alert.created())
            && since(self.updated_since, alert.updated())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query() -> AlertQuery {
        AlertQuery {
            status: vec!["New".into(), "inprogress".into()],
            severity: vec!["high".into()],
            service_source: vec!["MicrosoftDefenderATP".into()],
            assigned_to: Some("o'neil@aurora-lab.example".into()),
            created_since: Some("2026-09-01T00:00:00.9Z".parse().expect("a time")),
            filter: Some("a eq 1 or b eq 2".into()),
            ..AlertQuery::default()
        }
    }

    #[test]
    fn graph_answers_the_whole_query() {
        assert_eq!(
            query().graph_filter().as_deref(),
            Some(
                "(status eq 'new' or status eq 'inProgress') and severity eq 'high' and \
                 serviceSource eq 'microsoftDefenderForEndpoint' and assignedTo eq 'o''neil@aurora-lab.example' and \
                 createdDateTime ge 2026-09-01T00:00:00Z and (a eq 1 or b eq 2)"
            )
        );
        assert_eq!(AlertQuery::default().graph_filter(), None);
    }

    #[test]
    fn alerts_out_of_incidents_are_filtered_alike() {
        let alert = |status: &str, created: &str| {
            let json = format!(
                r#"{{"alertId":"a","severity":"High","status":"{status}","serviceSource":"MicrosoftDefenderATP",
                "assignedTo":"O'Neil@aurora-lab.example","creationTime":"{created}"}}"#
            );
            Alert::read(Backend::Legacy, &json).expect("readable")
        };
        assert!(query().accepts(&alert("Active", "2026-09-01T00:00:00.1Z")));
        assert!(!query().accepts(&alert("Active", "2026-08-31T23:59:59.9Z")));
        assert!(!query().accepts(&alert("Resolved", "2026-09-02T00:00:00Z")));
        assert!(query().accepts(&alert("New", "no time")));
        let nobodys = Alert::read(Backend::Legacy, r#"{"alertId":"a","severity":"High","status":"New"}"#);
        assert!(!query().accepts(&nobodys.expect("readable")));
    }

    #[test]
    fn an_odata_filter_is_refused_where_nobody_would_apply_it() {
        assert!(query().impossible(Backend::Graph).is_none());
        assert!(query().impossible(Backend::Legacy).is_some());
        let of_incident = AlertQuery { incident: Some("7".into()), ..query() };
        assert!(of_incident.impossible(Backend::Graph).is_some());
        assert!(AlertQuery { filter: None, ..of_incident }.impossible(Backend::Legacy).is_none());
    }
}
