//! Call quotas as callers meet them.

use http::Method;
use jiff::SignedDuration;
use serde_json::json;

use super::{ALL, Tenant, application, json as body_of, now, request};
use crate::caller::Audience;

#[test]
fn the_legacy_wait_stands_in_the_text_and_is_true() {
    let mut tenant = Tenant::with(3);
    tenant.switch(&json!({ "limits": true }));
    let caller = application(Audience::Legacy, ALL);
    let list = request(Method::GET, "/api/incidents?$top=1", None);
    for _ in 0..50 {
        assert_eq!(tenant.ask(&caller, &list).status, 200);
    }
    let refused = tenant.ask(&caller, &list);
    assert_eq!(refused.status, 429);
    assert!(!refused.headers.contains_key("retry-after"));
    assert_eq!(
        body_of(&refused)["error"]["message"],
        "API calls quota exceeded! Maximum allowed 50 per 00:01:00 for the key Destination+TenantID+AppID. You can \
         send requests again in 60 seconds."
    );
    let later = now() + SignedDuration::from_secs(60);
    assert_eq!(tenant.0.handle(&caller, &list, later).unwrap().status, 200);
}

#[test]
fn graph_says_the_wait_in_a_header_unless_switched_off() {
    let mut tenant = Tenant::with(3);
    tenant.switch(&json!({ "limits": true }));
    let caller = application(Audience::Graph, ALL);
    let get = request(Method::GET, "/v1.0/security/incidents/20001", None);
    for _ in 0..150 {
        assert_eq!(tenant.ask(&caller, &get).status, 200);
    }
    let refused = tenant.ask(&caller, &get);
    assert_eq!(refused.headers["retry-after"], "60");
    assert_eq!(body_of(&refused)["error"]["code"], "TooManyRequests");
    tenant.switch(&json!({ "graph_retry_after": false }));
    let silent = tenant.ask(&caller, &get);
    assert!(!silent.headers.contains_key("retry-after"));
    assert!(body_of(&silent)["error"]["message"].as_str().unwrap().contains("again in"));
}

#[test]
fn without_limits_nothing_is_counted() {
    let mut tenant = Tenant::with(3);
    for _ in 0..200 {
        tenant.get("/api/incidents?$top=1");
    }
}

#[test]
fn hunting_that_used_up_its_processing_time_is_refused_on_both_apis_until_the_next_cycle() {
    let mut tenant = Tenant::with(3);
    tenant.switch(&json!({ "limits": true, "hunting_cpu_milliseconds": 40 }));
    let query = json!({ "Query": "DeviceInfo | take 1" });
    let legacy = request(Method::POST, "/api/advancedhunting/run", Some(&query));
    let graph = request(Method::POST, "/v1.0/security/runHuntingQuery", Some(&query));
    let (of_legacy, of_graph) = (application(Audience::Legacy, ALL), application(Audience::Graph, ALL));
    for _ in 0..3 {
        assert_eq!(tenant.ask(&of_legacy, &legacy).status, 200);
    }
    for (caller, asked, header) in [(&of_legacy, &legacy, false), (&of_graph, &graph, true)] {
        let refused = tenant.ask(caller, asked);
        assert_eq!(refused.status, 429);
        assert_eq!(refused.headers.contains_key("retry-after"), header);
        let message = body_of(&refused)["error"]["message"].as_str().unwrap().to_owned();
        assert!(
            message.starts_with("You have exceeded processing resources allocated to this tenant."),
            "{message}"
        );
        assert!(message.contains("again in 00:"), "{message}");
    }
    // Other calls go on.
    assert_eq!(tenant.ask(&of_legacy, &request(Method::GET, "/api/incidents?$top=1", None)).status, 200);
    let next_cycle = now() + SignedDuration::from_mins(15);
    assert_eq!(tenant.0.handle(&of_graph, &graph, next_cycle).unwrap().status, 200);
}
