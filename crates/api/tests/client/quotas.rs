//! Calls that are counted: nothing is refused that could have waited, and what one process was told, all others keep.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use defender_xdr_api::quota::{Budget, Pacing};
use defender_xdr_api::{ApiErrorKind, Client};
use defender_xdr_core::backend::Backend;
use defender_xdr_core::store::{Change, Ledger, MemoryLedger};
use defender_xdr_emulator::directory::applications::AUTOMATION;
use defender_xdr_emulator::{BodyKind, Fault, FaultRule, Options};
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::tenant::{Tenant, everything};

/// Clients that are processes of their own but for the ledger.
fn counting(tenant: &Tenant, backend: Backend, ledger: &Arc<MemoryLedger>, pacing: Pacing) -> Client {
    patient(tenant, backend, ledger, pacing, Duration::from_hours(1))
}

/// The same that wait no longer than this.
fn patient(
    tenant: &Tenant,
    backend: Backend,
    ledger: &Arc<MemoryLedger>,
    pacing: Pacing,
    patience: Duration,
) -> Client {
    let ledger: Arc<dyn Ledger> = Arc::<MemoryLedger>::clone(ledger);
    let client = tenant.client_with(&AUTOMATION, backend, patience);
    client.counting(Budget::new(ledger, "the automation", pacing))
}

async fn strict() -> Tenant {
    Tenant::started(Options { incidents: 3, limits: true, ..Options::default() }).await
}

fn refused(tenant: &Tenant) -> usize {
    tenant.requests().iter().filter(|request| request.status == Some(429)).count()
}

/// One 429 for a path, with this wait.
fn forbid(tenant: &Tenant, path: &str, retry_after: Option<u64>, body: Option<Value>) {
    let fault = Fault::Status { status: 429, retry_after, body, body_kind: BodyKind::Json };
    tenant.control().add_fault(FaultRule::once(path, fault));
}

/// A day of it costs minutes; the library's own tests spend one without a network.
const HOURS: i64 = 2;

#[tokio::test]
async fn hours_of_reading_at_99_percent_of_the_quota_meet_no_429() {
    let tenant = strict().await;
    let client = counting(&tenant, Backend::Legacy, &Arc::default(), Pacing::Documented).in_background();
    let id = client
        .list_incidents(&everything())
        .next()
        .await
        .expect("a list")
        .expect("an incident")
        .incident
        .expect("whole")
        .id()
        .to_owned();
    let end = tenant.control().now() + SignedDuration::from_hours(HOURS);
    let mut calls = 0_usize;
    while tenant.control().now() < end {
        client.get_incident(&id).await.expect("read");
        calls += 1;
        if calls.is_multiple_of(5000) {
            assert_eq!(refused(&tenant), 0);
            tenant.control().clear_requests();
        }
    }
    assert_eq!(refused(&tenant), 0);
    assert!(calls * 100 >= 1500 * usize::try_from(HOURS).expect("few") * 99, "{calls} calls");
}

#[tokio::test]
async fn several_processes_share_one_budget() {
    for backend in Backend::ALL {
        let tenant = strict().await;
        let ledger = Arc::default();
        let clients: Vec<_> =
            (0..5).map(|_| counting(&tenant, backend, &ledger, Pacing::Documented)).collect();
        let before = tenant.control().now();
        for round in 0..40 {
            for client in &clients {
                client
                    .hunt("DeviceInfo | take 1")
                    .await
                    .unwrap_or_else(|error| panic!("{backend}, {round}: {error}"));
            }
        }
        assert_eq!(refused(&tenant), 0, "{backend}");
        let minutes = tenant.control().now().duration_since(before).as_secs() / 60;
        assert!((4..=5).contains(&minutes), "200 queries at 45 a minute took {minutes} minutes");
    }
}

#[tokio::test]
async fn after_a_429_nobody_calls_before_the_moment_and_somebody_does_within_a_second() {
    let spoken = |text: &str| Some(json!({ "error": { "code": "429", "message": text } }));
    let quota =
        "You have exceeded processing resources allocated to this tenant. You can run queries again in ";
    for (backend, path) in
        [(Backend::Legacy, "/api/advancedhunting/run"), (Backend::Graph, "/v1.0/security/runHuntingQuery")]
    {
        for (retry_after, body, seconds) in [
            (Some(17), None, 17),
            (None, spoken("API calls quota exceeded! You can send requests again in 23 seconds."), 23),
            (None, spoken(&format!("{quota}00:01:30.")), 90),
            (None, spoken(&format!("{quota}1 minute and 5 seconds.")), 65),
        ] {
            for pacing in [Pacing::Documented, Pacing::Observed] {
                let tenant = Tenant::with(3).await;
                let ledger = Arc::default();
                let [first, second] = [0, 1].map(|_| counting(&tenant, backend, &ledger, pacing));
                forbid(&tenant, path, retry_after, body.clone());
                first.hunt("DeviceInfo | take 1").await.expect("after the wait");
                tenant.control().clear_requests();
                forbid(&tenant, path, retry_after, body.clone());
                // The first process gives up at once: the second knows from the ledger alone.
                let refused_at = tenant.control().now();
                let impatient = patient(&tenant, backend, &ledger, pacing, Duration::ZERO);
                let error = impatient.hunt("DeviceInfo | take 1").await.expect_err("no time to wait");
                assert_eq!(error.kind(), ApiErrorKind::Throttled);
                second.hunt("DeviceInfo | take 1").await.expect("after the wait");
                let calls: Vec<_> =
                    tenant.requests().into_iter().filter(|request| request.path == path).collect();
                assert_eq!(calls.len(), 2, "{backend} {seconds}");
                let waited = calls[1].at.duration_since(refused_at).as_millis();
                assert!(
                    (seconds * 1000..seconds * 1000 + 1000).contains(&waited),
                    "{backend} {seconds}: {waited} ms"
                );
            }
        }
    }
}

#[tokio::test]
async fn used_up_processing_time_is_waited_for_to_the_next_cycle() {
    let tenant = strict().await;
    tenant.switch(&json!({ "hunting_cpu_milliseconds": 100, "graph_retry_after": false })).await;
    for backend in Backend::ALL {
        let client = counting(&tenant, backend, &Arc::default(), Pacing::Documented);
        let before = tenant.control().now();
        tenant.control().clear_requests();
        for _ in 0..20 {
            client.hunt("DeviceInfo | take 1").await.expect("a result");
        }
        // Seven queries a cycle: the last ones run two or three cycles later, each cycle after one refusal.
        let minutes = tenant.control().now().duration_since(before).as_secs() / 60;
        assert!((15..=45).contains(&minutes), "{backend}: {minutes} minutes");
        assert!((2..=3).contains(&refused(&tenant)), "{backend}: {}", refused(&tenant));
    }
}

#[tokio::test]
async fn a_wait_beyond_the_budget_of_a_command_ends_it_before_anything_is_sent() {
    let tenant = strict().await;
    let client = patient(&tenant, Backend::Legacy, &Arc::default(), Pacing::Documented, Duration::ZERO);
    for _ in 0..45 {
        client.hunt("DeviceInfo | take 1").await.expect("within the limit");
    }
    let error = client.hunt("DeviceInfo | take 1").await.expect_err("beyond the limit");
    assert_eq!(error.kind(), ApiErrorKind::Throttled);
    assert!(error.to_string().contains("45 calls a minute"), "{error}");
    let wait = error.until().expect("a moment").duration_since(tenant.control().now()).as_secs();
    assert!((30..=60).contains(&wait), "{wait}");
    assert_eq!(tenant.requests_by("POST").len(), 45);
    // Other lanes are free.
    client.list_incidents(&everything()).next().await.expect("a list");
}

#[tokio::test]
async fn usage_tells_what_is_left() {
    let tenant = strict().await;
    let ledger: Arc<dyn Ledger> = Arc::new(MemoryLedger::default());
    let budget = Budget::new(ledger, "the automation", Pacing::Documented);
    let client = tenant.client(Backend::Legacy).counting(budget.clone());
    client.hunt("DeviceInfo | take 1").await.expect("a result");
    client.list_incidents(&everything()).next().await.expect("a list");
    let usage = serde_json::to_value(budget.usage(tenant.control().now()).expect("read")).expect("JSON");
    assert_eq!(
        usage,
        json!([
            { "lane": "legacy-list", "windows": [{ "limit": 50, "seconds": 60, "used": 1 }, { "limit": 1500, "seconds": 3600, "used": 1 }], "until": null, "next_call_at": null },
            { "lane": "legacy-hunting", "windows": [{ "limit": 45, "seconds": 60, "used": 1 }], "until": null, "next_call_at": null },
        ])
    );
}

/// A disk that is full, or read-only.
#[derive(Debug)]
struct Broken;

impl Ledger for Broken {
    fn read(&self) -> io::Result<Option<Vec<u8>>> {
        Err(io::ErrorKind::StorageFull.into())
    }

    fn change(&self, _change: &mut Change<'_>) -> io::Result<()> {
        Err(io::ErrorKind::StorageFull.into())
    }
}

#[tokio::test]
async fn a_ledger_that_cannot_be_written_stops_no_call() {
    for pacing in [Pacing::Documented, Pacing::Observed] {
        let tenant = Tenant::with(3).await;
        let client = tenant.client(Backend::Graph).counting(Budget::new(Arc::new(Broken), "nobody", pacing));
        forbid(&tenant, "/v1.0/security/incidents", Some(3), None);
        client.list_incidents(&everything()).next().await.expect("a list").expect("an incident");
    }
}

#[tokio::test]
async fn a_ledger_of_another_time_is_begun_anew() {
    let tenant = Tenant::with(3).await;
    for text in ["", "not JSON", "[]", "{\"lanes\":{\"graph-security\":{\"done\":[9223372036854775807,1]}}}"]
    {
        let ledger: Arc<dyn Ledger> = Arc::new(MemoryLedger::default());
        ledger.change(&mut |_| Some(text.into())).expect("written");
        let client = tenant.client(Backend::Graph).counting(Budget::new(ledger, "x", Pacing::Documented));
        client.list_incidents(&everything()).next().await.expect("a list").expect("an incident");
    }
}
