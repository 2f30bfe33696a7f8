//! Listing, one page at a time.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use super::query::AlertQuery;
use super::record::{Alert, UnreadableAlert};
use super::sources::Source;
use crate::client::Client;
use crate::envelope::RawPage;
use crate::error::ApiError;
use crate::incidents::Extent;

/// One alert of a list.
#[derive(Debug)]
pub struct ListedAlert<'a> {
    /// The server's own JSON text.
    pub raw: &'a str,
    /// The alert, or why it cannot be read.
    pub alert: Result<Alert, UnreadableAlert>,
}

/// A list being read.
#[derive(Debug)]
pub struct AlertList<'a> {
    client: &'a Client,
    query: AlertQuery,
    source: Source<'a>,
    left: Option<usize>,
    pass_over: usize,
    /// Eight bytes for each alert: pages overlap, and an alert may be changed while they are read.
    seen: HashSet<u64>,
    page: Option<RawPage>,
    position: usize,
}

impl Client {
    /// Lists alerts; nothing is sent before the first [`AlertList::next`].
    ///
    /// Graph: newest first; in the order of the last change when all or more than 1000 are asked for. Legacy: the alerts
    /// of its incidents, in their order. Each alert comes once.
    pub fn list_alerts(&self, query: &AlertQuery) -> AlertList<'_> {
        AlertList {
            client: self,
            source: Source::of(self, query),
            left: match query.extent {
                Extent::AtMost(count) => Some(count),
                Extent::All => None,
            },
            pass_over: query.offset,
            query: query.clone(),
            seen: HashSet::new(),
            page: None,
            position: 0,
        }
    }
}

impl AlertList<'_> {
    /// The next alert, fetching a page when needed; `None` at the end.
    ///
    /// # Errors
    /// [`ApiError`] when a page cannot be fetched; what was returned before remains valid.
    pub async fn next(&mut self) -> Result<Option<ListedAlert<'_>>, ApiError> {
        if self.left == Some(0) {
            return Ok(None);
        }
        loop {
            if self.is_between_pages() {
                let Some(page) = self.source.next(self.client).await? else { return Ok(None) };
                self.page = Some(page);
                self.position = 0;
                continue;
            }
            let index = self.position;
            self.position += 1;
            let raw = self.page.as_ref().map_or("", |page| page.record(index));
            let alert = Alert::read(self.client.backend(), raw);
            let is_wanted = match &alert {
                Ok(alert) => self.source.filters() || self.query.accepts(alert),
                Err(_) => true,
            };
            if !is_wanted || !self.seen.insert(mark(alert.as_ref().map_or(raw, Alert::id))) {
                continue;
            }
            if self.pass_over > 0 {
                self.pass_over -= 1;
                continue;
            }
            self.left = self.left.map(|left| left - 1);
            // Looked up again: the borrow checker cannot see that the loop does not go on.
            let raw = self.page.as_ref().map_or("", |page| page.record(index));
            return Ok(Some(ListedAlert { raw, alert }));
        }
    }

    /// Whether the next alert has to be fetched first.
    pub fn is_between_pages(&self) -> bool {
        self.page.as_ref().is_none_or(|page| self.position >= page.len())
    }
}

fn mark(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}
