//! Behaviour that the published sources leave open or that a test wants to provoke, as named switches.

use serde::{Deserialize, Serialize};

use super::divergence::Divergence;

/// All switches of the incident, alert and hunting routes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "each is an independent switch with a name of its own")]
pub(crate) struct Switches {
    /// Enforce the call quotas.
    pub(crate) limits: bool,
    /// Milliseconds of processing time that hunting gets in each cycle of fifteen minutes, while quotas are enforced.
    pub(crate) hunting_cpu_milliseconds: i64,
    /// The first incident of a page is repeated at its end.
    pub(crate) duplicate_incident_on_page: bool,
    /// Legacy lists carry `@odata.nextLink` while more rows exist.
    pub(crate) legacy_next_link: bool,
    /// Legacy PATCH refuses `"assignedTo": null`; off, it clears the owner.
    pub(crate) legacy_refuse_null_owner: bool,
    /// A determination has to fit the classification.
    pub(crate) check_determination: bool,
    /// Legacy 429 answers carry `Retry-After` besides the text.
    pub(crate) legacy_retry_after: bool,
    /// Graph 429 answers carry `Retry-After`.
    pub(crate) graph_retry_after: bool,
    /// Lists never carry a next link, although more rows exist.
    pub(crate) drop_next_link: bool,
    /// Before the second page, Graph sends an empty page with a link.
    pub(crate) empty_page_with_link: bool,
    /// The link of a Graph page leads to the same page again.
    pub(crate) looping_next_link: bool,
    /// Links of Graph pages carry `$skip` instead of a token, also where they then lead beyond what `$skip` allows.
    pub(crate) links_by_skip: bool,
    /// The list of alerts keeps no order, whatever `$orderby` says.
    pub(crate) ignore_order_by: bool,
    /// Alerts of Graph's collection were last changed at whole multiples of so many seconds: many share a moment.
    pub(crate) alert_update_grain: Option<u32>,
    /// Graph lists with `$expand=alerts` answer 500 when an incident on the page has more alerts than this.
    pub(crate) expand_fault_above: Option<usize>,
    /// Legacy filters may hold `eq`, `gt` and `ge`, joined by `and`, and nothing else: no more has been confirmed.
    pub(crate) legacy_plain_filters: bool,
    /// Status with which the legacy routes answer as retired.
    pub(crate) legacy_retired: Option<u16>,
    /// Incidents that one of the two APIs shows otherwise, or not at all.
    pub(crate) divergences: Vec<Divergence>,
}

impl Default for Switches {
    fn default() -> Self {
        Self {
            limits: false,
            hunting_cpu_milliseconds: 60_000,
            duplicate_incident_on_page: false,
            legacy_next_link: true,
            legacy_refuse_null_owner: true,
            check_determination: true,
            legacy_retry_after: false,
            graph_retry_after: true,
            drop_next_link: false,
            empty_page_with_link: false,
            looping_next_link: false,
            links_by_skip: false,
            ignore_order_by: false,
            alert_update_grain: None,
            expand_fault_above: None,
            legacy_plain_filters: false,
            legacy_retired: None,
            divergences: Vec::new(),
        }
    }
}
