//! Changes whose answers are lost, over and over: nothing is made twice, and what was made is known.

use std::collections::BTreeMap;

use defender_xdr_api::ApiErrorKind;
use defender_xdr_api::incidents::{IncidentChange, Manner, TagChange};
use defender_xdr_core::backend::Backend;
use defender_xdr_emulator::{BodyKind, Fault, FaultRule};

use crate::tenant::{Tenant, some_active_incident};

const ONCE: Manner = Manner { follow: false, once: true };

/// What may befall a change; the first two after it was made.
fn fault(number: u32) -> Fault {
    let status = |status| Fault::Status { status, retry_after: None, body: None, body_kind: BodyKind::Json };
    match number % 6 {
        0 => Fault::CutBody { bytes: 10 },
        1 => Fault::CutBody { bytes: 0 },
        2 => Fault::Reset,
        3 => status(429),
        4 => status(503),
        _ => status(500),
    }
}

#[tokio::test]
async fn a_script_that_runs_until_it_succeeds_comments_once() {
    for backend in Backend::ALL {
        let tenant = Tenant::with(40).await;
        let client = tenant.client(backend);
        let id = some_active_incident(&client).await;
        let mut endings = BTreeMap::new();
        for round in 0..36 {
            tenant.control().clear_faults();
            for (number, method) in
                [(round % 6, "PATCH"), (round / 6, "PATCH"), (round % 6, "POST"), (round / 6, "POST")]
            {
                let rule =
                    FaultRule { method: Some(method.to_owned()), ..FaultRule::once("", fault(number)) };
                tenant.control().add_fault(rule);
            }
            let change = IncidentChange {
                comment: Some(format!("round {round}.")),
                tags: Some(TagChange::Adjust { add: vec![format!("tag {round}")], remove: vec![] }),
                ..IncidentChange::default()
            };
            let mut ending = "";
            for _ in 0..8 {
                let plan = client.plan_change(&id, change.clone(), ONCE).await.expect("reading works");
                match client.carry_out(&plan).await {
                    Ok(written) => {
                        ending = match (written.changed, written.seen_later) {
                            (true, true) => "seen later",
                            (true, false) => "answered",
                            (false, _) => "there already",
                        };
                        break;
                    }
                    Err(error) => assert!(
                        [ApiErrorKind::OutcomeUnknown, ApiErrorKind::Partial, ApiErrorKind::Throttled]
                            .contains(&error.kind()),
                        "{backend}: {error}"
                    ),
                }
            }
            assert_ne!(ending, "", "{backend}: round {round} never succeeded");
            *endings.entry(ending).or_insert(0) += 1;
        }
        tenant.control().clear_faults();
        let seen = client.get_incident(&id).await.expect("readable");
        let comments = serde_json::to_string(seen.list("comments")).expect("JSON");
        for round in 0..36 {
            assert_eq!(comments.matches(&format!("\"round {round}.\"")).count(), 1, "{backend}: {comments}");
            assert!(seen.tags().contains(&format!("tag {round}")), "{backend}");
        }
        assert!(
            endings.contains_key("seen later") && endings.contains_key("answered"),
            "{backend}: {endings:?}"
        );
    }
}

#[tokio::test]
async fn what_is_already_so_is_not_sent() {
    let tenant = Tenant::with(40).await;
    for backend in Backend::ALL {
        let client = tenant.client(backend);
        let id = some_active_incident(&client).await;
        tenant.control().clear_requests();
        let change = IncidentChange { status: Some("Active".into()), ..IncidentChange::default() };
        let plan = client.plan_change(&id, change, Manner::default()).await.expect("a plan");
        assert!(plan.is_empty());
        assert!(!client.carry_out(&plan).await.expect("nothing to do").changed);
        let methods: Vec<String> = tenant.requests().into_iter().map(|request| request.method).collect();
        assert_eq!(methods, ["GET"], "{backend}");
    }
}
