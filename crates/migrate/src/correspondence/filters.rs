//! Which fields of incidents each API filters by.
//!
//! Sources: "List incidents API" of Defender XDR; "List incidents" of Microsoft Graph.

use defender_xdr_core::backend::Backend;

/// A field of incidents to filter by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Filterable {
    /// Its legacy name.
    pub legacy: &'static str,
    /// Its name on Graph.
    pub graph: &'static str,
    /// Whether the legacy API filters by it; Graph does by all of them.
    pub on_legacy: bool,
}

const FILTERABLE: &[Filterable] = &[
    Filterable { legacy: "lastUpdateTime", graph: "lastUpdateDateTime", on_legacy: true },
    Filterable { legacy: "createdTime", graph: "createdDateTime", on_legacy: true },
    Filterable { legacy: "status", graph: "status", on_legacy: true },
    Filterable { legacy: "assignedTo", graph: "assignedTo", on_legacy: true },
    Filterable { legacy: "severity", graph: "severity", on_legacy: false },
    Filterable { legacy: "classification", graph: "classification", on_legacy: false },
    Filterable { legacy: "determination", graph: "determination", on_legacy: false },
];

/// The field of a name, in either API's spelling and any case.
pub fn filterable(name: &str) -> Option<&'static Filterable> {
    FILTERABLE
        .iter()
        .find(|row| row.legacy.eq_ignore_ascii_case(name) || row.graph.eq_ignore_ascii_case(name))
}

impl Filterable {
    /// Its name on an API.
    pub fn name(&self, backend: Backend) -> &'static str {
        match backend {
            Backend::Graph => self.graph,
            Backend::Legacy => self.legacy,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::correspondence::fields;

    #[test]
    fn filters_use_the_names_of_the_fields() {
        for row in FILTERABLE {
            let pair = fields()
                .iter()
                .find(|field| field.record.to_string() == "incident" && field.legacy == Some(row.legacy));
            assert_eq!(pair.and_then(|field| field.graph.as_deref()), Some(row.graph));
        }
    }
}
