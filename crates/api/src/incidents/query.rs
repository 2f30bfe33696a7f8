//! Which incidents to list: typed filters, translated for each API; what an API cannot filter is filtered here.

use defender_xdr_core::Timestamp;
use defender_xdr_core::backend::Backend;

use super::record::Incident;
use crate::error::ApiError;
use crate::words::{SEVERITY, STATUS};

/// How many to list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// At most this many.
    AtMost(usize),
    /// All there are.
    All,
}

/// Which incidents to list. Words are Graph's, in any case.
#[derive(Debug, Clone)]
pub struct IncidentQuery {
    /// Any of these statuses; empty means all.
    pub status: Vec<String>,
    /// Any of these severities; empty means all.
    pub severity: Vec<String>,
    /// The owner's user principal name.
    pub assigned_to: Option<String>,
    /// Created at or after.
    pub created_since: Option<Timestamp>,
    /// Last changed at or after.
    pub updated_since: Option<Timestamp>,
    /// An OData filter in the API's own words, sent as it is.
    pub filter: Option<String>,
    /// How many to skip.
    pub offset: usize,
    /// How many to list.
    pub extent: Extent,
    /// Whether Graph is asked for each incident's alerts. The legacy API always sends them.
    pub expand_alerts: bool,
}

impl Default for IncidentQuery {
    fn default() -> Self {
        Self {
            status: Vec::new(),
            severity: Vec::new(),
            assigned_to: None,
            created_since: None,
            updated_since: None,
            filter: None,
            offset: 0,
            extent: Extent::AtMost(100),
            expand_alerts: false,
        }
    }
}

/// The part of a query that the API cannot answer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Remainder {
    pub(crate) status: Vec<String>,
    pub(crate) severity: Vec<String>,
}

impl Remainder {
    pub(crate) fn is_empty(&self) -> bool {
        self.status.is_empty() && self.severity.is_empty()
    }

    pub(crate) fn accepts(&self, incident: &Incident) -> bool {
        let is_one_of = |words: &[String], name: &str| {
            let word = incident.text(name).unwrap_or_default();
            words.is_empty() || words.iter().any(|wanted| wanted.eq_ignore_ascii_case(word))
        };
        is_one_of(&self.status, "status") && is_one_of(&self.severity, "severity")
    }
}

/// OData text: quotes are doubled (OData 4.01 ABNF, `SQUOTE-in-string`).
pub(crate) fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// `property` equal to one of some words.
pub(crate) fn any_of(property: &str, words: impl Iterator<Item = String>) -> Option<String> {
    let terms: Vec<_> = words.map(|word| format!("{property} eq {}", quoted(&word))).collect();
    match terms.as_slice() {
        [] => None,
        [single] => Some(single.clone()),
        several => Some(format!("({})", several.join(" or "))),
    }
}

impl IncidentQuery {
    /// Why an API can never answer this query.
    pub(crate) fn impossible(&self, backend: Backend) -> Option<ApiError> {
        let waits = self.status.iter().any(|word| STATUS.known(word) == Some("awaitingAction"));
        (backend == Backend::Legacy && waits).then(|| {
            ApiError::refused(
                "the legacy API does not know the status awaitingAction: it shows such incidents as active",
            )
            .with_hint("set `api = \"graph\"` (--api graph), or list those that are active")
            .about("status")
        })
    }

    /// The `$filter` for an API, and what is left to filter here.
    ///
    /// The legacy API filters by one status and by no severity at all.
    pub(crate) fn translate(&self, backend: Backend) -> (Option<String>, Remainder) {
        let (created, updated) = match backend {
            Backend::Graph => ("createdDateTime", "lastUpdateDateTime"),
            Backend::Legacy => ("createdTime", "lastUpdateTime"),
        };
        let mut remainder = Remainder::default();
        let mut terms = Vec::new();
        match backend {
            Backend::Graph => {
                terms
                    .extend(any_of("status", self.status.iter().map(|word| STATUS.graph(word).into_owned())));
                terms.extend(any_of(
                    "severity",
                    self.severity.iter().map(|word| SEVERITY.graph(word).into_owned()),
                ));
            }
            Backend::Legacy => {
                match self.status.as_slice() {
                    [word] => terms.extend(any_of("status", [STATUS.legacy(word).into_owned()].into_iter())),
                    words => {
                        remainder.status = words.iter().map(|word| STATUS.graph(word).into_owned()).collect();
                    }
                }
                remainder.severity =
                    self.severity.iter().map(|word| SEVERITY.graph(word).into_owned()).collect();
            }
        }
        terms.extend(self.assigned_to.as_ref().map(|owner| format!("assignedTo eq {}", quoted(owner))));
        terms.extend(self.created_since.map(|at| format!("{created} ge {at:.0}")));
        terms.extend(self.updated_since.map(|at| format!("{updated} ge {at:.0}")));
        match (&self.filter, terms.is_empty()) {
            (Some(filter), true) => terms.push(filter.clone()),
            (Some(filter), false) => terms.push(format!("({filter})")),
            (None, _) => {}
        }
        let filter = (!terms.is_empty()).then(|| terms.join(" and "));
        (filter, remainder)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query() -> IncidentQuery {
        IncidentQuery {
            status: vec!["active".into(), "inprogress".into()],
            severity: vec!["high".into()],
            assigned_to: Some("o'neil@aurora-lab.example".into()),
            created_since: Some("2026-09-01T00:00:00Z".parse().expect("a time")),
            filter: Some("a eq 1 or b eq 2".into()),
            ..IncidentQuery::default()
        }
    }

    #[test]
    fn graph_answers_the_whole_query() {
        let (filter, remainder) = query().translate(Backend::Graph);
        assert_eq!(
            filter.as_deref(),
            Some(
                "(status eq 'active' or status eq 'inProgress') and severity eq 'high' and \
                 assignedTo eq 'o''neil@aurora-lab.example' and createdDateTime ge 2026-09-01T00:00:00Z and (a eq 1 or b eq 2)"
            )
        );
        assert!(remainder.is_empty());
    }

    #[test]
    fn what_the_legacy_api_cannot_filter_is_filtered_here() {
        let (filter, remainder) = query().translate(Backend::Legacy);
        assert_eq!(
            filter.as_deref(),
            Some(
                "assignedTo eq 'o''neil@aurora-lab.example' and createdTime ge 2026-09-01T00:00:00Z and (a eq 1 or b eq 2)"
            )
        );
        assert_eq!(
            remainder,
            Remainder { status: vec!["active".into(), "inProgress".into()], severity: vec!["high".into()] }
        );
        let one = IncidentQuery { status: vec!["resolved".into()], ..IncidentQuery::default() };
        assert_eq!(
            one.translate(Backend::Legacy),
            (Some("status eq 'Resolved'".into()), Remainder::default())
        );
    }

    #[test]
    fn the_remainder_reads_graphs_words() {
        let remainder = query().translate(Backend::Legacy).1;
        let incident = |severity: &str, status: &str| {
            let json = format!(r#"{{"incidentId":1,"severity":"{severity}","status":"{status}"}}"#);
            Incident::read(Backend::Legacy, &json).expect("readable")
        };
        assert!(remainder.accepts(&incident("High", "InProgress")));
        assert!(!remainder.accepts(&incident("Low", "InProgress")));
        assert!(!remainder.accepts(&incident("High", "Resolved")));
    }
}
