//! The page: one HTML file that loads nothing and runs nothing.
//!
//! Every text goes through `maud`, which escapes it by its type; only our own drawings and style sheet are put in as they
//! are.

mod charts;
mod overview;
mod tables;

use maud::{DOCTYPE, Markup, PreEscaped, html};

use crate::findings::Findings;
use crate::text::{count, day, minute};

const STYLE: &str = include_str!("../style.css");
/// Nothing may be loaded or run, and of styles only ours: its SHA-256 stands here, and a test holds it to the file.
const POLICY: &str = concat!(
    "default-src 'none'; style-src 'sha256-",
    include_str!("../style.sha256"),
    "'; base-uri 'none'; form-action 'none'"
);

/// The page about findings. `scope` says in words which incidents were counted; empty for all.
pub fn page(findings: &Findings, scope: &str) -> String {
    let range = match (findings.first_created, findings.last_created) {
        (Some(first), Some(last)) => format!("Created {} to {}", day(first), day(last)),
        _ => "No incidents".to_owned(),
    };
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(POLICY);
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="referrer" content="no-referrer";
                meta name="generator" content="defender-xdr";
                title { "Incidents in Microsoft Defender XDR, " (day(findings.generated)) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                header {
                    h1 { "Incidents in Microsoft Defender XDR" }
                    p.soft {
                        (range) " · as of " (minute(findings.generated)) " UTC"
                        @if let Some(tenant) = &findings.tenant { " · tenant " (tenant) }
                        @if !scope.is_empty() { " · only " (scope) }
                    }
                    (overview::lead(findings))
                }
                main {
                    (overview::tiles(findings))
                    div.grid {
                        @if findings.incidents > 0 {
                            (charts::over_time(findings))
                            (charts::open_by_age(findings))
                            (tables::classification(findings))
                            (charts::to_assign(findings))
                            (charts::to_resolve(findings))
                            (tables::tactics(findings))
                            (tables::detections(findings))
                            (tables::entities(findings))
                        }
                        (tables::waiting(findings))
                    }
                }
                (notes(findings))
            }
        }
    }
    .into_string()
}

/// How the numbers came about.
fn notes(findings: &Findings) -> Markup {
    html! {
        footer {
            h2 { "How these numbers came about" }
            ul {
                li { "All times are in UTC. Open means every status but resolved. Ages count until this page was made." }
                li {
                    "Time to assign is an approximation: the service does not tell when an incident got its owner. It counts, "
                    "for incidents with an owner, from creation to the first comment, else to the resolution or the last change."
                }
                li {
                    "Time to resolve is an approximation: from creation to the resolution of the last alert, or to the last "
                    "change where alerts do not tell."
                }
                li { "Medians are right within three per cent. Entities and tactics count each incident once." }
                @if findings.merged > 0 {
                    li { (count(findings.merged)) " incidents were merged into others and are counted there." }
                }
                @if findings.without_alerts > 0 {
                    li {
                        (count(findings.without_alerts))
                        " incidents came without alerts: tactics, detections and entities do not know them."
                    }
                }
                @if findings.unreadable > 0 {
                    li { b { (count(findings.unreadable)) " incidents could not be read and are not counted." } }
                }
                @if findings.detections_slack > 0 || findings.entities.iter().any(|kind| kind.slack > 0) {
                    li {
                        "There were more different names than are kept: counts of detections may be too low by up to "
                        (count(findings.detections_slack)) ", of entities by up to "
                        (count(findings.entities.iter().map(|kind| kind.slack).max().unwrap_or(0))) "."
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;
