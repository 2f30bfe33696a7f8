//! What the libraries have to say goes into the answer's log, not to stderr.

use defender_xdr_xsoar::log::{Level, Log};
use tracing::level_filters::LevelFilter;
use tracing::subscriber::DefaultGuard;
use tracing::{Event, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::{Context, SubscriberExt};

use crate::logging::{ALWAYS, said};

/// Gathers lines in `log`, on this thread, until the guard is dropped.
pub(super) fn into(log: &Log, verbose: u8) -> DefaultGuard {
    let level = if verbose > 0 { LevelFilter::DEBUG } else { LevelFilter::WARN };
    let ours = Targets::new().with_target("defender_xdr", level).with_target(ALWAYS, level);
    tracing::subscriber::set_default(tracing_subscriber::registry().with(ours).with(Lines(log.clone())))
}

struct Lines(Log);

impl<S: Subscriber> Layer<S> for Lines {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let level = match *event.metadata().level() {
            tracing::Level::ERROR => Level::Error,
            tracing::Level::WARN => Level::Warning,
            tracing::Level::INFO => Level::Info,
            tracing::Level::DEBUG | tracing::Level::TRACE => Level::Debug,
        };
        self.0.add(level, said(event));
    }
}
