//! One request of a walk: a range of creation times, and a page of it.

use defender_xdr_core::Timestamp;
use defender_xdr_core::backend::Backend;

/// A page to ask for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Ask {
    /// Created at or after.
    pub(crate) from: Option<Timestamp>,
    /// Created before.
    pub(crate) until: Option<Timestamp>,
    /// In the order of creation.
    pub(crate) ordered: bool,
    pub(crate) top: usize,
    pub(crate) skip: usize,
}

impl Ask {
    /// The terms of `$filter` for the range.
    pub(crate) fn terms(&self, backend: Backend) -> Vec<String> {
        let created = match backend {
            Backend::Graph => "createdDateTime",
            Backend::Legacy => "createdTime",
        };
        let from = self.from.map(|at| format!("{created} ge {}", exactly(at)));
        let until = self.until.map(|at| format!("{created} lt {}", exactly(at)));
        from.into_iter().chain(until).collect()
    }
}

/// A time with all the digits the services keep: ticks of 100 ns.
pub(crate) fn exactly(at: Timestamp) -> String {
    format!("{at:.7}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_told_to_the_tick_in_the_words_of_the_api() {
        let at = |text: &str| Some(text.parse().expect("a time"));
        let ask = Ask {
            from: at("2026-09-01T00:00:00Z"),
            until: at("2026-09-01T00:00:00.0000001Z"),
            ordered: false,
            top: 1,
            skip: 0,
        };
        assert_eq!(
            ask.terms(Backend::Legacy),
            ["createdTime ge 2026-09-01T00:00:00.0000000Z", "createdTime lt 2026-09-01T00:00:00.0000001Z"]
        );
        assert!(Ask { from: None, until: None, ..ask }.terms(Backend::Graph).is_empty());
    }
}
