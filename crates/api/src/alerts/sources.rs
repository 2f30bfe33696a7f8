//! Where alerts come from: Graph's collection, the legacy API's incidents, or one incident of either.

use std::collections::{HashSet, VecDeque};

use defender_xdr_core::backend::Backend;
use defender_xdr_core::http::Url;
use jiff::SignedDuration;
use serde::Deserialize;

use super::keyset::{self, LARGEST_PAGE, Place};
use super::query::AlertQuery;
use crate::client::{Client, Request};
use crate::envelope::{RawPage, unreadable};
use crate::error::{ApiError, ApiErrorKind};
use crate::fetch::IncidentWalk;
use crate::incidents::{Extent, IncidentList, IncidentQuery};
use crate::permissions::Operation;

/// An alert may have been changed a little later than its incident says; so much further back incidents are looked at.
const LOOK_BACK: SignedDuration = SignedDuration::from_hours(1);
/// The list of alerts in an incident, by the same name in both APIs. An incident that cannot be read stands for itself, so
/// that it is told and not lost.
const ALERTS: &str = "alerts";
/// Incidents that were merged into one another, in a row.
const MOST_HOPS: usize = 10;

#[derive(Debug)]
pub(super) enum Source<'a> {
    Collection(Box<Collection>),
    /// The first incidents, as the API lists them.
    Incidents(Box<IncidentList<'a>>),
    /// All incidents, also while they change.
    Everything(Box<Everything<'a>>),
    Incident(OneIncident),
    /// Cannot be read at all.
    Barred(ApiError),
}

/// Graph's collection of alerts.
#[derive(Debug)]
pub(super) struct Collection {
    filter: Option<String>,
    page_size: usize,
    /// Newest first, one page: for a list with a small end.
    newest: bool,
    /// Or why the rest cannot be reached; what came before is good.
    place: Result<Place, ApiError>,
    links: HashSet<String>,
}

/// A walk over all incidents; those of a page wait for their turn.
#[derive(Debug)]
pub(super) struct Everything<'a> {
    walk: IncidentWalk<'a>,
    waiting: VecDeque<Vec<u8>>,
}

/// One incident: itself, then further pages of its alerts.
#[derive(Debug)]
pub(super) struct OneIncident {
    next: Option<Step>,
    visited: HashSet<String>,
}

#[derive(Debug)]
enum Step {
    Incident(String),
    Link(String),
}

impl<'a> Source<'a> {
    pub(super) fn of(client: &'a Client, query: &AlertQuery) -> Self {
        if let Some(error) = query.impossible(client.backend()) {
            return Self::Barred(error);
        }
        if let Some(id) = &query.incident {
            return Self::Incident(OneIncident {
                next: Some(Step::Incident(id.clone())),
                visited: HashSet::new(),
            });
        }
        match client.backend() {
            Backend::Graph => {
                let end = match query.extent {
                    Extent::AtMost(count) => query.offset.checked_add(count),
                    Extent::All => None,
                };
                let one_page = end.filter(|end| *end <= LARGEST_PAGE);
                Self::Collection(Box::new(Collection {
                    filter: query.graph_filter(),
                    page_size: one_page.unwrap_or(LARGEST_PAGE).max(1),
                    newest: one_page.is_some(),
                    place: Ok(Place::Time(None, 0)),
                    links: HashSet::new(),
                }))
            }
            Backend::Legacy => {
                // What happens to an alert changes its incident, so older incidents hold no such alert.
                let since = query.created_since.max(query.updated_since);
                let updated_since = since.map(|at| at.checked_sub(LOOK_BACK).unwrap_or(at));
                let incidents =
                    IncidentQuery { updated_since, extent: Extent::All, ..IncidentQuery::default() };
                match query.extent {
                    Extent::AtMost(_) => Self::Incidents(Box::new(client.list_incidents(&incidents))),
                    Extent::All => client.walk_incidents(&incidents).map_or_else(Self::Barred, |walk| {
                        Self::Everything(Box::new(Everything { walk, waiting: VecDeque::new() }))
                    }),
                }
            }
        }
    }

    /// Whether what comes has been filtered by the service.
    pub(super) fn filters(&self) -> bool {
        matches!(self, Self::Collection(_))
    }

    /// The next alerts; `None` at the end.
    pub(super) async fn next(&mut self, client: &Client) -> Result<Option<RawPage>, ApiError> {
        match self {
            Self::Collection(collection) => collection.next(client).await,
            Self::Incidents(incidents) => match incidents.next().await? {
                None => Ok(None),
                Some(listed) => Ok(Some(RawPage::of_list(listed.raw.as_bytes().to_vec(), ALERTS))),
            },
            Self::Everything(everything) => everything.next().await,
            Self::Incident(incident) => incident.next(client).await,
            Self::Barred(error) => Err(error.clone()),
        }
    }
}

impl Collection {
    async fn next(&mut self, client: &Client) -> Result<Option<RawPage>, ApiError> {
        let place = self.place.clone()?;
        let url = match &place {
            Place::End => return Ok(None),
            Place::Time(from, skip) => {
                client.endpoint().url(&["alerts_v2"], &self.options(from.as_deref(), *skip))
            }
            Place::Link(link) => address(link)?,
        };
        let answer = client.send(Request::read(Operation::ListAlerts, url)).await?;
        let page = RawPage::read(answer)?;
        let next = if self.newest {
            Ok(self.after_newest(&page))
        } else {
            keyset::after(&place, &page, self.page_size)
        };
        self.place = match next {
            Ok(Place::Link(link)) if !self.links.insert(link.clone()) => Err(circle()),
            next => next,
        };
        Ok(Some(page))
    }

    /// A page may hold less than was asked for; only a link says that there is more.
    fn after_newest(&self, page: &RawPage) -> Place {
        match &page.next_link {
            Some(link) if page.len() < self.page_size => Place::Link(link.clone()),
            _ => Place::End,
        }
    }

    fn options(&self, from: Option<&str>, skip: usize) -> Vec<(&'static str, String)> {
        let order = if self.newest { "createdDateTime desc" } else { "lastUpdateDateTime asc" };
        let mut options = vec![("$top", self.page_size.to_string()), ("$orderby", order.to_owned())];
        if skip > 0 {
            options.push(("$skip", skip.to_string()));
        }
        let from = from.map(|at| format!("lastUpdateDateTime ge {at}"));
        let terms: Vec<_> = self.filter.clone().into_iter().chain(from).collect();
        if !terms.is_empty() {
            options.push(("$filter", terms.join(" and ")));
        }
        options
    }
}

impl Everything<'_> {
    async fn next(&mut self) -> Result<Option<RawPage>, ApiError> {
        loop {
            if let Some(incident) = self.waiting.pop_front() {
                return Ok(Some(RawPage::of_list(incident, ALERTS)));
            }
            let Some(page) = self.walk.next().await? else { break };
            self.waiting.extend(page.incidents().map(|incident| incident.raw.as_bytes().to_vec()));
        }
        let holes = self.walk.holes();
        let Some(first) = holes.first() else { return Ok(None) };
        let message =
            format!("{} incidents could not be read, nor their alerts: {}", holes.len(), first.reason);
        Err(ApiError::new(ApiErrorKind::Partial, message).with_hint("try again later"))
    }
}

impl OneIncident {
    async fn next(&mut self, client: &Client) -> Result<Option<RawPage>, ApiError> {
        match self.next.take() {
            None => Ok(None),
            Some(Step::Link(link)) => {
                if !self.visited.insert(link.clone()) {
                    return Err(circle());
                }
                let answer = client.send(Request::read(Operation::GetIncident, address(&link)?)).await?;
                let page = RawPage::read(answer)?;
                self.next = page.next_link.clone().map(Step::Link);
                Ok(Some(page))
            }
            Some(Step::Incident(id)) => {
                if self.visited.len() >= MOST_HOPS || !self.visited.insert(id.clone()) {
                    return Err(ApiError::new(
                        ApiErrorKind::Circle,
                        format!("incident {id} was merged into another one more often than is followed"),
                    ));
                }
                let answer = client.fetch_incident(&id, true).await?;
                let head: Head =
                    serde_json::from_slice(&answer.body).map_err(|error| unreadable(&answer, &error))?;
                let page = RawPage::of_list(answer.body, ALERTS);
                self.next = match (&page.next_link, head.successor()) {
                    (Some(link), _) => Some(Step::Link(link.clone())),
                    (None, Some(successor)) if page.len() == 0 => Some(Step::Incident(successor)),
                    (None, _) => None,
                };
                Ok(Some(page))
            }
        }
    }
}

/// The incident that an incident was merged into.
#[derive(Deserialize)]
struct Head {
    #[serde(rename = "redirectIncidentId")]
    redirect: Option<serde_json::Value>,
}

impl Head {
    fn successor(self) -> Option<String> {
        match self.redirect? {
            serde_json::Value::String(id) if !id.is_empty() => Some(id),
            serde_json::Value::Number(id) => Some(id.to_string()),
            _ => None,
        }
    }
}

/// A link's address. Whether it leads to our own root is looked at where the token is added.
fn address(link: &str) -> Result<Url, ApiError> {
    Url::parse(link).map_err(|_| ApiError::new(ApiErrorKind::BadLink, "the next link is no address"))
}

fn circle() -> ApiError {
    ApiError::new(ApiErrorKind::Circle, "the pages go round in a circle: the same link came twice")
        .with_hint("the service repeats itself: list less at a time, such as with `--since`")
}
