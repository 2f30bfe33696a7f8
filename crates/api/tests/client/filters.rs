//! Typed filters: whatever a query asks for, both APIs list exactly the incidents that fit it, no matter which side
//! filters.

use std::collections::BTreeSet;

use defender_xdr_api::incidents::{Incident, IncidentQuery};
use defender_xdr_api::{ApiError, Client};
use defender_xdr_core::Timestamp;
use defender_xdr_core::backend::Backend;
use defender_xdr_emulator::Options;
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::tenant::{Tenant, all, everything, ids};

/// Numbers that follow from a seed (`SplitMix64`).
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((mixed ^ (mixed >> 31)) % u64::try_from(limit).expect("small")).expect("small")
    }

    fn one_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    /// Nothing most of the time, else one or two of these, in odd spellings.
    fn some(&mut self, words: &[&str]) -> Vec<String> {
        let count = if self.one_in(3) { 1 + self.below(2) } else { 0 };
        let spell = |dice: &mut Self, word: &str| match dice.below(3) {
            0 => word.to_uppercase(),
            _ => word.to_owned(),
        };
        (0..count)
            .map(|_| {
                let word = words[self.below(words.len())];
                spell(self, word)
            })
            .collect()
    }

    /// The exact time of some incident, a tick beside it, or one between two ticks.
    fn time(&mut self, world: &[Incident], name: &str) -> Option<Timestamp> {
        if !self.one_in(4) {
            return None;
        }
        let at: Timestamp = world[self.below(world.len())].text(name)?.parse().expect("a time");
        let nanos = [0, 100, -100, 37, 1_000_000_000][self.below(5)];
        Some(at.checked_add(SignedDuration::from_nanos(nanos)).expect("in range"))
    }

    fn query(&mut self, world: &[Incident]) -> IncidentQuery {
        let text = self.one_in(5).then(|| {
            let incident = &world[self.below(world.len())];
            let words = format!(
                "{} {} {}",
                incident.text("displayName").unwrap_or("mail"),
                incident.text("description").unwrap_or("mail"),
                incident.id()
            );
            let words: Vec<&str> = words.split_whitespace().collect();
            words[self.below(words.len())].to_owned()
        });
        let owners = ["dana@aurora-lab.example", "mika@aurora-lab.example", "o'neil@x", "Night Shift"];
        IncidentQuery {
            status: self.some(&["active", "inProgress", "resolved", "redirected"]),
            severity: self.some(&["high", "medium", "low", "informational", "unknown"]),
            assigned_to: self.one_in(5).then(|| owners[self.below(owners.len())].to_owned()),
            unassigned: self.one_in(6),
            created_since: self.time(world, "createdDateTime"),
            created_until: self.time(world, "createdDateTime"),
            updated_since: self.time(world, "lastUpdateDateTime"),
            updated_until: self.time(world, "lastUpdateDateTime"),
            classification: self.some(&["truePositive", "falsePositive", "unknown"]),
            determination: self.some(&["phishing", "malware", "notMalicious", "unknown", "other"]),
            tags: self.some(&["vip", "site-oslo", "site-turin", "no such tag"]),
            sources: self.some(&[
                "microsoftDefenderForEndpoint",
                "MicrosoftDefenderForIdentity",
                "OfficeATP",
                "microsoftSentinel",
            ]),
            text,
            ..everything()
        }
    }
}

/// Graph's word for each of the words that a query may name otherwise.
fn canonical(word: &str) -> String {
    if word.eq_ignore_ascii_case("OfficeATP") {
        return "microsoftdefenderforoffice365".to_owned();
    }
    word.to_lowercase()
}

/// What the query means, said a second time over plain JSON.
fn fits(query: &IncidentQuery, incident: &Value, backend: Backend) -> bool {
    let text = |name: &str| incident[name].as_str().unwrap_or_default().to_lowercase();
    let any = |wanted: &[String], word: &str| {
        wanted.is_empty() || wanted.iter().any(|wanted| canonical(wanted) == word.to_lowercase())
    };
    let or_unknown = |word: String| if word.is_empty() { "unknown".to_owned() } else { word };
    let mut status = text("status");
    if backend == Backend::Legacy && status == "awaitingaction" {
        "active".clone_into(&mut status);
    }
    let owner = text("assignedTo");
    let nobody = owner.is_empty() || owner == "unassigned";
    let suits = match (&query.assigned_to, query.unassigned) {
        (None, unassigned) => !unassigned || nobody,
        (Some(name), unassigned) => owner == name.to_lowercase() || (unassigned && nobody),
    };
    let time = |name: &str| incident[name].as_str().expect("a time").parse::<Timestamp>().expect("a time");
    let within = |name: &str, since: Option<Timestamp>, until: Option<Timestamp>| {
        since.is_none_or(|since| time(name) >= since) && until.is_none_or(|until| time(name) < until)
    };
    let list = |name: &str| incident[name].as_array().cloned().unwrap_or_default();
    let wanted = query.text.as_deref().unwrap_or_default().to_lowercase();
    let told = text("displayName").contains(&wanted)
        || (backend == Backend::Graph && text("description").contains(&wanted))
        || text("id") == wanted;
    any(&query.status, &status)
        && any(&query.severity, &text("severity"))
        && any(&query.classification, &or_unknown(text("classification")))
        && any(&query.determination, &or_unknown(text("determination")))
        && suits
        && within("createdDateTime", query.created_since, query.created_until)
        && within("lastUpdateDateTime", query.updated_since, query.updated_until)
        && (query.tags.is_empty()
            || list("customTags").iter().any(|tag| any(&query.tags, tag.as_str().unwrap_or_default())))
        && (query.sources.is_empty()
            || list("alerts")
                .iter()
                .any(|alert| any(&query.sources, alert["serviceSource"].as_str().unwrap_or_default())))
        && (query.text.is_none() || told)
}

/// The same query walked over in the order of creation.
async fn walk(client: &Client, query: &IncidentQuery) -> Result<Vec<String>, ApiError> {
    let mut walk = client.walk_incidents(query)?;
    let mut found = Vec::new();
    while let Some(page) = walk.next().await? {
        found.extend(page.incidents().map(|walked| walked.id().to_owned()));
    }
    Ok(found)
}

#[tokio::test]
async fn both_apis_list_exactly_what_fits_any_query_in_any_world() {
    let (mut lists, mut listed) = (0, 0);
    for seed in 1..=4 {
        let incidents = 41 + 9 * usize::try_from(seed).expect("small");
        let tenant = Tenant::started(Options { seed, incidents, ..Options::default() }).await;
        // The legacy API is asked for nothing that nobody has confirmed there.
        tenant.switch(&json!({ "legacy_plain_filters": true })).await;
        let graph = tenant.client(Backend::Graph);
        let whole = IncidentQuery { expand_alerts: true, ..everything() };
        let world = all(&graph, &whole).await.expect("a list");
        assert_eq!(world.len(), incidents);
        let mut dice = Dice(seed);
        for _ in 0..11 {
            let query = dice.query(&world);
            for backend in Backend::ALL {
                let client = tenant.client(backend);
                let (found, walked) = match (all(&client, &query).await, walk(&client, &query).await) {
                    (Ok(found), Ok(walked)) => (ids(&found), walked),
                    // A window that ends before it begins.
                    (Err(error), Err(_)) => {
                        assert!(["until", "updated-until"].contains(&error.option().expect("refused")));
                        continue;
                    }
                    other => panic!("seed {seed}, {backend}: {query:?}: {other:?}"),
                };
                let expected: BTreeSet<String> = world
                    .iter()
                    .filter(|incident| fits(&query, &serde_json::to_value(incident).expect("JSON"), backend))
                    .map(|incident| incident.id().to_owned())
                    .collect();
                for found in [found, walked] {
                    assert_eq!(found.len(), expected.len(), "seed {seed}, {backend}: {query:?}");
                    let found: BTreeSet<String> = found.into_iter().collect();
                    assert_eq!(found, expected, "seed {seed}, {backend}: {query:?}");
                }
                lists += 1;
                listed += expected.len();
            }
        }
    }
    assert!(lists > 60 && listed > lists, "{lists} lists with {listed} incidents prove little");
}

#[tokio::test]
async fn a_source_is_looked_for_among_all_alerts_even_those_of_later_pages() {
    let service = crate::service::Service::start(Backend::Graph).await;
    let more = format!("{}/v1.0/security/incidents/1/alerts?$skiptoken=x", service.server.uri());
    let first = json!({ "value": [
        { "id": "1", "alerts": [{ "serviceSource": "microsoftSentinel" }], "alerts@odata.nextLink": more },
        { "id": "2", "alerts": [{ "serviceSource": "microsoftSentinel" }] },
    ] });
    let rest = json!({ "value": [{ "serviceSource": "dataLossPrevention" }] });
    let target = crate::service::incidents(Backend::Graph);
    let list = crate::service::Expected::get(&format!("{target}?$top=50&$expand=alerts"));
    service.answers(list, crate::service::json(200, &first.to_string())).await;
    let alerts = crate::service::Expected::get(&format!("{target}/1/alerts?$skiptoken=x"));
    service.answers(alerts, crate::service::json(200, &rest.to_string())).await;
    let query = IncidentQuery { sources: vec!["dataLossPrevention".into()], ..everything() };
    assert_eq!(ids(&all(&service.client, &query).await.expect("a list")), ["1"]);
}
