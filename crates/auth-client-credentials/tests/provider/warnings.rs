//! What is worth telling while everything still works.

use std::io::Write;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use defender_xdr_core::auth::TokenRequest;
use defender_xdr_core::{Clock, SystemClock};

use crate::authority::{Authority, token};
use crate::federated::subject_token;
use crate::keys::keys;

/// Collects what is logged on this thread while it lives.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("whole").write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Log {
    fn listen(&self) -> tracing::subscriber::DefaultGuard {
        let log = self.clone();
        let subscriber = tracing_subscriber::fmt()
            .with_max_level(tracing::Level::WARN)
            .with_ansi(false)
            .with_writer(move || log.clone())
            .finish();
        tracing::subscriber::set_default(subscriber)
    }

    fn lines(&self) -> Vec<String> {
        let log = self.0.lock().expect("whole");
        String::from_utf8_lossy(&log).lines().map(str::to_owned).collect()
    }
}

#[tokio::test]
async fn a_certificate_near_its_end_is_told_once_with_the_day() {
    let log = Log::default();
    let _listening = log.listen();
    let keys = keys();
    let authority = Authority::start().await.at_present();
    authority.always(token("at-1")).await;
    let values = authority.without_secret(&[("certificate", &keys.setting("both.pem"))]);
    let provider = authority.provider(values).expect("good settings");
    provider.acquire(&TokenRequest::default()).await.expect("a token");
    assert!(log.lines().is_empty(), "{:?}", log.lines());
    authority.clock.advance(Duration::from_hours(24 * 345));
    for _ in 0..2 {
        provider.acquire(&TokenRequest::default()).await.expect("it still works");
    }
    let [line] = &log.lines()[..] else { panic!("one warning: {:?}", log.lines()) };
    let year = SystemClock.now().strftime("%Y").to_string().parse::<i32>().expect("a year") + 1;
    assert!(line.contains("expires in ") && line.contains(&format!("on {year}-")), "{line}");
    assert!(line.contains("config.toml, line 4"), "{line}");
}

#[tokio::test]
async fn a_federated_token_past_its_end_is_told_and_sent_nevertheless() {
    let log = Log::default();
    let _listening = log.listen();
    let authority = Authority::start().await;
    authority.always(token("at-1")).await;
    let old = subject_token("https://i.example", "job", authority.clock.now().as_second() - 60);
    authority.form_of(authority.without_secret(&[("federated-token", &old)])).await;
    let lines = log.lines();
    assert!(matches!(&lines[..], [line] if line.contains("`federated-token` expired at")), "{lines:?}");
    assert!(!lines[0].contains(&old));
}
