//! One flight, one refusal, nothing lost.

mod challenges;
mod clock_jumps;
mod codes;
mod slips;

use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};

use super::*;
use crate::auth::{AuthErrorKind, CacheKey, Configured, Finish, Grant, Pending, TokenRequest};
use crate::entra::ErrorBody;
use crate::store::MemoryVault;
use crate::{ManualClock, Secret};

/// Answers from a script and counts the questions.
#[derive(Debug, Default)]
struct Script {
    answers: Mutex<VecDeque<Result<Grant, AuthError>>>,
    asked: AtomicUsize,
    renewable: bool,
    configured: Option<Configured>,
    credential: Mutex<Option<String>>,
    /// The challenges that came with the questions.
    claims: Mutex<Vec<Option<String>>>,
}

#[derive(Debug, Clone)]
struct Scripted(Arc<Script>);

#[async_trait]
impl Provider for Scripted {
    fn cache_key(&self) -> CacheKey {
        CacheKey {
            authority: "https://login.example".into(),
            tenant: "t".into(),
            application: "a".into(),
            flow: "scripted".into(),
            account: None,
            scopes: vec![],
            claims: None,
        }
    }

    async fn credential_fingerprint(&self) -> Result<Option<String>, AuthError> {
        Ok(self.0.credential.lock().expect("whole").clone())
    }

    async fn configured(&self) -> Result<Option<Configured>, AuthError> {
        Ok(self.0.configured.clone())
    }

    async fn acquire(&self, request: &TokenRequest) -> Result<Grant, AuthError> {
        self.0.claims.lock().expect("whole").push(request.claims.clone());
        self.0.asked.fetch_add(1, Ordering::SeqCst);
        tokio::task::yield_now().await;
        self.0.answers.lock().expect("whole").pop_front().expect("no further question was expected")
    }

    async fn redeem(&self, _code: &Secret) -> Result<Grant, AuthError> {
        self.acquire(&TokenRequest::default()).await
    }

    async fn renew(
        &self,
        _refresh_token: &Secret,
        request: &TokenRequest,
    ) -> Result<Option<Grant>, AuthError> {
        if self.0.renewable { self.acquire(request).await.map(Some) } else { Ok(None) }
    }

    async fn finish(&self, pending: &Pending, _input: Option<&Secret>) -> Result<Finish, AuthError> {
        self.0.asked.fetch_add(1, Ordering::SeqCst);
        let now = pending.not_before.saturating_add(SignedDuration::from_secs(5)).expect("in range");
        Ok(Finish::NotYet {
            pending: Pending { not_before: now, ..pending.clone() },
            after: Duration::from_secs(5),
        })
    }
}

fn start() -> Timestamp {
    "2026-11-22T10:00:00Z".parse().expect("a time")
}

fn grant(token: &str, refresh: Option<&str>, at: Timestamp) -> Grant {
    Grant {
        access_token: Secret::new(token),
        refresh_token: refresh.map(Secret::new),
        refresh_token_expires_at: None,
        expires_at: at.saturating_add(SignedDuration::from_hours(1)).expect("in range"),
        acquired_at: at,
        scope: None,
    }
}

fn refresh_token(text: &str) -> Configured {
    Configured::RefreshToken(Secret::new(text))
}

fn refusal() -> AuthError {
    AuthError::from_entra(ErrorBody { error: "invalid_client".into(), ..ErrorBody::default() })
}

fn outage() -> AuthError {
    AuthError::new(AuthErrorKind::Unavailable, "down")
}

struct Setting {
    script: Arc<Script>,
    clock: Arc<ManualClock>,
    vault: Arc<MemoryVault>,
}

impl Setting {
    fn new(script: Script, answers: Vec<Result<Grant, AuthError>>) -> Self {
        *script.answers.lock().expect("whole") = answers.into();
        Self { script: Arc::new(script), clock: Arc::new(ManualClock::at(start())), vault: Arc::default() }
    }

    fn manager(&self) -> TokenManager {
        TokenManager::new(
            Box::new(Scripted(Arc::clone(&self.script))),
            self.vault.clone(),
            self.clock.clone(),
        )
    }

    fn asked(&self) -> usize {
        self.script.asked.load(Ordering::SeqCst)
    }
}

async fn token(manager: &TokenManager) -> String {
    manager.token().await.expect("a token").secret.expose().to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_thousand_callers_cause_one_request() {
    let setting = Setting::new(Script::default(), vec![Ok(grant("one", None, start()))]);
    let manager = Arc::new(setting.manager());
    let callers: Vec<_> = (0..1000)
        .map(|_| {
            let manager = Arc::clone(&manager);
            tokio::spawn(async move { token(&manager).await })
        })
        .collect();
    for caller in callers {
        assert_eq!(caller.await.expect("no panic"), "one");
    }
    assert_eq!(setting.asked(), 1);
}

#[tokio::test]
async fn a_failed_flight_fails_for_all_who_waited_and_is_not_repeated_by_each() {
    let setting = Setting::new(Script::default(), vec![Err(outage()), Ok(grant("one", None, start()))]);
    let manager = setting.manager();
    let (first, second, third) = tokio::join!(manager.token(), manager.token(), manager.token());
    assert!(first.is_err() && second.is_err() && third.is_err());
    assert_eq!(setting.asked(), 1);
    assert_eq!(token(&manager).await, "one");
}

#[tokio::test]
async fn a_cancelled_flight_lets_the_next_caller_fly() {
    let setting = Setting::new(Script::default(), vec![Ok(grant("one", None, start()))]);
    let manager = setting.manager();
    // Polled once, so that it holds the flight, then dropped.
    tokio::select! {
        biased;
        _ = manager.token() => panic!("the flight waits for the vault's lock at first"),
        () = std::future::ready(()) => {}
    }
    assert_eq!(token(&manager).await, "one");
}

#[tokio::test]
async fn another_process_finds_the_token_in_the_vault() {
    let setting = Setting::new(Script::default(), vec![Ok(grant("one", None, start()))]);
    let first = setting.manager();
    token(&first).await;
    first.flush().await;
    assert_eq!(token(&setting.manager()).await, "one");
    assert_eq!(setting.asked(), 1);
}

#[tokio::test]
async fn a_stale_token_serves_through_an_outage_but_a_dead_one_does_not() {
    let answers = vec![Ok(grant("one", None, start())), Err(outage()), Err(outage())];
    let setting = Setting::new(Script::default(), answers);
    let manager = setting.manager();
    token(&manager).await;
    manager.flush().await;
    setting.clock.advance(Duration::from_mins(59));
    assert_eq!(token(&manager).await, "one");
    setting.clock.advance(Duration::from_mins(1));
    assert_eq!(manager.token().await.expect_err("down").kind(), AuthErrorKind::Unavailable);
}

#[tokio::test]
async fn a_rotated_refresh_token_is_stored_before_the_access_token_is_served() {
    let script = Script { renewable: true, configured: Some(refresh_token("first")), ..Script::default() };
    let setting = Setting::new(script, vec![Ok(grant("one", Some("second"), start()))]);
    token(&setting.manager()).await;
    // Nothing was flushed: it must be there already.
    let name = setting.manager().name.clone();
    let stored =
        Session::from_bytes(&setting.vault.load(&name).expect("readable").expect("there")).expect("ours");
    assert_eq!(stored.refresh_token.expect("kept").expose(), "second");
    // The rotated one wins while the configured value stays the same.
    assert_eq!(token(&setting.manager()).await, "one");
    assert_eq!(setting.asked(), 1);
}

#[tokio::test]
async fn a_refused_credential_rests_for_a_minute_or_until_it_changes() {
    let answers = vec![Err(refusal()), Err(refusal()), Err(refusal()), Ok(grant("one", None, start()))];
    let setting = Setting::new(Script::default(), answers);
    assert_eq!(setting.manager().token().await.expect_err("refused").kind(), AuthErrorKind::InvalidClient);
    let resting = setting.manager().token().await.expect_err("resting");
    assert_eq!(resting.kind(), AuthErrorKind::InvalidClient, "the remedy is the same");
    assert!(resting.to_string().starts_with("not asking again for 60 s"), "{resting}");
    assert_eq!(setting.asked(), 1);
    assert!(setting.manager().proven_token().await.is_err());
    assert_eq!(setting.asked(), 2, "a test asks at once");
    setting.clock.advance(Duration::from_secs(61));
    assert_eq!(setting.manager().token().await.expect_err("refused").kind(), AuthErrorKind::InvalidClient);
    *setting.script.credential.lock().expect("whole") = Some("other".into());
    assert_eq!(token(&setting.manager()).await, "one");
}

#[tokio::test]
async fn a_session_is_kept_before_the_clock_judges_its_token() {
    // The answer took so long, or the clock jumped so far, that the token looks dead.
    let script = Script { renewable: true, configured: Some(refresh_token("first")), ..Script::default() };
    let late = start().saturating_add(SignedDuration::from_hours(2)).expect("in range");
    let setting = Setting::new(script, vec![Ok(grant("one", Some("second"), late))]);
    setting.manager().token().await.expect_err("not usable by this clock");
    let name = setting.manager().name.clone();
    let bytes = setting.vault.load(&name).expect("readable").expect("there");
    let stored = Session::from_bytes(&bytes).expect("ours");
    assert_eq!(stored.refresh_token.expect("kept").expose(), "second");
}

#[tokio::test]
async fn a_token_the_api_refused_is_not_served_again() {
    let answers = vec![Ok(grant("one", None, start())), Ok(grant("two", None, start()))];
    let setting = Setting::new(Script::default(), answers);
    let manager = setting.manager();
    let refused = manager.token().await.expect("a token");
    manager.flush().await;
    manager.invalidate(&refused);
    assert_eq!(token(&manager).await, "two");
    assert_eq!(token(&manager).await, "two");
}

#[tokio::test]
async fn completing_without_waiting_asks_once_and_never_before_the_interval() {
    let setting = Setting::new(Script::default(), vec![]);
    let manager = setting.manager();
    let pending = Pending {
        state: Secret::new("{}"),
        expires_at: start().saturating_add(SignedDuration::from_mins(15)).expect("in range"),
        not_before: start().saturating_add(SignedDuration::from_secs(5)).expect("in range"),
    };
    manager.save(&Session { pending: Some(pending), ..Session::default() }).expect("memory takes it");
    assert!(matches!(manager.complete(false).await, Ok(Completion::StillPending { .. })));
    assert_eq!(setting.asked(), 0);
    setting.clock.advance(Duration::from_secs(5));
    assert!(matches!(manager.complete(false).await, Ok(Completion::StillPending { .. })));
    assert_eq!(setting.asked(), 1);
    assert!(manager.status().pending_until.is_some() && !manager.status().signed_in);
}

#[tokio::test]
async fn an_older_attempt_does_not_undo_a_newer_sign_in() {
    let setting = Setting::new(Script::default(), vec![]);
    let manager = setting.manager();
    let pending = |state: &str| Pending {
        state: Secret::new(state),
        expires_at: start().saturating_add(SignedDuration::from_mins(15)).expect("in range"),
        not_before: start(),
    };
    let mut session = Session { pending: Some(pending("newer")), ..Session::default() };
    session.refresh_token = Some(Secret::new("kept"));
    manager.save(&session).expect("memory takes it");
    manager.replace_pending(&pending("older"), None).await;
    let stored = manager.load_or_empty();
    assert_eq!(stored.pending.expect("untouched").state.expose(), "newer");
    assert_eq!(stored.refresh_token.expect("untouched").expose(), "kept");
}

#[tokio::test]
async fn completing_without_a_start_says_so() {
    let setting = Setting::new(Script::default(), vec![]);
    let error = setting.manager().complete(true).await.expect_err("nothing started");
    assert_eq!(error.kind(), AuthErrorKind::NotSignedIn);
}

#[tokio::test]
async fn a_token_that_no_header_may_hold_is_refused_and_not_kept() {
    let answers = vec![Ok(grant("a\nX-Evil: 1", Some("r"), start())), Ok(grant("good", None, start()))];
    let setting = Setting::new(Script::default(), answers);
    assert_eq!(setting.manager().token().await.expect_err("no token").kind(), AuthErrorKind::Unreadable);
    assert_eq!(token(&setting.manager()).await, "good");
}
