//! Every error on its way to the person: what, where from, what to do, and the exit code. One printer for all.

use std::fmt::Write as _;
use std::io::{self, Write as _};

use defender_xdr_api::{ApiError, ApiErrorKind, EndpointError};
use defender_xdr_core::auth::{AuthError, AuthErrorKind};
use defender_xdr_core::http::HttpErrorKind;
use defender_xdr_core::settings::SettingsError;
use jiff::Timestamp;
use serde::Serialize;

use crate::exit::Exit;

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

/// What is told about an error.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    kind: &'static str,
    message: String,
    source: Option<String>,
    hint: Option<String>,
    code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tenant: Option<String>,
    #[serde(serialize_with = "number")]
    exit: Exit,
    /// The setting at fault: whoever knows the settings names its place.
    #[serde(skip)]
    setting: Option<&'static str>,
    /// Nobody consented to what was asked for: whoever knows the API names the ways out.
    #[serde(skip)]
    lacks_consent: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature serde asks for")]
fn number<S: serde::Serializer>(exit: &Exit, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u8(*exit as u8)
}

impl Report {
    pub(crate) fn new(kind: &'static str, exit: Exit, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            source: None,
            hint: None,
            code: None,
            request_id: None,
            until: None,
            tenant: None,
            exit,
            setting: None,
            lacks_consent: false,
        }
    }

    /// Replaces the hint of a missing consent by one that names the permission.
    pub(crate) fn name_ways_out(&mut self, ways: impl FnOnce() -> String) {
        if self.lacks_consent {
            self.hint = Some(ways());
        }
    }

    /// Names the place of the setting at fault, unless the place is known already.
    pub(crate) fn locate(&mut self, place: impl FnOnce(&str) -> Option<String>) {
        if self.source.is_none() {
            self.source = self.setting.and_then(place);
        }
    }

    pub(crate) fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    pub(crate) fn with_source(mut self, source: impl Into<String>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// A mistake in what was asked for came from the command line.
    pub(crate) fn blame_argument(&mut self, argument: &str) {
        if self.source.is_none() && matches!(self.exit, Exit::Usage | Exit::NotFound) && !argument.is_empty()
        {
            self.source = Some(argument.to_owned());
        }
    }

    /// The same report for a command that had printed something already.
    pub(crate) fn after_output(mut self) -> Self {
        if matches!(
            self.exit,
            Exit::Throttled | Exit::Service | Exit::SignIn | Exit::Permission | Exit::Usage
        ) {
            self.exit = Exit::Partial;
            let _ = write!(self.message, "; what was printed before is valid but not complete");
        }
        self
    }

    /// Prints to stderr, for a person or as one JSON object on one line.
    pub(crate) fn print(&self, machine_readable: bool) -> Exit {
        let text = if machine_readable {
            serde_json::json!({ "error": self }).to_string()
        } else {
            self.for_people()
        };
        // Nobody is left to tell if stderr is closed.
        writeln!(io::stderr().lock(), "{text}").ok();
        self.exit
    }

    fn for_people(&self) -> String {
        let mut text = format!("error: {}", clean(&self.message));
        let mut line = |name: &str, value: &str| {
            // Writing to a String cannot fail.
            let _ = write!(text, "\n  {name}: {}", clean(value));
        };
        if let Some(source) = &self.source {
            line("from", source);
        }
        if let Some(hint) = &self.hint {
            line("hint", hint);
        }
        if let Some(tenant) = &self.tenant {
            line("tenant", tenant);
        }
        if let Some(until) = &self.until {
            line("not before", &until.to_string());
        }
        match (&self.code, &self.request_id) {
            (Some(code), Some(id)) => line("code", &format!("{code}, request {id}")),
            (Some(code), None) => line("code", code),
            (None, Some(id)) => line("request", id),
            (None, None) => {}
        }
        text
    }
}

/// Texts of servers may hold escape sequences; errors stay within a screen.
fn clean(text: &str) -> String {
    let mut clean: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(1200).collect();
    if clean.len() < text.len() && text.chars().count() > 1200 {
        clean.push('…');
    }
    clean
}

impl Failure {
    pub(crate) fn bug(message: impl Into<String>) -> Self {
        Report::new("bug", Exit::Bug, message).with_hint("please report this").into()
    }

    pub(crate) fn usage(message: impl Into<String>) -> Report {
        Report::new("usage", Exit::Usage, message)
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
        Report::from_auth(&error).into()
    }
}

impl From<ApiError> for Failure {
    fn from(error: ApiError) -> Self {
        Report::from_api(&error).into()
    }
}

/// The setting that a fault of the transport points to.
fn at_fault(fault: HttpErrorKind) -> Option<&'static str> {
    match fault {
        HttpErrorKind::Proxy => Some("proxy"),
        HttpErrorKind::Setup | HttpErrorKind::UntrustedCertificate => Some("ca-file"),
        HttpErrorKind::Timeout => Some("timeout"),
        _ => None,
    }
}

impl Report {
    fn from_auth(error: &AuthError) -> Self {
        let (kind, exit) = match error.kind() {
            AuthErrorKind::Throttled => ("throttled", Exit::Throttled),
            AuthErrorKind::Unavailable => ("service", Exit::Service),
            AuthErrorKind::Unreachable => ("network", Exit::Service),
            AuthErrorKind::Setup => ("settings", Exit::Settings),
            AuthErrorKind::Store => ("state", Exit::Settings),
            AuthErrorKind::ConsentRequired => ("permission", Exit::Permission),
            _ => ("sign-in", Exit::SignIn),
        };
        let mut report = Self::new(kind, exit, error.to_string());
        report.lacks_consent =
            matches!(error.kind(), AuthErrorKind::ConsentRequired | AuthErrorKind::ResourceUnknown);
        report.tenant = error.tenant().map(str::to_owned);
        report.setting = match error.kind() {
            AuthErrorKind::InvalidClient => Some("client-secret"),
            AuthErrorKind::UnknownApplication => Some("application-id"),
            AuthErrorKind::Tenant => Some("tenant-id"),
            AuthErrorKind::Setup | AuthErrorKind::Unreachable => error.transport().and_then(at_fault),
            _ => None,
        };
        report.hint = error.hint().map(str::to_owned);
        report.until = error.until();
        if let Some(body) = error.body() {
            report.code =
                Some(body.code().map_or_else(|| body.error.clone(), |code| format!("AADSTS{code}")));
            report.request_id = body.correlation_id.clone().or_else(|| body.trace_id.clone());
        }
        report
    }

    fn from_api(error: &ApiError) -> Self {
        let (kind, exit) = match error.kind() {
            ApiErrorKind::SignIn => match error.auth() {
                Some(auth) => {
                    let mut report = Self::from_auth(auth);
                    // The API's hint names the permission of this very operation.
                    report.hint = error.hint().map(str::to_owned);
                    report.lacks_consent = false;
                    return report;
                }
                None => ("sign-in", Exit::SignIn),
            },
            ApiErrorKind::TokenRefused => ("sign-in", Exit::SignIn),
            ApiErrorKind::Forbidden => ("permission", Exit::Permission),
            ApiErrorKind::NotFound => ("not-found", Exit::NotFound),
            ApiErrorKind::BadRequest | ApiErrorKind::Refused => ("usage", Exit::Usage),
            ApiErrorKind::Throttled => ("throttled", Exit::Throttled),
            ApiErrorKind::Setup => ("settings", Exit::Settings),
            ApiErrorKind::Unreachable => ("network", Exit::Service),
            ApiErrorKind::Partial => ("partial", Exit::Partial),
            _ => ("service", Exit::Service),
        };
        let mut report = Self::new(kind, exit, error.to_string());
        report.hint = error.hint().map(str::to_owned);
        report.setting = error.transport().and_then(at_fault);
        report.code = error.code().map(str::to_owned);
        report.request_id = error.request_id().map(str::to_owned);
        report.until = error.until();
        report
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escape_sequences_of_servers_do_not_reach_the_terminal() {
        let report = Report::new("service", Exit::Service, "bad \u{1b}[31mred\r\nline");
        assert_eq!(report.for_people(), "error: bad  [31mred  line");
    }

    #[test]
    fn an_error_object_has_every_member() {
        let report =
            Report::new("settings", Exit::Settings, "wrong").with_source("file, line 3").with_hint("mend it");
        assert_eq!(
            serde_json::json!({ "error": &report }).to_string(),
            r#"{"error":{"kind":"settings","message":"wrong","source":"file, line 3","hint":"mend it","code":null,"exit":3}}"#
        );
    }

    #[test]
    fn a_fault_after_output_is_partial() {
        let fault = || Failure::from(Report::new("service", Exit::Service, "down"));
        assert!(
            matches!(fault().after_output(true), Failure::Reported(report) if report.exit == Exit::Partial)
        );
        assert!(
            matches!(fault().after_output(false), Failure::Reported(report) if report.exit == Exit::Service)
        );
    }
}
