//! What the libraries have to say, on stderr: warnings always, more with `-v`, less with `-q`, but for what nobody may miss.

use std::fmt::{self, Write as _};

use tracing::field::{Field, Visit};
use tracing::level_filters::LevelFilter;
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::registry::LookupSpan;

use crate::output::without_steering;

/// What is told under this target is told under `-q`, too.
pub(crate) const ALWAYS: &str = "defender_xdr::always";

/// Starts logging. Only our own crates are heard: others might log what they send.
pub(crate) fn start(verbose: u8, quiet: bool) {
    let level = match (quiet, verbose) {
        (true, _) => LevelFilter::ERROR,
        (false, 0) => LevelFilter::WARN,
        (false, 1) => LevelFilter::INFO,
        (false, 2) => LevelFilter::DEBUG,
        (false, _) => LevelFilter::TRACE,
    };
    let ours =
        Targets::new().with_target("defender_xdr", level).with_target(ALWAYS, level.max(LevelFilter::WARN));
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr).event_format(Line);
    // A second start in one process (tests) keeps the first.
    tracing::subscriber::set_global_default(tracing_subscriber::registry().with(ours).with(lines)).ok();
}

/// A panic is a bug: it says where, not what, since the text may hold data.
pub(crate) fn quiet_panics() {
    std::panic::set_hook(Box::new(|info| {
        use std::io::Write;
        let place = info.location().map(ToString::to_string).unwrap_or_default();
        // Nobody is left to tell if stderr is closed.
        writeln!(
            std::io::stderr(),
            "error: this is a bug in defender-xdr (at {place})\n  hint: please report it"
        )
        .ok();
    }));
}

/// `warning: text key=value`.
struct Line;

impl<S, N> FormatEvent<S, N> for Line
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(
        &self,
        _: &FmtContext<'_, S, N>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let level = match *event.metadata().level() {
            Level::ERROR => "error",
            Level::WARN => "warning",
            Level::INFO => "info",
            Level::DEBUG => "debug",
            Level::TRACE => "trace",
        };
        writeln!(writer, "{level}: {}", said(event))
    }
}

/// What an event says: `text key=value`.
pub(crate) fn said(event: &Event<'_>) -> String {
    let mut text = Text::default();
    event.record(&mut text);
    text.message + &text.fields
}

#[derive(Default)]
struct Text {
    message: String,
    fields: String,
}

impl Visit for Text {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        let text = without_steering(&format!("{value:?}"));
        if field.name() == "message" {
            self.message = text;
        } else {
            // Writing to a String cannot fail.
            let _ = write!(self.fields, " {}={text}", field.name());
        }
    }
}
