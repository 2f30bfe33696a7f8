//! Why an API call gave nothing usable.

use std::fmt;

use defender_xdr_core::Timestamp;
use defender_xdr_core::auth::AuthError;
use defender_xdr_core::http::{Answer, HttpError, HttpErrorKind};

/// Of an answer that is no good, this much is kept, in bytes.
const LONGEST_KEPT: usize = 64 * 1024;

/// What kind of failure it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ApiErrorKind {
    /// No token: see [`ApiError::auth`].
    SignIn,
    /// The service refuses the token, also a new one.
    TokenRefused,
    /// The token lacks a permission, or the person a role.
    Forbidden,
    /// No such object.
    NotFound,
    /// The request itself is wrong: filter, query, body.
    BadRequest,
    /// We refuse to send it: it could do harm or cannot mean anything.
    Refused,
    /// The result is larger than the service gives out: none of it came.
    ResultTooLarge,
    /// Too many calls.
    Throttled,
    /// The service has a fault.
    Unavailable,
    /// The answer is no JSON of this API.
    Unreadable,
    /// A next link leads elsewhere.
    BadLink,
    /// The pages of a list go round in a circle.
    Circle,
    /// The merges of incidents go round in a circle.
    MergeCircle,
    /// The incident was merged into another one, which goes on.
    Merged,
    /// The legacy API says that it has been retired.
    Retired,
    /// A change was sent, and nobody knows whether it was made. Repeating it may do it twice.
    OutcomeUnknown,
    /// The service cannot be reached.
    Unreachable,
    /// The HTTP client cannot be set up as configured.
    Setup,
    /// The first step succeeded, a later one did not.
    Partial,
}

#[derive(Debug, Clone)]
struct Details {
    kind: ApiErrorKind,
    message: String,
    hint: Option<String>,
    code: Option<String>,
    request_id: Option<String>,
    until: Option<Timestamp>,
    auth: Option<AuthError>,
    setting: Option<&'static str>,
    option: Option<&'static str>,
    answered: Option<Answered>,
    transport: Option<HttpErrorKind>,
}

/// What the service answered in place of what was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// HTTP status.
    pub status: u16,
    /// The body as text; what can be no text is shown as such.
    pub body: String,
}

/// A failed API call. Its text holds no token.
#[derive(Debug, Clone)]
pub struct ApiError(Box<Details>);

impl fmt::Display for ApiError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0.message)
    }
}

impl std::error::Error for ApiError {}

impl ApiError {
    pub(crate) fn new(kind: ApiErrorKind, message: impl Into<String>) -> Self {
        Self(Box::new(Details {
            kind,
            message: message.into(),
            hint: None,
            code: None,
            request_id: None,
            until: None,
            auth: None,
            setting: None,
            option: None,
            answered: None,
            transport: None,
        }))
    }

    pub(crate) fn refused(message: impl Into<String>) -> Self {
        Self::new(ApiErrorKind::Refused, message)
    }

    pub(crate) fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.0.hint = Some(hint.into());
        self
    }

    /// Names the part of a query or a change at fault.
    pub(crate) fn about(mut self, option: &'static str) -> Self {
        self.0.option = Some(option);
        self
    }

    pub(crate) fn with_code(mut self, code: Option<String>) -> Self {
        self.0.code = code.filter(|code| !code.is_empty());
        self
    }

    pub(crate) fn with_request_id(mut self, id: Option<String>) -> Self {
        self.0.request_id = id;
        self
    }

    pub(crate) fn with_until(mut self, until: Option<Timestamp>) -> Self {
        self.0.until = until;
        self
    }

    pub(crate) fn from_http(error: &HttpError, doing: &str) -> Self {
        let kind = match error.kind() {
            HttpErrorKind::Setup | HttpErrorKind::ProxySetting | HttpErrorKind::Insecure => {
                ApiErrorKind::Setup
            }
            HttpErrorKind::TooLarge => ApiErrorKind::Unreadable,
            _ => ApiErrorKind::Unreachable,
        };
        let mut converted = Self::new(kind, format!("cannot {doing}: {error}"));
        converted.0.hint = error.hint().map(str::to_owned);
        converted.0.setting = error.setting();
        converted.0.transport = Some(error.kind());
        converted
    }

    /// Keeps what the service answered.
    pub(crate) fn answering(mut self, answer: &Answer) -> Self {
        let beginning = answer.body.get(..LONGEST_KEPT).unwrap_or(&answer.body);
        let body = String::from_utf8_lossy(beginning).into_owned();
        self.0.answered = Some(Answered { status: answer.status, body });
        self
    }

    pub(crate) fn from_auth(error: AuthError) -> Self {
        let mut converted = Self::new(ApiErrorKind::SignIn, error.to_string());
        converted.0.hint = error.hint().map(str::to_owned);
        converted.0.until = error.until();
        converted.0.auth = Some(error);
        converted
    }

    /// The same error, with words in front of its text.
    pub(crate) fn amended(mut self, before: &str) -> Self {
        self.0.message.insert_str(0, before);
        self
    }

    /// The error of a request that may have changed `incident`: what went wrong stays, what to do is another thing.
    pub(crate) fn after_sending_a_change(self, incident: &str) -> Self {
        self.after_sending("incidents get", incident)
    }

    /// The same for anything that `command` shows by its id.
    pub(crate) fn after_sending(self, command: &str, id: &str) -> Self {
        let message = format!("{}; the change may have been made all the same", self.0.message);
        self.turned(ApiErrorKind::OutcomeUnknown, message).with_hint(format!(
            "look first: `defender-xdr {command} {id}` shows whether it was made; do not repeat it blindly, \
                 a comment would be added twice"
        ))
    }

    /// An error of another kind about the same exchange.
    fn turned(self, kind: ApiErrorKind, message: String) -> Self {
        let Details { code, request_id, answered, transport, .. } = *self.0;
        let mut turned = Self::new(kind, message).with_code(code).with_request_id(request_id);
        turned.0.answered = answered;
        turned.0.transport = transport;
        turned
    }

    /// The same for a call whose meaning nobody here knows.
    pub(crate) fn after_sending_something(self) -> Self {
        let message = format!("{}; what was asked may have been done all the same", self.0.message);
        self.turned(ApiErrorKind::OutcomeUnknown, message)
            .with_hint("look first whether it was done; do not repeat it blindly")
    }

    /// What kind of failure it was.
    pub fn kind(&self) -> ApiErrorKind {
        self.0.kind
    }

    /// What to do about it.
    pub fn hint(&self) -> Option<&str> {
        self.0.hint.as_deref()
    }

    /// The service's own error code.
    pub fn code(&self) -> Option<&str> {
        self.0.code.as_deref()
    }

    /// The id to quote to Microsoft support.
    pub fn request_id(&self) -> Option<&str> {
        self.0.request_id.as_deref()
    }

    /// A moment before which trying again is useless.
    pub fn until(&self) -> Option<Timestamp> {
        self.0.until
    }

    /// The settings key at fault, when one is.
    pub fn setting(&self) -> Option<&'static str> {
        self.0.setting
    }

    /// The part of a query or a change that was refused, in the words of the command line, such as `resolving-comment`.
    pub fn option(&self) -> Option<&'static str> {
        self.0.option
    }

    /// The service's own answer, when there was one.
    pub fn answered(&self) -> Option<&Answered> {
        self.0.answered.as_ref()
    }

    /// What kept the service from answering, when nothing came.
    pub fn transport(&self) -> Option<HttpErrorKind> {
        self.0.transport
    }

    /// The sign-in error behind it.
    pub fn auth(&self) -> Option<&AuthError> {
        self.0.auth.as_ref()
    }

    /// Whether it may heal without anybody doing anything.
    pub fn is_retryable(&self) -> bool {
        match self.0.kind {
            ApiErrorKind::Throttled | ApiErrorKind::Unavailable | ApiErrorKind::Unreachable => true,
            ApiErrorKind::SignIn => self.0.auth.as_ref().is_some_and(AuthError::is_retryable),
            _ => false,
        }
    }
}
