//! What one has to know if one reads no further.

use maud::{Markup, html};

use crate::findings::Findings;
use crate::severity::Severity;
use crate::text::{count, duration, incidents, per_cent};

/// Two or three sentences.
pub(super) fn lead(findings: &Findings) -> Markup {
    let (open, high) = (findings.open.total(), findings.open.of(Severity::High));
    let sentences = if findings.incidents == 0 {
        "There is nothing to report: no incident matches.".to_owned()
    } else {
        let mut text = match open {
            0 => format!(
                "{} with {} alerts, and none is open.",
                incidents(findings.incidents),
                count(findings.alerts)
            ),
            _ => format!(
                "{} with {} alerts. {} still open, {} of them of high severity; {} no owner.",
                incidents(findings.incidents),
                count(findings.alerts),
                if open == 1 { "1 is".to_owned() } else { format!("{} are", count(open)) },
                count(high),
                match findings.open_without_owner {
                    0 => "none has".to_owned(),
                    1 => "1 has".to_owned(),
                    many => format!("{} have", count(many)),
                }
            ),
        };
        if let Some(median) = findings.time_to_resolve.median_seconds {
            text = format!("{text} Half of those resolved took less than {}.", duration(median));
        }
        text
    };
    html! { p.lead { (sentences) } }
}

/// Six numbers.
pub(super) fn tiles(findings: &Findings) -> Markup {
    let median =
        |seconds: Option<u64>| seconds.map_or("–".to_owned(), |seconds| format!("≈ {}", duration(seconds)));
    let class = |label: &str| {
        findings.classification.iter().find(|share| share.label == label).map_or(0, |share| share.incidents)
    };
    let classified = findings.incidents.saturating_sub(class("Not classified"));
    let high = findings.open.of(Severity::High);
    let tiles = [
        (count(findings.incidents), "incidents", false),
        (count(findings.open.total()), "open", false),
        (count(high), "open, of high severity", high > 0),
        (count(findings.open_without_owner), "open, without an owner", false),
        (median(findings.time_to_resolve.median_seconds), "median time to resolve", false),
        (per_cent(class("False positive"), classified), "false positives among those classified", false),
    ];
    html! {
        ul.tiles {
            @for (number, label, alarm) in tiles {
                li.alarm[alarm] { b { (number) } span { (label) } }
            }
        }
    }
}
