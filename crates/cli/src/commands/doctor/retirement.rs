//! How long the API in use has left. Pure: the present comes in.

use defender_xdr_core::Timestamp;
use defender_xdr_core::backend::{Backend, LEGACY_RETIREMENT};

use super::finding::Finding;

pub(super) const CHECK: &str = "retirement";

/// From here on it is more than a note.
const NEAR: i64 = 180;

/// The verdict about an API at a moment.
pub(super) fn verdict(backend: Backend, now: Timestamp) -> Finding {
    const REMEDY: &str =
        "run `defender-xdr migrate permissions` for what has to be granted, then set `api = \"graph\"`";
    if backend == Backend::Graph {
        return Finding::ok(CHECK, "Microsoft Graph is in use, and no end of it is known");
    }
    let Some(left) = days_left(now) else {
        return Finding::skipped(CHECK, format!("`{LEGACY_RETIREMENT}` is no date"));
    };
    match left {
        ..=0 => Finding::problem(CHECK, format!("the legacy API ended on {LEGACY_RETIREMENT}"), REMEDY),
        1..=NEAR => {
            let days = if left == 1 { "1 day".to_owned() } else { format!("{left} days") };
            Finding::warning(CHECK, format!("the legacy API ends on {LEGACY_RETIREMENT}, in {days}"), REMEDY)
        }
        _ => Finding::ok(CHECK, format!("the legacy API ends on {LEGACY_RETIREMENT}, in {left} days")),
    }
}

/// Whole days, begun ones counted.
fn days_left(now: Timestamp) -> Option<i64> {
    let end: Timestamp = format!("{LEGACY_RETIREMENT}T00:00:00Z").parse().ok()?;
    let left = end.duration_since(now).as_secs();
    Some(if left > 0 { (left + 86_399) / 86_400 } else { 0 })
}

#[cfg(test)]
mod tests {
    use super::super::finding::Verdict;
    use super::*;

    fn at(text: &str, backend: Backend) -> Finding {
        verdict(backend, text.parse().expect("a time"))
    }

    #[test]
    fn the_legacy_api_ends_and_graph_does_not() {
        assert_eq!(at("2026-01-01T00:00:00Z", Backend::Legacy).verdict, Verdict::Ok);
        assert_eq!(at("2026-11-23T09:00:00Z", Backend::Legacy).verdict, Verdict::Warning);
        assert!(at("2026-11-23T09:00:00Z", Backend::Legacy).seen.contains("in 70 days"));
        assert!(at("2027-01-31T23:00:00Z", Backend::Legacy).seen.contains("in 1 day"));
        assert_eq!(at("2027-02-01T00:00:00Z", Backend::Legacy).verdict, Verdict::Problem);
        assert_eq!(at("2028-02-01T00:00:00Z", Backend::Graph).verdict, Verdict::Ok);
    }
}
