//! Why a command did not end well, gathered from every layer below.

use std::io;

use defender_xdr_api::{ApiError, EndpointError};
use defender_xdr_core::auth::AuthError;
use defender_xdr_core::settings::SettingsError;

use crate::exit::Exit;
use crate::explain;
use crate::report::Report;

/// Why a command did not end well.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Whoever read our output has had enough.
    ClosedPipe,
    /// Ctrl-C.
    Interrupted,
    /// Something to tell.
    Reported(Box<Report>),
}

impl Failure {
    pub(crate) fn bug(message: impl Into<String>) -> Self {
        Report::new("bug", Exit::Bug, message).with_hint("please report this").into()
    }

    pub(crate) fn usage(message: impl Into<String>) -> Report {
        Report::new("usage", Exit::Usage, message)
    }

    /// The same failure of writing the output, for a command that had changed an incident before.
    pub(crate) fn after_change(self, id: &str) -> Self {
        match self {
            Self::Reported(report) => Self::Reported(Box::new(report.after_change(id))),
            Self::ClosedPipe => Report::new("output", Exit::Partial, "the reader of the output went away")
                .after_change(id)
                .into(),
            Self::Interrupted => self,
        }
    }

    /// The same for an alert.
    pub(crate) fn after_alert_change(self, id: &str) -> Self {
        match self.after_change(id) {
            Self::Reported(report) => {
                let hint = format!("do not repeat it; `defender-xdr alerts get {id}` shows the alert");
                Self::from(report.with_hint(hint))
            }
            other => other,
        }
    }

    /// The same failure for a command that had printed something already.
    pub(crate) fn after_output(self, printed: bool) -> Self {
        match self {
            Self::Reported(report) if printed => Self::Reported(Box::new(report.after_output())),
            other => other,
        }
    }
}

impl From<Report> for Failure {
    fn from(report: Report) -> Self {
        Self::Reported(Box::new(report))
    }
}

/// Writing to stdout failed.
impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            return Self::ClosedPipe;
        }
        Report::new("output", Exit::Service, format!("cannot write the output: {error}")).into()
    }
}

impl From<SettingsError> for Failure {
    fn from(error: SettingsError) -> Self {
        let mut report = Report::new("settings", Exit::Settings, error.to_string());
        report.source = error.origin().map(ToString::to_string);
        report.hint = error.hint().map(str::to_owned);
        report.into()
    }
}

impl From<EndpointError> for Failure {
    fn from(error: EndpointError) -> Self {
        let hint = match &error {
            EndpointError::OtherDialect { .. } => "remove `endpoint`, or set `api` to what the host speaks",
            EndpointError::NotOffered { .. } => "set `cloud`, or `cloud = \"custom\"` with `endpoint`",
            _ => "set `endpoint` to scheme and host only",
        };
        Report::new("settings", Exit::Settings, format!("`endpoint`: {error}")).with_hint(hint).into()
    }
}

impl From<AuthError> for Failure {
    fn from(error: AuthError) -> Self {
        explain::auth(&error).into()
    }
}

impl From<ApiError> for Failure {
    fn from(error: ApiError) -> Self {
        explain::api(&error).into()
    }
}
