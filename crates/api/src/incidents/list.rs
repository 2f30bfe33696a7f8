//! Listing, one page at a time: memory does not grow with the number of incidents.

mod pieces;

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use defender_xdr_core::backend::Backend;
use defender_xdr_core::http::Url;

use self::pieces::{Piece, Pieces};
use super::query::{Extent, IncidentQuery, Remainder};
use super::record::{Incident, UnreadableIncident};
use crate::client::Client;
use crate::envelope::RawPage;
use crate::error::{ApiError, ApiErrorKind};
use crate::fetch::Hole;

/// The largest `$top` each API accepts; a larger one is an error, not a shorter page.
const fn largest_page(backend: Backend) -> usize {
    match backend {
        Backend::Graph => 50,
        Backend::Legacy => 100,
    }
}

/// One incident of a list.
#[derive(Debug)]
pub struct ListedIncident<'a> {
    /// The server's own JSON text.
    pub raw: &'a str,
    /// The incident, or why it cannot be read.
    pub incident: Result<Incident, UnreadableIncident>,
}

/// A list being read.
#[derive(Debug)]
pub struct IncidentList<'a> {
    client: &'a Client,
    filter: Option<String>,
    remainder: Remainder,
    expand_alerts: bool,
    next: Next,
    page_size: usize,
    /// How far into the list the pages so far went, for a list whose links end too early.
    reached: usize,
    left: Option<usize>,
    /// Matches to pass over: the service cannot count what is filtered here.
    pass_over: usize,
    seen: HashSet<u64>,
    page: Option<RawPage>,
    position: usize,
    /// What is left of a page that did not come as a whole.
    pieces: Pieces,
    holes: Vec<Hole>,
}

#[derive(Debug)]
enum Next {
    /// The legacy API, and Graph's first page: count ourselves.
    Skip(usize),
    /// Graph: an opaque link, followed unchanged.
    Link(Url),
    /// A link that is not followed: what came before it is still good.
    Barred(ApiError),
    Done,
}

impl Client {
    /// Lists incidents. Nothing is sent before the first [`IncidentList::next`].
    pub fn list_incidents(&self, query: &IncidentQuery) -> IncidentList<'_> {
        let (filter, remainder) = query.translate(self.backend());
        let left = match query.extent {
            Extent::AtMost(count) => Some(count),
            Extent::All => None,
        };
        let largest = largest_page(self.backend());
        // A page full of incidents that are filtered out here must not be mistaken for the last one.
        let page_size = left.filter(|_| remainder.is_empty()).map_or(largest, |left| left.clamp(1, largest));
        let (skip, pass_over) = if remainder.is_empty() { (query.offset, 0) } else { (0, query.offset) };
        let next = match query.impossible(self.backend()) {
            _ if left == Some(0) => Next::Done,
            Some(error) => Next::Barred(error),
            None => Next::Skip(skip),
        };
        IncidentList {
            client: self,
            filter,
            remainder,
            expand_alerts: query.wants_alerts(),
            next,
            page_size,
            reached: skip,
            left,
            pass_over,
            seen: HashSet::new(),
            page: None,
            position: 0,
            pieces: Pieces::default(),
            holes: Vec::new(),
        }
    }
}

impl IncidentList<'_> {
    /// The next incident, fetching a page when needed; `None` at the end.
    ///
    /// # Errors
    /// [`ApiError`] when a page cannot be fetched; what was returned before remains valid.
    pub async fn next(&mut self) -> Result<Option<ListedIncident<'_>>, ApiError> {
        if self.left == Some(0) {
            return Ok(None);
        }
        loop {
            let Some(page) = &self.page else {
                self.position = 0;
                if let Some(piece) = self.pieces.pop() {
                    self.page = self.fetch_piece(piece).await?;
                } else if matches!(self.next, Next::Done) {
                    return Ok(None);
                } else {
                    self.page = self.fetch().await?;
                }
                continue;
            };
            if self.position >= page.len() {
                self.page = None;
                continue;
            }
            let index = self.position;
            self.position += 1;
            let mut incident = Incident::read(self.client.backend(), page.record(index));
            if let Ok(cut) = &incident
                && !self.remainder.accepts(cut)
                && self.remainder.depends_on_more_of(cut)
            {
                incident = Ok(self.client.with_all_alerts(cut.clone()).await?);
            }
            if incident.as_ref().is_ok_and(|incident| !self.remainder.accepts(incident)) {
                continue;
            }
            if self.pass_over > 0 {
                self.pass_over -= 1;
                continue;
            }
            self.left = self.left.map(|left| left - 1);
            // Looked up again: the borrow checker cannot see that the loop does not go on.
            let raw = self.page.as_ref().map_or("", |page| page.record(index));
            return Ok(Some(ListedIncident { raw, incident }));
        }
    }

    /// Whether the next incident has to be fetched first.
    pub fn is_between_pages(&self) -> bool {
        self.page.as_ref().is_none_or(|page| self.position >= page.len())
    }

    /// What could not be read so far; asking empties it.
    pub fn holes(&mut self) -> Vec<Hole> {
        std::mem::take(&mut self.holes)
    }

    /// The next page; none when it has to be read in pieces.
    async fn fetch(&mut self) -> Result<Option<RawPage>, ApiError> {
        let (url, skip) = match &self.next {
            Next::Skip(skip) => (self.url(*skip, self.page_size, self.expands()), *skip),
            Next::Link(url) => (url.clone(), self.reached),
            Next::Barred(error) => return Err(error.clone()),
            Next::Done => return Err(ApiError::new(ApiErrorKind::BadLink, "there is no further page")),
        };
        let page = match self.client.page(url, self.expands()).await {
            Ok(page) => page,
            // A service that says it is away says nothing about a record.
            Err(error)
                if error.kind() == ApiErrorKind::Unavailable
                    && error.answered().is_none_or(|answered| answered.status != 503) =>
            {
                let whole = Piece { skip, count: self.page_size };
                return self.take_apart(whole, error).await.map(|()| None);
            }
            Err(error) => return Err(error),
        };
        self.reached += page.len().min(self.page_size);
        self.next = self.after(&page)?;
        Ok(Some(page))
    }

    fn expands(&self) -> bool {
        self.expand_alerts && self.client.backend() == Backend::Graph
    }

    fn url(&self, skip: usize, top: usize, expand_alerts: bool) -> Url {
        let mut options = vec![("$top", top.to_string())];
        if skip > 0 {
            options.push(("$skip", skip.to_string()));
        }
        if let Some(filter) = &self.filter {
            options.push(("$filter", filter.clone()));
        }
        if expand_alerts {
            options.push(("$expand", "alerts".to_owned()));
        }
        self.client.endpoint().url(&["incidents"], &options)
    }

    fn after(&mut self, page: &RawPage) -> Result<Next, ApiError> {
        let link = match page.next_link.as_deref().map(|link| self.client.own_link(link)).transpose() {
            Ok(link) => link,
            Err(error) => return Ok(Next::Barred(error)),
        };
        let short = page.len() < self.page_size;
        match (self.client.backend(), link) {
            // Whatever it says about itself: what a link leads to belongs to the list.
            (backend, Some(link)) if backend == Backend::Graph || short => {
                self.notice_loop(&link)?;
                Ok(Next::Link(link))
            }
            _ if short => Ok(Next::Done),
            // A full page without a link may be the last one; links that were left out have been observed, too.
            // Asking once more tells them apart.
            (backend, _) => {
                self.notice_loop(&page.text())?;
                Ok(match (backend, &self.next) {
                    // Not by what arrived: a page that repeats an incident is longer, and one would be skipped.
                    (Backend::Legacy, Next::Skip(skip)) => Next::Skip(skip + self.page_size),
                    _ => Next::Skip(self.reached),
                })
            }
        }
    }

    /// The same link, or the same page, twice: it would never end.
    fn notice_loop(&mut self, thing: &impl Hash) -> Result<(), ApiError> {
        let mut hasher = DefaultHasher::new();
        thing.hash(&mut hasher);
        if self.seen.insert(hasher.finish()) {
            return Ok(());
        }
        Err(ApiError::new(ApiErrorKind::Circle, "the pages go round in a circle: the same one came twice")
            .with_hint(
                "the service repeats itself: list less at a time, such as with `--since`, or try again later",
            ))
    }
}
