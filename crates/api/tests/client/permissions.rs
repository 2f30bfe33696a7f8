//! What a token does not allow: the missing permission and both ways out.

use defender_xdr_api::incidents::IncidentChange;
use defender_xdr_api::{ApiError, ApiErrorKind};
use defender_xdr_core::backend::Backend;
use defender_xdr_emulator::directory::applications::{
    Application, CORTEX_PAGE, GRAPH_ONLY, READER, UNCONSENTED,
};

use crate::tenant::{Tenant, all, everything};

async fn list_error(application: &'static Application, backend: Backend) -> ApiError {
    let tenant = Tenant::with(1).await;
    all(&tenant.client_of(application, backend), &everything()).await.expect_err("not allowed")
}

#[tokio::test]
async fn an_application_of_the_other_api_learns_both_ways_out() {
    let cases = [
        (&CORTEX_PAGE, Backend::Graph, "SecurityIncident.Read.All", "api = \"legacy\""),
        (&GRAPH_ONLY, Backend::Legacy, "Incident.Read.All", "api = \"graph\""),
        (&UNCONSENTED, Backend::Graph, "SecurityIncident.Read.All", "api = \"legacy\""),
        (&UNCONSENTED, Backend::Legacy, "Incident.Read.All", "api = \"graph\""),
    ];
    for (application, backend, permission, other) in cases {
        let error = list_error(application, backend).await;
        let hint = error.hint().unwrap_or_default();
        assert!(matches!(error.kind(), ApiErrorKind::Forbidden | ApiErrorKind::TokenRefused), "{error}");
        assert!(hint.contains(permission) && hint.contains(other), "{}: {hint}", application.name);
    }
}

#[tokio::test]
async fn who_may_only_read_reads_and_learns_what_writing_needs() {
    for (backend, permission) in
        [(Backend::Graph, "SecurityIncident.ReadWrite.All"), (Backend::Legacy, "Incident.ReadWrite.All")]
    {
        let tenant = Tenant::with(3).await;
        let client = tenant.client_of(&READER, backend);
        let found = all(&client, &everything()).await.expect("reading is allowed");
        let change = IncidentChange { status: Some("resolved".into()), ..IncidentChange::default() };
        let error = client.update_incident(found[0].id(), change).await.expect_err("writing is not");
        assert_eq!(error.kind(), ApiErrorKind::Forbidden);
        assert!(error.hint().is_some_and(|hint| hint.contains(permission)), "{:?}", error.hint());
        assert_eq!(tenant.requests_by("PATCH").len(), 1);
        assert_eq!(client.hunt("DeviceInfo").await.expect_err("nor hunting").kind(), ApiErrorKind::Forbidden);
    }
}

#[tokio::test]
async fn an_unknown_incident_is_told_apart_from_an_unknown_path() {
    for backend in Backend::ALL {
        let tenant = Tenant::with(3).await;
        let client = tenant.client(backend);
        let error = client.get_incident("999999999").await.expect_err("unknown");
        assert_eq!(error.kind(), ApiErrorKind::NotFound);
        assert!(error.to_string().contains("999999999"), "{error}");
        assert!(error.request_id().is_some_and(|id| !id.is_empty()));
        let comment = client.comment_incident("999999999", "hello").await.expect_err("unknown");
        assert_eq!(comment.kind(), ApiErrorKind::NotFound);
    }
}

#[tokio::test]
async fn a_filter_the_api_does_not_understand_is_named() {
    for backend in Backend::ALL {
        let tenant = Tenant::with(3).await;
        let query =
            defender_xdr_api::incidents::IncidentQuery { filter: Some("nonsense eq".into()), ..everything() };
        let error = all(&tenant.client(backend), &query).await.expect_err("nonsense");
        assert_eq!(error.kind(), ApiErrorKind::BadRequest);
        assert!(error.hint().is_some_and(|hint| hint.contains("`--filter`")));
    }
}
