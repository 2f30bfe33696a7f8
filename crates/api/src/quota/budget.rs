//! The budget of one application in one tenant at one host, in a ledger that all processes share.

use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use defender_xdr_core::store::Ledger;
use serde::{Deserialize, Serialize};

use super::book::Book;
use super::limits::Lane;
use super::priority::{Pacing, Priority};

/// What the ledger holds.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Books {
    /// Whose calls these are, for people who open the file.
    of: String,
    lanes: BTreeMap<String, Book>,
}

/// The budget of one application in one tenant at one host.
#[derive(Debug, Clone)]
pub struct Budget {
    ledger: Arc<dyn Ledger>,
    of: Arc<str>,
    pub(super) pacing: Pacing,
    pub(super) priority: Priority,
    /// The ledger could not be used: that is told once.
    told: Arc<AtomicBool>,
}

impl Budget {
    /// The budget that `ledger` holds; `of` names host, tenant and application.
    pub fn new(ledger: Arc<dyn Ledger>, of: &str, pacing: Pacing) -> Self {
        Self { ledger, of: of.into(), pacing, priority: Priority::Interactive, told: Arc::default() }
    }

    /// The same budget for calls of another priority.
    #[must_use]
    pub fn with_priority(&self, priority: Priority) -> Self {
        Self { priority, ..self.clone() }
    }

    /// The lane as it is. A ledger that cannot be read counts nothing.
    pub(super) fn look(&self, lane: Lane) -> Book {
        let books = self.ledger.read().map(|text| Books::read(text.as_deref()));
        books
            .map_err(|error| self.tell(&error))
            .ok()
            .and_then(|mut books| books.lanes.remove(lane.id()))
            .unwrap_or_default()
    }

    /// All lanes as they are.
    pub(super) fn look_at_all(&self) -> io::Result<BTreeMap<String, Book>> {
        Ok(Books::read(self.ledger.read()?.as_deref()).lanes)
    }

    /// Changes a lane. `None` when the ledger cannot be written: that never stops a call.
    pub(super) fn change<T>(&self, lane: Lane, mut change: impl FnMut(&mut Book) -> T) -> Option<T> {
        let mut result = None;
        let changed = self.ledger.change(&mut |text| {
            let mut books = Books::read(text);
            let book = books.lanes.entry(lane.id().to_owned()).or_default();
            result = Some(change(book));
            books.lanes.retain(|_, book| !book.is_empty());
            self.of.as_ref().clone_into(&mut books.of);
            serde_json::to_vec(&books).ok()
        });
        changed.map_err(|error| self.tell(&error)).ok()?;
        result
    }

    fn tell(&self, error: &io::Error) {
        if !self.told.swap(true, Ordering::Relaxed) {
            tracing::info!("calls are not counted: {error}");
        }
    }
}

impl Books {
    /// What cannot be read is from another time: counting begins anew.
    fn read(text: Option<&[u8]>) -> Self {
        text.and_then(|text| serde_json::from_slice(text).ok()).unwrap_or_default()
    }
}
