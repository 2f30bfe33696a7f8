//! Member by member: what one world looks like through both APIs. `docs/apis.md` repeats the list of differences.

use std::collections::{BTreeMap, BTreeSet};

use defender_xdr_api::incidents::{Incident, IncidentQuery};
use defender_xdr_core::backend::Backend;
use serde_json::{Map, Value};

use crate::tenant::{Tenant, all, everything};

/// Members that both APIs have, and whose values differ.
const DIFFERENT: &[&str] = &["comments.createdByDisplayName", "status"];

/// Members that only Graph has.
const ONLY_GRAPH: &[&str] = &[
    "@odata.type",
    "alerts.@odata.type",
    "alerts.alertWebUrl",
    "alerts.categories",
    "alerts.comments",
    "alerts.customDetails",
    "alerts.incidentWebUrl",
    "alerts.productName",
    "alerts.providerAlertId",
    "alerts.recommendedActions",
    "alerts.systemTags",
    "alerts.tenantId",
    "alerts.threatDisplayName",
    "analyzedMessageEvidence.antiSpamDirection",
    "analyzedMessageEvidence.attachmentsCount",
    "analyzedMessageEvidence.deliveryLocation",
    "analyzedMessageEvidence.language",
    "analyzedMessageEvidence.networkMessageId",
    "analyzedMessageEvidence.p1Sender.domainName",
    "analyzedMessageEvidence.p2Sender",
    "analyzedMessageEvidence.receivedDateTime",
    "analyzedMessageEvidence.senderIp",
    "analyzedMessageEvidence.threatDetectionMethods",
    "analyzedMessageEvidence.threats",
    "analyzedMessageEvidence.urlCount",
    "analyzedMessageEvidence.urls",
    "azureResourceEvidence.resourceName",
    "azureResourceEvidence.resourceType",
    "cloudApplicationEvidence.instanceId",
    "cloudApplicationEvidence.instanceName",
    "cloudApplicationEvidence.saasAppId",
    "description",
    "deviceEvidence.createdDateTime",
    "deviceEvidence.dnsDomain",
    "deviceEvidence.hostName",
    "deviceEvidence.ipInterfaces",
    "deviceEvidence.lastExternalIpAddress",
    "deviceEvidence.lastIpAddress",
    "deviceEvidence.remediationStatus",
    "deviceEvidence.verdict",
    "evidence.detailedRoles",
    "evidence.roles",
    "evidence.tags",
    "fileEvidence.detectionStatus",
    "fileEvidence.fileDetails.fileSize",
    "incidentWebUrl",
    "ipEvidence.countryLetterCode",
    "mailClusterEvidence.clusterByValue",
    "mailClusterEvidence.emailCount",
    "mailClusterEvidence.networkMessageIds",
    "mailboxEvidence.userAccount.displayName",
    "mailboxEvidence.userAccount.userPrincipalName",
    "oauthApplicationEvidence.objectId",
    "oauthApplicationEvidence.publisher",
    "priorityScore",
    "processEvidence.detectionStatus",
    "processEvidence.imageFile.fileSize",
    "processEvidence.userAccount.displayName",
    "systemTags",
    "tenantId",
    "userEvidence.userAccount.displayName",
];

/// Members that only the legacy API has, under their legacy names.
const ONLY_LEGACY: &[&str] =
    &["alerts.investigationId", "deviceEvidence.osProcessor", "processEvidence.parentProcessImageFile"];

/// Differences found, by kind.
#[derive(Default)]
struct Differences {
    different: BTreeSet<String>,
    only_graph: BTreeSet<String>,
    only_legacy: BTreeSet<String>,
}

impl Differences {
    /// Null and missing are the same: both APIs leave members out as they like.
    fn compare(&mut self, path: &str, graph: &Value, legacy: &Value) {
        match (graph, legacy) {
            (Value::Object(graph), Value::Object(legacy)) => self.objects(path, graph, legacy),
            (Value::Array(graph), Value::Array(legacy)) if graph.len() == legacy.len() => {
                for (graph, legacy) in graph.iter().zip(legacy) {
                    self.compare(path, graph, legacy);
                }
            }
            (graph, legacy) if graph == legacy => {}
            (graph, legacy) => {
                let place = match (graph, legacy) {
                    (Value::Null, _) => &mut self.only_legacy,
                    (_, Value::Null) => &mut self.only_graph,
                    _ => &mut self.different,
                };
                place.insert(path.to_owned());
            }
        }
    }

    fn objects(&mut self, path: &str, graph: &Map<String, Value>, legacy: &Map<String, Value>) {
        let kind = graph.get("@odata.type").and_then(Value::as_str).map(last_part);
        let place = match kind.filter(|kind| kind.ends_with("Evidence")) {
            Some(kind) if path == "alerts.evidence" => kind.to_owned(),
            _ => path.to_owned(),
        };
        for name in graph.keys().chain(legacy.keys()).collect::<BTreeSet<_>>() {
            let inner = match name.as_str() {
                // Every kind of evidence has these.
                "roles" | "detailedRoles" | "tags" if place.ends_with("Evidence") => {
                    format!("evidence.{name}")
                }
                _ if place.is_empty() => name.clone(),
                _ => format!("{place}.{name}"),
            };
            let of = |fields: &Map<String, Value>| fields.get(name).cloned().unwrap_or_default();
            self.compare(&inner, &of(graph), &of(legacy));
        }
    }
}

fn last_part(odata_type: &str) -> &str {
    odata_type.rsplit('.').next().unwrap_or_default()
}

/// An incident as plain JSON, its devices before its other evidence: the legacy API has two lists.
fn plain(incident: &Incident) -> Value {
    let mut value = serde_json::to_value(incident).expect("JSON");
    for alert in value["alerts"].as_array_mut().into_iter().flatten() {
        if let Some(evidence) = alert.get_mut("evidence").and_then(Value::as_array_mut) {
            evidence
                .sort_by_key(|piece| piece["@odata.type"].as_str().map(last_part) != Some("deviceEvidence"));
        }
    }
    value
}

/// Incidents in which each API left out or invented something by itself: lists that are missing, evidence that nobody
/// knows, accounts without names.
fn is_odd(graph: &Value) -> bool {
    let text = graph.to_string();
    !graph["customTags"].is_array()
        || text.contains("quantumEvidence")
        || text.contains("\"accountName\":\"\"")
}

fn expected(list: &[&str]) -> BTreeSet<String> {
    list.iter().map(|path| (*path).to_owned()).collect()
}

#[tokio::test]
async fn two_apis_differ_in_nothing_but_what_is_listed() {
    let tenant = Tenant::with(150).await;
    let query = IncidentQuery { expand_alerts: true, ..everything() };
    let mut models = Backend::ALL.map(|_| BTreeMap::new());
    for (model, backend) in models.iter_mut().zip(Backend::ALL) {
        let found = all(&tenant.client(backend), &query).await.expect("a list");
        *model = found.iter().map(|incident| (incident.id().to_owned(), plain(incident))).collect();
    }
    let [graph, legacy] = models;
    let mut found = Differences::default();
    let mut compared = 0;
    for (id, incident) in graph.iter().filter(|(_, incident)| !is_odd(incident)) {
        found.compare("", incident, &legacy[id]);
        compared += 1;
    }
    assert!(compared > 140, "{compared}");
    assert_eq!(found.different, expected(DIFFERENT));
    assert_eq!(found.only_graph, expected(ONLY_GRAPH));
    assert_eq!(found.only_legacy, expected(ONLY_LEGACY));
}

#[test]
fn the_documentation_names_every_difference() {
    let page = include_str!("../../../../docs/apis.md");
    for path in DIFFERENT.iter().chain(ONLY_GRAPH).chain(ONLY_LEGACY) {
        assert!(page.contains(&format!("`{path}`")), "docs/apis.md does not name `{path}`");
    }
}
