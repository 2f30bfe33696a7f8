//! Rankings: tables whose rows are drawn as bars.

use defender_xdr_api::entities::EntityKind;
use maud::{Markup, PreEscaped, html};

use crate::chart::bar;
use crate::findings::{Detection, EntityRanking, Findings, Tactic};
use crate::text::{count, duration, per_cent};

pub(super) fn classification(findings: &Findings) -> Markup {
    html! {
        section {
            h2 { "How incidents were classified" }
            p.note { "Of all incidents, open ones included." }
            table {
                thead {
                    tr { th scope="col" { "classification" } th scope="col" { "" } th.n scope="col" { "incidents" } th.n scope="col" { "share" } }
                }
                tbody {
                    @for share in &findings.classification {
                        tr.none[share.incidents == 0] {
                            th scope="row" { (share.label) }
                            td.b { (PreEscaped(bar(share.incidents, 0, findings.incidents))) }
                            td.n { (count(share.incidents)) }
                            td.n { (per_cent(share.incidents, findings.incidents)) }
                        }
                    }
                }
            }
        }
    }
}

pub(super) fn tactics(findings: &Findings) -> Markup {
    let most = findings.tactics.iter().map(|tactic| tactic.incidents).max().unwrap_or(0);
    let (tactics, others): (Vec<_>, Vec<_>) = findings.tactics.iter().partition(|tactic| tactic.id.is_some());
    let row = |tactic: &Tactic| {
        html! {
            tr.none[tactic.incidents == 0] {
                th scope="row" { (tactic.name) }
                td.b { (PreEscaped(bar(tactic.incidents, 0, most))) }
                td.n { (count(tactic.incidents)) }
            }
        }
    };
    html! {
        section {
            h2 { "MITRE ATT&CK tactics" }
            p.note { "Incidents with an alert of the tactic, in the order of an attack." }
            table {
                thead { tr { th scope="col" { "tactic" } th scope="col" { "" } th.n scope="col" { "incidents" } } }
                tbody { @for tactic in tactics { (row(tactic)) } }
                @if !others.is_empty() {
                    tbody {
                        tr { th.soft colspan="3" scope="rowgroup" { "Categories that are no tactic" } }
                        @for other in others.iter().take(6) { (row(other)) }
                    }
                }
            }
        }
    }
}

pub(super) fn detections(findings: &Findings) -> Markup {
    let most = findings.detections.iter().map(|detection| detection.alerts).max().unwrap_or(0);
    let row = |detection: &Detection| {
        html! {
            tr {
                th scope="row" { (detection.title) " " span.soft { (detection.source) } }
                td.n { (count(detection.alerts)) }
                td.n { (count(detection.incidents)) }
                td.n { (per_cent(detection.false_positives, detection.classified)) }
            }
            tr aria-hidden="true" { td colspan="4" { (PreEscaped(bar(detection.alerts, 0, most))) } }
        }
    };
    html! {
        section.noisy {
            h2 { "Noisiest detections" }
            p.note { "By alerts; and how many of their classified incidents were false positives." }
            table {
                thead {
                    tr { th scope="col" { "detection" } th.n scope="col" { "alerts" } th.n scope="col" { "incidents" } th.n scope="col" { "false pos." } }
                }
                tbody { @for detection in &findings.detections { (row(detection)) } }
            }
        }
    }
}

const fn heading(kind: EntityKind) -> &'static str {
    match kind {
        EntityKind::User => "People",
        EntityKind::Device => "Devices",
        EntityKind::Mailbox => "Mailboxes",
        EntityKind::Ip => "IP addresses",
        EntityKind::Url => "Hosts of URLs",
        EntityKind::File => "Files",
        EntityKind::Process => "Processes",
        EntityKind::Other => "Others",
    }
}

pub(super) fn entities(findings: &Findings) -> Markup {
    let ranking = |kind: &EntityRanking| {
        // What is in one incident alone is no ranking.
        let top: Vec<_> = kind.top.iter().filter(|named| named.incidents > 1).collect();
        let most = top.first().map_or(0, |named| named.incidents);
        html! {
            div {
                h3 { (heading(kind.kind)) }
                table {
                    caption { (count(u32::try_from(kind.distinct).unwrap_or(u32::MAX))) " different" @if kind.slack > 0 { ", or more" } }
                    @if top.is_empty() { tbody { tr.none { td { "Each in one incident only." } } } }
                    @else { thead { tr { th scope="col" { "name" } th.n scope="col" { "incidents" } } } }
                    tbody {
                        @for named in &top {
                            tr { th scope="row" { (named.name) } td.n { (count(named.incidents)) } }
                            tr aria-hidden="true" { td colspan="2" { (PreEscaped(bar(named.incidents, 0, most))) } }
                        }
                    }
                }
            }
        }
    };
    html! {
        section.wide.noisy {
            h2 { "What most incidents are about" }
            p.note { "Entities in the evidence of alerts, by the number of incidents they are in." }
            div.trio { @for kind in findings.entities.iter().filter(|kind| !kind.top.is_empty()) { (ranking(kind)) } }
        }
    }
}

pub(super) fn waiting(findings: &Findings) -> Markup {
    if findings.waiting.is_empty() {
        return html! {};
    }
    html! {
        section.wide {
            h2 { "Open, of high severity, and oldest" }
            table {
                thead {
                    tr { th scope="col" { "incident" } th scope="col" { "name" } th scope="col" { "owner" } th.n scope="col" { "open for" } }
                }
                tbody {
                    @for waiting in &findings.waiting {
                        tr {
                            td.w {
                                // What a server calls an address is followed only to the web.
                                @match waiting.url.as_deref().filter(|url| url.starts_with("https://")) {
                                    Some(url) => a href=(url) rel="noopener noreferrer" { (waiting.id) },
                                    None => (waiting.id),
                                }
                            }
                            td { (waiting.name) }
                            td { @match &waiting.owner { Some(owner) => (owner), None => span.soft { "nobody" } } }
                            td.n { (duration(u64::try_from(findings.generated.as_second() - waiting.created.as_second()).unwrap_or(0))) }
                        }
                    }
                }
            }
        }
    }
}
