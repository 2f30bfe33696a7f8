//! Why there is no token: what kind of failure, whether it heals by itself, who must act.

use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::entra::{Code, ErrorBody, explain, look_up};
use crate::http::{HttpError, HttpErrorKind};
use crate::store::StoreError;

/// Of a refusal, this much is kept, in bytes.
const LONGEST_KEPT: usize = 64 * 1024;

/// What kind of failure it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum AuthErrorKind {
    /// Nobody has signed in yet, or the sign-in was reset.
    NotSignedIn,
    /// The person has not completed the sign-in yet.
    Pending,
    /// The person refused.
    Declined,
    /// The code ran out before it was used.
    Expired,
    /// The session is over: sign in again.
    SignInAgain,
    /// A person must answer a challenge in a browser.
    InteractionRequired,
    /// The application's secret, certificate or assertion was refused.
    InvalidClient,
    /// The application is unknown or disabled in the tenant.
    UnknownApplication,
    /// Permissions were never consented.
    ConsentRequired,
    /// The tenant does not know the API asked for.
    ResourceUnknown,
    /// A policy or an administrator's setting forbids it.
    Policy,
    /// The tenant is malformed, unknown or of another cloud.
    Tenant,
    /// A setting does not fit this sign-in.
    Configuration,
    /// The service saw the same request too often and wants a rest.
    Paused,
    /// The sign-in service throttles.
    Throttled,
    /// The sign-in service has a passing fault.
    Unavailable,
    /// What answers is no sign-in service.
    Unreadable,
    /// The sign-in service cannot be reached.
    Unreachable,
    /// The client is set up in a way that cannot work: certificate file, proxy address.
    Setup,
    /// Tokens cannot be kept.
    Store,
}

/// Who must act before trying again helps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Actor {
    /// Nobody: it heals by itself.
    Nobody,
    /// The person who signs in.
    User,
    /// An administrator of the tenant.
    Administrator,
    /// Whoever configured this client.
    Operator,
}

#[derive(Debug, Clone)]
struct Details {
    kind: AuthErrorKind,
    message: String,
    hint: Option<String>,
    tenant: Option<String>,
    body: Option<ErrorBody>,
    until: Option<Timestamp>,
    code: Option<String>,
    http: Option<HttpErrorKind>,
    setting: Option<&'static str>,
    other_flows: Option<&'static [&'static str]>,
    answered: Option<(u16, String)>,
    source: Option<Arc<dyn std::error::Error + Send + Sync>>,
}

/// A sign-in that gave no token. Its text holds no secret.
#[derive(Debug, Clone)]
pub struct AuthError(Box<Details>);

impl fmt::Display for AuthError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0.message)
    }
}

impl std::error::Error for AuthError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source.as_ref().map(|source| source.as_ref() as _)
    }
}

impl AuthError {
    /// An error of this kind; `message` is a fragment without a full stop.
    pub fn new(kind: AuthErrorKind, message: impl Into<String>) -> Self {
        Self(Box::new(Details {
            kind,
            message: message.into(),
            hint: None,
            tenant: None,
            body: None,
            until: None,
            code: None,
            http: None,
            setting: None,
            other_flows: None,
            answered: None,
            source: None,
        }))
    }

    /// The same error with what to do about it.
    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.0.hint = Some(hint.into());
        self
    }

    /// The same error with a moment before which trying again is useless.
    #[must_use]
    pub fn with_until(mut self, until: Option<Timestamp>) -> Self {
        self.0.until = until;
        self
    }

    /// The same error with the settings key at fault.
    #[must_use]
    pub fn with_setting(mut self, key: &'static str) -> Self {
        self.0.setting = Some(key);
        self
    }

    /// The same error with the flows that may pass where this one did not.
    #[must_use]
    pub fn with_other_flows(mut self, ids: &'static [&'static str]) -> Self {
        self.0.other_flows = Some(ids);
        self
    }

    pub(super) fn with_code(mut self, code: Option<String>) -> Self {
        self.0.code = code;
        self
    }

    /// Keeps the sign-in service's own answer: HTTP status and body. Only for answers that hold no token.
    pub(crate) fn answering(mut self, status: u16, body: &[u8]) -> Self {
        let beginning = body.get(..LONGEST_KEPT).unwrap_or(body);
        self.0.answered = Some((status, String::from_utf8_lossy(beginning).into_owned()));
        self
    }

    pub(crate) fn with_tenant(mut self, tenant: &str) -> Self {
        self.0.tenant = Some(tenant.to_owned());
        self
    }

    /// Entra's own error, explained.
    pub fn from_entra(body: ErrorBody) -> Self {
        let explanation = explain(&body);
        let summary = body.summary();
        let message = if summary.is_empty() { body.word() } else { summary };
        let mut error = Self::new(explanation.kind, message).with_hint(explanation.hint);
        error.0.body = Some(body);
        error
    }

    /// A transport fault while doing something ("sign in").
    pub fn from_http(error: &HttpError, doing: &str) -> Self {
        let kind = match error.kind() {
            HttpErrorKind::Setup | HttpErrorKind::ProxySetting | HttpErrorKind::Insecure => {
                AuthErrorKind::Setup
            }
            _ => AuthErrorKind::Unreachable,
        };
        let mut converted = Self::new(kind, format!("cannot {doing}: {error}"));
        converted.0.hint = error.hint().map(str::to_owned);
        converted.0.http = Some(error.kind());
        converted.0.setting = error.setting();
        converted
    }

    /// What kind of failure it was.
    pub fn kind(&self) -> AuthErrorKind {
        self.0.kind
    }

    /// What to do about it.
    pub fn hint(&self) -> Option<&str> {
        self.0.hint.as_deref()
    }

    /// Entra's own error, when it came from there.
    pub fn body(&self) -> Option<&ErrorBody> {
        self.0.body.as_ref()
    }

    /// The sign-in service's own answer, HTTP status and body, when it refused.
    pub fn answered(&self) -> Option<(u16, &str)> {
        self.0.answered.as_ref().map(|(status, body)| (*status, body.as_str()))
    }

    /// What kept the sign-in service from answering, when nothing came.
    pub fn transport(&self) -> Option<HttpErrorKind> {
        self.0.http
    }

    /// What to look up: `AADSTS` and a number, else the OAuth code. Also of an earlier refusal that still holds.
    pub fn code(&self) -> Option<String> {
        let of = |body: &ErrorBody| body.code().map_or_else(|| body.word(), |code| format!("AADSTS{code}"));
        self.0.body.as_ref().map(of).or_else(|| self.0.code.clone())
    }

    /// Ids of flows that may pass where this one was refused, the likeliest first; the program may not have all of them.
    pub fn other_flows(&self) -> &'static [&'static str] {
        self.0.other_flows.unwrap_or_else(|| {
            let number = self.code().and_then(|code| code.strip_prefix("AADSTS")?.parse().ok());
            number.and_then(look_up).map_or(&[], |code: &Code| code.other_flows)
        })
    }

    /// The settings key at fault, when one is.
    pub fn setting(&self) -> Option<&'static str> {
        self.0.setting
    }

    /// The tenant that was asked.
    pub fn tenant(&self) -> Option<&str> {
        self.0.tenant.as_deref()
    }

    /// A moment before which trying again is useless.
    pub fn until(&self) -> Option<Timestamp> {
        self.0.until
    }

    /// Whether it may heal without anybody doing anything.
    pub fn is_retryable(&self) -> bool {
        match self.0.kind {
            AuthErrorKind::Throttled | AuthErrorKind::Unavailable => true,
            AuthErrorKind::Unreachable => !matches!(
                self.0.http,
                Some(HttpErrorKind::UntrustedCertificate | HttpErrorKind::Proxy | HttpErrorKind::TooLarge)
            ),
            _ => false,
        }
    }

    /// Who must act.
    pub fn actor(&self) -> Actor {
        match self.0.kind {
            AuthErrorKind::Throttled
            | AuthErrorKind::Unavailable
            | AuthErrorKind::Unreachable
            | AuthErrorKind::Paused => Actor::Nobody,
            AuthErrorKind::NotSignedIn
            | AuthErrorKind::Pending
            | AuthErrorKind::Declined
            | AuthErrorKind::Expired
            | AuthErrorKind::SignInAgain
            | AuthErrorKind::InteractionRequired => Actor::User,
            AuthErrorKind::ConsentRequired | AuthErrorKind::Policy => Actor::Administrator,
            AuthErrorKind::InvalidClient
            | AuthErrorKind::UnknownApplication
            | AuthErrorKind::ResourceUnknown
            | AuthErrorKind::Tenant
            | AuthErrorKind::Configuration
            | AuthErrorKind::Setup
            | AuthErrorKind::Unreadable
            | AuthErrorKind::Store => Actor::Operator,
        }
    }

    /// Whether the server refused the credential itself, so that repeating the request at once only harms.
    pub(super) fn is_refusal(&self) -> bool {
        // Entra dresses passing faults (AADSTS90033) in the words of a refusal, too.
        !self.is_retryable()
            && self
                .0
                .body
                .as_ref()
                .is_some_and(|body| body.error == "invalid_client" || body.error == "invalid_grant")
    }
}

impl From<StoreError> for AuthError {
    fn from(error: StoreError) -> Self {
        let mut converted = Self::new(AuthErrorKind::Store, error.to_string());
        converted.0.hint = error.hint().map(str::to_owned);
        converted
    }
}
