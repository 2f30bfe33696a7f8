//! What a report about many incidents costs: reading, counting and drawing 10,000 of them with four alerts each, as they
//! come from Graph. Prints medians in milliseconds and the size of the page as JSON.
#![expect(clippy::expect_used, reason = "a measurement that cannot be made fails by panicking")]

use std::hint::black_box;
use std::io::Write as _;
use std::time::Instant;

use defender_xdr_api::incidents::Incident;
use defender_xdr_core::Timestamp;
use defender_xdr_core::backend::Backend;
use defender_xdr_report::{Tally, page};
use serde_json::{Value, json};

const INCIDENTS: u32 = 10_000;
const CATEGORIES: [&str; 5] = ["InitialAccess", "Execution", "Exfiltration", "Malware", "Discovery"];

fn main() {
    // cargo passes `--bench`; the number of rounds is the first word that is one.
    let rounds: usize = std::env::args().find_map(|word| word.parse().ok()).unwrap_or(11);
    let now: Timestamp = "2026-09-10T00:00:00Z".parse().expect("a time");
    let texts: Vec<String> = (0..INCIDENTS).map(|number| incident(number).to_string()).collect();
    let mut took: Vec<f64> = Vec::new();
    let mut size = 0;
    for _ in 0..rounds.max(1) {
        let begun = Instant::now();
        let mut tally = Tally::new(now);
        for text in &texts {
            tally.add(&Incident::read(Backend::Graph, text).expect("readable"));
        }
        let html = black_box(page(&tally.finish(), ""));
        took.push(begun.elapsed().as_secs_f64() * 1_000.0);
        size = html.len();
    }
    took.sort_by(f64::total_cmp);
    let told = json!({ "incidents": INCIDENTS, "bytesRead": texts.iter().map(String::len).sum::<usize>(),
        "millisecondsMedian": took[took.len() / 2], "bytesWritten": size });
    writeln!(std::io::stdout(), "{told}").expect("stdout takes it");
}

/// An incident of about seven kilobytes, with things that recur and things that do not.
fn incident(number: u32) -> Value {
    let created = format!("2026-{:02}-{:02}T07:41:10.84Z", 1 + number % 9, 1 + number % 28);
    let evidence = |alert: u32| {
        json!([
            { "@odata.type": "#microsoft.graph.security.deviceEvidence", "createdDateTime": created, "verdict":
              "suspicious", "deviceDnsName": format!("ws-{}.aurora-lab.example", number % 700), "mdeDeviceId":
              format!("{:040x}", number % 700), "osPlatform": "Windows11", "tags": [], "loggedOnUsers": [] },
            { "@odata.type": "#microsoft.graph.security.userEvidence", "createdDateTime": created, "verdict": "unknown",
              "userAccount": { "accountName": format!("u{}", number % 900), "azureAdUserId": format!("{:032x}", number % 900),
                "userPrincipalName": format!("u{}@aurora-lab.example", number % 900) } },
            { "@odata.type": "#microsoft.graph.security.ipEvidence", "createdDateTime": created, "verdict": "suspicious",
              "ipAddress": format!("198.51.{}.{}", number % 256, alert), "countryLetterCode": "NL" },
            { "@odata.type": "#microsoft.graph.security.fileEvidence", "createdDateTime": created, "verdict": "malicious",
              "fileDetails": { "fileName": "update.exe", "filePath": "C:\\Users\\Public", "sha256": format!("{number:064x}") } },
        ])
    };
    let alerts: Vec<Value> = (0..4)
        .map(|alert| {
            json!({ "@odata.type": "#microsoft.graph.security.alert", "id": format!("da{number}_{alert}"),
                "title": format!("Detection number {}", (number + alert) % 300), "category":
                CATEGORIES[((number + alert) % 5) as usize], "severity": "medium", "status": "resolved", "productName":
                "Microsoft Defender for Endpoint", "createdDateTime": created, "resolvedDateTime": "2026-09-09T00:00:00Z",
                "description": "Somebody did something that is seldom done. ".repeat(6), "evidence": evidence(alert),
                "mitreTechniques": ["T1530"], "comments": [] })
        })
        .collect();
    let severity = ["high", "medium", "low", "informational"][(number % 4) as usize];
    let status = ["active", "inProgress", "resolved"][(number % 3) as usize];
    json!({ "id": number.to_string(), "displayName": format!("Incident {number} on one endpoint"),
        "severity": severity, "status": status, "createdDateTime": created, "lastUpdateDateTime": "2026-09-09T10:00:00Z", "assignedTo":
        "dana@aurora-lab.example", "classification": "truePositive", "comments": [], "customTags": [], "alerts": alerts })
}
