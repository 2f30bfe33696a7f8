//! A slip in the settings, or a full disk, costs no sign-in.

use super::*;
use crate::store::{Protection, StoreError, VaultGuard};

fn good() -> Session {
    Session { refresh_token: Some(Secret::new("good")), ..Session::default() }
}

fn dead() -> AuthError {
    AuthError::from_entra(ErrorBody { error: "invalid_grant".into(), ..ErrorBody::default() })
}

/// The same machine with other settings.
fn reconfigured(
    before: &Setting,
    configured: Option<Configured>,
    answers: Vec<Result<Grant, AuthError>>,
) -> Setting {
    let script = Script { renewable: true, configured, ..Script::default() };
    let setting = Setting::new(script, answers);
    Setting { vault: Arc::clone(&before.vault), ..setting }
}

#[tokio::test]
async fn a_mistyped_refresh_token_does_not_cost_the_sign_in_that_was_there() {
    let slip = Script { renewable: true, configured: Some(refresh_token("junk")), ..Script::default() };
    let mistyped = Setting::new(slip, vec![Err(dead())]);
    mistyped.manager().save(&good()).expect("kept");
    let error = mistyped.manager().token().await.expect_err("refused");
    assert_eq!(error.setting(), Some("refresh-token"));
    let resting = mistyped.manager().token().await.expect_err("resting");
    assert!(resting.to_string().starts_with("not asking again"), "{resting}");
    assert_eq!(resting.setting(), Some("refresh-token"), "it is still named");
    assert_eq!(mistyped.asked(), 1);
    assert!(mistyped.manager().status().signed_in, "the sign-in that was there goes on");

    let mended = reconfigured(&mistyped, None, vec![Ok(grant("one", Some("next"), start()))]);
    assert_eq!(token(&mended.manager()).await, "one", "at once, without a pause");
}

#[tokio::test]
async fn another_refresh_token_is_tried_at_once() {
    let slip = Script { renewable: true, configured: Some(refresh_token("junk")), ..Script::default() };
    let mistyped = Setting::new(slip, vec![Err(dead())]);
    mistyped.manager().token().await.expect_err("refused");
    assert!(mistyped.manager().status().refused.is_some(), "nothing else is there");
    let answers = vec![Ok(grant("one", Some("next"), start()))];
    let mended = reconfigured(&mistyped, Some(refresh_token("right")), answers);
    assert_eq!(token(&mended.manager()).await, "one");
}

#[tokio::test]
async fn a_refused_code_does_not_cost_the_sign_in_that_was_there() {
    let code = Some(Configured::Code(Secret::new("cut off")));
    let slip = Script { renewable: true, configured: code, ..Script::default() };
    let setting = Setting::new(slip, vec![Err(dead()), Ok(grant("one", Some("next"), start()))]);
    setting.manager().save(&good()).expect("kept");
    setting.manager().token().await.expect_err("refused");
    let kept = setting.manager().load_or_empty();
    assert_eq!(kept.refresh_token.expect("kept").expose(), "good");
    setting.clock.advance(Duration::from_secs(61));
    assert_eq!(token(&setting.manager()).await, "one", "the code is spent, the sign-in is not");
}

/// A disk that has room for what is there and no more.
#[derive(Debug, Default)]
struct FullDisk(MemoryVault);

impl Vault for FullDisk {
    fn load(&self, name: &str) -> Result<Option<zeroize::Zeroizing<Vec<u8>>>, StoreError> {
        self.0.load(name)
    }

    fn save(&self, name: &str, content: &[u8]) -> Result<(), StoreError> {
        let held = self.0.load(name)?.map_or(usize::MAX, |record| record.len());
        if content.len() > held {
            return Err(StoreError::writer_failed());
        }
        self.0.save(name, content)
    }

    fn remove(&self, name: &str) -> Result<bool, StoreError> {
        self.0.remove(name)
    }

    fn lock(&self, name: &str) -> Result<VaultGuard, StoreError> {
        self.0.lock(name)
    }

    fn lasts(&self) -> bool {
        true
    }

    fn protection(&self) -> Protection {
        self.0.protection()
    }
}

#[tokio::test]
async fn nothing_is_redeemed_that_could_not_be_kept() {
    let script = Arc::new(Script::default());
    let clock = Arc::new(ManualClock::at(start()));
    let provider = Box::new(Scripted(Arc::clone(&script)));
    let manager = TokenManager::new(provider, Arc::new(FullDisk::default()), clock);
    let later = start().saturating_add(SignedDuration::from_mins(15)).expect("in range");
    let pending = Pending { state: Secret::new("{}"), expires_at: later, not_before: start() };
    manager.save(&Session { pending: Some(pending), ..Session::default() }).expect("it fits");
    assert_eq!(manager.complete(false).await.expect_err("full").kind(), AuthErrorKind::Store);
    assert_eq!(script.asked.load(Ordering::SeqCst), 0, "the code is as good as before");
    assert!(manager.load_or_empty().pending.is_some());
}
