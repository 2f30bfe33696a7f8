//! When to look again, and when to stop.

use std::io;
use std::time::Duration;

use defender_xdr_core::Timestamp;
use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::failure::Failure;
use crate::watch::Watch;

/// However long the trouble lasts, it is looked again this often.
const LONGEST: Duration = Duration::from_mins(15);

#[derive(Debug)]
pub(super) struct Pace {
    every: Duration,
    wait: Duration,
    /// Whoever follows is ended by its supervisor, and that is no failure.
    terminated: Option<(Signal, Watch)>,
}

impl Pace {
    pub(super) fn new(every: Duration, follow: bool) -> Result<Self, Failure> {
        let terminated = follow.then(|| {
            let signal = signal(SignalKind::terminate())?;
            Ok((signal, Watch::start(SignalKind::terminate())))
        });
        let terminated = terminated
            .transpose()
            .map_err(|error: io::Error| Failure::bug(format!("cannot listen for the end: {error}")))?;
        Ok(Self { every, wait: every, terminated })
    }

    /// All went well: the usual pause.
    pub(super) fn well(&mut self) {
        self.wait = self.every;
    }

    /// A passing trouble: until the moment the service named, else twice as long as the last time.
    pub(super) fn trouble(&mut self, until: Option<Timestamp>) -> Duration {
        let named = until.and_then(|until| Duration::try_from(until.duration_since(Timestamp::now())).ok());
        self.wait = named.unwrap_or_else(|| self.wait.saturating_mul(2).min(LONGEST.max(self.every)));
        self.wait
    }

    /// Ready when somebody asks for the end.
    pub(super) async fn stopped(&mut self) {
        match &mut self.terminated {
            Some((signal, watch)) => {
                signal.recv().await;
                watch.heard();
            }
            None => std::future::pending().await,
        }
    }

    /// Waits; false when it was asked for the end.
    pub(super) async fn wait(&mut self) -> bool {
        let wait = self.wait;
        tokio::select! {
            biased;
            () = self.stopped() => false,
            () = tokio::time::sleep(wait) => true,
        }
    }
}
