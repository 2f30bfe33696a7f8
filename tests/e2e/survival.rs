//! kill -9 at random moments of a refresh and of a sign-in: no stored session is lost, no record is ever damaged.
//!
//! `DEFENDER_XDR_TEST_ROUNDS` is how many kills each test does; `cargo xtask prove kill` sets it to a thousand.
#![expect(clippy::print_stdout, reason = "the counts are the result of the long form")]

use std::hash::{BuildHasher, RandomState};
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::Child;
use std::time::{Duration, Instant};

use defender_xdr_emulator::directory::applications::AUTOMATION;
use defender_xdr_emulator::{Options, Rotation};

use crate::support::Stage;

const DANA: &str = "dana@aurora-lab.example";

/// The long form's share of started sign-ins: each has to wait a second before it may ask.
const SIGN_INS_AMONG_KILLS: usize = 10;

#[expect(clippy::disallowed_methods, reason = "the one question of a test to whoever runs it")]
fn rounds() -> usize {
    let asked = std::env::var("DEFENDER_XDR_TEST_ROUNDS").ok();
    asked.map_or(20, |text| text.parse().expect("a number of rounds"))
}

/// A moment in a run that takes this long, or shortly after its end.
fn moment(whole: Duration) -> Duration {
    let nanoseconds = u64::try_from(whole.as_nanos()).expect("short") * 6 / 5;
    Duration::from_nanos(RandomState::new().hash_one(0) % nanoseconds.max(1))
}

fn signed_in(rotation: Rotation) -> Stage {
    let stage = Stage::of_device_code(&AUTOMATION, Options { rotation, ..Options::default() });
    stage.sign_in(DANA);
    stage
}

/// What became of one killed run.
struct Kill {
    /// It was killed, not faster than the signal.
    in_time: bool,
    /// The service had answered with tokens.
    answered: bool,
    /// The record on disk is another one.
    stored: bool,
}

impl Kill {
    /// Between the service's answer, or its work on it, and the rename: what was given is nowhere.
    fn hit_the_window(&self) -> bool {
        self.in_time && self.answered && !self.stored
    }
}

fn records(stage: &Stage) -> Vec<(PathBuf, Vec<u8>)> {
    let sealed = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "sealed");
    stage.home.snapshot().into_iter().filter(|(path, _)| sealed(path)).collect()
}

fn is_unfinished(path: &Path) -> bool {
    path.to_string_lossy().contains("-writing-")
}

fn tokens_given(stage: &Stage) -> usize {
    let requests = stage.tenant.control().requests();
    requests.iter().filter(|one| one.path.ends_with("/token") && one.status == Some(200)).count()
}

fn kill(stage: &Stage, arguments: &[&str], after: Duration) -> Kill {
    stage.tenant.control().clear_requests();
    let before = records(stage);
    let mut child: Child = stage.start(arguments);
    std::thread::sleep(after);
    child.kill().expect("it is ours to kill");
    let status = child.wait().expect("it ends");
    // A request that is on its way is answered to nobody; the tenant counts it as answered all the same.
    std::thread::sleep(Duration::from_millis(30));
    Kill {
        in_time: status.signal() == Some(9),
        answered: tokens_given(stage) > 0,
        stored: records(stage) != before,
    }
}

/// How long a whole run takes: the longest of three.
fn whole_run(stage: &Stage, arguments: &[&str]) -> Duration {
    let one = || {
        let started = Instant::now();
        stage.run(arguments).well();
        started.elapsed()
    };
    (0..3).map(|_| one()).max().expect("three runs")
}

fn report(what: &str, kills: &[Kill]) {
    let count = |which: fn(&Kill) -> bool| kills.iter().filter(|kill| which(kill)).count();
    println!(
        "{what}: {} kills, {} of them before the end, {} after the service had answered, {} between its answer and \
         the rename",
        kills.len(),
        count(|kill| kill.in_time),
        count(|kill| kill.in_time && kill.answered),
        count(Kill::hit_the_window),
    );
}

#[test]
fn a_killed_refresh_loses_no_session_while_the_old_refresh_token_stays_valid() {
    let stage = signed_in(Rotation::KeepOld);
    let whole = whole_run(&stage, &["auth", "test"]);
    let mut kills = Vec::new();
    for _ in 0..rounds() {
        kills.push(kill(&stage, &["auth", "test"], moment(whole)));
        let after = stage.run(&["auth", "test"]).well();
        assert!(!after.stderr.contains("damaged"), "{}", after.stderr);
    }
    report("refresh, old token stays valid", &kills);
    let left: Vec<_> = stage.home.snapshot().into_keys().filter(|path| is_unfinished(path)).collect();
    assert!(left.is_empty(), "the next write removes what a killed one left: {left:?}");
}

#[test]
fn against_a_service_that_revokes_at_once_only_kills_before_the_rename_lose_the_session() {
    let stage = signed_in(Rotation::RevokeOld);
    let whole = whole_run(&stage, &["auth", "test"]);
    let (mut kills, mut lost) = (Vec::new(), 0);
    for _ in 0..rounds() {
        let killed = kill(&stage, &["auth", "test"], moment(whole));
        let after = stage.run(&["auth", "test"]);
        assert!(!after.stderr.contains("damaged"), "{}", after.stderr);
        if after.code != 0 {
            assert!(killed.hit_the_window(), "lost although the answer was kept: {}", after.stderr);
            after.ends(4).saying(&["sign in again"]);
            stage.sign_in(DANA);
            lost += 1;
        }
        kills.push(killed);
    }
    report("refresh, old token revoked at once", &kills);
    println!("sessions lost: {lost}");
}

#[test]
fn a_killed_sign_in_leaves_the_session_before_it_alone() {
    let stage = signed_in(Rotation::KeepOld);
    let whole = whole_run(&stage, &["auth", "test"]);
    let mut kills = Vec::new();
    for _ in 0..rounds().div_ceil(SIGN_INS_AMONG_KILLS) {
        stage.start_and_approve(DANA);
        // Asking earlier is waiting, and waiting is dull to kill.
        std::thread::sleep(Duration::from_secs(1));
        let killed = kill(&stage, &["auth", "complete"], moment(whole));
        stage.run(&["auth", "test"]).well();
        let again = stage.run(&["auth", "complete"]);
        if again.code != 0 {
            assert!(killed.answered || !killed.in_time, "a code that nobody redeemed: {}", again.stderr);
            again.ends(4);
        }
        stage.run(&["auth", "test"]).well();
        kills.push(killed);
    }
    report("sign-in", &kills);
}
