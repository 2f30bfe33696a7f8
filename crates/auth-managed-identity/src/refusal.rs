//! What an answer without a token means: who must act, and how.

use std::fmt::Write as _;

use defender_xdr_core::Timestamp;
use defender_xdr_core::auth::{AuthError, AuthErrorKind};
use defender_xdr_core::entra::ErrorBody;
use defender_xdr_core::http::{Answer, HttpError, HttpErrorKind};

use crate::identity::ManagedIdentity;
use crate::source::Source;
use crate::wire::Complaint;

/// Texts of hosts are cut here, so that an error stays within a screen.
const LONGEST: usize = 400;

/// No answer at all.
pub(crate) fn unanswered(source: Source, error: &HttpError) -> AuthError {
    let failed = AuthError::from_http(error, &format!("get a token from {}", source.name()));
    match error.kind() {
        HttpErrorKind::Connect | HttpErrorKind::Timeout | HttpErrorKind::Interrupted => {
            failed.with_hint(where_is_it(source)).with_setting("managed-identity-source")
        }
        _ => failed,
    }
}

/// An answer that holds no token. `until` is the moment it asked to wait for; `secrets` may not be repeated.
pub(crate) fn refused(
    source: Source,
    identity: &ManagedIdentity,
    answer: &Answer,
    until: Option<Timestamp>,
    secrets: &[&str],
) -> AuthError {
    let complaint = Complaint::read(&answer.body);
    let said = complaint.as_ref().map(|complaint| told(complaint, secrets));
    let name = source.name();
    if answer.status == 429 {
        return AuthError::new(AuthErrorKind::Throttled, format!("{name} is throttling token requests"))
            .with_hint("wait, and keep the token cache: most throttling comes from asking too often")
            .with_until(until);
    }
    // Other clouds have a metadata service at the same address, which knows no such path and speaks no JSON.
    let elsewhere = answer.status == 404 && complaint.is_none();
    let not_ready = source == Source::Imds && matches!(answer.status, 404 | 410) && !elsewhere;
    let passing = answer.status >= 500 || not_ready;
    let (Some(complaint), Some(said)) = (complaint, said) else {
        return if passing { unavailable(source, answer.status, None) } else { unreadable(source, answer) };
    };
    if passing {
        return unavailable(source, answer.status, Some(&said));
    }
    if complaint.says("aadsts") {
        return AuthError::from_entra(ErrorBody {
            error: complaint.code,
            error_description: said,
            correlation_id: complaint.correlation_id,
            ..ErrorBody::default()
        });
    }
    let error =
        |kind, hint: String| AuthError::new(kind, format!("{name} gives no token: {said}")).with_hint(hint);
    let setting = identity.named().map_or("managed-identity-client-id", |(key, _)| key);
    if NOT_FOUND.iter().any(|words| complaint.says(words)) {
        let hint = match identity.named() {
            Some((key, _)) => format!("check `{key}`; {}", source.how_to_assign()),
            None => source.how_to_assign().to_owned(),
        };
        return error(AuthErrorKind::UnknownApplication, hint).with_setting(setting);
    }
    if complaint.says("multiple user assigned") {
        let hint = "set `managed-identity-client-id` to the one to use: several are assigned to this machine";
        return error(AuthErrorKind::Configuration, hint.to_owned()).with_setting(setting);
    }
    if complaint.says("audiencenotsupported") {
        let hint =
            "Cloud Shell gives tokens for a fixed list of services only: sign in with the Device Code flow";
        return error(AuthErrorKind::Configuration, hint.to_owned()).with_setting("scope");
    }
    if complaint.says("invalid_resource") {
        return error(AuthErrorKind::ResourceUnknown, "check `scope`, `api` and `cloud`".to_owned())
            .with_setting("scope");
    }
    if answer.status == 403 && complaint.says("unreachable") {
        return error(AuthErrorKind::Unreachable, where_is_it(source).to_owned())
            .with_setting("managed-identity-source");
    }
    if matches!(answer.status, 401 | 403) && !secrets.is_empty() {
        let hint = "the host does not take the secret of the variables (IDENTITY_HEADER, MSI_SECRET): it changes while the \
                    app runs; is this environment a copy of another process's?";
        return error(AuthErrorKind::Setup, hint.to_owned());
    }
    error(
        AuthErrorKind::Configuration,
        format!("check the `managed-identity-*` settings; {}", source.how_to_assign()),
    )
}

/// How hosts say that the identity asked for, or any, does not exist.
const NOT_FOUND: &[&str] = &[
    "identity not found",
    "identity_not_found",
    "no identity",
    "no managed identity",
    "no user assigned",
    "managedidentitynotfound",
];

/// A 200 that is no token, or an error that is no JSON: its body is not repeated, since it may hold anything.
pub(crate) fn unreadable(source: Source, answer: &Answer) -> AuthError {
    let media = answer.header("content-type").unwrap_or("no media type");
    // Docker Desktop's own proxy answers so for addresses that nobody has.
    let nobody = answer.status == 403
        && String::from_utf8_lossy(&answer.body).to_ascii_lowercase().contains("unreachable");
    let kind = if nobody { AuthErrorKind::Unreachable } else { AuthErrorKind::Unreadable };
    AuthError::new(
        kind,
        format!(
            "{} did not answer as a token service: HTTP {}, {media}, {} bytes",
            source.name(),
            answer.status,
            answer.body.len()
        ),
    )
    .with_hint(if nobody || source == Source::Imds {
        where_is_it(source)
    } else {
        "something else answers at its address: check `managed-identity-source` and the variables it follows from"
    })
    .with_setting("managed-identity-source")
}

fn unavailable(source: Source, status: u16, said: Option<&str>) -> AuthError {
    let said = said.map(|said| format!(": {said}")).unwrap_or_default();
    let hint = match source {
        Source::Imds => "try again in a minute: the metadata service is starting, being updated or disturbed",
        Source::AppService | Source::MachineLearning => {
            "try again; if it stays so, the resource may be unknown there: check `scope`, `api` and `cloud`"
        }
        _ => "try again later",
    };
    AuthError::new(AuthErrorKind::Unavailable, format!("{} has a fault: HTTP {status}{said}", source.name()))
        .with_hint(hint)
}

const fn where_is_it(source: Source) -> &'static str {
    match source {
        Source::Imds => {
            "this is not an Azure machine, or its metadata service is blocked: set `managed-identity-source` to the host \
             this runs on, or use another flow"
        }
        Source::Arc => {
            "the Azure Connected Machine agent is not running: `azcmagent show`, or use another flow"
        }
        _ => "the host's token service does not answer: is this environment a copy of another machine's?",
    }
}

/// What the host said, on one line, without secrets.
fn told(complaint: &Complaint, secrets: &[&str]) -> String {
    let mut text = match (complaint.code.is_empty(), complaint.text.is_empty()) {
        (false, false) => format!("{}: {}", complaint.code, complaint.text),
        (false, true) => complaint.code.clone(),
        (true, _) => complaint.text.clone(),
    };
    for secret in secrets.iter().filter(|secret| !secret.is_empty()) {
        text = text.replace(secret, "…");
    }
    let mut text: String =
        text.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(LONGEST).collect();
    if let Some(id) = &complaint.correlation_id {
        // Writing to a String cannot fail.
        let _ = write!(text, " (correlation id {id})");
    }
    text
}
