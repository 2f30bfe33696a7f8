//! What changes something is sent again only when it certainly did not arrive.

use defender_xdr_api::ApiErrorKind;
use defender_xdr_api::incidents::{IncidentChange, TagChange};
use defender_xdr_core::backend::Backend;
use defender_xdr_emulator::{BodyKind, Fault, FaultRule};
use serde_json::json;

use crate::service::{Expected, Service, incidents, json as answer};
use crate::tenant::{Tenant, some_active_incident};

fn outage() -> Fault {
    Fault::Status { status: 503, retry_after: None, body: None, body_kind: BodyKind::Json }
}

fn striking(method: &str, backend: Backend, fault: Fault) -> FaultRule {
    FaultRule { method: Some(method.into()), ..FaultRule::once(incidents(backend), fault) }
}

fn resolved() -> IncidentChange {
    IncidentChange { status: Some("resolved".into()), ..IncidentChange::default() }
}

#[tokio::test]
async fn a_change_is_not_repeated_after_an_outage_or_a_broken_connection() {
    for backend in Backend::ALL {
        for fault in [outage(), Fault::Reset, Fault::CutBody { bytes: 20 }] {
            let tenant = Tenant::with(12).await;
            let client = tenant.client(backend);
            let id = some_active_incident(&client).await;
            tenant.control().clear_requests();
            tenant.control().add_fault(striking("PATCH", backend, fault.clone()));
            let error = client.update_incident(&id, resolved()).await.expect_err("it went wrong");
            assert_eq!(error.kind(), ApiErrorKind::OutcomeUnknown, "{backend} {fault:?}: {error}");
            assert!(!error.is_retryable() && !client.has_unsettled_change());
            assert_eq!(tenant.requests().len(), 1, "{backend} {fault:?}");
        }
    }
}

#[tokio::test]
async fn a_comment_whose_answer_is_lost_is_never_doubled() {
    for backend in Backend::ALL {
        for (fault, arrived) in [(Fault::CutBody { bytes: 10 }, 1), (outage(), 0), (Fault::Reset, 0)] {
            let tenant = Tenant::with(12).await;
            let client = tenant.client(backend);
            let id = some_active_incident(&client).await;
            let method = if backend == Backend::Graph { "POST" } else { "PATCH" };
            tenant.control().add_fault(striking(method, backend, fault.clone()));
            client.comment_incident(&id, "only once").await.expect_err("the answer is lost");
            let thread = client.get_incident(&id).await.expect("read");
            let copies = thread.list("comments").iter().filter(|comment| comment["comment"] == "only once");
            assert_eq!(copies.count(), arrived, "{backend} {fault:?}");
            assert_eq!(tenant.requests_by(method).len(), 1, "{backend} {fault:?}");
        }
    }
}

#[tokio::test]
async fn reading_is_repeated_after_the_same_faults() {
    for backend in Backend::ALL {
        for fault in [outage(), Fault::Reset, Fault::CutBody { bytes: 20 }] {
            let tenant = Tenant::with(12).await;
            let client = tenant.client(backend);
            let id = some_active_incident(&client).await;
            tenant.control().clear_requests();
            tenant.control().add_fault(striking("GET", backend, fault.clone()));
            assert_eq!(client.get_incident(&id).await.expect("read").id(), id, "{backend} {fault:?}");
            assert_eq!(tenant.requests().len(), 2, "{backend} {fault:?}");
        }
    }
}

#[tokio::test]
async fn when_only_the_comment_fails_the_change_is_reported_as_made() {
    let tenant = Tenant::with(12).await;
    let client = tenant.client(Backend::Graph);
    let id = some_active_incident(&client).await;
    tenant.control().add_fault(striking(
        "POST",
        Backend::Graph,
        Fault::Status { status: 403, retry_after: None, body: None, body_kind: BodyKind::Empty },
    ));
    let change = IncidentChange { comment: Some("done".into()), ..resolved() };
    let error = client.update_incident(&id, change).await.expect_err("half done");
    assert_eq!(error.kind(), ApiErrorKind::Partial);
    assert!(error.to_string().contains("was changed, but not commented"), "{error}");
    assert!(error.hint().is_some_and(|hint| hint.contains("incidents comment")));
    let incident = client.get_incident(&id).await.expect("read");
    assert_eq!(incident.text("status"), Some("resolved"));
    assert!(incident.list("comments").iter().all(|comment| comment["comment"] != "done"));
    assert_eq!((tenant.requests_by("PATCH").len(), tenant.requests_by("POST").len()), (1, 1));
}

#[tokio::test]
async fn when_the_change_fails_no_comment_is_sent() {
    let tenant = Tenant::with(12).await;
    let client = tenant.client(Backend::Graph);
    let id = some_active_incident(&client).await;
    tenant.control().add_fault(striking("PATCH", Backend::Graph, outage()));
    let change = IncidentChange { comment: Some("done".into()), ..resolved() };
    let error = client.update_incident(&id, change).await.expect_err("nothing done");
    assert_eq!(error.kind(), ApiErrorKind::OutcomeUnknown);
    assert!(tenant.requests_by("POST").is_empty());
}

#[tokio::test]
async fn when_nobody_knows_about_the_comment_the_change_is_reported_as_made() {
    let tenant = Tenant::with(12).await;
    let client = tenant.client(Backend::Graph);
    let id = some_active_incident(&client).await;
    tenant.control().add_fault(striking("POST", Backend::Graph, Fault::CutBody { bytes: 5 }));
    let change = IncidentChange { comment: Some("done".into()), ..resolved() };
    let error = client.update_incident(&id, change).await.expect_err("nobody knows");
    assert_eq!(error.kind(), ApiErrorKind::OutcomeUnknown);
    assert!(error.to_string().contains("was changed"), "{error}");
    assert!(error.hint().is_some_and(|hint| hint.contains("do not repeat")), "{error}");
}

#[tokio::test]
async fn an_answer_to_a_change_that_cannot_be_read_is_no_failure_of_the_change() {
    for backend in Backend::ALL {
        let service = Service::start(backend).await;
        let path = format!("{}/7", incidents(backend));
        let body = if backend == Backend::Graph { "resolved" } else { "Resolved" };
        let sent = Expected::sends("PATCH", &path, json!({ "status": body }));
        service.answers(sent, answer(200, "<html>done")).await;
        let error = service.client.update_incident("7", resolved()).await.expect_err("no JSON");
        assert_eq!(error.kind(), ApiErrorKind::OutcomeUnknown, "{backend}: {error}");
    }
}

fn tagged(add: &str, comment: Option<&str>) -> IncidentChange {
    let tags = TagChange::Adjust { add: vec![add.into()], remove: vec![] };
    IncidentChange { tags: Some(tags), comment: comment.map(str::to_owned), ..IncidentChange::default() }
}

#[tokio::test]
async fn a_tag_that_another_writer_undid_is_set_again_without_the_comment() {
    let service = Service::start(Backend::Legacy).await;
    let path = "/api/incidents/7";
    let holding = |tags: &[&str]| answer(200, &json!({ "incidentId": 7, "tags": tags }).to_string());
    service.answers(Expected::get(path), holding(&["old"])).await;
    let first = json!({ "tags": ["old", "mine"], "comment": "once" });
    service.answers(Expected::sends("PATCH", path, first), holding(&["old", "theirs"])).await;
    service.answers(Expected::get(path), holding(&["old", "theirs"])).await;
    let second = json!({ "tags": ["old", "theirs", "mine"] });
    service.answers(Expected::sends("PATCH", path, second), holding(&["old", "theirs", "mine"])).await;
    let incident = service.client.update_incident("7", tagged("mine", Some("once"))).await.expect("settled");
    assert_eq!(incident.tags(), ["old", "theirs", "mine"]);
}

#[tokio::test]
async fn tags_that_are_undone_again_and_again_are_reported() {
    let service = Service::start(Backend::Graph).await;
    let path = "/v1.0/security/incidents/7";
    let without = || answer(200, r#"{"id":"7","customTags":[]}"#);
    for _ in 0..4 {
        service.answers(Expected::get(path), without()).await;
        service.answers(Expected::sends("PATCH", path, json!({ "customTags": ["mine"] })), without()).await;
    }
    let error = service.client.update_incident("7", tagged("mine", None)).await.expect_err("undone");
    assert_eq!(error.kind(), ApiErrorKind::Partial);
    assert!(error.to_string().contains("tags are not as asked for"), "{error}");
}
