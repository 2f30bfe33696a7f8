//! Which incidents to list: typed filters, translated for each API; what an API cannot filter is filtered here.

#[cfg(any(test, fuzzing))]
mod fuzz;
#[cfg(any(test, fuzzing))]
mod grammar;
mod odata;
mod remainder;

use defender_xdr_core::Timestamp;
use defender_xdr_core::backend::Backend;

#[cfg(fuzzing)]
pub(crate) use fuzz::check as fuzz_filter;
pub(crate) use odata::{any_of, grouped, quoted};
pub(crate) use remainder::Remainder;

use crate::error::ApiError;
use crate::words::{CLASSIFICATION, DETERMINATION, SERVICE_SOURCE, SEVERITY, STATUS, Vocabulary};

/// How many to list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// At most this many.
    AtMost(usize),
    /// All there are.
    All,
}

/// Which incidents to list. Every filter that is set has to hold; of a list of words any one. Words are Graph's, in any
/// case.
#[derive(Debug, Clone)]
pub struct IncidentQuery {
    /// Any of these statuses; empty means all.
    pub status: Vec<String>,
    /// Any of these severities; empty means all.
    pub severity: Vec<String>,
    /// The owner's user principal name.
    pub assigned_to: Option<String>,
    /// Those without an owner; beside `assigned_to`, those too.
    pub unassigned: bool,
    /// Created at or after.
    pub created_since: Option<Timestamp>,
    /// Created before.
    pub created_until: Option<Timestamp>,
    /// Last changed at or after.
    pub updated_since: Option<Timestamp>,
    /// Last changed before.
    pub updated_until: Option<Timestamp>,
    /// Any of these classifications; what was not classified is `unknown`.
    pub classification: Vec<String>,
    /// Any of these determinations; what was not determined is `unknown`.
    pub determination: Vec<String>,
    /// Any of these custom tags, in any case.
    pub tags: Vec<String>,
    /// An alert of any of these products (`serviceSource`).
    pub sources: Vec<String>,
    /// Text within the name or the description, in any case, or the whole id. The legacy API has no descriptions.
    pub text: Option<String>,
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
            unassigned: false,
            created_since: None,
            created_until: None,
            updated_since: None,
            updated_until: None,
            classification: Vec::new(),
            determination: Vec::new(),
            tags: Vec::new(),
            sources: Vec::new(),
            text: None,
            filter: None,
            offset: 0,
            extent: Extent::AtMost(100),
            expand_alerts: false,
        }
    }
}

impl IncidentQuery {
    /// Why an API can never answer this query.
    pub(crate) fn impossible(&self, backend: Backend) -> Option<ApiError> {
        let empty = |since: Option<Timestamp>, until: Option<Timestamp>| {
            since.zip(until).is_some_and(|(since, until)| since >= until)
        };
        for (since, until, option) in [
            (self.created_since, self.created_until, "until"),
            (self.updated_since, self.updated_until, "updated-until"),
        ] {
            if empty(since, until) {
                return Some(
                    ApiError::refused("the time to list ends before it begins")
                        .with_hint("the end is excluded, the beginning is included")
                        .about(option),
                );
            }
        }
        let waits = self.status.iter().any(|word| STATUS.known(word) == Some("awaitingAction"));
        (backend == Backend::Legacy && waits).then(|| {
            ApiError::refused(
                "the legacy API does not know the status awaitingAction: it shows such incidents as active",
            )
            .with_hint("set `api = \"graph\"` (--api graph), or list those that are active")
            .about("status")
        })
    }

    /// Whether Graph has to send the alerts along.
    pub(crate) fn wants_alerts(&self) -> bool {
        self.expand_alerts || !self.sources.is_empty()
    }

    /// The filters that an API cannot apply and that are applied here, in the words of the command line. Every incident
    /// that the other filters let through is read for them.
    pub fn filtered_here(&self, backend: Backend) -> Vec<&'static str> {
        self.translate(backend).1.names()
    }

    /// The `$filter` for an API, and what is left to filter here.
    ///
    /// Both APIs list the properties they filter by ("List incidents" of Graph, "List incidents API" of Defender XDR). The
    /// legacy one is sent `eq` and `ge` joined by `and`, nothing else: nobody has confirmed `lt`, `or` and the like there.
    pub(crate) fn translate(&self, backend: Backend) -> (Option<String>, Remainder) {
        let (mut terms, remainder) = match backend {
            Backend::Graph => self.for_graph(),
            Backend::Legacy => self.for_legacy(),
        };
        match (&self.filter, terms.is_empty()) {
            (Some(filter), true) => terms.push(filter.clone()),
            (Some(filter), false) => terms.push(grouped(filter)),
            (None, _) => {}
        }
        ((!terms.is_empty()).then(|| terms.join(" and ")), remainder)
    }

    fn for_graph(&self) -> (Vec<String>, Remainder) {
        let mut remainder = self.never_asked();
        let mut terms = Vec::new();
        let judged = [
            ("classification", CLASSIFICATION, &self.classification, &mut remainder.classification),
            ("determination", DETERMINATION, &self.determination, &mut remainder.determination),
        ];
        terms.extend(any_of("status", words(STATUS, &self.status)));
        terms.extend(any_of("severity", words(SEVERITY, &self.severity)));
        for (property, vocabulary, wanted, here) in judged {
            let wanted: Vec<String> = words(vocabulary, wanted).collect();
            // Null counts as unknown, and comparing these with null is not documented. Most incidents are unknown: little
            // is read in vain.
            if wanted.iter().any(|word| word == "unknown") {
                *here = wanted;
            } else {
                terms.extend(any_of(property, wanted.into_iter()));
            }
        }
        let mut owners: Vec<String> =
            self.assigned_to.iter().map(|owner| format!("assignedTo eq {}", quoted(owner))).collect();
        if self.unassigned {
            owners.extend(
                ["assignedTo eq null", "assignedTo eq ''", "assignedTo eq 'Unassigned'"].map(str::to_owned),
            );
        }
        terms.extend(odata::one_of_terms(owners));
        let times = [
            ("createdDateTime ge", self.created_since),
            ("createdDateTime lt", self.created_until),
            ("lastUpdateDateTime ge", self.updated_since),
            ("lastUpdateDateTime lt", self.updated_until),
        ];
        terms.extend(
            times.into_iter().filter_map(|(start, at)| Some(format!("{start} {}", odata::moment(at?)))),
        );
        (terms, remainder)
    }

    fn for_legacy(&self) -> (Vec<String>, Remainder) {
        let mut remainder = Remainder {
            severity: words(SEVERITY, &self.severity).collect(),
            classification: words(CLASSIFICATION, &self.classification).collect(),
            determination: words(DETERMINATION, &self.determination).collect(),
            created_until: self.created_until,
            updated_until: self.updated_until,
            ..self.never_asked()
        };
        let mut terms = Vec::new();
        match self.status.as_slice() {
            [word] => terms.push(format!("status eq {}", quoted(&STATUS.legacy(word)))),
            several => remainder.status = words(STATUS, several).collect(),
        }
        match (&self.assigned_to, self.unassigned) {
            (Some(owner), false) => terms.push(format!("assignedTo eq {}", quoted(owner))),
            (owner, unassigned) => {
                (remainder.assigned_to, remainder.unassigned) = (owner.clone(), unassigned);
            }
        }
        for (start, since, here) in [
            ("createdTime ge", self.created_since, &mut remainder.created_since),
            ("lastUpdateTime ge", self.updated_since, &mut remainder.updated_since),
        ] {
            if let Some(since) = since {
                terms.push(format!("{start} {}", odata::whole_second(since)));
                // Fractions of seconds have not been seen in its filters.
                *here = (since.subsec_nanosecond() != 0).then_some(since);
            }
        }
        (terms, remainder)
    }

    /// What neither API filters by.
    fn never_asked(&self) -> Remainder {
        Remainder {
            tags: self.tags.clone(),
            sources: words(SERVICE_SOURCE, &self.sources).collect(),
            text: self.text.clone(),
            ..Remainder::default()
        }
    }
}

/// Graph's words.
fn words(vocabulary: Vocabulary, words: &[String]) -> impl Iterator<Item = String> {
    words.iter().map(move |word| vocabulary.graph(word).into_owned())
}

#[cfg(test)]
mod tests;
