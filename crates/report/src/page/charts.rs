//! The drawings, each with its numbers in a table.

use jiff::civil::Date;
use maud::{Markup, PreEscaped, html};

use crate::chart::{Columns, Series};
use crate::findings::{Findings, Spread};
use crate::severity::{BySeverity, Severity};
use crate::text::{count, duration, incidents};
use crate::time_axis::Step;

const FULL: (f64, f64) = (1_080.0, 280.0);
const HALF: (f64, f64) = (520.0, 240.0);

pub(super) fn over_time(findings: &Findings) -> Markup {
    let step = findings.step.word();
    let most = findings.over_time.iter().max_by_key(|period| period.incidents.total());
    let description = most.map_or_else(String::new, |most| {
        format!(
            "{} in {} {step}s from {} on. The most, {}, in the {step} of {}.",
            incidents(findings.incidents),
            findings.over_time.len(),
            findings.over_time.first().map_or("", |first| first.from.as_str()),
            incidents(most.incidents.total()),
            most.from
        )
    });
    let rows: Vec<_> =
        findings.over_time.iter().map(|period| (period.from.clone(), period.incidents)).collect();
    let labels = findings.over_time.iter().map(|period| short(findings.step, &period.from)).collect();
    let heading = format!("New incidents by {step}");
    by_severity("over-time", &heading, "wide", FULL, description, labels, &rows)
}

pub(super) fn open_by_age(findings: &Findings) -> Markup {
    let rows: Vec<_> = findings.open_by_age.iter().map(|age| (age.label.clone(), age.incidents)).collect();
    let told: Vec<_> = rows.iter().map(|(label, counts)| format!("{label}: {}", counts.total())).collect();
    let description = format!("Open incidents by age. {}.", told.join(", "));
    let labels = rows.iter().map(|(label, _)| label.clone()).collect();
    by_severity("open-by-age", "Open incidents by age", "", HALF, description, labels, &rows)
}

pub(super) fn to_assign(findings: &Findings) -> Markup {
    spread("to-assign", "Time to assign", &findings.time_to_assign, "incidents with an owner")
}

pub(super) fn to_resolve(findings: &Findings) -> Markup {
    spread("to-resolve", "Time to resolve", &findings.time_to_resolve, "resolved incidents")
}

/// A period under its column: `3 Sep`, `2026-09`, `2026`. The table has the whole date.
fn short(step: Step, from: &str) -> String {
    let date: Option<Date> = from.parse().ok();
    let text = date.map(|date| match step {
        Step::Day | Step::Week => date.strftime("%-d %b").to_string(),
        Step::Month => date.strftime("%Y-%m").to_string(),
        Step::Year => date.strftime("%Y").to_string(),
    });
    text.unwrap_or_else(|| from.to_owned())
}

fn by_severity(
    id: &str,
    heading: &str,
    class: &str,
    (width, height): (f64, f64),
    description: String,
    labels: Vec<String>,
    rows: &[(String, BySeverity)],
) -> Markup {
    // The worst lies at the bottom, where columns can be compared.
    let present: Vec<Severity> = Severity::ALL
        .into_iter()
        .filter(|severity| rows.iter().any(|(_, row)| row.of(*severity) > 0))
        .collect();
    let series = present
        .iter()
        .map(|severity| Series {
            class: severity.word(),
            values: rows.iter().map(|(_, row)| row.of(*severity)).collect(),
        })
        .collect();
    let drawing = Columns { id, title: heading, description, labels, series, width, height }.draw();
    html! {
        section class=(class) {
            h2 { (heading) }
            figure {
                (PreEscaped(drawing))
                figcaption { (legend(&present)) }
            }
            details {
                summary { "The numbers" }
                table {
                    caption { (heading) }
                    thead {
                        tr {
                            th scope="col" { "" }
                            @for severity in &present { th.n scope="col" { (severity.word()) } }
                            th.n scope="col" { "all" }
                        }
                    }
                    tbody {
                        @for (label, row) in rows {
                            tr {
                                th scope="row" { (label) }
                                @for severity in &present { td.n { (count(row.of(*severity))) } }
                                td.n { (count(row.total())) }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn legend(present: &[Severity]) -> Markup {
    html! {
        ul.legend {
            @for severity in present {
                li {
                    svg viewBox="0 0 10 10" aria-hidden="true" {
                        rect class=(severity.word()) width="10" height="10" {}
                    }
                    (severity.word())
                }
            }
        }
    }
}

fn spread(id: &str, heading: &str, spread: &Spread, of: &str) -> Markup {
    let told = match (spread.median_seconds, spread.ninetieth_seconds) {
        (Some(median), Some(ninetieth)) => format!(
            "≈ {} in the middle, ≈ {} for nine of ten; {} {of}.",
            duration(median),
            duration(ninetieth),
            count(spread.count)
        ),
        _ => format!("There are no {of}."),
    };
    let shares: Vec<_> =
        spread.shares.iter().map(|share| format!("{}: {}", share.label, share.incidents)).collect();
    let (width, height) = HALF;
    let drawing = Columns {
        id,
        title: heading,
        description: format!("{told} {}.", shares.join(", ")),
        labels: spread.shares.iter().map(|share| share.label.clone()).collect(),
        series: vec![Series {
            class: "plain",
            values: spread.shares.iter().map(|share| share.incidents).collect(),
        }],
        width,
        height,
    };
    html! {
        section {
            h2 { (heading) span.soft { " (approximate)" } }
            p.note { (told) }
            figure { (PreEscaped(drawing.draw())) }
            details {
                summary { "The numbers" }
                table {
                    caption { (heading) }
                    thead { tr { th scope="col" { "took" } th.n scope="col" { "incidents" } } }
                    tbody {
                        @for share in &spread.shares {
                            tr { th scope="row" { (share.label) } td.n { (count(share.incidents)) } }
                        }
                    }
                }
            }
        }
    }
}
