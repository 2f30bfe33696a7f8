//! Calls are counted by all processes of a machine together, and what one of them is told, all others keep.

use std::time::Instant;

use defender_xdr_emulator::directory::applications::AUTOMATION;
use defender_xdr_emulator::{BodyKind, Fault, FaultRule, Options};

use crate::support::{Stage, status};

const HUNT: &str = "/api/advancedhunting/run";

fn strict() -> Stage {
    Stage::with(&AUTOMATION, Options { limits: true, incidents: 3, ..Options::default() })
        .keeping_documented_limits()
}

fn refused(stage: &Stage) -> usize {
    stage.tenant.control().requests().iter().filter(|request| request.status == Some(429)).count()
}

#[test]
fn processes_at_the_same_time_share_one_budget_and_none_is_refused() {
    let stage = strict();
    let query = ["--api", "legacy", "--set", "retry-budget=1", "-o", "json", "hunt", "DeviceInfo | take 1"];
    stage.run(&["auth", "test"]).well();
    let ended: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> =
            (0..4).map(|_| scope.spawn(|| (0..13).map(|_| stage.run(&query)).collect::<Vec<_>>())).collect();
        threads.into_iter().flat_map(|thread| thread.join().expect("no panic")).collect()
    });
    assert_eq!(refused(&stage), 0);
    let well = ended.iter().filter(|ran| ran.code == 0).count();
    // Fifty-two runs within a minute. A slow machine needs more than that for them, and gets more done.
    assert_eq!(stage.tenant.requests_to(HUNT), well);
    assert!(well >= 45, "{well}");
    for ran in ended.into_iter().filter(|ran| ran.code != 0) {
        let error = ran.ends(7).error();
        assert_eq!(error["kind"], "throttled");
        assert!(error["message"].as_str().expect("a text").contains("45 calls a minute"), "{error}");
        assert!(error["until"].is_string(), "{error}");
    }
}

#[test]
fn another_process_calls_when_the_wait_is_over_and_not_before() {
    let stage = Stage::new().keeping_documented_limits();
    stage.run(&["auth", "test"]).well();
    let body = serde_json::json!({ "error": { "code": "429", "message":
        "You have exceeded processing resources allocated to this tenant. You can run queries again in 00:00:04." } });
    let fault = Fault::Status { status: 429, retry_after: None, body: Some(body), body_kind: BodyKind::Json };
    stage.tenant.control().add_fault(FaultRule::once(HUNT, fault));
    let hunt = ["--api", "legacy", "hunt", "DeviceInfo | take 1"];
    stage.run(&[&["--set", "retry-budget=1"], &hunt[..]].concat()).ends(7);
    let told = Instant::now();
    stage.run(&hunt).well();
    let calls: Vec<_> =
        stage.tenant.control().requests().into_iter().filter(|request| request.path == HUNT).collect();
    assert_eq!(calls.len(), 2);
    let waited = calls[1].at.duration_since(calls[0].at).as_millis();
    assert!((4000..5000).contains(&waited), "{waited} ms");
    assert!(told.elapsed().as_millis() >= 3000);
}

#[test]
fn a_killed_process_and_a_broken_file_are_in_nobodys_way() {
    let stage = Stage::new().keeping_documented_limits();
    let list = ["incidents", "list", "--limit", "1"];
    stage.tenant.fault("/v1.0/", 0, 1, Fault::Slow { milliseconds: 20_000 });
    let mut child = stage.start(&list);
    crate::support::until("the call is under way", || {
        (stage.home.state().join("quota").read_dir().ok()?.count() > 0).then_some(())
    });
    child.kill().expect("killed");
    child.wait().expect("gone");
    stage.run(&list).well();
    let files = || {
        stage.home.snapshot().into_keys().filter(|path| path.starts_with(stage.home.state().join("quota")))
    };
    for file in files() {
        stage.home.write(
            file.strip_prefix(stage.home.path()).expect("below").to_str().expect("text"),
            "{]",
            0o600,
        );
    }
    stage.run(&list).well();
    // No place for the file at all.
    std::fs::remove_dir_all(stage.home.state().join("quota")).expect("removed");
    stage.home.write("state/defender-xdr/quota", "in the way", 0o600);
    let quiet = stage.run(&list).well();
    assert_eq!(quiet.stderr, "");
    let ran = stage.run(&[&["-v"], &list[..]].concat()).well();
    assert_eq!(ran.stderr.matches("calls are not counted").count(), 1, "{}", ran.stderr);
}

#[test]
fn observed_limits_are_those_of_the_service_and_no_file_is_written_before_it_refuses() {
    let stage = Stage::new();
    stage.run(&["incidents", "list", "--limit", "1"]).well();
    assert!(!stage.home.state().join("quota").exists());
    stage.tenant.fault("/v1.0/", 0, 1, status(429, Some(600)));
    stage.run(&["incidents", "list", "--limit", "1"]).ends(7);
    assert!(stage.home.state().join("quota").exists());
    let calls = stage.tenant.requests_to("/v1.0/");
    stage.run(&["incidents", "list", "--limit", "1"]).ends(7).saying(&[
        "asked all calls to wait until 20",
        "not before",
        "`quota`",
        "state directory",
    ]);
    assert_eq!(stage.tenant.requests_to("/v1.0/"), calls);
    stage
        .run(&["--set", "quota=guessed", "incidents", "list"])
        .ends(3)
        .saying(&["`documented` or `observed`"]);
}

#[test]
fn what_may_write_nothing_counts_for_itself() {
    let stage = Stage::new().keeping_documented_limits();
    stage.also("token-store = \"memory\"");
    stage.run(&["incidents", "list", "--limit", "1"]).well();
    assert!(!stage.home.state().exists());
}
