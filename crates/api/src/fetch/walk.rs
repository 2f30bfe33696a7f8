//! Reading everything there is, page after page, without losing or doubling an incident.

use std::collections::HashSet;
use std::hash::{BuildHasher as _, RandomState};
use std::sync::Arc;

use defender_xdr_core::Timestamp;
use defender_xdr_core::backend::Backend;
use defender_xdr_core::http::Url;
use jiff::SignedDuration;

use super::ask::{Ask, exactly};
use super::head::Head;
use super::hole::{Hole, MissingPart, passes};
use super::plan::{Plan, Seen};
use super::slices::largest_page;
use super::walk_page::{Place, WalkPage};
use crate::client::Client;
use crate::envelope::RawPage;
use crate::error::{ApiError, ApiErrorKind};
use crate::incidents::{Incident, IncidentQuery, Remainder, grouped};

/// A page that is cut by links has no more parts than this: beyond, the links lead in a circle.
const PARTS: usize = 64;

/// So many requests in a row may bring nothing new, and one more for every eight incidents that were seen: ranges are
/// read twice where they do not fit on a page.
const IDLE: usize = 64;

/// How an incident says that it has more alerts than came with it.
const FURTHER_ALERTS: &str = "\"alerts@odata.nextLink\"";

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

    /// The length of range that fits pages, where the API has no order.
    pub(super) fn width(&self) -> Option<SignedDuration> {
        self.plan.width()
    }

    /// Begins with ranges of a length that fitted a moment ago.
    pub(super) fn begin_with(&mut self, width: Option<SignedDuration>) {
        if let Some(width) = width {
            self.plan.begin_with(width);
        }
    }

    /// No more than so many incidents of the next page are of use: where there is an order, it is asked for accordingly.
    pub(super) fn expect(&mut self, wanted: usize) {
        self.plan.expect(wanted);
    }

    /// What could not be read so far; asking empties it.
    pub fn holes(&mut self) -> Vec<Hole> {
        std::mem::take(&mut self.holes)
    }

    /// What a record is known by.
    fn key(&self, head: &Head, text: &str) -> u64 {
        let name = if head.id.is_empty() { text } else { &head.id };
        self.seen.hasher().hash_one(name.as_bytes())
    }

    /// Sorts a page into what is new and what was seen.
    fn take(&mut self, parts: Vec<RawPage>, whole: bool) {
        let backend = self.client.backend();
        let (mut records, mut seen, mut here) = (Vec::new(), Vec::new(), HashSet::new());
        for (part, page) in parts.iter().enumerate() {
            for index in 0..page.len() {
                let head = Head::read(backend, page.record(index)).unwrap_or_default();
                let key = self.key(&head, page.record(index));
                if here.insert(key) {
                    seen.push(Seen { created: head.created, new: !self.seen.contains(&key) });
                    records.push((key, Place { head, part, index }));
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
                let raw = parts[place.part].record(place.index);
                Incident::read(backend, raw).is_ok_and(|incident| {
                    // Alerts that did not come along may decide otherwise: such an incident is not withheld.
                    self.remainder.accepts(&incident) || self.remainder.depends_on_more_of(&incident)
                })
            };
            records.retain(accepts);
        }
        self.page.parts = parts.into_iter().map(Arc::new).collect();
        self.page.records = records;
    }

    /// Reads a page, and what its links make of it: a short page with a link is not the end.
    async fn read(&mut self, ask: &Ask) -> Result<(Vec<RawPage>, bool), ApiError> {
        let first = self.client.page(self.url(ask, self.expand_alerts), self.expand_alerts).await?;
        let mut parts = vec![self.with_further_alerts(first).await?];
        let mut count = parts[0].len();
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
            parts.push(self.with_further_alerts(page).await?);
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
            // Before anything counts as seen: a trouble that passes must not cost an incident its alerts for good.
            let whole = page.len() < ask.top;
            let page = self.completed(page).await?;
            self.take(vec![page], whole);
            return Ok(());
        }
        // Only if the record behind it can be read is it this record; otherwise the service is down, or was.
        let behind = Ask { skip: ask.skip + 1, ..ask.clone() };
        if self.client.page(self.url(&behind, false), true).await.is_err() {
            return Err(error);
        }
        let error = match self.read(ask).await {
            Ok((parts, whole)) => {
                self.take(parts, whole);
                return Ok(());
            }
            Err(error) if error.kind() == ApiErrorKind::Unavailable => error,
            Err(error) => return Err(error),
        };
        self.holes.push(Hole {
            missing: MissingPart::Incident,
            id: None,
            created_from: ask.from,
            reason: error.to_string(),
        });
        self.plan.pass_over();
        Ok(())
    }

    /// A page whose incidents have their alerts, each from requests of its own.
    async fn completed(&mut self, page: RawPage) -> Result<RawPage, ApiError> {
        let mut texts = Vec::with_capacity(page.len());
        for index in 0..page.len() {
            let bare = page.record(index);
            let head = Head::read(self.client.backend(), bare).unwrap_or_default();
            if self.seen.contains(&self.key(&head, bare)) {
                texts.push(bare.to_owned());
                continue;
            }
            let whole = self.client.incident_with_alerts(&head.id, bare).await;
            texts.push(self.or_as_it_is(whole, bare)?);
        }
        Ok(RawPage::of_texts(&texts, page.next_link))
    }

    /// A page whose incidents have all their alerts: those that did not fit into their incident are fetched.
    async fn with_further_alerts(&mut self, page: RawPage) -> Result<RawPage, ApiError> {
        let goes_on = |text: &str| memchr::memmem::find(text.as_bytes(), FURTHER_ALERTS.as_bytes()).is_some();
        if !self.expand_alerts || !goes_on(page.text()) {
            return Ok(page);
        }
        let mut texts = Vec::with_capacity(page.len());
        for index in 0..page.len() {
            let text = page.record(index);
            let head = Head::read(self.client.backend(), text).unwrap_or_default();
            if !goes_on(text) || self.seen.contains(&self.key(&head, text)) {
                texts.push(text.to_owned());
                continue;
            }
            let whole = self.client.with_further_alerts(text).await;
            texts.push(self.or_as_it_is(whole, text)?);
        }
        Ok(RawPage::of_texts(&texts, page.next_link))
    }

    /// An incident that was completed, or, with a hole, as it came: it was read and is not read again.
    fn or_as_it_is(&mut self, completed: Result<String, ApiError>, text: &str) -> Result<String, ApiError> {
        let error = match completed {
            Ok(text) => return Ok(text),
            Err(error) if passes(error.kind()) => return Err(error),
            Err(error) => error,
        };
        let head = Head::read(self.client.backend(), text).unwrap_or_default();
        self.holes.push(Hole {
            missing: MissingPart::Alerts,
            id: Some(head.id),
            created_from: head.created,
            reason: error.to_string(),
        });
        Ok(text.to_owned())
    }
}
