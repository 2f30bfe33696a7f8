//! Whole invented tenants read from both APIs: nothing is unexplained unless it was planted, and what was planted is named.
#![expect(clippy::expect_used, reason = "what builds a tenant fails a test by panicking")]

use std::collections::BTreeMap;

use bytes::Bytes;
use defender_xdr_api::incidents::Incident;
use defender_xdr_core::Timestamp;
use defender_xdr_core::backend::Backend;
use defender_xdr_emulator::caller::{Audience, Caller, Grant};
use defender_xdr_emulator::defender::{Defender, WorldOptions};
use defender_xdr_emulator::exchange::Request;
use defender_xdr_migrate::compare::{Class, Difference, compare, missing, rules};
use http::{HeaderMap, HeaderValue, Method};
use serde_json::{Value, json};

const TENANT: &str = "6f2c9a10-4b7d-4e3a-9c58-1d0e7b5a2f94";
const OLDEST: u64 = 20_001;

fn now() -> Timestamp {
    "2026-09-14T08:00:00Z".parse().expect("a time")
}

struct Tenant(Defender);

impl Tenant {
    fn new(seed: u64, incidents: usize) -> Self {
        let options = WorldOptions {
            seed,
            incidents,
            tenant_id: TENANT.to_owned(),
            tenant_domain: "aurora-lab.example".to_owned(),
            limits: false,
        };
        Self(Defender::generate(&options, now()))
    }

    fn request(method: Method, path: &str, query: &[(&str, &str)], body: Bytes) -> Request {
        let mut headers = HeaderMap::new();
        headers.insert("prefer", HeaderValue::from_static("include-unknown-enum-members"));
        Request {
            method,
            path: path.to_owned(),
            query: query.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
            headers,
            body,
            origin: "http://127.0.0.1:4711".to_owned(),
        }
    }

    fn get(&mut self, backend: Backend, path: &str, query: &[(&str, &str)]) -> Value {
        let (audience, role) = match backend {
            Backend::Legacy => (Audience::Legacy, "Incident.Read.All"),
            Backend::Graph => (Audience::Graph, "SecurityIncident.Read.All"),
        };
        let caller = Ok(Caller {
            tenant_id: TENANT.to_owned(),
            application_id: "a3c1e5d7-0b42-4f68-9e1a-5d7c3b9f2e60".to_owned(),
            application_name: "Aurora Automation".to_owned(),
            audience,
            grant: Grant::Application { roles: [role.to_owned()].into() },
        });
        let request = Self::request(Method::GET, path, query, Bytes::new());
        let response = self.0.handle(&caller, &request, now()).expect("a path of an API");
        serde_json::from_slice(&response.body).expect("JSON")
    }

    /// All incidents as one API lists them, with their alerts.
    fn list(&mut self, backend: Backend) -> BTreeMap<String, Incident> {
        let (path, top): (_, usize) = match backend {
            Backend::Legacy => ("/api/incidents", 100),
            Backend::Graph => ("/v1.0/security/incidents", 50),
        };
        let mut all = BTreeMap::new();
        for page in 0.. {
            let (size, skip) = (top.to_string(), (page * top).to_string());
            let mut query = vec![("$top", size.as_str()), ("$skip", skip.as_str())];
            if backend == Backend::Graph {
                query.push(("$expand", "alerts"));
            }
            let answer = self.get(backend, path, &query);
            let records = answer["value"].as_array().expect("a page");
            for record in records {
                let incident = Incident::read(backend, &record.to_string()).expect("an incident");
                all.insert(incident.id().to_owned(), incident);
            }
            if records.len() < top {
                break;
            }
        }
        all
    }

    /// Plants differences; false when an incident has nothing to lose.
    fn plant(&mut self, divergences: &Value) -> bool {
        let body = json!({ "divergences": divergences }).to_string();
        let request = Self::request(Method::POST, "/_control/defender/options", &[], body.into());
        self.0.control(&request, now()).expect("an answer").status == 200
    }

    /// What no rule explains, and the ids that one side alone lists.
    fn unexplained(&mut self, with_alerts: bool) -> (Vec<Difference>, Vec<(String, Backend)>) {
        let (legacy, graph) = (self.list(Backend::Legacy), self.list(Backend::Graph));
        let mut found = Vec::new();
        for (id, incident) in &legacy {
            if let Some(other) = graph.get(id) {
                found.extend(compare(incident, other, with_alerts));
            }
        }
        found.retain(|difference| difference.class == Class::Unexplained);
        let lost = |here: &BTreeMap<String, Incident>, there: &BTreeMap<String, Incident>, on: Backend| {
            let alone = here.iter().filter(|(id, _)| !there.contains_key(*id));
            let judged = alone.map(|(_, incident)| missing(incident, on, now()));
            judged
                .filter(|missing| missing.class == Class::Unexplained)
                .map(|missing| (missing.id, on))
                .collect::<Vec<_>>()
        };
        let mut alone = lost(&legacy, &graph, Backend::Graph);
        alone.extend(lost(&graph, &legacy, Backend::Legacy));
        (found, alone)
    }
}

#[test]
fn no_world_has_a_difference_that_no_rule_explains() {
    // The newest forty of each are the odd ones.
    let worlds = (1..=10).map(|seed| (seed, 42)).chain([(7, 260)]);
    for (seed, incidents) in worlds {
        let mut tenant = Tenant::new(seed, incidents);
        assert_eq!(tenant.list(Backend::Graph).len(), incidents, "seed {seed}");
        let (found, alone) = tenant.unexplained(true);
        assert_eq!(found, [], "seed {seed}");
        assert_eq!(alone, [], "seed {seed}");
    }
}

const PLANTS: [(&str, &str); 11] = [
    ("status", "status"),
    ("severity", "severity"),
    ("assignee", "assignedTo"),
    ("classification", "classification"),
    ("determination", "determination"),
    ("tag", "customTags"),
    ("comment", "comments[]"),
    ("updated", "lastUpdateDateTime"),
    ("title", "displayName"),
    ("created", "createdDateTime"),
    ("alerts", "alerts["),
];

#[test]
fn whatever_is_planted_on_one_side_is_found_and_named() {
    for seed in 1..=4_u64 {
        let mut tenant = Tenant::new(seed, 60);
        for api in ["legacy", "graph"] {
            let mut planted: Vec<Value> = Vec::new();
            let mut expected = BTreeMap::new();
            for (kind, path) in PLANTS {
                // Of the twenty oldest, which are not odd, the first that is free and has something to lose.
                let id = (0..20)
                    .map(|step| OLDEST + (seed * 7 + step) % 20)
                    .find(|id| {
                        let more = json!({ "api": api, "id": id, "kind": kind });
                        let all: Vec<&Value> = planted.iter().chain([&more]).collect();
                        !expected.contains_key(&id.to_string()) && tenant.plant(&json!(all))
                    })
                    .expect("an incident that can diverge");
                planted.push(json!({ "api": api, "id": id, "kind": kind }));
                expected.insert(id.to_string(), path);
            }
            assert!(tenant.plant(&json!(planted)));
            let (found, alone) = tenant.unexplained(true);
            assert_eq!(alone, [], "seed {seed}");
            let mut told: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
            for difference in &found {
                told.entry(&difference.id).or_default().push(&difference.path);
            }
            assert_eq!(told.len(), expected.len(), "seed {seed} on {api}: {told:?}");
            for (id, path) in expected {
                // What is derived from a planted member differs with it, in the alerts.
                let (alerts, own): (Vec<&str>, Vec<&str>) =
                    told[id.as_str()].iter().partition(|path| path.starts_with("alerts["));
                if path == "alerts[" {
                    assert_eq!((own.len(), alerts.len()), (0, 1), "seed {seed} on {api}: {alerts:?}");
                } else {
                    assert_eq!(own, [path], "seed {seed}: {id} on {api}");
                }
            }
            assert!(tenant.plant(&json!([])));
        }
    }
}

#[test]
fn an_incident_that_one_side_lacks_is_missing_there() {
    for seed in 1..=3_u64 {
        let mut tenant = Tenant::new(seed, 60);
        let id = OLDEST + seed;
        for (api, on) in [("legacy", Backend::Legacy), ("graph", Backend::Graph)] {
            assert!(tenant.plant(&json!([{ "api": api, "id": id, "kind": "missing" }])));
            assert_eq!(tenant.unexplained(true), (Vec::new(), vec![(id.to_string(), on)]), "seed {seed}");
        }
    }
}

#[test]
fn several_plants_are_all_found() {
    let mut tenant = Tenant::new(3, 60);
    let plants = json!([
        { "api": "legacy", "id": 20_001, "kind": "severity" },
        { "api": "graph", "id": 20_001, "kind": "title" },
        { "api": "graph", "id": 20_002, "kind": "missing" },
        { "api": "legacy", "id": 20_003, "kind": "updated" },
    ]);
    assert!(tenant.plant(&plants));
    let (mut found, alone) = tenant.unexplained(false);
    found.sort_by(|one, other| (&one.id, &one.path).cmp(&(&other.id, &other.path)));
    let told: Vec<_> = found.iter().map(|found| (found.id.as_str(), found.path.as_str())).collect();
    assert_eq!(told, [("20001", "displayName"), ("20001", "severity"), ("20003", "lastUpdateDateTime")]);
    assert_eq!(alone, [("20002".to_owned(), Backend::Graph)]);
}

#[test]
fn the_documentation_has_every_rule() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/migrate.md");
    let text = std::fs::read_to_string(path).expect("the page");
    for rule in rules() {
        let row = format!("| `{}` | {} | {} |", rule.id, rule.why, rule.source);
        assert!(text.lines().any(|line| line == row), "missing in docs/migrate.md:\n{row}");
    }
    let rows = text.split("Compare the two sides").nth(1).expect("the section").lines();
    assert_eq!(rows.filter(|line| line.starts_with("| `")).count(), rules().count());
}
