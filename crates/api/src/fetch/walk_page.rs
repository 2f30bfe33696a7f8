//! A page of a walk: its incidents as slices of what arrived.

use std::borrow::Cow;
use std::sync::Arc;

use defender_xdr_core::Timestamp;
use defender_xdr_core::backend::Backend;
use serde::de::IgnoredAny;

use super::head::Head;
use super::record_text::RecordText;
use crate::envelope::RawPage;
use crate::incidents::{Incident, UnreadableIncident, model_text};

/// One page of a walk: incidents that were not on an earlier one, in the order of creation.
#[derive(Debug, Default)]
pub struct WalkPage {
    pub(super) backend: Option<Backend>,
    pub(super) parts: Vec<Arc<RawPage>>,
    pub(super) records: Vec<Place>,
}

#[derive(Debug)]
pub(super) struct Place {
    pub(super) head: Head,
    pub(super) part: usize,
    pub(super) index: usize,
}

/// An incident of a page.
#[derive(Debug, Clone, Copy)]
pub struct Walked<'a> {
    backend: Backend,
    head: &'a Head,
    page: &'a Arc<RawPage>,
    index: usize,
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

    /// Why it cannot be passed on, if so; whether it is JSON is not looked at when it goes on `unchecked`.
    pub(super) fn fault(&self, unchecked: bool) -> Option<String> {
        if self.head.id.is_empty() {
            return Some("a record has no id".to_owned());
        }
        if unchecked {
            return None;
        }
        serde_json::from_str::<IgnoredAny>(self.raw).err().map(|error| format!("it is no JSON: {error}"))
    }

    /// The same text, to be kept.
    pub(super) fn to_text(self) -> RecordText {
        RecordText::new(self.page, self.index)
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
        self.records.iter().map(move |place| {
            let Place { head, part, index } = place;
            let page = &self.parts[*part];
            Walked { backend, head, page, index: *index, raw: page.record(*index) }
        })
    }
}
