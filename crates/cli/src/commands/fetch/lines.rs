//! One incident a line.

use defender_xdr_api::fetch::NewIncident;
use defender_xdr_api::incidents::model_text;
use defender_xdr_core::backend::Backend;

/// Turns incidents into lines.
#[derive(Debug)]
pub(super) struct Lines {
    backend: Backend,
    raw: bool,
}

/// A line and whose it is.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(super) struct Line {
    pub(super) id: String,
    /// Without the line break.
    pub(super) text: String,
}

impl Lines {
    pub(super) fn new(backend: Backend, raw: bool) -> Self {
        Self { backend, raw }
    }

    pub(super) fn of(&self, incidents: &[NewIncident]) -> Vec<Line> {
        incidents.iter().map(|new| Line { id: new.id.clone(), text: self.text(new) }).collect()
    }

    fn text(&self, new: &NewIncident) -> String {
        let own = (!self.raw).then(|| model_text(self.backend, &new.raw).ok()).flatten();
        // One that cannot be read never blocks the rest: it is passed on as it came.
        let text = own.map_or_else(|| new.raw.to_string(), std::borrow::Cow::into_owned);
        if text.contains(['\n', '\r']) { text.replace(['\n', '\r'], " ") } else { text }
    }
}
