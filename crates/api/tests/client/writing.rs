//! What changes something is sent again only when it certainly did not arrive.

use defender_xdr_api::ApiErrorKind;
use defender_xdr_api::incidents::IncidentChange;
use defender_xdr_core::backend::Backend;
use defender_xdr_emulator::{BodyKind, Fault, FaultRule};

use crate::service::incidents;
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
    let faults = [
        (outage(), ApiErrorKind::Unavailable),
        (Fault::Reset, ApiErrorKind::Unreachable),
        (Fault::CutBody { bytes: 20 }, ApiErrorKind::Unreachable),
    ];
    for backend in Backend::ALL {
        for (fault, kind) in faults.clone() {
            let tenant = Tenant::with(12).await;
            let client = tenant.client(backend);
            let id = some_active_incident(&client).await;
            tenant.control().clear_requests();
            tenant.control().add_fault(striking("PATCH", backend, fault.clone()));
            let error = client.update_incident(&id, resolved()).await.expect_err("it went wrong");
            assert_eq!(error.kind(), kind, "{backend} {fault:?}: {error}");
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
        Fault::Status { status: 500, retry_after: None, body: None, body_kind: BodyKind::Empty },
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
    assert_eq!(error.kind(), ApiErrorKind::Unavailable);
    assert!(tenant.requests_by("POST").is_empty());
}
