//! Paths of fields.

use defender_xdr_core::backend::Backend;

use super::path::{Path, candidates};
use super::{Row, TranslateError};

const ORDER: &str = "devices and entities are one list on Graph, in an order of its own: choose by `@odata.type`, not by a \
                     number";

/// A field path on the other API: a row for each record it may belong to.
///
/// # Errors
/// [`TranslateError::Nothing`] for an empty text.
pub fn field(text: &str, to: Backend) -> Result<Vec<Row>, TranslateError> {
    let path = Path::read(text).ok_or(TranslateError::Nothing)?;
    let found = candidates(&path, to);
    if found.is_empty() {
        let why = match to {
            Backend::Graph => "no field of the legacy API of that name is known",
            Backend::Legacy => "no field of Graph of that name is known",
        };
        return Ok(vec![Row::without("field", text.trim(), why)]);
    }
    let rows = found.into_iter().map(|candidate| {
        let what = candidate.field.record.to_string();
        let Some(target) = candidate.to else {
            let why = match to {
                Backend::Graph => candidate.field.note.unwrap_or("Graph has no such field"),
                Backend::Legacy => "the legacy API has no such field",
            };
            return Row::without(what, text.trim(), why);
        };
        let notes: Vec<_> =
            candidate.field.note.into_iter().chain(path.picks_evidence().then_some(ORDER)).collect();
        Row::new(what, text.trim(), target).noting((!notes.is_empty()).then(|| notes.join("; ")))
    });
    Ok(rows.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn targets(text: &str, to: Backend) -> Vec<Option<String>> {
        field(text, to).expect("rows").into_iter().map(|row| row.to).collect()
    }

    fn one(text: &str, to: Backend) -> String {
        let mut all = targets(text, to);
        assert_eq!(all.len(), 1, "{all:?}");
        all.remove(0).expect("a counterpart")
    }

    #[test]
    fn paths_keep_their_notation() {
        assert_eq!(one("alerts[].creationTime", Backend::Graph), "alerts[].createdDateTime");
        assert_eq!(
            one("$.alerts[*].devices[0].mdatpDeviceId", Backend::Graph),
            "$.alerts[*].evidence[0].mdeDeviceId"
        );
        assert_eq!(one("incident.incidentName", Backend::Graph), "incident.displayName");
        assert_eq!(one("$.value[*].incidentName", Backend::Graph), "$.value[*].displayName");
        assert_eq!(one("value[0].alerts[*].alertId", Backend::Graph), "value[0].alerts[*].id");
        assert_eq!(
            one("alerts.devices.loggedOnUsers[0].accountName", Backend::Graph),
            "alerts.evidence.loggedOnUsers[0].accountName"
        );
    }

    #[test]
    fn a_place_in_a_list_is_another_one_there() {
        let rows = field("alerts[0].devices[0].mdatpDeviceId", Backend::Graph).expect("rows");
        assert!(rows[0].note.as_deref().is_some_and(|note| note.contains("@odata.type")), "{rows:?}");
        let all = field("alerts[0].devices[].mdatpDeviceId", Backend::Graph).expect("rows");
        assert_eq!(all[0].note, None);
    }

    #[test]
    fn the_lists_of_an_alert_keep_no_name_of_the_other_api() {
        assert_eq!(one("devices[].mdatpDeviceId", Backend::Graph), "evidence[].mdeDeviceId");
        let back = targets("evidence[].mdeDeviceId", Backend::Legacy);
        assert!(back.contains(&Some("devices[].mdatpDeviceId".to_owned())), "{back:?}");
        assert!(back.iter().flatten().all(|path| !path.starts_with("evidence")), "{back:?}");
    }

    #[test]
    fn an_entitys_field_goes_to_a_place_for_each_kind() {
        let all = targets("alerts.entities.sha1", Backend::Graph);
        assert!(all.contains(&Some("alerts.evidence.fileDetails.sha1".to_owned())), "{all:?}");
        assert!(all.contains(&Some("alerts.evidence.imageFile.sha1".to_owned())), "{all:?}");
        assert_eq!(one("alerts.evidence.imageFile.sha1", Backend::Legacy), "alerts.entities.sha1");
        let devices = targets("alerts.evidence.mdeDeviceId", Backend::Legacy);
        assert!(devices.contains(&Some("alerts.devices.mdatpDeviceId".to_owned())), "{devices:?}");
        assert!(devices.contains(&Some("alerts.entities.deviceId".to_owned())), "{devices:?}");
    }

    #[test]
    fn what_has_no_counterpart_is_told() {
        assert_eq!(targets("alert.investigationId", Backend::Graph), [None]);
        assert_eq!(targets("priorityScore", Backend::Legacy), [None]);
        assert_eq!(targets("nobodyKnowsThis", Backend::Graph), [None]);
    }
}
