//! The second reading: an incident may have been changed between the first two.

use defender_xdr_api::incidents::Incident;

use super::{Class, Difference, compare};

/// What a second reading of an incident says.
#[derive(Debug, Clone, PartialEq)]
pub enum Second {
    /// The first one was right: these are its differences.
    Stands(Vec<Difference>),
    /// It was changed between two readings: these differences are left, of which those without a rule mean nothing.
    Changed(Vec<Difference>),
}

/// Judges an incident that was read twice, as pairs of the legacy API's reading and Graph's. One that was changed once is
/// the same on both sides the second time; one that is changed all the time has been changed at two moments again.
pub fn second(first: (&Incident, &Incident), second: (&Incident, &Incident), with_alerts: bool) -> Second {
    let differences = compare(second.0, second.1, with_alerts);
    let explained = differences.iter().all(|difference| difference.class != Class::Unexplained);
    let moved = first.0.updated() != second.0.updated() || first.1.updated() != second.1.updated();
    if explained || (moved && second.0.updated() != second.1.updated()) {
        Second::Changed(differences)
    } else {
        Second::Stands(differences)
    }
}

#[cfg(test)]
mod tests {
    use defender_xdr_core::backend::Backend;

    use super::*;

    fn incident(status: &str, minute: u8) -> Incident {
        let json = serde_json::json!({
            "id": "7", "status": status, "lastUpdateDateTime": format!("2026-09-03T09:{minute:02}:00Z")
        });
        Incident::read(Backend::Graph, &json.to_string()).expect("an incident")
    }

    #[test]
    fn a_difference_that_is_still_there_stands() {
        let (legacy, graph) = (incident("active", 1), incident("resolved", 1));
        let judged = second((&legacy, &graph), (&legacy, &graph), true);
        assert!(matches!(judged, Second::Stands(left) if left.len() == 1));
        // Also when only the time of the change differs, and nothing moves.
        let graph = incident("active", 2);
        assert!(matches!(second((&legacy, &graph), (&legacy, &graph), true), Second::Stands(_)));
    }

    #[test]
    fn a_difference_that_went_away_was_a_change() {
        let (old, new) = (incident("active", 1), incident("resolved", 2));
        assert_eq!(second((&old, &new), (&new, &new), true), Second::Changed(Vec::new()));
    }

    #[test]
    fn a_busy_incident_is_judged_by_a_quiet_moment_only() {
        let (old, new, newest) = (incident("active", 1), incident("resolved", 2), incident("active", 3));
        assert!(
            matches!(second((&old, &new), (&new, &newest), true), Second::Changed(left) if left.len() == 2)
        );
        // It moved, and both sides have the last change: what differs now was not changed between the readings.
        let other = incident("active", 2);
        assert!(matches!(second((&old, &old), (&new, &other), true), Second::Stands(_)));
    }
}
