//! Every kind is read by its own members, and nothing is lost on the way.

use serde_json::json;

use super::*;

/// A value that fits a shape.
fn sample(shape: Shape) -> Value {
    match shape {
        Shape::Text => json!("text"),
        Shape::Texts => json!(["one", "two"]),
        Shape::Number => json!("7"),
        Shape::Flag => json!(false),
        Shape::Time => json!("2026-09-03T07:41:10.8466667Z"),
        Shape::Open => json!({ "any": [1] }),
        Shape::Part => json!({ "name": "part" }),
        Shape::Evidence(kind) => json!({ "@odata.type": format!("#microsoft.graph.security.{kind}") }),
        Shape::EvidenceList(kind) => json!([{ "@odata.type": format!("microsoft.graph.security.{kind}") }]),
    }
}

/// An object of a kind with nothing but its type.
fn bare(kind: &str) -> Map<String, Value> {
    [("@odata.type".to_owned(), json!(format!("#microsoft.graph.security.{kind}")))].into_iter().collect()
}

fn object(value: Value) -> Map<String, Value> {
    let Value::Object(fields) = value else { panic!("an object") };
    fields
}

#[test]
fn there_are_the_forty_eight_kinds_of_the_metadata_each_once() {
    let kinds: std::collections::BTreeSet<_> = Evidence::KINDS.iter().collect();
    assert_eq!((kinds.len(), Evidence::KINDS.len()), (48, 48));
    for kind in Evidence::KINDS {
        assert_eq!(Evidence::of(&bare(kind)).kind(), Some(*kind));
    }
}

#[test]
fn every_member_of_every_kind_is_read_by_its_accessor_and_no_other() {
    for kind in Evidence::KINDS {
        let empty = bare(kind);
        assert_eq!(Evidence::of(&empty).readable(), Vec::<&str>::new(), "{kind}");
        let members = Evidence::of(&empty).members();
        assert!(!members.is_empty(), "{kind}");
        for (name, shape) in members {
            let mut fields = bare(kind);
            fields.insert((*name).to_owned(), sample(*shape));
            assert_eq!(Evidence::of(&fields).readable(), [*name], "{kind}");
            fields.insert((*name).to_owned(), Value::Null);
            assert_eq!(Evidence::of(&fields).readable(), Vec::<&str>::new(), "{kind}.{name} is null");
        }
    }
}

#[test]
fn a_process_is_read_as_the_documentation_shows_it() {
    let fields = object(json!({
        "@odata.type": "microsoft.graph.security.processEvidence", "verdict": "suspicious", "remediationStatus": "active",
        "roles": null, "processId": "7044", "processCreationDateTime": "2026-09-03T07:38:54.9881234Z",
        "imageFile": { "sha1": "0123", "sha256": null, "fileName": "pd64.exe" }, "parentProcessImageFile": null,
        "userAccount": { "accountName": "mika" }
    }));
    let Evidence::Process(process) = Evidence::of(&fields) else { panic!("a process") };
    assert_eq!(process.process_id(), Some(7044));
    let image = process.image_file().expect("an image");
    assert_eq!((image.file_name(), image.sha256()), (Some("pd64.exe"), None));
    assert_eq!(
        process.process_created().map(|at| at.to_string()).as_deref(),
        Some("2026-09-03T07:38:54.9881234Z")
    );
    assert!(process.parent_process_image_file().is_none());
    assert_eq!(process.user_account().and_then(UserAccount::account_name), Some("mika"));
    assert_eq!(Evidence::of(&fields).verdict(), Some("suspicious"));
    assert!(Evidence::of(&fields).roles().is_empty());
}

#[test]
fn evidence_inside_evidence_is_read_by_the_same_rules() {
    let fields = object(json!({
        "@odata.type": "#microsoft.graph.security.dnsEvidence", "domainName": "brightpath.example",
        "hostIpAddress": { "ipAddress": "192.0.2.9" },
        "ipAddresses": [ { "@odata.type": "#microsoft.graph.security.ipEvidence", "ipAddress": "192.0.2.10" }, null ]
    }));
    let Evidence::Dns(dns) = Evidence::of(&fields) else { panic!("a name") };
    let Some(Evidence::Ip(address)) = dns.host_ip_address() else { panic!("typed by the metadata") };
    assert_eq!(address.ip_address(), Some("192.0.2.9"));
    assert_eq!(dns.ip_addresses().len(), 1);
    let kinds: Vec<_> =
        Evidence::of(&fields).with_all_inside().into_iter().map(Evidence::type_name).collect();
    assert_eq!(kinds, ["dnsEvidence", "ipEvidence", "ipEvidence"]);
}

#[test]
fn an_unknown_kind_keeps_everything_and_what_is_inside_it_is_found() {
    let fields = object(json!({
        "@odata.type": "#microsoft.graph.security.quantumEvidence", "verdict": "entangled", "qubits": 12,
        "observedBy": { "@odata.type": "#microsoft.graph.security.ipEvidence", "ipAddress": "192.0.2.9" }
    }));
    let evidence = Evidence::of(&fields);
    assert!(matches!(evidence, Evidence::Unknown(raw) if *raw == fields));
    assert_eq!(
        (evidence.kind(), evidence.type_name(), evidence.verdict()),
        (None, "quantumEvidence", Some("entangled"))
    );
    assert!(matches!(evidence.inside()[..], [Evidence::Ip(_)]));
    let legacy = object(json!({ "entityType": "QuantumKey" }));
    assert_eq!(Evidence::of(&legacy).type_name(), "QuantumKey");
}

#[test]
fn endless_nesting_ends() {
    let mut inner = object(json!({ "@odata.type": "containerImageEvidence" }));
    for _ in 0..100 {
        inner = object(json!({ "@odata.type": "containerImageEvidence", "digestImage": inner }));
    }
    assert_eq!(Evidence::of(&inner).with_all_inside().len(), 9);
}

#[test]
fn every_member_of_every_part_is_read_by_its_accessor() {
    macro_rules! check {
        ($($view:ident)*) => {$(
            for (name, shape) in $view::MEMBERS {
                let fields = [((*name).to_owned(), sample(*shape))].into_iter().collect();
                assert_eq!($view::new(&fields).readable(), [*name], stringify!($view));
            }
        )*};
    }
    check!(FileDetails UserAccount EmailSender VmMetadata GeoLocation Stream);
}
