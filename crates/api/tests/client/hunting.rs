//! Hunting: the query out as it is, the same table back from either API.

use defender_xdr_api::ApiErrorKind;
use defender_xdr_core::backend::Backend;
use defender_xdr_emulator::{BodyKind, Fault, FaultRule};
use serde_json::json;

use crate::tenant::Tenant;

const QUERY: &str = "AlertInfo | where Severity == 'High' | project AlertId, Title, Timestamp | take 20";

fn path(backend: Backend) -> &'static str {
    match backend {
        Backend::Graph => "/v1.0/security/runHuntingQuery",
        Backend::Legacy => "/api/advancedhunting/run",
    }
}

#[tokio::test]
async fn both_backends_give_the_same_table() {
    let tenant = Tenant::with(80).await;
    let mut tables = Vec::new();
    for backend in Backend::ALL {
        let result = tenant.client(backend).hunt(QUERY).await.expect("a table");
        let names: Vec<_> = result.columns().iter().map(|column| column.name.clone()).collect();
        assert_eq!(names, ["AlertId", "Title", "Timestamp"]);
        let rows = result.rows().collect::<Result<Vec<_>, _>>().expect("readable");
        assert_eq!((rows.len(), result.len()), (20, 20));
        assert!(rows.iter().all(|row| row.len() == 3));
        tables.push(rows);
    }
    assert_eq!(tables[0], tables[1]);
    let sent: Vec<_> =
        tenant.requests().into_iter().map(|request| (request.method, request.path, request.json)).collect();
    let body = Some(json!({ "Query": QUERY }));
    let expected = Backend::ALL.map(|backend| ("POST".to_owned(), path(backend).to_owned(), body.clone()));
    assert_eq!(sent, expected);
}

#[tokio::test]
async fn a_query_of_any_text_arrives_as_it_is() {
    let query = "// naïve \"quotes\" \\ and 'ticks'\r\n// 🔎\nDeviceInfo\n| take 1";
    let tenant = Tenant::with(10).await;
    for backend in Backend::ALL {
        tenant.control().clear_requests();
        assert_eq!(tenant.client(backend).hunt(query).await.expect("a table").len(), 1, "{backend}");
        assert_eq!(tenant.requests()[0].json, Some(json!({ "Query": query })));
    }
}

#[tokio::test]
async fn a_query_without_rows_still_has_columns() {
    let tenant = Tenant::with(10).await;
    for backend in Backend::ALL {
        let query = "AlertInfo | where Title == 'nothing has this title' | project AlertId";
        let result = tenant.client(backend).hunt(query).await.expect("a table");
        assert!(result.is_empty());
        assert_eq!(result.columns().len(), 1);
    }
}

#[tokio::test]
async fn a_wrong_query_is_answered_in_the_engines_words_and_not_repeated() {
    let tenant = Tenant::with(10).await;
    for backend in Backend::ALL {
        tenant.control().clear_requests();
        let error = tenant.client(backend).hunt("NoSuchTable | take 1").await.expect_err("no such table");
        assert_eq!(error.kind(), ApiErrorKind::BadRequest);
        assert!(error.to_string().contains("NoSuchTable"), "{error}");
        assert!(error.hint().is_some_and(|hint| hint.contains("query")));
        assert_eq!(tenant.requests().len(), 1);
    }
}

#[tokio::test]
async fn an_empty_query_is_not_sent() {
    let tenant = Tenant::with(1).await;
    for query in ["", " \n\t"] {
        let error = tenant.client(Backend::Graph).hunt(query).await.expect_err("empty");
        assert_eq!(error.kind(), ApiErrorKind::Refused);
    }
    assert!(tenant.requests().is_empty());
}

#[tokio::test]
async fn a_query_changes_nothing_and_is_repeated_after_an_outage() {
    for backend in Backend::ALL {
        let tenant = Tenant::with(10).await;
        let fault = Fault::Status { status: 504, retry_after: None, body: None, body_kind: BodyKind::Html };
        tenant.control().add_fault(FaultRule::once(path(backend), fault));
        assert!(tenant.client(backend).hunt("DeviceInfo | take 1").await.is_ok(), "{backend}");
        assert_eq!(tenant.requests().len(), 2);
    }
}

#[tokio::test]
async fn an_answer_of_another_shape_is_told() {
    for backend in Backend::ALL {
        let tenant = Tenant::with(1).await;
        tenant.control().add_fault(FaultRule::once(path(backend), Fault::WrongJson));
        let error = tenant.client(backend).hunt("DeviceInfo").await.expect_err("another shape");
        assert_eq!(error.kind(), ApiErrorKind::Unreadable);
        assert!(error.to_string().contains("other JSON"), "{error}");
    }
}
