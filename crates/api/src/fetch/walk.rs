//! Reading everything there is, page after page, without losing or doubling an incident.

use std::borrow::Cow;
use std::collections::HashSet;
use std::hash::{BuildHasher as _, RandomState};

use defender_xdr_core::Timestamp;
use defender_xdr_core::backend::Backend;
use defender_xdr_core::http::Url;

use super::ask::{Ask, exactly};
use super::head::Head;
use super::hole::{Hole, MissingPart};
use super::plan::{Plan, Seen};
use super::slices::largest_page;
use crate::client::{Client, Request};
use crate::envelope::RawPage;
use crate::error::{ApiError, ApiErrorKind};
use crate::incidents::{Incident, IncidentQuery, Remainder, UnreadableIncident, grouped, model_text};
use crate::permissions::Operation;

/// A page that is cut by links has no more parts than this: beyond, the links lead in a circle.
const PARTS: usize = 64;

/// So many requests in a row may bring nothing new, and one more for every eight incidents that were seen: ranges are
/// read twice where they do not fit on a page.
const IDLE: usize = 64;

fn circle() -> ApiError {
    ApiError::new(ApiErrorKind::Circle, "the pages go round in a circle: the same ones come again and again")
        .with_hint(
            "the service repeats itself: list less at a time, such as with `--since`, or try again later",
        )
}

/// A walk over all incidents of a query, in the order of creation as far as the API lets us.
#[derive(Debug)]
pub struct IncidentWalk<'a> {
    client: &'a Client,
    /// `$filter` terms besides the range.
    filter: Option<String>,
    remainder: Remainder,
    expand_alerts: bool,
    plan: Plan,
    seen: HashSet<u64, RandomState>,
    page: WalkPage,
    holes: Vec<Hole>,
    /// Requests since the last one that brought something new.
    idle: usize,
    /// Where the links of a page led cannot be gone; what came before is good.
    barred: Option<ApiError>,
}

/// One page of a walk: incidents that were not on an earlier one, in the order of creation.
#[derive(Debug, Default)]
pub struct WalkPage {
    backend: Option<Backend>,
    parts: Vec<RawPage>,
    records: Vec<Place>,
    /// Incidents that were read one by one, since their page could not be.
    single: Vec<String>,
}

#[derive(Debug)]
struct Place {
    head: Head,
    /// `None`: among the single ones.
    part: Option<usize>,
    index: usize,
}

/// An incident of a page.
#[derive(Debug, Clone, Copy)]
pub struct Walked<'a> {
    backend: Backend,
    head: &'a Head,
    /// The server's own JSON text.
    pub raw: &'a str,
}

impl Walked<'_> {
    /// The id; empty when the record has none.
    pub fn id(&self) -> &str {
        &self.head.id
    }

    /// When it was created.
    pub fn created(&self) -> Option<Timestamp> {
        self.head.created
    }

    /// When it was last changed.
    pub fn updated(&self) -> Option<Timestamp> {
        self.head.updated
    }

    /// Reads it.
    ///
    /// # Errors
    /// When it is no incident.
    pub fn incident(&self) -> Result<Incident, UnreadableIncident> {
        Incident::read(self.backend, self.raw)
    }

    /// Its JSON text in the model's form.
    ///
    /// # Errors
    /// When it is no incident.
    pub fn model_text(&self) -> Result<Cow<'_, str>, UnreadableIncident> {
        model_text(self.backend, self.raw)
    }
}

impl WalkPage {
    /// How many incidents.
    pub fn len(&self) -> usize {
        self.records.len()
    }

    /// Whether it brought nothing new.
    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    /// The incidents.
    pub fn incidents(&self) -> impl Iterator<Item = Walked<'_>> {
        let backend = self.backend.unwrap_or(Backend::Graph);
        self.records.iter().map(move |place| Walked {
            backend,
            head: &place.head,
            raw: match place.part {
                Some(part) => self.parts.get(part).map_or("", |page| page.record(place.index)),
                None => self.single.get(place.index).map_or("", String::as_str),
            },
        })
    }
}

impl Client {
    /// Walks over all incidents of a query; its extent and offset have no meaning here. Nothing is sent before the
    /// first [`IncidentWalk::next`].
    ///
    /// # Errors
    /// When the API can never answer the query.
    pub fn walk_incidents(&self, query: &IncidentQuery) -> Result<IncidentWalk<'_>, ApiError> {
        self.walk_range(query, None, None)
    }

    /// The same, only of what was created before `until` and changed since `changed`.
    pub(crate) fn walk_range(
        &self,
        query: &IncidentQuery,
        until: Option<Timestamp>,
        changed: Option<Timestamp>,
    ) -> Result<IncidentWalk<'_>, ApiError> {
        if let Some(error) = query.impossible(self.backend()) {
            return Err(error);
        }
        let from = query.created_since;
        // The range has it, to the tick.
        let others = IncidentQuery { created_since: None, ..query.clone() };
        let (filter, remainder) = others.translate(self.backend());
        let sparse = changed.is_some();
        let changed = changed.map(|at| match self.backend() {
            Backend::Graph => format!("lastUpdateDateTime ge {}", exactly(at)),
            Backend::Legacy => format!("lastUpdateTime ge {}", exactly(at)),
        });
        let filter = match (filter, changed) {
            (Some(filter), Some(changed)) => Some(format!("{changed} and {}", grouped(&filter))),
            (filter, changed) => filter.or(changed),
        };
        let plan = Plan::new(
            (from, until),
            self.now(),
            largest_page(self.backend()),
            self.backend() == Backend::Graph,
            sparse,
        );
        Ok(IncidentWalk {
            client: self,
            filter,
            remainder,
            expand_alerts: query.wants_alerts() && self.backend() == Backend::Graph,
            plan,
            seen: HashSet::default(),
            page: WalkPage::default(),
            holes: Vec::new(),
            idle: 0,
            barred: None,
        })
    }
}

impl IncidentWalk<'_> {
    /// The next page that has something new on it; `None` at the end.
    ///
    /// # Errors
    /// [`ApiError`] when the service gives no page; what was returned before remains valid, and another call goes on
    /// where this one failed.
    pub async fn next(&mut self) -> Result<Option<&WalkPage>, ApiError> {
        while let Some(ask) = self.plan.ask() {
            if let Some(error) = &self.barred {
                return Err(error.clone());
            }
            if self.idle > IDLE + self.seen.len() / 8 {
                return Err(circle());
            }
            self.idle += 1;
            match self.read(&ask).await {
                Ok((parts, whole)) => self.take(parts, whole),
                Err(error) => self.recover(&ask, error).await?,
            }
            if !self.page.is_empty() {
                self.idle = 0;
                return Ok(Some(&self.page));
            }
        }
        Ok(None)
    }

    /// The page that came last.
    pub fn page(&self) -> &WalkPage {
        &self.page
    }

    /// Everything created before this has been read; `None` while that is not known.
    pub fn frontier(&self) -> Option<Timestamp> {
        self.plan.frontier()
    }

    /// What could not be read so far; asking empties it.
    pub fn holes(&mut self) -> Vec<Hole> {
        std::mem::take(&mut self.holes)
    }

    /// Sorts a page into what is new and what was seen.
    fn take(&mut self, parts: Vec<RawPage>, whole: bool) {
        let backend = self.client.backend();
        let (mut records, mut seen, mut here) = (Vec::new(), Vec::new(), HashSet::new());
        for (part, page) in parts.iter().enumerate() {
            for index in 0..page.len() {
                let head = Head::read(backend, page.record(index)).unwrap_or_default();
                let key = if head.id.is_empty() {
                    self.seen.hasher().hash_one(page.record(index))
                } else {
                    self.seen.hasher().hash_one(head.id.as_bytes())
                };
                if here.insert(key) {
                    seen.push(Seen { created: head.created, new: !self.seen.contains(&key) });
                    records.push((key, Place { head, part: Some(part), index }));
                }
            }
        }
        self.page = WalkPage { backend: Some(backend), ..WalkPage::default() };
        if !self.plan.accept(&seen, whole) {
            return;
        }
        records.retain(|(key, _)| self.seen.insert(*key));
        let mut records: Vec<Place> = records.into_iter().map(|(_, place)| place).collect();
        records.sort_by_key(|place| place.head.created);
        if !self.remainder.is_empty() {
            let accepts = |place: &Place| {
                let raw = place.part.map_or("", |part| parts[part].record(place.index));
                Incident::read(backend, raw).is_ok_and(|incident| {
                    // Alerts that did not come along may decide otherwise: such an incident is not withheld.
                    self.remainder.accepts(&incident) || self.remainder.depends_on_more_of(&incident)
                })
            };
            records.retain(accepts);
        }
        (self.page.parts, self.page.records) = (parts, records);
    }

    /// Reads a page, and what its links make of it: a short page with a link is not the end.
    async fn read(&mut self, ask: &Ask) -> Result<(Vec<RawPage>, bool), ApiError> {
        let mut parts = vec![self.client.page(self.url(ask, self.expand_alerts), self.expand_alerts).await?];
        let mut count = parts[0].len();
        if self.client.backend() == Backend::Legacy {
            // Links are optional there; a short page is the end.
            return Ok((parts, count < ask.top));
        }
        let mut links = HashSet::new();
        while count < ask.top {
            let Some(link) = parts.last().and_then(|page| page.next_link.clone()) else {
                return Ok((parts, true));
            };
            let url = match self.client.own_link(&link) {
                Ok(url) if links.len() < PARTS && links.insert(link) => url,
                Ok(_) => {
                    self.barred = Some(circle());
                    return Ok((parts, false));
                }
                Err(error) => {
                    self.barred = Some(error);
                    return Ok((parts, false));
                }
            };
            let page = self.client.page(url, self.expand_alerts).await?;
            count += page.len();
            parts.push(page);
        }
        Ok((parts, false))
    }

    fn url(&self, ask: &Ask, expand_alerts: bool) -> Url {
        let mut options = vec![("$top", ask.top.to_string())];
        if ask.skip > 0 {
            options.push(("$skip", ask.skip.to_string()));
        }
        let mut terms = ask.terms(self.client.backend());
        match &self.filter {
            Some(filter) if terms.is_empty() => terms.push(filter.clone()),
            Some(filter) => terms.push(grouped(filter)),
            None => {}
        }
        if !terms.is_empty() {
            options.push(("$filter", terms.join(" and ")));
        }
        if ask.ordered {
            options.push(("$orderby", "createdDateTime asc".to_owned()));
        }
        if expand_alerts {
            options.push(("$expand", "alerts".to_owned()));
        }
        self.client.endpoint().url(&["incidents"], &options)
    }

    /// After a page that did not come: another kind of request, a smaller page, or the one record alone.
    async fn recover(&mut self, ask: &Ask, error: ApiError) -> Result<(), ApiError> {
        self.page = WalkPage { backend: Some(self.client.backend()), ..WalkPage::default() };
        match error.kind() {
            // A word of ours that this service does not know: `$orderby`, or `lt`.
            ApiErrorKind::BadRequest if self.seen.is_empty() && (ask.ordered || ask.until.is_some()) => {
                if self.plan.fall_back() {
                    Ok(())
                } else {
                    Err(error)
                }
            }
            ApiErrorKind::Unavailable if self.plan.shrink() => Ok(()),
            ApiErrorKind::Unavailable => self.alone(ask, error).await,
            _ => Err(error),
        }
    }

    /// One record that fails by itself.
    async fn alone(&mut self, ask: &Ask, error: ApiError) -> Result<(), ApiError> {
        if self.expand_alerts
            && let Ok(page) = self.client.page(self.url(ask, false), true).await
        {
            let whole = page.len() < ask.top;
            self.take(vec![page], whole);
            return self.fetch_alerts_apart(&error).await;
        }
        // Only if the record behind it can be read is it this record; otherwise the service is down.
        let behind = Ask { skip: ask.skip + 1, ..ask.clone() };
        if self.client.page(self.url(&behind, false), true).await.is_err() {
            return Err(error);
        }
        self.holes.push(Hole {
            missing: MissingPart::Incident,
            id: None,
            created_from: ask.from,
            reason: error.to_string(),
        });
        self.plan.pass_over();
        Ok(())
    }

    /// Completes the incidents of the present page with their alerts.
    async fn fetch_alerts_apart(&mut self, error: &ApiError) -> Result<(), ApiError> {
        let bare: Vec<String> = self.page.incidents().map(|incident| incident.raw.to_owned()).collect();
        let mut records = std::mem::take(&mut self.page.records);
        for (place, bare) in records.iter_mut().zip(bare) {
            let completed = self.client.incident_with_alerts(&place.head.id, &bare).await;
            let text = match completed {
                Ok(text) => text,
                // Whatever ends the session ends this walk, too.
                Err(error) if error.kind() != ApiErrorKind::Unavailable => return Err(error),
                Err(_) => {
                    self.holes.push(Hole {
                        missing: MissingPart::Alerts,
                        id: Some(place.head.id.clone()),
                        created_from: place.head.created,
                        reason: error.to_string(),
                    });
                    bare
                }
            };
            (place.part, place.index) = (None, self.page.single.len());
            self.page.single.push(text);
        }
        self.page.records = records;
        Ok(())
    }
}

impl Client {
    /// One page. An expanded one is repeated once only: what fails again is asked for in smaller pieces.
    async fn page(&self, url: Url, dear: bool) -> Result<RawPage, ApiError> {
        let mut request = Request::read(Operation::ListIncidents, url);
        if dear {
            request.repeatable = defender_xdr_core::http::Repeatable::Dear;
        }
        RawPage::read(self.send(request).await?)
    }

    /// An incident with its alerts, from a request of its own, or from one for the alerts alone.
    async fn incident_with_alerts(&self, id: &str, bare: &str) -> Result<String, ApiError> {
        let expand = [("$expand", "alerts".to_owned())];
        let mut whole =
            Request::read(Operation::GetIncident, self.endpoint().url(&["incidents", id], &expand));
        whole.repeatable = defender_xdr_core::http::Repeatable::Dear;
        match self.send(whole).await {
            Ok(answer) => {
                return String::from_utf8(answer.body)
                    .map_err(|_| ApiError::new(ApiErrorKind::Unreadable, "the answer is no text"));
            }
            Err(error) if error.kind() != ApiErrorKind::Unavailable => return Err(error),
            Err(_) => {}
        }
        let mut url = self.endpoint().url(&["incidents", id, "alerts"], &[]);
        let mut alerts = Vec::new();
        for _ in 0..PARTS {
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
