//! Changes arrive as meant, with as few requests as the API allows.

use defender_xdr_api::incidents::{Assignee, IncidentChange, TagChange};
use defender_xdr_api::{ApiErrorKind, Client};
use defender_xdr_core::backend::Backend;
use serde_json::{Value, json};

use crate::tenant::{Tenant, some_active_incident};

async fn prepared(backend: Backend) -> (Tenant, Client, String) {
    let tenant = Tenant::with(12).await;
    let client = tenant.client(backend);
    let id = some_active_incident(&client).await;
    let tags = TagChange::Replace(vec!["site-oslo".into(), "tier-1".into()]);
    let change = IncidentChange {
        tags: Some(tags),
        classification: Some("truePositive".into()),
        determination: Some("malware".into()),
        ..IncidentChange::default()
    };
    client.update_incident(&id, change).await.expect("prepared");
    tenant.control().clear_requests();
    (tenant, client, id)
}

/// Methods of the requests, and the JSON of the last that changed something.
fn sent(tenant: &Tenant) -> (Vec<String>, Value) {
    let requests = tenant.requests();
    let last = requests.iter().rev().find_map(|request| request.json.clone()).unwrap_or_default();
    (requests.into_iter().map(|request| request.method).collect(), last)
}

#[tokio::test]
async fn single_tags_are_merged_into_what_is_there() {
    for (backend, name) in [(Backend::Graph, "customTags"), (Backend::Legacy, "tags")] {
        let (tenant, client, id) = prepared(backend).await;
        let adjust = TagChange::Adjust { add: vec!["new".into()], remove: vec!["tier-1".into()] };
        let change = IncidentChange { tags: Some(adjust), ..IncidentChange::default() };
        let incident = client.update_incident(&id, change).await.expect("changed");
        assert_eq!(incident.tags(), ["site-oslo", "new"]);
        let (methods, body) = sent(&tenant);
        assert_eq!(methods, ["GET", "PATCH"]);
        assert_eq!(body, json!({ name: ["site-oslo", "new"] }));
    }
}

#[tokio::test]
async fn a_whole_set_of_tags_needs_no_reading() {
    for backend in Backend::ALL {
        let (tenant, client, id) = prepared(backend).await;
        let change = IncidentChange { tags: Some(TagChange::Replace(vec![])), ..IncidentChange::default() };
        assert!(client.update_incident(&id, change).await.expect("changed").tags().is_empty());
        assert_eq!(sent(&tenant).0, ["PATCH"]);
    }
}

#[tokio::test]
async fn a_determination_alone_is_sent_with_the_classification_that_is_there() {
    for (backend, expected) in [
        (Backend::Graph, json!({ "classification": "truePositive", "determination": "phishing" })),
        (Backend::Legacy, json!({ "classification": "TruePositive", "determination": "Phishing" })),
    ] {
        let (tenant, client, id) = prepared(backend).await;
        let change = IncidentChange { determination: Some("phishing".into()), ..IncidentChange::default() };
        let incident = client.update_incident(&id, change).await.expect("changed");
        assert_eq!(incident.text("determination"), Some("phishing"));
        assert_eq!(sent(&tenant), (vec!["GET".into(), "PATCH".into()], expected));
    }
}

#[tokio::test]
async fn a_determination_that_does_not_fit_is_refused_after_reading_and_nothing_is_changed() {
    for backend in Backend::ALL {
        let (tenant, client, id) = prepared(backend).await;
        let change =
            IncidentChange { determination: Some("notMalicious".into()), ..IncidentChange::default() };
        let error = client.update_incident(&id, change).await.expect_err("no fit");
        assert_eq!(error.kind(), ApiErrorKind::Refused);
        assert!(error.hint().is_some_and(|hint| hint.contains("malware")), "{:?}", error.hint());
        assert_eq!(sent(&tenant).0, ["GET"]);
    }
}

#[tokio::test]
async fn an_owner_comes_and_goes() {
    for (backend, nobody) in [(Backend::Graph, Value::Null), (Backend::Legacy, json!(""))] {
        let (tenant, client, id) = prepared(backend).await;
        let owner = |assignee| IncidentChange { assignee: Some(assignee), ..IncidentChange::default() };
        let dana = Assignee::Person("dana@aurora-lab.example".into());
        let incident = client.update_incident(&id, owner(dana)).await.expect("assigned");
        assert_eq!(incident.text("assignedTo"), Some("dana@aurora-lab.example"));
        let incident = client.update_incident(&id, owner(Assignee::Nobody)).await.expect("cleared");
        assert_eq!(incident.text("assignedTo").unwrap_or_default(), "");
        assert_eq!(sent(&tenant).1, json!({ "assignedTo": nobody }));
    }
}

#[tokio::test]
async fn the_legacy_api_takes_the_comment_along_with_the_change() {
    let (tenant, client, id) = prepared(Backend::Legacy).await;
    let change = IncidentChange {
        status: Some("resolved".into()),
        comment: Some("host rebuilt".into()),
        ..IncidentChange::default()
    };
    let incident = client.update_incident(&id, change).await.expect("changed");
    assert_eq!(incident.text("status"), Some("resolved"));
    assert!(incident.list("comments").iter().any(|comment| comment["comment"] == "host rebuilt"));
    assert_eq!(
        sent(&tenant),
        (vec!["PATCH".into()], json!({ "status": "Resolved", "comment": "host rebuilt" }))
    );
}

#[tokio::test]
async fn graph_takes_the_comment_by_itself_and_the_whole_thread_is_returned() {
    let (tenant, client, id) = prepared(Backend::Graph).await;
    let change = IncidentChange {
        status: Some("resolved".into()),
        comment: Some("host rebuilt".into()),
        ..IncidentChange::default()
    };
    let incident = client.update_incident(&id, change).await.expect("changed");
    assert_eq!(incident.text("status"), Some("resolved"));
    assert!(incident.list("comments").iter().any(|comment| comment["comment"] == "host rebuilt"));
    assert_eq!(sent(&tenant).0, ["PATCH", "POST", "GET"]);
}

#[tokio::test]
async fn a_comment_alone_changes_nothing_else() {
    for backend in Backend::ALL {
        let (tenant, client, id) = prepared(backend).await;
        let before = client.get_incident(&id).await.expect("read");
        tenant.control().clear_requests();
        let text = "línea uno\n\"zwei\" <b>три</b> \\ 四";
        let after = client.comment_incident(&id, text).await.expect("commented");
        assert_eq!(after.list("comments").len(), before.list("comments").len() + 1);
        assert!(after.list("comments").iter().any(|comment| comment["comment"] == text));
        for name in ["status", "assignedTo", "classification", "determination"] {
            assert_eq!(after.text(name), before.text(name), "{name}");
        }
        assert_eq!(after.tags(), before.tags());
    }
}

#[tokio::test]
async fn what_cannot_be_meant_is_refused_before_anything_is_sent() {
    for backend in Backend::ALL {
        let tenant = Tenant::with(1).await;
        let client = tenant.client(backend);
        let comment = |text: &str| IncidentChange { comment: Some(text.into()), ..IncidentChange::default() };
        let status = |text: &str| IncidentChange { status: Some(text.into()), ..IncidentChange::default() };
        for change in
            [IncidentChange::default(), comment(""), comment(" \n"), status("redirected"), status("gone")]
        {
            let error = client.update_incident("7", change.clone()).await.expect_err("refused");
            assert_eq!(error.kind(), ApiErrorKind::Refused, "{change:?}");
        }
        for id in ["", " ", "7 8", "7/8", "../8", "..", ".", "7\n"] {
            let error = client.comment_incident(id, "hello").await.expect_err("no id");
            assert_eq!(error.kind(), ApiErrorKind::Refused, "{id:?}");
            assert_eq!(
                client.get_incident(id).await.expect_err("no id").kind(),
                ApiErrorKind::Refused,
                "{id:?}"
            );
        }
        assert!(tenant.requests().is_empty());
    }
}

#[tokio::test]
async fn graph_alone_changes_name_severity_and_resolving_comment() {
    let (_tenant, client, id) = prepared(Backend::Graph).await;
    let change = IncidentChange {
        display_name: Some("Stolen badge".into()),
        severity: Some("High".into()),
        resolving_comment: Some("x".repeat(30_000)),
        ..IncidentChange::default()
    };
    let incident = client.update_incident(&id, change.clone()).await.expect("changed");
    assert_eq!(incident.text("displayName"), Some("Stolen badge"));
    assert_eq!(incident.text("severity"), Some("high"));
    assert_eq!(incident.text("resolvingComment").map(str::len), Some(30_000));
    let (tenant, legacy, id) = prepared(Backend::Legacy).await;
    let error = legacy.update_incident(&id, change).await.expect_err("not there");
    assert_eq!(error.kind(), ApiErrorKind::Refused);
    assert!(tenant.requests().is_empty());
}
