//! Alerts and incidents of both APIs, their evidence and their entities: any JSON is read or refused, and what nobody knows
//! survives.
#![no_main]

use defender_xdr_api::alerts::Alert;
use defender_xdr_api::entities::Entities;
use defender_xdr_api::evidence::Evidence;
use defender_xdr_api::incidents::Incident;
use defender_xdr_core::backend::Backend;
use serde_json::{Value, json};

libfuzzer_sys::fuzz_target!(|text: &str| {
    for backend in Backend::ALL {
        let _ = Incident::read(backend, text).map(|incident| drop(incident.tags()));
        if let Ok(alert) = Alert::read(backend, text) {
            look_into(&alert);
            if backend == Backend::Graph {
                // What was read is in the model's form: reading it again changes nothing.
                let written = serde_json::to_string(&alert).expect("an alert is JSON");
                let again = Alert::read(backend, &written).expect("what was written is an alert");
                assert_eq!(serde_json::to_string(&again).expect("JSON"), written);
            }
        }
    }
    if let Ok(value) = serde_json::from_str::<Value>(text) {
        survives(&value);
    }
});

/// Every accessor of every piece, and the entities.
fn look_into(alert: &Alert) {
    for evidence in alert.evidence().flat_map(Evidence::with_all_inside) {
        assert_eq!(Evidence::of(evidence.raw()).raw(), evidence.raw());
        let _ = (evidence.created(), evidence.roles(), evidence.type_name());
    }
    let mut entities = Entities::default();
    entities.add("7", alert);
    entities.add("7", alert);
    for entity in entities.finish() {
        assert!(!entity.alert_ids.is_empty());
    }
}

/// A member that nobody knows, at every place where something is renamed, comes out as it went in.
fn survives(value: &Value) {
    let graph = json!({ "id": "a", "tomorrow": value,
        "evidence": [{ "@odata.type": "#microsoft.graph.security.ipEvidence", "tomorrow": value }, { "tomorrow": value }] });
    let legacy = json!({ "alertId": "a", "tomorrow": value, "devices": [{ "tomorrow": value }],
        "entities": [{ "entityType": "Process", "tomorrow": value }, { "entityType": "New", "tomorrow": value }] });
    for (backend, sent, pieces) in [(Backend::Graph, graph, 2), (Backend::Legacy, legacy, 3)] {
        let alert = Alert::read(backend, &sent.to_string()).expect("an alert");
        assert_eq!(alert.get("tomorrow"), Some(value));
        let evidence: Vec<_> = alert.evidence().map(|piece| piece.raw().get("tomorrow")).collect();
        assert_eq!(evidence, vec![Some(value); pieces]);
    }
}
