//! Hunting: the query out as it is, the same table back from either API.

use defender_xdr_api::ApiErrorKind;
use defender_xdr_api::hunting::HuntQuery;
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
        let mut result = tenant.client(backend).hunt(QUERY).await.expect("a table");
        let schema = result.schema().await.expect("columns");
        let names: Vec<_> = schema.columns().iter().map(|column| column.name.clone()).collect();
        assert_eq!(names, ["AlertId", "Title", "Timestamp"]);
        let rows = result.into_objects().await.expect("readable");
        assert_eq!(rows.len(), 20);
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
        let rows = tenant.client(backend).hunt(query).await.expect("a table").into_objects().await;
        assert_eq!(rows.expect("readable").len(), 1, "{backend}");
        assert_eq!(tenant.requests()[0].json, Some(json!({ "Query": query })));
    }
}

#[tokio::test]
async fn a_query_without_rows_still_has_columns() {
    let tenant = Tenant::with(10).await;
    for backend in Backend::ALL {
        let query = "AlertInfo | where Title == 'nothing has this title' | project AlertId";
        let mut result = tenant.client(backend).hunt(query).await.expect("a table");
        assert_eq!(result.schema().await.expect("columns").columns().len(), 1);
        assert!(result.next().await.expect("an answer").is_none() && result.count() == 0);
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
        let mut result = tenant.client(backend).hunt("DeviceInfo").await.expect("an answer");
        let error = result.schema().await.expect_err("another shape");
        assert_eq!(error.kind(), ApiErrorKind::Unreadable);
        assert!(error.to_string().contains("other JSON"), "{error}");
    }
}

#[tokio::test]
async fn an_answer_that_breaks_off_gives_the_rows_that_came() {
    for backend in Backend::ALL {
        let tenant = Tenant::with(80).await;
        tenant.control().add_fault(FaultRule::once(path(backend), Fault::CutBody { bytes: 3000 }));
        let mut result = tenant.client(backend).hunt("AlertInfo | take 100").await.expect("an answer");
        let schema = result.schema().await.expect("columns");
        let fault = loop {
            match result.next().await {
                Ok(Some(row)) => assert_eq!(row.object(&schema).expect("a row").len(), 8, "{backend}"),
                Ok(None) => panic!("the answer was cut"),
                Err(fault) => break fault,
            }
        };
        assert!(result.count() > 2 && fault.is_retryable(), "{backend}: {} rows, {fault}", result.count());
        assert_eq!(tenant.requests().len(), 1, "{backend}");
    }
}

#[tokio::test]
async fn a_timespan_goes_to_graph_and_is_refused_for_legacy() {
    let tenant = Tenant::with(80).await;
    let query = HuntQuery { text: "AlertInfo", timespan: Some("P1D") };
    let all = tenant.client(Backend::Graph).hunt("AlertInfo").await.expect("a table");
    let all = all.into_objects().await.expect("readable").len();
    tenant.control().clear_requests();
    let of_a_day = tenant.client(Backend::Graph).hunt(query).await.expect("a table");
    let of_a_day = of_a_day.into_objects().await.expect("readable").len();
    assert!(of_a_day < all, "{of_a_day} of {all}");
    assert_eq!(tenant.requests()[0].json, Some(json!({ "Query": "AlertInfo", "Timespan": "P1D" })));
    let error = tenant.client(Backend::Legacy).hunt(query).await.expect_err("unknown there");
    assert_eq!((error.kind(), error.option()), (ApiErrorKind::Refused, Some("timespan")));
    assert!(error.hint().is_some_and(|hint| hint.contains("where Timestamp")));
    assert_eq!(tenant.requests().len(), 1);
}
