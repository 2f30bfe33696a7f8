//! What errors of the libraries mean to the person: kind, exit code, the setting at fault.

use defender_xdr_api::{ApiError, ApiErrorKind};
use defender_xdr_core::auth::{AuthError, AuthErrorKind};

use crate::exit::Exit;
use crate::report::Report;

/// A sign-in that gave no token.
pub(crate) fn auth(error: &AuthError) -> Report {
    let (kind, exit) = match error.kind() {
        AuthErrorKind::Throttled => ("throttled", Exit::Throttled),
        AuthErrorKind::Unavailable | AuthErrorKind::Unreadable => ("service", Exit::Service),
        AuthErrorKind::Unreachable => ("network", Exit::Service),
        AuthErrorKind::Setup => ("settings", Exit::Settings),
        AuthErrorKind::Store => ("state", Exit::Settings),
        AuthErrorKind::ConsentRequired => ("permission", Exit::Permission),
        _ => ("sign-in", Exit::SignIn),
    };
    let mut report = Report::new(kind, exit, error.to_string());
    report.lacks_consent =
        matches!(error.kind(), AuthErrorKind::ConsentRequired | AuthErrorKind::ResourceUnknown);
    report.tenant = error.tenant().map(str::to_owned);
    report.setting = match error.kind() {
        AuthErrorKind::InvalidClient => error.setting().or(Some("client-secret")),
        AuthErrorKind::UnknownApplication => error.setting().or(Some("application-id")),
        AuthErrorKind::Tenant => Some("tenant-id"),
        // Numbers of a scope that is malformed, mixes resources or lacks /.default.
        AuthErrorKind::Configuration
            if ["AADSTS70011", "AADSTS700022", "AADSTS1002012", "AADSTS28003", "invalid_scope"]
                .contains(&error.code().as_deref().unwrap_or_default()) =>
        {
            Some("scope")
        }
        AuthErrorKind::ResourceUnknown => Some("scope"),
        // Who cannot be reached, or is somebody else, was named by a setting if not by the cloud.
        AuthErrorKind::Unreachable | AuthErrorKind::Unreadable => error.setting().or(Some("authority-host")),
        _ => error.setting(),
    };
    report.hint = error.hint().map(str::to_owned);
    report.until = error.until();
    report.code = error.code();
    report.other_flows = error.other_flows();
    if let Some(body) = error.body() {
        report.request_id = body.correlation_id.clone().or_else(|| body.trace_id.clone());
    }
    report
}

/// An API call that gave nothing usable.
pub(crate) fn api(error: &ApiError) -> Report {
    let (kind, exit) = match error.kind() {
        ApiErrorKind::SignIn => match error.auth() {
            Some(cause) => {
                let mut report = auth(cause);
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
        ApiErrorKind::ResultTooLarge => ("result-too-large", Exit::Partial),
        ApiErrorKind::Throttled => ("throttled", Exit::Throttled),
        ApiErrorKind::Setup => ("settings", Exit::Settings),
        ApiErrorKind::Unreachable => ("network", Exit::Service),
        ApiErrorKind::Circle => ("page-loop", Exit::Service),
        ApiErrorKind::MergeCircle => ("merge-loop", Exit::Service),
        ApiErrorKind::Merged => ("merged", Exit::Usage),
        ApiErrorKind::Retired => ("retired", Exit::Service),
        ApiErrorKind::OutcomeUnknown => ("outcome-unknown", Exit::Service),
        ApiErrorKind::Partial => ("partial", Exit::Partial),
        _ => ("service", Exit::Service),
    };
    let mut report = Report::new(kind, exit, error.to_string());
    report.hint = error.hint().map(str::to_owned);
    report.setting = match error.kind() {
        ApiErrorKind::Unreachable | ApiErrorKind::Unreadable | ApiErrorKind::BadLink => {
            error.setting().or(Some("endpoint"))
        }
        ApiErrorKind::Retired => Some("api"),
        _ => error.setting(),
    };
    report.source = error.option().map(|option| format!("flag --{option}"));
    report.code = error.code().map(str::to_owned);
    report.request_id = error.request_id().map(str::to_owned);
    report.until = error.until();
    report
}
