//! How long the API in use has left. Pure: the present comes in.

use defender_xdr_core::Timestamp;
use defender_xdr_core::backend::Backend;
use defender_xdr_core::retirement::{Retirement, Stage, days_left};

use super::finding::Finding;

pub(super) const CHECK: &str = "retirement";

/// The verdict about an API, with what the calendar says of it, at a moment.
pub(super) fn verdict(end: Option<&Retirement>, backend: Backend, now: Timestamp) -> Finding {
    const REMEDY: &str = "run `defender-xdr migrate permissions` for what has to be granted, then `defender-xdr migrate cutover`";
    let name = match backend {
        Backend::Graph => "Microsoft Graph",
        Backend::Legacy => "the legacy API",
    };
    let Some(end) = end else {
        return Finding::ok(CHECK, format!("{name} is in use, and no end of it is known"));
    };
    let (date, left) = (end.date, days_left(end.date, now));
    match Stage::at(date, now) {
        Stage::Over => Finding::problem(CHECK, format!("{name} ended on {date}"), REMEDY),
        Stage::Quiet => Finding::ok(CHECK, format!("{name} ends on {date}, in {left} days")),
        _ => {
            let days = if left == 1 { "1 day".to_owned() } else { format!("{left} days") };
            Finding::warning(CHECK, format!("{name} ends on {date}, in {days}"), REMEDY)
        }
    }
}

#[cfg(test)]
mod tests {
    use defender_xdr_core::retirement::Calendar;

    use super::super::finding::Verdict;
    use super::*;

    fn at(text: &str, backend: Backend) -> Finding {
        verdict(Calendar::shipped().end_of(backend), backend, text.parse().expect("a time"))
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
